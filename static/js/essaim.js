// What a page gains when scripts run; nothing here is needed to read, write or send.

// The error summary is the first thing one hears and reaches.
const summary = document.querySelector(".error-summary");
if (summary) summary.focus();

// Characters as Django counts them: code points, and a new line is two (browsers send CR LF).
const length = (text) => [...text.replace(/\r?\n/g, "\r\n")].length;

function count(control) {
  const most = Number(control.dataset.max);
  const line = document.querySelector(`[data-counter="${CSS.escape(control.id)}"]`);
  if (!most || !line) return;
  line.dataset.said ??= line.textContent;
  const written = length(control.value.trim());
  const over = written - most;
  line.classList.toggle("over", over > 0);
  line.textContent = written === 0 ? line.dataset.said
    : over > 0 ? `${over} signe${over > 1 ? "s" : ""} de trop (${most} au plus)`
    : `${line.dataset.said} · ${written} écrit${written > 1 ? "s" : ""}`;
}
document.querySelectorAll("[data-max]").forEach(count);
document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-max]")) count(event.target);
});
// Said once when one leaves the field, not at every key.
document.addEventListener("change", (event) => {
  const control = event.target;
  if (!control.matches?.("[data-max]")) return;
  const line = document.querySelector(`[data-counter="${CSS.escape(control.id)}"]`);
  if (line?.classList.contains("over")) say(line.textContent);
});

// One click, one sending. The button stays reachable, and lives again if one comes back by the history.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  const button = event.submitter ?? form.querySelector("button:not([type=button])");
  button?.setAttribute("aria-disabled", "true");
  say("Envoi en cours");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled=true]").forEach((button) => button.removeAttribute("aria-disabled"));
  }
});

// What this browser keeps of what one types (local.js) goes when one signs out, and after a week in any case.
const KEPT_FOR = 7 * 24 * 3600 * 1000;
document.addEventListener("submit", (event) => {
  try {
    if (event.target.matches("[action$='/deconnexion/']")) sessionStorage.setItem("signing-out", "1");
  } catch { /* likewise */ }
});
try {
  const hasLeft = sessionStorage.getItem("signing-out") && !document.querySelector(".account");
  sessionStorage.removeItem("signing-out");
  if (hasLeft) sessionStorage.clear();
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith("essaim:"))) {
    const { at } = JSON.parse(localStorage.getItem(key));
    if (hasLeft || !(Date.now() - at < KEPT_FOR)) localStorage.removeItem(key);
  }
} catch {
  // A browser that keeps nothing has nothing to forget.
}

// What a search field may mean is fetched when one reaches it: a page one only reads asks for nothing more.
document.addEventListener("focusin", (event) => {
  const field = event.target;
  if (!field.matches?.("input[data-suggest]") || field.dataset.suggesting) return;
  field.dataset.suggesting = "1";
  import(field.dataset.with).then((module) => module.suggest(field)).catch(() => delete field.dataset.suggesting);
});

// Polite announcements; the region is emptied first so that the same sentence is said again.
let saying;
function say(text) {
  const live = document.getElementById("live");
  if (!live || !text) return;
  live.textContent = "";
  clearTimeout(saying);
  saying = setTimeout(() => { live.textContent = text.trim(); }, 60);
}
document.addEventListener("essaim:say", (event) => say(event.detail));
// A list's count is said each time the list comes back; other counts when they change.
document.addEventListener("htmx:afterSettle", (event) => {
  const counted = document.querySelector("[data-live]");
  const isList = event.target.id === "results";
  if (counted && (isList || (!document.getElementById("results") && counted.textContent !== document.body.dataset.lastCount))) {
    document.body.dataset.lastCount = counted.textContent;
    say(counted.textContent);
  }
  document.querySelectorAll("[data-max]").forEach(count);
});
for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    if (!document.getElementById("results")) say("La page n’a pas pu être mise à jour. Rechargez-la.");
    else notRefreshed(event.detail.pathInfo?.finalRequestPath);
  });
}

