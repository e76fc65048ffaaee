// While one types: the server keeps it, every five seconds at most, and this browser until the server has it.
const typing = document.querySelector("form[data-typing]");
if (typing) saveWhileTyping(typing);
const guarded = document.querySelector("form[data-guard]");
if (guarded) guard(guarded);

function saveWhileTyping(form) {
  const PAUSE = 5000, FIRST = 1000, BEAT = 2000, RETRY = 15000;
  const url = form.dataset.typing;
  const { user } = document.querySelector("[data-user]").dataset;
  const id = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const key = `essaim:${user}:${url}:${id}`;
  const saving = document.getElementById("saving");
  const elsewhere = document.getElementById("elsewhere");
  const sharing = form.querySelector("[data-shared-computer]");
  const aside = ["csrfmiddlewaretoken", "window", "count", "opened", "carried", "seen", "edition", "writer"];
  const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "";
  const token = () => cookie("__Host-csrf") || cookie("csrftoken");
  // The window this one replaces in the same tab: its last words may arrive after this page was made.
  const before = `left:${url}`;
  const left = sessionStorage.getItem(before) ?? "";
  sessionStorage.removeItem(before);

  const now = () => {
    const text = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && !aside.includes(name)) text.append(name, value);
    }
    return text.toString();
  };
  // Sent texts have even numbers; the copy kept here, odd ones: newer than the last sent, older than the next.
  // Words that only a button sends: the server has them for this session alone, and the copy here stays until then.
  const isUnsent = "unsent" in form.dataset;
  const blank = isUnsent && form.elements.carried.value ? "" : now();
  let sent = blank, count = 0, kept = 0, last = -PAUSE, timer = 0, beat = 0;
  let isBusy = false, isLeaving = false, isClosed = false, isCut = false, isSigningOut = false, said = "";
  const isTyped = () => now() !== sent;
  const isHere = () => isUnsent ? now() !== blank : isTyped();
  const body = (text, number) => {
    const all = new URLSearchParams(text);
    for (const name of ["opened", "carried", "seen", "edition", "writer"]) all.set(name, form.elements[name].value);
    for (const [name, value] of Object.entries({ window: id, count: number, left })) all.set(name, value);
    return all;
  };

  const show = (text, { aloud = false, signIn = false } = {}) => {
    saving.hidden = false;
    saving.firstElementChild.textContent = text;
    saving.children[1].hidden = !signIn;
    if (aloud && text !== said) document.dispatchEvent(new CustomEvent("essaim:say", { detail: text }));
    if (aloud) said = text;
  };
  const refuge = () => keep() ? "votre texte est gardé dans ce navigateur." : "votre texte n’est que dans cette page, ne la fermez pas.";

  // True when nothing typed would be lost with this page.
  function keep() {
    if (!isHere() || form.inert) return true;
    if (sharing.checked) return !isTyped();
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), body: body(now(), isTyped() ? count + 1 : count).toString() }));
      return true;
    } catch {
      return !isTyped();
    }
  }

  function plan(wait = FIRST) {
    if (isClosed || isLeaving) return;
    timer ||= setTimeout(() => { timer = 0; send(); }, Math.max(wait, last + PAUSE - Date.now()));
  }

  async function send(isLast = false) {
    if (form.inert) return plan();  // local.js brings words back, and the page with them
    if (isClosed || !isTyped() || (isBusy && !isLast)) return;
    if (!navigator.onLine) return cut();
    const text = now(), number = count += 2;
    isBusy = true;
    last = Date.now();
    if (!isCut) show("Enregistrement…");
    let answer, told;
    try {
      const posted = body(text, number);
      // A browser refuses to carry more than 64 kB past the end of a page.
      const keepalive = isLast && posted.toString().length < 60000;
      answer = await fetch(url, { method: "POST", body: posted, headers: { "X-CSRFToken": token() }, keepalive });
      told = await answer.json().catch(() => ({}));
    } catch {
      isBusy = false;
      plan(RETRY);
      return cut();
    }
    isBusy = false;
    if (!answer.ok) return refused(answer.status, told);
    if (number > kept) [kept, sent] = [number, text];
    // Where what is typed goes straight into the draft, the next words are written over these.
    if (told.edition) form.elements.edition.value = Math.max(told.edition, form.elements.edition.value);
    if (isTyped()) plan();
    else if (isHere()) keep();
    else localStorage.removeItem(key);
    show(told.says ?? `Gardé à ${told.at}`, { aloud: isCut || !said || Boolean(told.says) });
    isCut = false;
    if (told.elsewhere && told.elsewhere !== elsewhere.lastElementChild.textContent) {
      elsewhere.hidden = saving.lastElementChild.hidden = false;
      elsewhere.lastElementChild.textContent = told.elsewhere;
      document.dispatchEvent(new CustomEvent("essaim:say", { detail: told.elsewhere }));
    }
  }

  function cut() {
    isCut = true;
    show(`Hors ligne : ${refuge()}`, { aloud: true });
  }

  function refused(status, told) {
    const safe = refuge();
    isCut = true;
    if (status === 401) show(`Votre session est terminée : ${safe}`, { aloud: true, signIn: true });
    else if (status === 413) show(told.says, { aloud: true });
    else if (status >= 500) {
      show(`Le site ne répond pas : ${safe}`, { aloud: true });
      plan(RETRY);
    } else {
      isClosed = true;
      show(told.says ?? "Cet écran n’est plus ouvert à l’écriture : copiez votre texte avant de quitter la page.", { aloud: true });
    }
  }

  function typed() {
    isLeaving = false;
    if (!isTyped()) return;
    beat ||= setTimeout(() => { beat = 0; keep(); }, BEAT);
    plan();
  }
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  addEventListener("online", () => send());
  addEventListener("offline", cut);
  addEventListener("focus", () => { if (isCut) send(); });
  document.addEventListener("visibilitychange", () => {
    if (isLeaving) return;
    keep();
    send(true);
  });
  addEventListener("pagehide", () => {
    if (isLeaving) return;
    sessionStorage.setItem(before, id);
    keep();
    send(true);
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sessionStorage.removeItem(before);
    isLeaving = isBusy = false;
    typed();
  });
  addEventListener("beforeunload", (event) => {
    if (isSigningOut || (!isLeaving && isTyped() && (isClosed || !keep()))) event.preventDefault();
  });

  // Saving says which window is saved, and the token of the session as it is now: one may have signed in again.
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      return cut();
    }
    keep();
    form.elements.window.value = id;
    form.elements.count.value = count += 2;
    form.elements.csrfmiddlewaretoken.value = token() || form.elements.csrfmiddlewaretoken.value;
    isLeaving = true;
    timer = clearTimeout(timer);
  });
  document.addEventListener("submit", async (event) => {
    if (event.submitter?.name === "forget") {
      if (count) event.submitter.value = `${id}:${count}`;
      isLeaving = true;
      localStorage.removeItem(key);
    } else if (isUnsent && isHere() && event.target.matches("[action$='/deconnexion/']")) {
      // Signing out forgets what wasn't sent: the browser asks first.
      isSigningOut = true;
      setTimeout(() => { isSigningOut = false; }, 1000);
    } else if (event.target.matches("[action$='/deconnexion/']") && isTyped() && !isClosed && !isLeaving) {
      event.preventDefault();
      await send(true);
      isLeaving = true;
      event.target.submit();
    }
  });

  // Of the computer, not of the person: whoever comes next finds it said.
  sharing.closest("p").hidden = false;
  sharing.addEventListener("change", () => {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `shared_computer=${sharing.checked ? 1 : 0}; path=/; max-age=31536000; samesite=lax${secure}`;
    if (!sharing.checked) return;
    for (const name of Object.keys(localStorage)) if (name.startsWith(`essaim:${user}:`)) localStorage.removeItem(name);
  });
  if (!navigator.onLine) cut();
  if (isUnsent && isTyped()) plan();
}

// Leaving a page with words that aren't saved asks first; saving, or undoing what was typed, doesn't.
function guard(form) {
  const now = () => new URLSearchParams(new FormData(form)).toString();
  let saved = form.closest("main").querySelector("[name=forget], .error-summary") ? null : now();
  document.addEventListener("submit", () => { saved = undefined; });
  addEventListener("pageshow", (event) => { if (event.persisted) saved = null; });
  addEventListener("beforeunload", (event) => {
    if (saved !== undefined && saved !== now()) event.preventDefault();
  });
}
