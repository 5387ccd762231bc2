// What runs on every page: nothing but keeping and sending what was written without a network. Every page works
// without it.
import { possible, forget } from "./offline/store.js";
import * as outbox from "./offline/outbox.js";
import { takeOver } from "./offline/forms.js";
import { list } from "./offline/waiting.js";

const user = document.documentElement.dataset.user;
const words = document.getElementById("offline-words");
const LOOK_AGAIN = 30_000;
const KNOCK_AGAIN = 3_000;

if (possible()) {
  navigator.serviceWorker?.register(`/sw.js?language=${document.documentElement.lang}`);
  if (words) start();
} else {
  document.querySelectorAll("[data-only-https]").forEach((one) => (one.hidden = false));
}

function start() {
  tell(sessionStorage.getItem("said"));
  sessionStorage.removeItem("said");
  list(user);
  count();
  addEventListener("outbox", count);
  if (document.getElementById("no-network")) setInterval(knock, KNOCK_AGAIN);
  if (!user) return;
  takeOver(document, user, (said, next) => {
    if (said) sessionStorage.setItem("said", said);
    location.assign(next);
  });
  document.querySelectorAll("form[data-sign-out]").forEach((form) => form.addEventListener("submit", leave));
  addEventListener("online", () => send(true));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
  setInterval(send, LOOK_AGAIN);
  send(true); // the page came, so there is a network
}

/** The page that says there is no network gives way as soon as the school's computer answers. */
async function knock() {
  const answer = await fetch("/app.webmanifest", { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.reload();
}

async function send(now) {
  if (document.visibilityState !== "visible") return; // only in the foreground
  const { stopped } = await outbox.flush(user, { now: now === true });
  words.classList.toggle("signed-out", stopped === "signin");
}

/** How many wait, in the bar at the top; of everybody where nobody is signed in. */
async function count() {
  const number = user ? (await outbox.waiting(user)).length : await outbox.ofOthers();
  words.hidden = number === 0;
  words.querySelector("[data-number]").textContent = number;
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
  const left = (await outbox.waiting(user)).length;
  if (left && !event.submitter?.hasAttribute("data-anyway")) return location.assign("/waiting/?leaving");
  await forget();
  form.dataset.plain = "yes";
  form.submit();
}