// A list that is asked again in place (the catalogue). Its address is its state, and the server draws it whole: here,
// only what would be lost when it is drawn again, and what one is told meanwhile.
document.addEventListener("htmx:beforeRequest", () => document.getElementById("results")?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", () => document.getElementById("results")?.removeAttribute("aria-busy"));
function notRefreshed(address) {
  const results = document.getElementById("results");
  results.querySelector(".not-refreshed")?.remove();
  const said = document.createElement("div");
  said.className = "not-refreshed";
  said.append(document.getElementById("not-refreshed").content.cloneNode(true));
  if (address) said.querySelector("a").href = address;
  results.prepend(said);
  say("La liste n’a pas pu être mise à jour.");
}
// Facets: what was unfolded stays so, what was sought in one too, and the box one ticked keeps the focus.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.target.id !== "facets") return;
  const fresh = event.detail.fragment;
  for (const open of event.target.querySelectorAll("details[open]")) fresh.querySelector(`#${open.id}`)?.setAttribute("open", "");
  const sought = new Map([...event.target.querySelectorAll(".facet-find")].map((field) => [field.id, field.value]));
  findable(fresh, sought);
  ticked = document.activeElement?.matches?.("#facets [type=checkbox]") ? document.activeElement : null;
});
let ticked = null;
document.addEventListener("htmx:oobAfterSwap", () => {
  if (!ticked || ticked.isConnected) return;
  const again = document.querySelector(`#facets [name="${CSS.escape(ticked.name)}"][value="${CSS.escape(ticked.value)}"]`);
  if (!again) return;
  ticked = null;
  again.focus({ preventScroll: true });
});
// The words one sees are those of the address: after a chip, a step back, or a page the browser had put aside.
function follow() {
  const words = document.getElementById("q");
  if (!words?.form?.matches("#question")) return;
  words.defaultValue = new URL(location.href).searchParams.get("q") ?? "";
  if (document.activeElement !== words) words.value = words.defaultValue;
}
document.addEventListener("htmx:pushedIntoHistory", follow);
// Stepping back fast asks for several pages: only the last is for the address one is at, whichever answers first.
let restoring = null;
document.addEventListener("htmx:historyCacheMiss", (event) => {
  restoring?.abort();
  restoring = event.detail.xhr;
  document.getElementById("catalogue")?.dispatchEvent(new CustomEvent("htmx:abort", { bubbles: true, detail: {} }));
});
document.addEventListener("htmx:beforeRequest", () => restoring?.abort());
document.addEventListener("htmx:historyRestore", () => {
  findable(document);
  say(document.getElementById("count")?.textContent ?? "");
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.getElementById("question")?.reset();
  document.getElementById("results")?.removeAttribute("aria-busy");
});

// A long facet gets a field to find a value in it; accents and case don't matter.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[’-]/g, " ").toLowerCase();
const LONG_FACET = 10;
function findable(where, sought = new Map()) {
  for (const more of where.querySelectorAll(".facet .more")) {
    if (more.querySelectorAll("li").length < LONG_FACET || more.querySelector(".facet-find")) continue;
    const field = document.createElement("input");
    field.type = "search";
    field.className = "facet-find";
    field.id = `${more.id}-chercher`;
    field.autocomplete = "off";
    field.placeholder = "Chercher dans cette liste";
    field.setAttribute("aria-label", `Chercher dans : ${more.closest("fieldset").querySelector("legend").textContent}`);
    field.defaultValue = field.value = sought.get(field.id) ?? "";
    more.querySelector("summary").after(field);
    narrow(field);
  }
}
function narrow(field) {
  const words = plain(field.value).split(/\s+/).filter(Boolean);
  let seen = 0;
  for (const one of field.closest(".facet").querySelectorAll("li")) {
    const label = plain(one.querySelector("span").textContent);
    one.hidden = !words.every((word) => label.includes(word));
    seen += one.hidden ? 0 : 1;
  }
  return seen;
}
addEventListener("toggle", (event) => {
  const field = event.target.querySelector?.(".facet-find");
  if (!field || event.target.open) return;
  field.value = "";
  narrow(field);
}, true);
let pause;
document.addEventListener("input", (event) => {
  if (!event.target.matches?.(".facet-find")) return;
  const seen = narrow(event.target);
  clearTimeout(pause);
  pause = setTimeout(() => say(seen ? `${seen} possible${seen > 1 ? "s" : ""}` : "Rien de tel dans cette liste"), 500);
});
// It is no part of the question.
for (const kind of ["change", "search"]) {
  addEventListener(kind, (event) => { if (event.target.matches?.(".facet-find")) event.stopPropagation(); }, true);
}
findable(document);
// The map is the facet of départements: a cell ticks its box.
document.addEventListener("click", (event) => {
  const cell = event.target.closest?.("#catalogue-map svg a");
  if (!cell || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const box = document.querySelector(`#facette-departement [value="${CSS.escape(cell.lastElementChild.textContent)}"]`);
  if (!box) return;
  event.preventDefault();
  box.click();
});
document.addEventListener("click", (event) => {
  const to = event.target.closest?.("a[href^='#facette-']");
  if (to) document.querySelectorAll(`${to.hash} details, .fold`).forEach((folded) => { folded.open = true; });
});

if (navigator.clipboard) document.documentElement.classList.add("can-copy");
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    say("Adresse copiée");
    button.querySelector("span").textContent = "Adresse copiée";
  } catch {
    say("L’adresse n’a pas pu être copiée : elle est en haut de votre navigateur.");
  }
});

// A menu closes when one leaves it, by Escape, a click elsewhere or the keyboard.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = event.target.closest?.("details[data-dismiss][open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
for (const leaving of ["click", "focusin"]) {
  document.addEventListener(leaving, (event) => {
    document.querySelectorAll("details[data-dismiss][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
}
