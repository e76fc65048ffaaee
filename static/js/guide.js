// The guide on this device: kept when one asks for it, renewed when its texts change, forgotten when one asks.
const panel = document.getElementById("garder");
const worker = "/guide/sw.js";
const say = (text) => document.dispatchEvent(new CustomEvent("essaim:say", { detail: text }));

function tell(text) {
  panel?.querySelector("[data-state]")?.replaceChildren(text);
  say(text);
}

function show(isKept) {
  if (!panel) return;
  panel.hidden = false;
  panel.querySelector("[data-keep]").hidden = isKept;
  panel.querySelector("[data-forget]").hidden = !isKept;
}

async function keep() {
  tell("Le guide se copie sur cet appareil…");
  try {
    const registration = await navigator.serviceWorker.register(worker, { scope: "/guide/" });
    const coming = registration.installing;
    if (coming) {
      await new Promise((done, failed) => coming.addEventListener("statechange", () => {
        if (coming.state === "activated") done();
        if (coming.state === "redundant") failed(new Error("not kept"));
      }));
    }
    show(true);
    tell("Le guide est sur cet appareil : il se lit sans réseau, à la même adresse.");
    panel.querySelector("[data-forget]").focus();
  } catch {
    tell("La copie n’a pas abouti : réessayez avec une meilleure connexion.");
  }
}

async function forget(registration) {
  await (registration ?? await navigator.serviceWorker.getRegistration("/guide/"))?.unregister();
  for (const name of await caches.keys()) if (name.startsWith("guide-")) await caches.delete(name);
  show(false);
  tell("Le guide n’est plus gardé sur cet appareil.");
  panel.querySelector("[data-keep]").focus();
}

if ("serviceWorker" in navigator && "caches" in window) {
  const registration = await navigator.serviceWorker.getRegistration("/guide/");
  show(Boolean(registration?.active));
  // The browser compares the worker with the one it has: the texts are fetched again only when it changed.
  if (registration && navigator.onLine) registration.update().catch(() => {});
  panel?.querySelector("[data-keep]").addEventListener("click", keep);
  panel?.querySelector("[data-forget]").addEventListener("click", () => forget());
  navigator.serviceWorker.addEventListener("message", (event) => {
    if (event.data?.kept) tell(`Le guide gardé sur cet appareil est à jour : textes du ${event.data.kept}.`);
  });
}
addEventListener("offline", () => say("Vous êtes hors ligne. Les pages gardées du guide restent lisibles."));
