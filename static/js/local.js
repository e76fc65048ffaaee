// What this browser keeps of what one types, until the server has it: joins the draft when one comes back.
// A copy is named essaim:<person>:<address>:<window> and holds the form as it would be posted (docs/decisions/0009).
const { user } = document.querySelector("[data-user]").dataset;
const form = document.querySelector("form[data-typing]");
const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "";

// These windows have saved their screen; this page was made from what that one held at that count.
const saved = cookie("ended").split(".");
document.cookie = `ended=; path=/${location.pathname.split("/")[1]}/; max-age=0`;
const [from, upTo] = form ? form.elements.carried.value.split(":") : [];

const waiting = [];
for (const key of Object.keys(localStorage)) {
  const [, whose, url, name] = key.split(":");
  if (!key.startsWith("essaim:") || whose !== user) continue;
  const { body } = JSON.parse(localStorage.getItem(key));
  const isThere = name === from && Number(new URLSearchParams(body).get("count")) <= Number(upTo);
  if (saved.includes(name) || isThere) localStorage.removeItem(key);
  else waiting.push([key, url, body]);
}

async function join() {
  let isShown = false;
  for (const [key, url, body] of waiting) {
    const answer = await fetch(url, {
      method: "POST",
      body: new URLSearchParams(body),
      headers: { "X-CSRFToken": cookie("__Host-csrf") || cookie("csrftoken") },
    });
    if (!answer.ok) {
      // Somebody wrote there since: both texts are shown, and this one stays here until one has chosen.
      const { choose } = await answer.json().catch(() => ({}));
      if (!choose || url !== form?.dataset.typing) continue;
      location.replace(choose);
      return true;
    }
    localStorage.removeItem(key);
    isShown ||= !form || url === form.dataset.typing;
  }
  // The server puts it in the form, or shows both texts where somebody wrote over it.
  if (isShown) location.replace(location.pathname + (form && "unsent" in form.dataset ? location.search : ""));
  return isShown;
}

if (waiting.length) {
  if (form) form.inert = true;
  const isShown = await join().catch(() => false);
  if (form && !isShown) form.inert = false;
}
