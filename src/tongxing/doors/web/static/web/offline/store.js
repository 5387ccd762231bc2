// What this device keeps: one key for each person, what they took along, and what they wrote. All of it is sealed
// (AES-256-GCM); the key never leaves the browser and goes with `forget`, so that nothing can be read afterwards.
import { openDB, deleteDB } from "./idb.js";

const NAME = "tongxing";
const STORES = ["keys", "packs", "items", "halves"];
let opened;

/** Whether this browser may keep anything at all: it may not without HTTPS. */
export const possible = () => Boolean(globalThis.isSecureContext && globalThis.crypto?.subtle && globalThis.indexedDB);

export function database() {
  opened ??= openDB(NAME, 2, {
    upgrade: (db) => STORES.filter((name) => !db.objectStoreNames.contains(name)).forEach((name) => db.createObjectStore(name)),
    blocking: () => close(),
    terminated: () => (opened = undefined),
  });
  return opened;
}

async function close() {
  const db = await opened;
  opened = undefined;
  db?.close();
}

async function keyOf(user) {
  const db = await database();
  const found = await db.get("keys", user);
  if (found) return found;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const tx = db.transaction("keys", "readwrite"); // another page may have made one meanwhile
  const other = await tx.store.get(user);
  if (!other) await tx.store.put(made, user);
  await tx.done;
  return other ?? made;
}

/** This person writes here: what is typed from now on can be sealed. */
export const makeKey = async (user) => void (await keyOf(user));
/** Whether nobody has signed out meanwhile. */
export const hasKey = async (user) => Boolean(await (await database()).getKey("keys", user));

/** Bytes sealed for this person. */
export async function seal(user, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(user), bytes) };
}

export async function unseal(user, { iv, data }) {
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await keyOf(user), data));
}

export const sealJson = (user, value) => seal(user, new TextEncoder().encode(JSON.stringify(value)));
export const unsealJson = async (user, sealed) => JSON.parse(new TextDecoder().decode(await unseal(user, sealed)));

const OLDEST = 7 * 86_400_000; // ms until what was taken along is not shown any more

/** Who took something along that is still good: without a network nobody else says it. */
export async function whoWasHere() {
  const db = await database();
  const [users, rows] = await Promise.all([db.getAllKeys("packs"), db.getAll("packs")]);
  return users.find((_, place) => Date.now() - rows[place].taken < OLDEST);
}

/** What was taken along, with the moment `taken`, or undefined. */
export async function packOf(user) {
  const row = await (await database()).get("packs", user);
  return row && { ...(await unsealJson(user, row)), taken: row.taken };
}

/** Whether something was taken along less than `age` ms ago. */
export async function hasPack(user, age) {
  const row = await (await database()).get("packs", user);
  return row && Date.now() - row.taken < age;
}

/** Keep what is taken along; whatever somebody else took along on this device goes. */
export async function keepPack(user, pack) {
  const sealed = await sealJson(user, pack);
  const tx = (await database()).transaction("packs", "readwrite");
  await tx.store.clear();
  await tx.store.put({ ...sealed, taken: Date.now() }, user);
  await tx.done;
}

/** Nobody is signed in any more: what was taken along goes; what was written stays, sealed, until it is sent. */
export async function dropPacks() {
  await (await database()).clear("packs");
}

/** Sign-out: this person's key and texts go from this device, and all that was taken along. What others wrote here stays,
 * sealed under their own keys, until they send it. */
export async function forget(user) {
  const db = await database();
  const tx = db.transaction(STORES, "readwrite");
  const [keys, packs, items, halves] = STORES.map((name) => tx.objectStore(name));
  const [ids, rows] = await Promise.all([items.getAllKeys(), items.getAll()]);
  const own = ids.filter((_, place) => rows[place].user === user);
  await Promise.all([keys.delete(user), packs.clear(), halves.delete(IDBKeyRange.bound([user], [user, []])), ...own.map((id) => items.delete(id))]);
  const isEmpty = own.length === ids.length && !(await halves.count());
  await tx.done;
  if (!isEmpty) return;
  await close();
  await deleteDB(NAME, { blocked() {} });
}
