// What runs on every page: nothing but taking along, keeping and sending for times without a network. Every page works
// without it.
import { dropPacks, forget, packOf, possible, whoWasHere } from "./offline/store.js";
import * as outbox from "./offline/outbox.js";
import { takeOver } from "./offline/forms.js";
import * as half from "./offline/half.js";
import { list } from "./offline/waiting.js";
import { change, mark, show, takeAlong } from "./offline/pack.js";
import "./smaller.js";
import "./work.js";

const LOOK_AGAIN = 30_000;
const KNOCK_AGAIN = 3_000;
const LEAVING = "leaving"; // signed out without a network: the school's computer hears of it later
const noNetwork = Boolean(document.getElementById("no-network"));
const { pack: packs } = document.documentElement.dataset;
let { user } = document.documentElement.dataset;
let pack;
let typed = false;

document.querySelectorAll("[data-print]").forEach((one) => {
  one.hidden = false;
  one.addEventListener("click", () => print());
});

if (possible()) {
  navigator.serviceWorker?.register(`/sw.js?language=${document.documentElement.lang}`);
  if (document.getElementById("offline-words")) start();
} else {
  document.querySelectorAll("[data-only-https]").forEach((one) => (one.hidden = false));
}

async function start() {
  if (noNetwork) await open();
  else if (document.querySelector("[data-nobody]")) await nobody();
  await half.arrived(user, user && !noNetwork);
  tell(sessionStorage.getItem("said"));
  sessionStorage.removeItem("said");
  document.querySelectorAll("form[data-sign-out]").forEach((form) => form.addEventListener("submit", leave));
  if (user && !noNetwork && localStorage.getItem(LEAVING)) return document.querySelector("form[data-sign-out]").requestSubmit();
  count();
  addEventListener("outbox", count);
  if (!user) return;
  attend();
  addEventListener("online", () => send(true));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
  setInterval(send, LOOK_AGAIN);
  if (noNetwork) return;
  await send(true); // the page came, so there is a network
  if (packs) takeAlong(user, packs);
}

/** The forms and lists of the page that stands here now. */
function attend() {
  list(user);
  takeOver(document, user, go, pack && turn);
  half.attend(document, user);
  halfWritten();
}

function turn(form, kind) {
  change(pack, form, kind);
  attend();
}

function go(said, next) {
  if (said) sessionStorage.setItem("said", said);
  location.assign(next);
}

/** Without a network: what was taken along, until the school's computer answers again. */
async function open() {
  addEventListener("input", () => (typed = true));
  setInterval(knock, KNOCK_AGAIN);
  user = await whoWasHere();
  pack = user && (await packOf(user));
  if (!pack) return;
  if (location.pathname === "/") history.replaceState(null, "", Object.keys(pack.pages)[0]);
  show(pack, location);
  const items = await Promise.all((await outbox.waiting(user)).map((row) => outbox.open(user, row)));
  mark(new Set(items.map((item) => item.student)));
}

/** What is half written here, named on my week. */
async function halfWritten() {
  const place = document.querySelector("[data-halves]");
  if (!place) return;
  const named = (await half.halves(user)).filter(({ address }) => !document.querySelector(`#notes a[href="${address}"]`));
  place.hidden = named.length === 0;
  place.querySelector("[data-list]").replaceChildren(...named.flatMap(({ address, label }, at) => [at ? "、" : "", Object.assign(document.createElement("a"), { href: address, textContent: label })]));
}

/** A page on which nobody is signed in: nothing that could be read stays. */
async function nobody() {
  localStorage.removeItem(LEAVING);
  await dropPacks();
}

/** What stands here gives way as soon as there is a network, unless somebody is writing. */
async function knock() {
  if (typed) return;
  const answer = await fetch("/app.webmanifest", { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.ok && !typed) location.reload();
}

async function send(now) {
  if (document.visibilityState !== "visible") return; // only in the foreground
  const { stopped, answers } = await outbox.flush(user, { now: now === true });
  document.getElementById("offline-words").classList.toggle("signed-out", stopped === "signin");
  if (packs && Object.keys(answers).length) takeAlong(user, packs, { anew: true });
}

/** How many wait, of everybody where nobody is signed in: in the bar at the top, in the notice that there is no network,
 * or nowhere, where the list itself stands. */
async function count() {
  const number = user ? (await outbox.waiting(user)).length : await outbox.ofOthers();
  const [bar, notice] = [document.getElementById("offline-words"), document.querySelector("[data-taken-count]")];
  bar.dataset.waiting = number;
  for (const one of [bar, notice]) {
    if (!one) continue;
    one.hidden = number === 0 || Boolean(document.getElementById("not-sent")) || (one === bar && Boolean(notice));
    one.querySelector("[data-number]").textContent = number;
  }
}

function tell(sentence) {
  const box = document.getElementById("offline-said");
  box.hidden = !sentence;
  box.querySelector("[data-text]").textContent = sentence ?? "";
}

/** Signing out destroys what is kept here: not before everything was sent, or its writer has chosen to. */
async function leave(event) {
  const form = event.target;
  if (form.dataset.plain) return;
  event.preventDefault();
  const left = (await outbox.waiting(user)).length + (await half.halves(user)).length;
  if (left && !event.submitter?.hasAttribute("data-anyway")) return location.assign("/waiting/?leaving");
  await half.end();
  await (user ? forget(user) : dropPacks());
  localStorage.setItem(LEAVING, "yes");
  form.dataset.plain = "yes";
  form.submit();
}
