// Saves a form by itself when typing pauses. It never overwrites: a newer version elsewhere ends it, and says so.

const PAUSE = 2000;

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const status = document.createElement("p");
  status.className = "hint autosave";
  status.setAttribute("role", "status");
  form.append(status);
  let timer = 0;
  let running = null;
  let ended = false;
  let leaving = false;

  const save = async () => {
    const body = new URLSearchParams(new FormData(form));
    body.set("action", "autosave");
    // A key of its own: when the answer is lost, the next try says something else, and the button's key stays unused.
    body.set("form_key", crypto.randomUUID());
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { accept: "application/json" } });
      if (!(answer.headers.get("content-type") || "").includes("json")) {
        // Signed out meanwhile, or the portal is away: the button tells.
        ended = answer.redirected || answer.status === 401;
        return;
      }
      const told = await answer.json();
      status.textContent = told.text;
      if (answer.ok) {
        form.elements.version.value = told.version;
        if (told.address) {
          form.setAttribute("action", told.address);
          history.replaceState(null, "", told.address);
        }
      } else if (answer.status === 409) {
        ended = true;
        status.className = "fault autosave";
        status.setAttribute("role", "alert");
      }
    } catch {
      // The next pause tries again; the button saves for certain.
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    if (ended || leaving) return;
    timer = setTimeout(() => {
      if (leaving || ended) return;
      running = save().finally(() => {
        running = null;
      });
    }, PAUSE);
  });

  // The button waits for what is under way, so that it does not meet a version of its own.
  form.addEventListener(
    "submit",
    (event) => {
      clearTimeout(timer);
      leaving = true;
      if (!running) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = event.submitter;
      running.then(() => form.requestSubmit(button));
    },
    true,
  );
}
