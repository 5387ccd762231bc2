// Photos are made smaller and leave place, device and time behind as soon as they are chosen, in forms that go straight
// to the school's computer; what cannot be drawn here goes as it is, and is cleaned there.
import { shrunk } from "./offline/photos.js";
import { possible } from "./offline/store.js";

const preparing = new Map(); // file field → the work under way

addEventListener("change", ({ target }) => target.dataset?.preparing && !keptFirst(target.form) && prepare(target));
addEventListener("submit", wait, true);

/** Where the whole form is kept on the device first, the photos are made smaller with it. */
const keptFirst = (form) => form.dataset.offline && possible();

function prepare(field) {
  const work = smaller(field).finally(() => preparing.get(field) === work && preparing.delete(field));
  preparing.set(field, work);
}

async function smaller(field) {
  const chosen = [...field.files];
  const bar = say(field, chosen.length);
  const ready = new DataTransfer();
  for (const file of chosen) {
    ready.items.add(await small(file));
    bar.querySelector("progress").value = ready.files.length;
  }
  bar.remove();
  const same = field.files.length === chosen.length && chosen.every((file, place) => file === field.files[place]);
  if (same) field.files = ready.files;
}

async function small(file) {
  if (!file.type.startsWith("image/")) return file;
  const made = await shrunk(file).catch(() => null);
  return made ? new File([made.bytes], "photo.jpg", { type: made.type }) : file;
}

function say(field, number) {
  const bar = Object.assign(document.createElement("p"), { className: "loading", textContent: ` ${field.dataset.preparing}` });
  bar.setAttribute("role", "status");
  bar.prepend(Object.assign(document.createElement("progress"), { max: number, value: 0 }));
  field.after(bar);
  return bar;
}

/** Sent before the photos are ready: it goes by itself once they are. */
function wait(event) {
  const form = event.target;
  const under = [...preparing].filter(([field]) => field.form === form).map(([, work]) => work);
  if (!under.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  Promise.allSettled(under).then(() => form.requestSubmit(event.submitter));
}
