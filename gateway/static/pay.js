// Starts the bank's own script with the object that the server made. Without it, the plain link on the page leads to the bank.

const place = document.querySelector("[data-pay]");
const link = document.querySelector("[data-pay-link]");
if (place && place.dataset.script && place.dataset.payment) {
  const script = document.createElement("script");
  script.src = place.dataset.script;
  script.addEventListener("load", () => {
    const pay = () => globalThis.halyk?.pay(JSON.parse(place.dataset.payment));
    if (!globalThis.halyk) return;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      pay();
    });
    pay();
  });
  document.head.append(script);
}
