// Questions that are asked only where an earlier answer says so. Without this all are shown; the server decides.

const conditional = [...document.querySelectorAll("[data-asked]")];

const holds = (form, { asked, any, none, differs }) => {
  const control = form.elements[asked];
  const given = control && !control.closest("[data-asked][hidden]") ? control.value.trim() : "";
  if (!given) return false;
  if (any && !any.split(" ").includes(given)) return false;
  if (none && none.split(" ").includes(given)) return false;
  if (differs) {
    const other = form.elements[differs]?.value.trim();
    if (!other || other === given) return false;
  }
  return true;
};

for (const form of new Set(conditional.map((part) => part.closest("form")))) {
  // In the page's order: a question may hang on one that hangs on another.
  const show = () => {
    for (const part of conditional) {
      if (part.closest("form") === form) part.hidden = !holds(form, part.dataset);
    }
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
}
