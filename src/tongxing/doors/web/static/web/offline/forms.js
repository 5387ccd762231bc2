// A form that may be kept on the device first (data-offline): written down here, then sent, so that nothing typed is
// lost on the way. Whatever fails here leaves the form to the browser as if there were no scripts.
import { isSecret, shown } from "./fields.js";
import * as half from "./half.js";
import * as outbox from "./outbox.js";
import { photos } from "./photos.js";

const NEED_THE_SERVER = ["switch", "later"]; // another kind of record; “save for later”
const HURRY = 8_000; // ms until its writer goes on: it is kept, and goes out by itself
const NOT_TOLD = ["csrfmiddlewaretoken", "client_id"];

/** Take over the sending of these forms. `went(said, next)`: a sentence for the next page. `change(form, kind)`: the
 * form of another kind, where it is at hand. */
export function takeOver(root, user, went, change) {
  for (const form of root.querySelectorAll("form[data-offline]")) form.addEventListener("submit", (event) => begin(event, user, went, change));
}

function begin(event, user, went, change) {
  const form = event.target;
  const chosen = event.submitter;
  if (form.dataset.plain) return;
  if (NEED_THE_SERVER.includes(chosen?.name)) {
    const isSwitch = chosen.name === "switch";
    if (!navigator.onLine && !(isSwitch && change)) {
      warn(form, words().wait);
      return event.preventDefault();
    }
    if (isSwitch) "secret" in chosen.dataset ? half.drop(form) : half.keep(form, chosen.value);
    if (!isSwitch || !change) return;
    change(form, chosen.value);
    return event.preventDefault();
  }
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  finish(form, chosen, user, went).finally(() => form.removeAttribute("aria-busy"));
}

async function finish(form, chosen, user, went) {
  let items;
  const there = []; // kept before: what is corrected here stays on the device until it is taken in
  clean(form);
  if (isSecret(form)) return (await isThere()) ? plainly(form, chosen) : warn(form, words().counsellor);
  try {
    items = await told(form, chosen);
    for (const item of items) if (await outbox.put(user, item)) there.push(item.id);
  } catch (error) {
    if (navigator.onLine) return plainly(form, chosen);
    return warn(form, error?.name === "QuotaExceededError" ? words().full : words().failed);
  }
  if (!items.length) return plainly(form, chosen);
  await half.drop(form);
  const ids = items.map((item) => item.id);
  const { answers, stopped } = await Promise.race([outbox.flush(user, { now: true, tell: ids.join() }), goOn()]);
  const came = ids.map((id) => answers[id]);
  const refused = came.filter((answer) => answer?.status >= 400 && ![409, 503].includes(answer.status));
  if (refused.length) return correct(form, answers, refused, there);
  const next = came.find((answer) => answer?.leads_to)?.leads_to || onwards(form);
  if (came.some((answer) => !answer || answer.status === 503)) return went(stopped === "signin" ? words().signin : words().kept, next);
  went(came.some((answer) => answer.status === 409) ? words().both : "", next);
}

/** Whether the school's computer answers: what is not kept here is not risked on a line that may be gone. */
const isThere = async () => (await fetch("/app.webmanifest", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(HURRY) }).catch(() => undefined))?.ok;
const goOn = () => new Promise((done) => setTimeout(done, HURRY, { answers: {}, stopped: "offline" }));

/** Say what is wrong, beside the field where there is one; the words stand in the form. Rows that were taken in leave it. */
async function correct(form, answers, refused, there) {
  for (const row of form.querySelectorAll("[data-id]")) if ([200, 409].includes(answers[row.dataset.id]?.status)) row.remove();
  await half.keep(form);
  for (const { id } of refused) if (!there.includes(id)) await outbox.remove(id);
  for (const { id, fields } of refused) {
    const place = form.querySelector(`[data-id="${id}"]`) ?? form;
    for (const [name, said] of Object.entries(fields ?? {})) blame(place.querySelector(`[name="${name}"], [data-id] [name$="-${name}"]`), said);
  }
  warn(form, [...new Set(refused.map(({ said }) => said))].join("\n"));
}

function blame(input, said) {
  const field = input?.closest(".field");
  if (!field) return;
  field.classList.add("wrong");
  field.append(Object.assign(document.createElement("p"), { className: "error", textContent: said }));
}

function clean(form) {
  form.querySelectorAll("[data-warning], .field > .error").forEach((one) => one.remove());
  form.querySelectorAll(".field.wrong").forEach((one) => one.classList.remove("wrong"));
}

/** What a form tells, as items of the outbox: one, or one for each row in which something stands. */
async function told(form, chosen) {
  const typed = new FormData(form, chosen);
  const fields = [...typed].filter(([name, value]) => typeof value === "string" && !NOT_TOLD.includes(name));
  if (form.dataset.offline === "row") return [...form.querySelectorAll("[data-id]")].filter(saysSomething).map((row) => rowTold(form, row, fields));
  const { student, label } = { ...form.dataset, ...chosen?.dataset };
  const files = await photos([...typed].map(([, value]) => value).filter((value) => value instanceof File && value.size));
  const id = form.dataset.offline === "record" ? typed.get("client_id") : crypto.randomUUID(); // one page notes many bright moments
  return [{ id, form: form.dataset.offline, student: Number(student), label, shown: shown(form, chosen), fields, files }];
}

const saysSomething = (row) => [...row.querySelectorAll("textarea, input[type=text], select[name$=reached], input[name$=talked]:checked")].some((field) => field.value.trim());

function rowTold(form, row, fields) {
  const prefix = `r${row.querySelector("[name=row]").value}-`;
  const own = fields.filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value]);
  const chosen = (name) => ((field) => field.dataset.shown ?? field.selectedOptions[0]?.textContent ?? "")(row.querySelector(`[name$=-${name}]`));
  const whose = fields.filter(([name]) => name === "staff");
  const told = whose.length ? [["", document.querySelector("h1").textContent.trim()], ...shown(row)] : shown(row);
  return { id: row.dataset.id, form: "row", student: Number(Object.fromEntries(own).student), label: `${chosen("student")} · ${chosen("kind")}`, shown: told, fields: [...own, ...whose] };
}

/** Where one goes on; the words chosen for one bright moment stay chosen for the next. */
function onwards(form) {
  const phrase = form.dataset.next.includes("?") && form.querySelector("[name=phrase]:checked")?.value;
  return phrase ? `${form.dataset.next}&phrase=${phrase}` : form.dataset.next;
}

const words = () => document.getElementById("offline-words").dataset;

function plainly(form, chosen) {
  form.dataset.plain = "yes";
  form.requestSubmit(chosen);
}

function warn(form, sentence) {
  const box = form.querySelector("[data-warning]") ?? form.insertBefore(document.createElement("p"), form.firstChild);
  box.dataset.warning = "";
  box.className = "errors lines";
  box.setAttribute("role", "alert");
  box.textContent = sentence;
  box.scrollIntoView({ block: "center" });
}
