// Without a network: the pages' files and one page that says so in words. It is fetched as nobody (no cookie goes
// along): nothing personal is ever kept here.
const NAME = "tongxing-{{ version }}";
const FILES = [
{% for file in files %}
  "{{ file }}",
{% endfor %}
];
const SHELL = "{{ shell }}";
const asNobody = (address) => new Request(address, { credentials: "omit", cache: "reload" });

addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([...FILES, asNobody(SHELL)])).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("tongxing-") && name !== NAME);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(SHELL)));
  } else if (request.method === "GET" && FILES.includes(new URL(request.url).pathname)) {
    event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
  }
});
