// Counts the card page's time down; without it the page shows the time at loading.
for (const clock of document.querySelectorAll("[data-seconds]")) {
  const end = Date.now() + Number(clock.dataset.seconds) * 1000;
  setInterval(() => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }, 1000);
}
