// What was taken along, shown by its address while there is no network: pages as the server rendered them, and forms
// in whose blanks (⟦name⟧) a student's own words are put.
import { hasPack, keepPack } from "./store.js";

const FRESH_FOR = 30 * 60_000; // ms
let unsent;

export async function takeAlong(user, address, { anew = false } = {}) {
  if (!anew && (await hasPack(user, FRESH_FOR))) return;
  const response = await fetch(address, { priority: "low" }).catch(() => undefined);
  if (response?.ok && !response.redirected) await keepPack(user, await response.json());
}

/** Show the page of this address, or that it was not taken along. */
export function show(pack, { pathname, search }) {
  const body = new DOMParser().parseFromString(pack.frame, "text/html").body;
  const notice = body.querySelector("[data-taken]");
  notice.querySelector("[data-when]").textContent = moment(pack.taken);
  onlyWhatIsHere(body, pack);
  unsent = body.querySelector("[data-unsent]");
  document.body.className = body.className;
  document.body.replaceChildren(...body.childNodes);
  const html = pageAt(pack, pathname, search);
  if (html) put(html, pack, notice);
  document.title = document.querySelector("h1").textContent;
}

/** The time, and the day when it is not today. */
export function moment(taken) {
  const when = new Date(taken);
  const day = when.toDateString() === new Date().toDateString() ? {} : { month: "numeric", day: "numeric" };
  return when.toLocaleString(document.documentElement.lang, { ...day, hour: "2-digit", minute: "2-digit" });
}

/** Say on the cards of these students, first among what is said there, that something is written and waits. */
export function mark(students) {
  for (const student of students) {
    for (const name of document.querySelectorAll(`a.name[href="/students/${student}/"]`)) {
      name.closest(".student, li").querySelector(".chips")?.prepend(unsent.content.cloneNode(true));
    }
  }
}

/** The form of another kind in the place of this one, with what was typed. */
export function change(pack, form, kind) {
  const typed = new FormData(form);
  const { pathname } = location;
  history.replaceState(null, "", `${pathname}?kind=${kind}`);
  put(pageAt(pack, pathname, location.search), pack, document.querySelector("[data-taken]"));
  for (const field of document.querySelectorAll("form.record textarea, form.record input[type=text]")) {
    if (typed.get(field.name)) field.value = typed.get(field.name);
  }
  document.querySelector("form.record").dataset.switched = "";
}

function pageAt(pack, pathname, search) {
  const blanks = pack.blanks[pathname];
  if (!blanks) return pack.pages[pathname + search] ?? pack.pages[pathname];
  const forms = pack.sets?.[blanks.set] ?? pack.forms; // what was taken along by an earlier version has none
  const asked = new URLSearchParams(search);
  const form = forms[asked.get("kind") ?? asked.get("about")] ?? Object.values(forms)[0];
  return form.replaceAll("/students/0/", `/students/${blanks.id}/`).replace(/⟦(\w+)⟧/g, (_, name) => blanks[name] ?? "");
}

function put(html, pack, notice) {
  const main = new DOMParser().parseFromString(html, "text/html").querySelector("main");
  main.querySelector(".head").after(notice);
  renew(main, pack.day);
  document.querySelector("main").replaceWith(main);
}

/** A form that is used again is another one, and its day is today's. */
function renew(main, day) {
  for (const field of main.querySelectorAll("[name=client_id]")) field.value = crypto.randomUUID();
  for (const row of main.querySelectorAll("[data-id]")) row.dataset.id = crypto.randomUUID();
  const today = new Date().toLocaleDateString("sv-SE"); // as 2026-11-25
  if (day === today) return;
  for (const field of main.querySelectorAll("input[type=date]")) {
    if (field.max) field.max = today;
    if (field.value) field.value = today;
  }
  for (const offered of main.querySelectorAll("input[name=next][value^='2']")) offered.closest("label").remove();
}

/** The frame leads only to what was taken along. */
function onlyWhatIsHere(body, pack) {
  for (const link of body.querySelectorAll(".tabs a, .side a, .top a, [data-taken] a")) link.hidden = !(link.pathname in pack.pages) && link.pathname !== "/";
  for (const link of body.querySelectorAll("[data-taken] a")) link.hidden ||= link.pathname === location.pathname;
  body.querySelectorAll(".find, .frame-forms form:not([data-sign-out])").forEach((one) => one.remove());
}
