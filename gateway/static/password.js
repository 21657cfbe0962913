// The password's rules, checked while typing. The server checks them again, and the ones only it can check.

for (const list of document.querySelectorAll("[data-password-rules]")) {
  const password = document.getElementById(list.dataset.passwordRules);
  const again = document.getElementById("password_again");
  const email = document.getElementById("email");
  const least = Number(list.dataset.length);
  const common = /^(.)\1*$|^(password|qwerty|12345|passw0rd|iloveyou|admin|welcome|letmein)/i;
  const mark = (name, met) => {
    const rule = list.querySelector(`[data-rule="${name}"]`);
    if (rule) rule.dataset.met = password.value ? (met ? "yes" : "no") : "";
  };
  const check = () => {
    const value = password.value;
    const name = (email?.value || "").split("@")[0].toLowerCase();
    mark("length", [...value].length >= least);
    mark("email", !name || name.length < 3 || !value.toLowerCase().includes(name));
    mark("common", !common.test(value));
  };
  password.addEventListener("input", check);
  email?.addEventListener("input", check);
  const agree = () => again.setAttribute("aria-invalid", String(Boolean(again.value) && again.value !== password.value));
  again?.addEventListener("input", agree);
}
