// What stands in a form, as the one who fills it in sees it.
const NOBODY_TYPES = ["hidden", "submit", "button", "password"];

export const isChoice = ({ type }) => type === "radio" || type === "checkbox";
export const isText = ({ type }) => type === "textarea" || type === "text";

/** The fields that a person fills in. */
export const controls = (root) => [...root.querySelectorAll("input, textarea, select")].filter(({ name, type }) => name && !NOBODY_TYPES.includes(type));

/** Meant for the counsellor alone, or typed in the counsellor's own form: that is never kept on a device. */
export const isSecret = (form) => "secret" in form.dataset || (form.querySelector("[name=visibility]:checked")?.value ?? "team") !== "team";

/** [label, what was said, whether in somebody's own words] of every field that says something, in their order. */
export function shown(root, chosen) {
  const told = new Map();
  for (const one of [...controls(root), ...root.querySelectorAll("[data-kept]")]) {
    const said = saidIn(one);
    if (!said) continue;
    const before = told.get(one.name);
    if (before) before[1] += `、${said}`;
    else told.set(one.name, [labelOf(one), said, isText(one) || one.type === "hidden"]);
  }
  if (chosen?.name) told.set(chosen.name, ["", chosen.textContent.trim(), true]);
  return [...told.values()];
}

function saidIn(one) {
  if (isChoice(one)) return one.checked && one.value ? one.labels[0]?.textContent.trim() : "";
  if (one.options) return [...one.selectedOptions].filter(({ value }) => value).map(({ text }) => text.trim()).join("、");
  return one.type === "file" ? [...one.files].map(({ name }) => name).join("、") : one.value.trim();
}

/** The words of a field's label, without what is said beside it. */
function labelOf(one) {
  const offered = isChoice(one) ? one : one.form.querySelector(`[name="quick_${one.name}"]`); // “in your own words”, below answers at a tap
  const label = offered ? offered.closest("fieldset")?.querySelector("legend") : one.labels?.[0];
  return [...(label?.childNodes ?? [])].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ data }) => data).join("").trim();
}
