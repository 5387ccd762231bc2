// A form that was sent does not go out a second time before its answer is there, and says so when that takes a while.
const SOON = 600; // ms
const LOOK_AGAIN = 300; // ms: a download leaves the page standing; the cookie that comes with it tells that it is there

addEventListener("submit", sent);
addEventListener("pageshow", ({ persisted }) => persisted && document.querySelectorAll("form[data-sent]").forEach(free));

function sent(event) {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = Date.now();
  form.setAttribute("aria-busy", "true");
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "arrives", value: form.dataset.sent }));
  setTimeout(() => form.dataset.sent && say(form), SOON);
  const look = setInterval(() => {
    if (!form.dataset.sent) clearInterval(look);
    else if (document.cookie.includes(`arrived=${form.dataset.sent}`)) free(form);
  }, LOOK_AGAIN);
}

function say(form) {
  const words = document.getElementById("at-work").content.cloneNode(true);
  const bar = form.querySelector(".save-bar");
  if (bar) bar.before(words);
  else form.append(words);
}

function free(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
  form.querySelectorAll(".loading, [name=arrives]").forEach((one) => one.remove());
}
