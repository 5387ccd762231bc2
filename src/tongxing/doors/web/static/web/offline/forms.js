// A form that may be kept on the phone first (data-offline): written down here, then sent, so that nothing typed is
// lost on the way. Whatever fails here leaves the form to the browser as if there were no scripts.
import * as outbox from "./outbox.js";
import { photos } from "./photos.js";

/** Take over the sending of these forms. `went(said)`: a sentence for the next page. */
export function takeOver(root, user, went) {
  for (const form of root.querySelectorAll("form[data-offline]")) form.addEventListener("submit", (event) => begin(event, user, went));
}

function begin(event, user, went) {
  const form = event.target;
  const chosen = event.submitter;
  if (chosen?.name || form.dataset.plain) return; // “save for later”, another kind: these need the server
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  finish(form, user, went).finally(() => form.removeAttribute("aria-busy"));
}

async function finish(form, user, went) {
  const typed = new FormData(form);
  const id = typed.get("client_id");
  const words = form.dataset;
  const fields = [...typed].filter(([name, value]) => typeof value === "string" && !["csrfmiddlewaretoken", "client_id"].includes(name));
  try {
    const files = await photos([...typed].map(([, value]) => value).filter((value) => value instanceof File && value.size));
    await outbox.put(user, { id, form: words.offline, student: Number(words.student), label: words.label, fields, files });
  } catch (error) {
    if (navigator.onLine) return plainly(form);
    return warn(form, error?.name === "QuotaExceededError" ? words.full : words.failed);
  }
  const { answers, stopped } = await outbox.flush(user, { now: true, tell: id });
  const answer = answers[id];
  if (!answer || answer.status === 503) return went(stopped === "signin" ? words.signin : words.kept, words.next);
  if (answer.status >= 400 && answer.status !== 409) {
    await outbox.remove(id);
    return plainly(form); // the page itself says what is wrong, beside the field
  }
  went(answer.status === 409 ? words.both : "", answer.leads_to || words.next);
}

function plainly(form) {
  form.dataset.plain = "yes";
  form.submit();
}

function warn(form, sentence) {
  const box = form.querySelector("[data-warning]") ?? form.insertBefore(document.createElement("p"), form.firstChild);
  box.dataset.warning = "";
  box.className = "errors";
  box.setAttribute("role", "alert");
  box.textContent = sentence;
  box.scrollIntoView({ block: "center" });
}
