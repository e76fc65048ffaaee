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

// Polite announcements; the region is emptied first so that the same sentence is said again.
function say(text) {
  const live = document.getElementById("live");
  if (!live || !text) return;
  live.textContent = "";
  setTimeout(() => { live.textContent = text.trim(); }, 60);
}
document.addEventListener("essaim:say", (event) => say(event.detail));
document.addEventListener("htmx:afterSettle", () => {
  const counted = document.querySelector("[data-live]");
  if (counted && counted.textContent !== document.body.dataset.lastCount) {
    document.body.dataset.lastCount = counted.textContent;
    say(counted.textContent);
  }
  document.querySelectorAll("[data-max]").forEach(count);
});
for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, () => say("La page n’a pas pu être mise à jour. Rechargez-la."));
}

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
