// Keeps the page that verifies, so that it opens without a connection. Keys and lists are kept by the page itself.
const SHELF = "ocop-verify-1";
const PAGES = ["/verify", "/verify/page.js"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll(PAGES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.method !== "GET" || !PAGES.includes(path)) return;
  event.respondWith(
    fetch(event.request)
      .then(async (answer) => {
        if (answer.ok) (await caches.open(SHELF)).put(path, answer.clone());
        return answer;
      })
      .catch(async () => (await (await caches.open(SHELF)).match(path)) ?? Response.error()),
  );
});
