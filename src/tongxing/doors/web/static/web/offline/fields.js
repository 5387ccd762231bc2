// What stands in a form, as the one who fills it in sees it.
const NOBODY_TYPES = ["hidden", "submit", "button", "password"];

export const isChoice = ({ type }) => type === "radio" || type === "checkbox";
export const isText = ({ type }) => type === "textarea" || type === "text";

/** The fields that a person fills in. */
export const controls = (root) => [...root.querySelectorAll("input, textarea, select")].filter(({ name, type }) => name && !NOBODY_TYPES.includes(type));

/** Meant for the counsellor alone: that is never kept on a device. */
export const isForCounsellor = (form) => (form.querySelector("[name=visibility]:checked")?.value ?? "team") !== "team";
