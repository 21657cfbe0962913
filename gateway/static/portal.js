// What every page may use: focus on the error summary, forms sent once, fields that belong to a choice, dialogs. Pages work without it.

const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // Disabling would take the pressed button's value out of the form, so it only says so.
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  });
}
// Coming back by the browser's button must find the form ready.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-once]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }
});

for (const group of document.querySelectorAll("[data-switch]")) {
  const scope = group.closest("form");
  const show = () => {
    const chosen = group.querySelector("input:checked");
    for (const part of scope.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== (chosen ? chosen.value : "");
  };
  group.addEventListener("change", show);
  show();
}

for (const dialog of document.querySelectorAll("dialog[data-modal]")) {
  if (typeof dialog.showModal === "function") {
    dialog.close();
    dialog.showModal();
    const close = dialog.querySelector("[data-close]");
    if (close) {
      close.addEventListener("click", (event) => {
        event.preventDefault();
        dialog.close();
        history.replaceState(null, "", close.getAttribute("href"));
      });
    }
  }
}
