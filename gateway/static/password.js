// The password's rules, checked while typing. The server checks them again, and the ones only it can check.

for (const list of document.querySelectorAll("[data-password-rules]")) {
  const password = document.getElementById(list.dataset.passwordRules);
  const again = document.getElementById(list.dataset.again || "password_again");
  const email = document.getElementById("email");
  const names = ["given_name", "surname", "company_name"].map((id) => document.getElementById(id)).filter(Boolean);
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
    const own = names.map((input) => input.value.trim().toLowerCase()).filter((text) => [...text].length >= 4);
    mark("name", !own.some((text) => value.toLowerCase().includes(text)));
    mark("common", !common.test(value));
  };
  password.addEventListener("input", check);
  for (const input of [email, ...names]) input?.addEventListener("input", check);
  const agree = () => again.setAttribute("aria-invalid", String(Boolean(again.value) && again.value !== password.value));
  again?.addEventListener("input", agree);
}
