// Without a network: the pages' files and one page that says so in words. It is fetched as nobody (no cookie goes
// along): nothing personal is ever kept here.
const NAME = "tongxing-{{ version }}";
const FILES = [
{% for file in files %}
  "{{ file }}",
{% endfor %}
];
const SHELL = "{{ shell }}";
const PATIENCE = 6_000; // ms: a line that answers nothing is no network, on the pages that are taken along
const TAKEN = /^\/((week|waiting|highlights|records\/grid|students\/\d+(\/record)?)\/)?$/;
const asNobody = (address) => new Request(address, { credentials: "omit", cache: "reload" });

addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([...FILES, asNobody(SHELL)])).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("tongxing-") && name !== NAME);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => clients.claim()));
});

const later = () => new Promise((_, refuse) => setTimeout(refuse, PATIENCE));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  const isRead = request.method === "GET";
  if (request.mode === "navigate") {
    const answer = isRead && TAKEN.test(pathname) ? Promise.race([fetch(request), later()]) : fetch(request);
    event.respondWith(answer.catch(() => caches.match(SHELL)));
  } else if (isRead && FILES.includes(pathname)) {
    event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
  }
});
