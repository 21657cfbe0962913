// Live totals of the services grid and of the price calculator. A preview: what counts is what the server answers.

const written = (minor, currency) => {
  const whole = Math.floor(minor / 100);
  const rest = minor % 100;
  const comma = document.documentElement.lang === "en" ? "." : ",";
  const grouped = String(whole).replace(/\B(?=(\d{3})+$)/g, " ");
  return `${grouped}${rest ? comma + String(rest).padStart(2, "0") : ""} ${currency}`;
};

for (const form of document.querySelectorAll("[data-totals]")) {
  const walkIn = form.querySelector("[data-walk-in-tick]");
  const member = form.querySelector("[data-member-tick]");
  for (const part of form.querySelectorAll("[data-calculator]")) {
    if (!part.closest("[data-line]")) part.hidden = false;
  }
  const count = () => {
    let total = 0;
    for (const line of form.querySelectorAll("[data-line]")) {
      const chosen = line.querySelector("[data-chosen]");
      const calculator = line.querySelector("[data-calculator]");
      if (calculator) calculator.hidden = !chosen.checked;
      const quantity = Math.min(999, Math.max(0, parseInt(line.querySelector("[data-quantity]")?.value, 10) || 0));
      const manager = line.querySelector("[data-manager-tick]")?.checked ? Number(line.dataset.manager) : 0;
      const price = (member?.checked && line.dataset.memberPrice) || line.dataset.price;
      const sum = (Number(price) + manager) * quantity;
      const cell = line.querySelector("[data-line-total]");
      if (cell) cell.textContent = written(sum, form.dataset.currency);
      if (!chosen || chosen.checked) total += sum;
    }
    if (walkIn?.checked) total += Number(form.dataset.walkIn) || 0;
    for (const cell of form.querySelectorAll("[data-total]")) cell.textContent = written(total, form.dataset.currency);
  };
  form.addEventListener("input", count);
  count();
}
