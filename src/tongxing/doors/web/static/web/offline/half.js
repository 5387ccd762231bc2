// What is half written stays on the device while one types, sealed, and is put back when its form opens again. It goes
// with saving, with beginning anew and with signing out; what is for the counsellor alone is never kept.
import { controls, isChoice, isSecret, isText, shown } from "./fields.js";
import { database, hasKey, makeKey, sealJson, unsealJson } from "./store.js";

const SOON = 500; // ms of typing that a crash may cost
const SENT = "half-sent";
const MAKES_ANOTHER = ["kind", "class", "staff"]; // in the address: it is another form
const forms = new Map();
let ended = false;
let turn = Promise.resolve();
const inTurn = (work) => (turn = turn.then(work).catch(() => undefined)); // a full device keeps no drafts, and sends as ever

/** Put back what was half written in the forms of this page, and keep what is typed from now on. */
export function attend(root, user) {
  for (const form of root.querySelectorAll("form[data-offline], form[data-half]")) {
    if (controls(form).length && !forms.has(form)) begin(form, user);
  }
}

async function begin(form, user) {
  const state = { user, ...placeOf(form, user) };
  forms.set(form, state);
  form.addEventListener("input", () => soon(form));
  await makeKey(user);
  const row = await find(user, state.key);
  if (row && !("typed" in form.dataset)) bringBack(form, row);
  else if (isBegun(form)) soon(form); // typed before this script was there
}

addEventListener("pagehide", keepAll);
document.addEventListener("visibilitychange", keepAll);
addEventListener("submit", ({ target, defaultPrevented }) => !defaultPrevented && forms.has(target) && sent(target));

function keepAll() {
  for (const [form, { timer }] of forms) if (timer) keep(form);
  return turn;
}

function soon(form) {
  const state = forms.get(form);
  state.timer ??= setTimeout(keep, SOON, form);
}

/** Keep what stands in this form now; nothing where nothing was typed. */
export function keep(form, kind) {
  const state = forms.get(form);
  if (!state || ended) return turn;
  rest(state);
  if (kind) drop(form);
  const { address, key } = kind ? placeOf(form, state.user, kind) : state;
  const told = isBegun(form) && !isSecret(form) && { address, label: labelOf(form), fields: typedIn(form), shown: shown(form), hasWords: hasWords(form) };
  return inTurn(async () => {
    if (!(await hasKey(state.user))) return; // signed out meanwhile, in another window
    if (!told) return (await database()).delete("halves", key);
    await (await database()).put("halves", { at: Date.now(), sealed: await sealJson(state.user, told) }, key);
  });
}

/** It is in safe hands now, or not wanted any more. */
export function drop(form) {
  const state = forms.get(form);
  if (!state) return turn;
  rest(state);
  return inTurn(async () => (await database()).delete("halves", state.key));
}

/** Nothing more is kept on this page: its writer signs out. */
export function end() {
  ended = true;
  forms.forEach(rest);
  return turn;
}

function rest(state) {
  clearTimeout(state.timer);
  state.timer = undefined;
}

/** What this person has half written here, the latest first. */
export async function halves(user) {
  await keepAll();
  const db = await database();
  const [keys, rows] = await Promise.all([db.getAllKeys("halves"), db.getAll("halves")]);
  const mine = rows.map((row, place) => ({ ...row, key: keys[place] })).filter(({ key }) => key[0] === user);
  const open = await Promise.all(mine.map((row) => opened(user, row)));
  return open.filter((row) => row?.hasWords).sort((one, other) => other.at - one.at);
}

/** A draft with its text; nothing where its key is gone. */
const opened = (user, { sealed, ...row }) => unsealJson(user, sealed).then((told) => ({ ...row, ...told }), () => undefined);

export const forgetHalf = async (key) => (await database()).delete("halves", key);

async function find(user, key) {
  const row = await inTurn(async () => (await database()).get("halves", key));
  const told = row && (await opened(user, row));
  if (!told || told.hasWords || new Date(told.at).toDateString() === new Date().toDateString()) return told;
  await forgetHalf(key); // choices alone are of their day
}

/** A form that the browser itself sends: once another page answers, it was taken in. */
function sent(form) {
  const { address, key, timer } = forms.get(form);
  if (timer) keep(form);
  sessionStorage.setItem(SENT, JSON.stringify({ key, from: [new URL(address, location).pathname, key[2]] }));
}

