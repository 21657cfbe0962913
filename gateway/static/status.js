// Reloads Overview when the application has moved on meanwhile; asks seldom, and only while the page is looked at.

const place = document.querySelector("[data-status]");
if (place) {
  let wait = 5000;
  const look = async () => {
    if (!document.hidden && !document.querySelector("dialog[open]")) {
      try {
        const answer = await fetch(place.dataset.status, { headers: { accept: "application/json" } });
        if (answer.ok) {
          const application = await answer.json();
          const typing = [...document.querySelectorAll("textarea")].some((area) => area.value);
          if (String(application.version) !== place.dataset.version && !typing) {
            location.reload();
            return;
          }
        } else if (answer.status < 500) {
          return;
        }
      } catch {
        // No network just now; the next look will tell.
      }
    }
    wait = Math.min(wait * 1.5, 60000);
    setTimeout(look, wait);
  };
  setTimeout(look, wait);
}
