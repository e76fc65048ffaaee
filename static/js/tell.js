// Leaving a screen with words that aren't saved asks first; saving, or undoing what was typed, doesn't.
const form = document.querySelector("form[data-guard]");
if (form) {
  const now = () => new URLSearchParams(new FormData(form)).toString();
  let saved = form.closest("main").querySelector("[name=forget], .error-summary") ? null : now();
  document.addEventListener("submit", () => { saved = undefined; });
  addEventListener("pageshow", (event) => { if (event.persisted) saved = null; });
  addEventListener("beforeunload", (event) => {
    if (saved !== undefined && saved !== now()) event.preventDefault();
  });
}