/** What the browser sent from the page before was taken in, when the answer was another page. */
export async function arrived(user, answered) {
  const told = JSON.parse(sessionStorage.getItem(SENT));
  sessionStorage.removeItem(SENT);
  if (told && answered && told.key[0] === user && !told.from.includes(location.pathname)) await forgetHalf(told.key);
}

function placeOf(form, user, kind = form.querySelector("[type=hidden][name=kind]")?.value) {
  const asked = new URLSearchParams(location.search);
  if (kind) asked.set("kind", kind);
  const query = MAKES_ANOTHER.filter((name) => asked.get(name)).map((name) => `${name}=${asked.get(name)}`);
  const address = location.pathname + (query.length ? `?${query.join("&")}` : "");
  return { address, key: [user, address, new URL(form.getAttribute("action") ?? "", location).pathname] };
}

const labelOf = (form) => form.dataset.half || form.dataset.label || document.querySelector("h1").textContent.trim();

/** [name, value, whether it is somebody's own words] of all that stands here; with its id, so that it becomes one record. */
function typedIn(form) {
  const filled = controls(form).filter((one) => one.type !== "file" && (!isChoice(one) || one.checked));
  const kept = [...form.querySelectorAll("[data-kept], [name=client_id]")];
  return [...filled, ...kept].flatMap((one) => valuesOf(one).map((value) => [one.name, value, isText(one) || "kept" in one.dataset]));
}

const valuesOf = (one) => (one.options ? [...one.selectedOptions].map(({ value }) => value) : [one.value]);

function isChanged(one) {
  if (isChoice(one)) return one.checked !== one.defaultChecked;
  if (one.options) return one.selectedIndex !== Math.max(0, [...one.options].findIndex((option) => option.defaultSelected));
  return !["date", "time", "file"].includes(one.type) && one.value !== one.defaultValue;
}

const hasWords = (form) => [...controls(form).filter(isText), ...form.querySelectorAll("[data-kept]")].some((one) => one.value.trim() && (one.type === "hidden" || "typed" in form.dataset || isChanged(one)));

/** Whether something was typed; a bright moment is a tap, only its words are. */
const isBegun = (form) => hasWords(form) || (form.dataset.offline !== "highlight" && controls(form).some(isChanged));

function bringBack(form, row) {
  const fresh = typedIn(form);
  fill(form, row.fields);
  const line = document.getElementById("half-words").content.cloneNode(true).firstElementChild;
  const draft = document.querySelector("[data-draft]");
  const [anew, undo] = line.querySelectorAll("button");
  const show = (isBack) => {
    line.querySelector("[data-back]").hidden = anew.hidden = !isBack;
    line.querySelector("[data-anew]").hidden = undo.hidden = isBack;
    if (draft) draft.hidden = isBack; // the draft's words are among these
  };
  anew.addEventListener("click", () => {
    form.reset();
    form.querySelectorAll("[data-kept]").forEach((one) => one.remove());
    fill(form, fresh);
    drop(form);
    show(false);
    undo.focus();
  });
  undo.addEventListener("click", () => {
    fill(form, row.fields);
    keep(form);
    show(true);
    anew.focus();
  });
  show(true);
  if (!("switched" in form.dataset)) form.before(line);
}

/** Put these values where they stood; words whose question is not asked here go along unseen. */
function fill(form, fields) {
  const valuesFor = ({ name }) => fields.filter(([one]) => one === name).map(([, value]) => value);
  for (const one of controls(form).filter(({ type }) => type !== "file")) {
    const values = valuesFor(one);
    if (one.type === "checkbox") one.checked = values.includes(one.value);
    else if (one.type === "radio") one.checked ||= values.includes(one.value);
    else if (one.options) fillSelect(one, values);
    else if (values.length) one.value = joined(one, values[0]);
    if (isChanged(one)) unfold(one);
  }
  const id = form.querySelector("[name=client_id]");
  if (id) id.value = valuesFor(id)[0] ?? id.value;
  for (const [name, value, isWords] of fields) {
    if (!isWords || !value || form.querySelector(`[name="${name}"]`)) continue;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    form.lastElementChild.dataset.kept = "";
  }
}

function fillSelect(select, values) {
  const offered = [...select.options];
  if (offered.some(({ value }) => values.includes(value))) for (const option of offered) option.selected = values.includes(option.value);
}

/** What somebody typed before this script was there stays below what is put back. */
const joined = (one, value) => (one.type !== "textarea" || one.value === one.defaultValue || value.startsWith(one.value) ? value : `${value}\n${one.value}`);

function unfold(one) {
  for (let fold = one.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}
