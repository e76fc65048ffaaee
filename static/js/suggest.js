// What a search field may mean, as one types: a combobox whose options are addresses. Enter alone searches as ever.
const PAUSE = 300;

for (const field of document.querySelectorAll("input[data-suggest]")) {
  const holder = document.createElement("div");
  holder.className = "suggestions";
  holder.hidden = true;
  field.after(holder);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "suggestions",
  })) field.setAttribute(name, value);

  let pause, asked, options = [], current = -1;

  const choose = (place) => {
    options[current]?.setAttribute("aria-selected", "false");
    current = place;
    const option = options[current];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", option.id);
    } else field.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    clearTimeout(pause);
    asked?.abort();
    choose(-1);
    holder.hidden = true;
    field.setAttribute("aria-expanded", "false");
  };
  const show = (html) => {
    holder.innerHTML = html;
    options = [...holder.querySelectorAll("[role=option]")];
    options.forEach((option, place) => { option.id = `suggestion-${place}`; });
    current = -1;
    holder.hidden = options.length === 0;
    field.setAttribute("aria-expanded", String(options.length > 0));
    if (options.length) document.dispatchEvent(new CustomEvent("essaim:say", {
      detail: `${options.length} suggestion${options.length > 1 ? "s" : ""}`,
    }));
  };
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(`${field.dataset.suggest}?${new URLSearchParams({ q: field.value })}`, { signal: asked.signal });
      if (answer.ok && document.activeElement === field) show(await answer.text());
    } catch { /* No network, or one typed on: the field searches without it. */ }
  };

  field.addEventListener("input", () => {
    clearTimeout(pause);
    if (field.value.trim().length < 2) close();
    else pause = setTimeout(ask, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !holder.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !holder.hidden) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // The field itself is one stop of the round, before the first option and after the last.
      choose(((current + 1 + step + options.length + 1) % (options.length + 1)) - 1);
    } else if (event.key === "Enter") {
      if (current >= 0 && !holder.hidden) {
        event.preventDefault();
        location.assign(options[current].href);
      } else close();
    }
  });
  field.addEventListener("blur", () => setTimeout(() => { if (!holder.contains(document.activeElement)) close(); }, 150));
  field.form?.addEventListener("submit", close);
}
