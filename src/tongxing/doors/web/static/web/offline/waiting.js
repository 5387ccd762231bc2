// The page of what has not been sent: each item with its words, sent, corrected or taken out as a file.
import * as outbox from "./outbox.js";
import { moment } from "./pack.js";

export function list(user) {
  const page = document.getElementById("not-sent");
  if (!page || !user) return;
  const draw = () => show(page, user);
  addEventListener("outbox", draw);
  page.querySelector("[data-send]").addEventListener("click", () => outbox.flush(user, { now: true }));
  page.querySelector("[data-export]").addEventListener("click", () => save(user, page.dataset.file));
  page.querySelector("[data-leaving]").hidden = !location.search.includes("leaving");
  draw();
}

async function show(page, user) {
  const rows = await outbox.waiting(user);
  page.querySelector("[data-some]").hidden = rows.length === 0;
  page.querySelector("[data-none]").hidden = rows.length > 0;
  const list = page.querySelector("ul");
  const there = new Map([...list.children].map((item) => [item.dataset.is, item]));
  if (rows.length === there.size && rows.every((row) => there.has(sign(row)))) return; // somebody may be about to tap
  list.replaceChildren(...(await Promise.all(rows.map((row) => there.get(sign(row)) ?? entry(page, user, row)))));
}

/** What an entry shows, in short: it is drawn anew only when this changes. */
const sign = (row) => `${row.id} ${row.state} ${row.said} ${row.size}`;

async function entry(page, user, row) {
  const item = await outbox.open(user, row);
  const shown = page.querySelector("template").content.cloneNode(true).firstElementChild;
  const fill = (name, text) => (shown.querySelector(`[data-${name}]`).textContent = text);
  fill("label", item.label);
  fill("when", moment(row.born));
  fill("text", texts(item).join("\n"));
  fill("said", row.said);
  shown.querySelector(`[data-state=${row.state}]`).hidden = false;
  shown.dataset.is = sign(row);
  const again = shown.querySelector("form");
  again.hidden = row.state !== "refused" || item.form !== "record";
  shown.querySelector("[data-drop]").addEventListener("click", () => outbox.remove(row.id));
  again.action = page.dataset.form.replace("/0/", `/${item.student}/`);
  for (const [name, value] of [...item.fields, ["client_id", item.id]]) {
    again.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  return shown;
}

/** What was typed, without the choices. */
const texts = (item) => item.fields.filter(([, value]) => value.length > 3 && !/^[\x21-\x7e]*$/.test(value)).map(([, value]) => value);

/** Everything as a text file, for whoever cannot send it from here. */
async function save(user, name) {
  const rows = await outbox.waiting(user);
  const items = await Promise.all(rows.map((row) => outbox.open(user, row)));
  const text = items.map((item, place) => `${item.label} · ${new Date(rows[place].born).toLocaleString()}\n${texts(item).join("\n")}\n`).join("\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
