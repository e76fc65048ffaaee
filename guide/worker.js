// The guide kept on this device. Only the public pages listed in KEPT and what dresses them are ever stored, as
// anyone reads them: they are fetched without the reader's cookies. Everything else goes to the network untouched.
const CACHE = `guide-${KEPT.version}`;
const PAGES = new Set(KEPT.pages);
const ASSETS = new Set(KEPT.assets);

async function fetched(path) {
  const answer = await fetch(new Request(path, { credentials: "omit", cache: "no-cache" }));
  if (!answer.ok || answer.redirected) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

// All of it or nothing: a guide with holes would be discovered where there is no network.
async function keep() {
  const cache = await caches.open(CACHE);
  const waiting = [...KEPT.assets, ...KEPT.pages];
  const some = async () => {
    for (let path = waiting.shift(); path; path = waiting.shift()) await cache.put(path, await fetched(path));
  };
  await Promise.all([some(), some(), some(), some()]);
  await self.skipWaiting();
}

async function forgetOthers() {
  const others = (await caches.keys()).filter((name) => name.startsWith("guide-") && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
  await self.clients.claim();
  if (!others.length) return;
  for (const client of await self.clients.matchAll()) client.postMessage({ kept: KEPT.day });
}

addEventListener("install", (event) => event.waitUntil(
  keep().catch(async (problem) => { await caches.delete(CACHE); throw problem; }),
));
addEventListener("activate", (event) => event.waitUntil(forgetOthers()));

const BANNER = `<div class="notice notice-warning offline"><p><strong>Hors ligne.</strong> Vous lisez le guide gardé sur cet appareil (textes du ${KEPT.day}). Les liens vers le reste du site attendront le réseau.</p></div>`;

async function said(path) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(PAGES.has(path) ? path : KEPT.offline);
  if (!found) return Response.error();
  const headers = new Headers({ "Content-Type": "text/html; charset=utf-8" });
  for (const name of ["Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options"]) {
    if (found.headers.has(name)) headers.set(name, found.headers.get(name));
  }
  const text = (await found.text()).replace('<div class="wrap messages" role="status">', (start) => start + BANNER);
  return new Response(text, { status: PAGES.has(path) ? 200 : 503, headers });
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => said(url.pathname)));
  } else if (ASSETS.has(url.pathname)) {
    event.respondWith(caches.match(url.pathname, { cacheName: CACHE }).then((found) => found ?? fetch(request)));
  }
});
