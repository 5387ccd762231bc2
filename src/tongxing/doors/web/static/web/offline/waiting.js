// The page of what has not been sent and what is half written: each item with its words and how it stands; sent, corrected
// or taken out as a file.
import { forgetHalf, halves } from "./half.js";
import * as outbox from "./outbox.js";
import { moment } from "./pack.js";

export function list(user) {
  const page = document.getElementById("not-sent");
  if (!page || !user) return;
  const draw = () => show(page, user);
  addEventListener("outbox", draw);
  page.querySelector("[data-send]").addEventListener("click", () => send(page, user));
  page.querySelector("[data-export]").addEventListener("click", () => save(page, user));
  page.querySelector("[data-leaving]").hidden = !location.search.includes("leaving");
  draw();
}

async function show(page, user) {
  const [rows, begun] = await Promise.all([outbox.waiting(user), halves(user)]);
  const any = rows.length + begun.length > 0;
  page.querySelector("[data-none]").hidden = any;
  page.querySelector("[data-some]").hidden = !any;
  page.querySelector("[data-send]").hidden = rows.length === 0;
  document.getElementById("half-written").hidden = begun.length === 0;
  const entries = await draw(page.querySelector("ul"), rows.map((row) => [`${row.id} ${row.size}`, () => entry(page, user, row)]));
  rows.forEach((row, place) => showState(entries[place], row));
  await draw(document.querySelector("#half-written ul"), begun.map((row) => [`${row.at} ${row.address}`, () => halfEntry(page, user, row)]));
}

/** The entries of a list. One that stands there stays as it is: somebody may be about to tap. */
async function draw(list, wanted) {
  const there = new Map([...list.children].map((one) => [one.dataset.is, one]));
  const entries = await Promise.all(wanted.map(async ([is, make]) => there.get(is) ?? make()));
  entries.forEach((one, place) => (one.dataset.is = wanted[place][0]));
  if (entries.some((one, place) => one !== list.children[place]) || entries.length !== list.children.length) list.replaceChildren(...entries);
  return entries;
}

async function entry(page, user, row) {
  const item = await outbox.open(user, row);
  const made = blank(page.querySelector("template"), { label: item.label, when: moment(row.born), text: lines(ownWords(item)) });
  made.querySelector("[data-drop]").addEventListener("click", () => outbox.remove(row.id));
  const again = made.querySelector("form");
  if (item.form !== "record") again.remove();
  again.action = page.dataset.form.replace("/0/", `/${item.student}/`);
  again.append(...[...item.fields, ["client_id", item.id]].map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value })));
  return made;
}

function halfEntry(page, user, row) {
  const made = blank(document.querySelector("#half-written template"), { label: row.label, when: moment(row.at), text: lines(ownWords(row)) });
  made.querySelector("a").href = row.address;
  made.querySelector("[data-drop]").addEventListener("click", () => forgetHalf(row.key).then(() => show(page, user)));
  return made;
}

function blank(template, words) {
  const made = template.content.cloneNode(true).firstElementChild;
  for (const [name, text] of Object.entries(words)) made.querySelector(`[data-${name}]`).textContent = text;
  return made;
}

/** How an item stands: it waits, goes, meets a busy moment, or was refused with a sentence. */
function showState(made, row) {
  const state = outbox.stateOf(row);
  for (const one of made.querySelectorAll("[data-state]")) one.hidden = one.dataset.state !== state;
  made.querySelector("[data-said]").textContent = ["busy", "refused"].includes(state) ? row.said : "";
  if (state === "busy") made.querySelector("[data-at]").textContent = moment(row.next);
  made.querySelector("form")?.toggleAttribute("hidden", state !== "refused");
}

/** “Send now”, and what came of it in a sentence. */
async function send(page, user) {
  const told = page.querySelector("[data-outcome]");
  told.textContent = told.dataset.sending;
  const { answers, stopped } = await outbox.flush(user, { now: true });
  const isBusy = Object.values(answers).some(({ status }) => status === 503);
  const left = await outbox.waiting(user);
  told.textContent = left.length ? told.dataset[stopped || (isBusy ? "busy" : "refused")] : "";
}

const ownWords = ({ shown, fields }) => (shown ? shown.filter(([, , isOwn]) => isOwn) : fields.map(([, value]) => ["", value]));

/** Each field on a line, behind its label. */
function lines(shown) {
  const colon = document.documentElement.lang.startsWith("zh") ? "：" : ": ";
  return shown.map(([label, said]) => (label ? label + colon + said : said)).join("\n");
}

/** Everything as a text file, for whoever cannot send it from here: with what was chosen, and the photos by their names. */
async function save(page, user) {
  const rows = await outbox.waiting(user);
  const items = await Promise.all(rows.map((row) => outbox.open(user, row)));
  const written = items.map((item, place) => ({ ...item, at: rows[place].born, said: [stateWords(page, rows[place]), rows[place].said].filter(Boolean).join(" ") }));
  const begun = (await halves(user)).map((row) => ({ ...row, said: document.querySelector("#half-written h2").textContent }));
  const text = [...written, ...begun].map((one) => `${one.label} · ${new Date(one.at).toLocaleString()} · ${one.said}\n${lines(one.shown ?? one.fields)}\n`).join("\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = page.dataset.file;
  link.click();
  URL.revokeObjectURL(link.href);
}

const stateWords = (page, row) => page.querySelector("template").content.querySelector(`[data-state=${outbox.stateOf(row)}] .chip`).textContent;
