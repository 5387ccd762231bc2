// What was written here and has not arrived yet. An item goes only when the school's computer has answered that it
// is kept; its id makes a repeated sending one record.
import { database, seal, sealJson, unseal, unsealJson } from "./store.js";

const MOST = 20; // in one request, as the server takes them
const MOST_BYTES = 6_000_000;
const PATIENCE = 60_000; // ms until an answer counts as lost: many phones may have come back at once
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 15 * 60_000;
let most = MOST; // fewer at a time while the school's computer is too busy to answer
const underWay = new Set();
const changed = () => globalThis.dispatchEvent(new Event("outbox"));

/** Keep one item: {id, form, student, label, shown: [[label, said]], fields: [[name, value]], files: [{type, bytes}]}. One that is corrected
 * keeps its place, its moment and, where no others are chosen, its photos. Gives whether it was there before. */
export async function put(user, { id, files = [], ...item }) {
  const sealed = await sealJson(user, item);
  const photos = await Promise.all(files.map(async ({ type, bytes }) => ({ type, ...(await seal(user, bytes)) })));
  const size = sealed.data.byteLength + photos.reduce((sum, photo) => sum + photo.data.byteLength, 0);
  const tx = (await database()).transaction("items", "readwrite");
  const all = await tx.store.getAll();
  const before = await tx.store.get(id);
  const order = before?.order ?? Math.max(0, ...all.map((one) => one.order)) + 1; // a counter, for a phone's clock may be wrong
  const born = before?.born ?? Date.now();
  const kept = before && !photos.length ? { photos: before.photos, size: Math.max(size, before.size) } : { photos, size };
  await tx.store.put({ user, order, born, state: "waiting", tries: 0, next: 0, said: "", sealed, ...kept }, id);
  await tx.done;
  changed();
  return Boolean(before);
}

/** This person's items in the order in which they were written, without their texts. */
export async function waiting(user) {
  const db = await database();
  const [ids, rows] = await Promise.all([db.getAllKeys("items"), db.getAll("items")]);
  const mine = rows.map((row, place) => ({ ...row, id: ids[place] })).filter((row) => row.user === user);
  return mine.sort((one, other) => one.order - other.order);
}

/** How many items of other people wait on this device: they are sent once these people sign in. */
export async function ofOthers(user) {
  return (await (await database()).getAll("items")).filter((row) => row.user !== user).length;
}

/** An item with its text and files. */
export async function open(user, row) {
  const files = await Promise.all(row.photos.map(async (one) => ({ type: one.type, bytes: await unseal(user, one) })));
  return { id: row.id, ...(await unsealJson(user, row.sealed)), files };
}

export async function remove(id) {
  await (await database()).delete("items", id);
  changed();
}

async function mark(id, change) {
  const tx = (await database()).transaction("items", "readwrite");
  const row = await tx.store.get(id);
  if (row) await tx.store.put({ ...row, ...change(row) }, id);
  await tx.done;
}

/** How an item stands: waiting (for a network), sending, busy (the next try is set), signin or refused. */
export const stateOf = ({ id, state, why }) => (underWay.has(id) ? "sending" : state === "waiting" ? why || state : state);

const later = (row) => ({ why: "", tries: row.tries + 1, next: Date.now() + Math.min(FIRST_PAUSE * 2 ** row.tries, LONGEST_PAUSE) });
// it answered: this item alone met a busy moment, however long there was no network before
const soon = (row) => later({ ...row, tries: Math.min(row.tries, 2) });

/** Send what waits. `now`: also what is to pause. `tell`: the item whose writer looks on. Gives {answers: by id, stopped: "", "offline" or "signin"}. */
export async function flush(user, { now = false, tell = "" } = {}) {
  const answers = {};
  const done = await navigator.locks.request("outbox", async () => {
    for (const tried = new Set(); ; ) {
      const due = (await waiting(user)).filter(
        (row) => row.state === "waiting" && !tried.has(row.id) && (now || row.next <= Date.now()),
      );
      if (!due.length) return "";
      const batch = fit(due);
      batch.forEach((row) => tried.add(row.id));
      const told = await shownWhile(batch, () => post(user, batch, tell));
      if (told.stopped) {
        for (const row of batch) await mark(row.id, told.stopped === "offline" ? later : () => ({ why: told.stopped }));
        most = Math.max(1, Math.floor(most / 2));
        return told.stopped;
      }
      most = MOST;
      for (const answer of told.items) {
        answers[answer.id] = answer;
        if (answer.status === 200 || answer.status === 409) await (await database()).delete("items", answer.id);
        else if (answer.status === 503) await mark(answer.id, (row) => ({ ...soon(row), why: "busy", said: answer.said }));
        else await mark(answer.id, () => ({ state: "refused", said: answer.said }));
      }
    }
  });
  changed();
  return { answers, stopped: done };
}

/** What goes out is shown as going, while it does. */
async function shownWhile(batch, going) {
  batch.forEach(({ id }) => underWay.add(id));
  changed();
  try {
    return await going();
  } finally {
    batch.forEach(({ id }) => underWay.delete(id));
  }
}

/** As many of the first as one request carries, always one at least. */
function fit(rows) {
  let bytes = 0;
  const more = rows.slice(0, most).findIndex((row, place) => (bytes += row.size) > MOST_BYTES && place > 0);
  return rows.slice(0, more > 0 ? more : most);
}

async function post(user, batch, tell) {
  const body = new FormData();
  const items = [];
  for (const row of batch) {
    const { files, label, shown, ...item } = await open(user, row);
    items.push({ ...item, waited: Math.max(0, (Date.now() - row.born) / 1000) });
    files.forEach(({ type, bytes }, place) => body.append(`files-${row.id}`, new Blob([bytes], { type }), `${place}`));
  }
  body.append("items", JSON.stringify(items));
  body.append("user", user);
  body.append("tell", tell);
  try {
    const response = await fetch("/offline/send/", {
      method: "POST",
      body,
      headers: { "X-CSRFToken": cookie("csrftoken") },
      signal: AbortSignal.timeout(PATIENCE),
    });
    const isAnswer = response.headers.get("content-type")?.includes("json");
    if (response.status === 401 || response.status === 403 || response.redirected) return { stopped: "signin" };
    return response.ok && isAnswer ? await response.json() : { stopped: "offline" };
  } catch {
    return { stopped: "offline" };
  }
}

const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "";
