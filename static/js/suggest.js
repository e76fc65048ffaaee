// What a search field may mean, as one types: a combobox whose options are addresses. Enter alone searches as ever.
const PAUSE = 300;

export function suggest(field) {
  const holder = document.createElement("div");
  const dress = (one, said) => { for (const name in said) one.setAttribute(name, said[name]); };
  dress(holder, { class: "suggestions", id: "suggestions", role: "listbox", "aria-label": "Suggestions", hidden: "" });
  dress(field, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "suggestions" });
  field.after(holder);

  let pause, asked, options = [], current = -1;

  const choose = (place) => {
    options[current]?.setAttribute("aria-selected", "false");
    current = place;
    const option = options[current];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  };
  const show = (html) => {
    choose(-1);
    holder.innerHTML = html;
    options = [...holder.querySelectorAll("[role=option]")];
    options.forEach((option, place) => { option.id = `suggestion-${place}`; });
    holder.hidden = !options.length;
    field.setAttribute("aria-expanded", String(!holder.hidden));
  };
  const close = () => {
    clearTimeout(pause);
    asked?.abort();
    show("");
  };
  const ask = async () => {
    asked = new AbortController();
    try {
      const address = `${field.dataset.suggest}?${new URLSearchParams({ q: field.value })}`;
      const answer = await fetch(address, { signal: asked.signal });
      if (!answer.ok || document.activeElement !== field) return;
      show(await answer.text());
      const detail = `${options.length} suggestion${options.length > 1 ? "s" : ""}`;
      if (options.length) document.dispatchEvent(new CustomEvent("essaim:say", { detail }));
    } catch { /* no network, or typed on */ }
  };

  field.addEventListener("input", () => {
    clearTimeout(pause);
    asked?.abort();
    if (field.value.trim().length < 2) close();
    else pause = setTimeout(ask, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing || holder.hidden) {
      if (event.key === "Enter") close();
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (step) {
      event.preventDefault();
      // The field itself is one stop of the round.
      const stops = options.length + 1;
      choose((current + 1 + step + stops) % stops - 1);
    } else if (event.key === "Enter" && options[current]) {
      event.preventDefault();
      location.assign(options[current].href);
    }
  });
  // A press on an option leaves the focus in the field, and the list open.
  holder.addEventListener("mousedown", (event) => event.preventDefault());
  field.addEventListener("blur", close);
  field.form?.addEventListener("submit", close);
  // What was typed while this came.
  if (field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
}
