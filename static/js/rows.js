// Lists of rows: adding and removing without leaving the page. Without this script the same buttons save and come back.
const say = (text) => document.dispatchEvent(new CustomEvent("essaim:say", { detail: text }));
const controls = (row) => [...row.querySelectorAll("input, textarea, select")];
const isEmpty = (row) => controls(row).every((each) => (each.type === "checkbox" ? !each.checked : !each.value.trim()));

for (const list of document.querySelectorAll("[data-rows]")) {
  const { rows: name, limit, one } = list.dataset;
  const pattern = list.querySelector("template");
  const add = list.querySelector("[data-row-add]");
  const rows = () => [...list.querySelectorAll("[data-row]:not([hidden])")];
  let next = list.querySelectorAll("[data-row]").length;
  // Saving while typing listens to what is typed in the form: a row that comes or goes is typing too.
  const changed = () => list.dispatchEvent(new Event("input", { bubbles: true }));

  const number = () => {
    rows().forEach((row, place) => {
      for (const each of row.querySelectorAll("[data-row-number]")) each.textContent = place + 1;
    });
    add.toggleAttribute("aria-disabled", rows().length >= Number(limit));
  };

  add.addEventListener("click", (event) => {
    event.preventDefault();
    const spare = rows().find(isEmpty);
    if (spare) {
      controls(spare)[0].focus();
      say(`${one} ${rows().indexOf(spare) + 1} : à remplir`);
      return;
    }
    if (rows().length >= Number(limit)) {
      say(`${limit} au plus`);
      return;
    }
    const made = pattern.content.cloneNode(true);
    for (const each of made.querySelectorAll("*")) {
      for (const { name: attribute, value } of [...each.attributes]) {
        if (value.includes("__n__")) each.setAttribute(attribute, value.replaceAll("__n__", next));
      }
    }
    next += 1;
    const row = made.querySelector("[data-row]");
    pattern.before(made);
    number();
    controls(row)[0].focus();
    say(`${one} ${rows().length} : ligne ajoutée`);
  });

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row-remove]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-row]");
    const place = rows().indexOf(row);
    const asked = controls(row);
    const empty = isEmpty(row);
    row.hidden = true;
    for (const each of asked) each.disabled = true;
    number();
    changed();
    say(`${one} ${place + 1} : ligne retirée`);
    if (empty) {
      row.remove();
      (rows()[place]?.querySelector("[data-row-remove]") ?? add).focus();
      return;
    }
    const undo = document.createElement("p");
    undo.className = "tell-row-gone";
    const back = document.createElement("button");
    back.type = "button";
    back.className = "button button-small button-quiet";
    back.textContent = "La remettre";
    undo.append(`${one} : ligne retirée. `, back);
    row.after(undo);
    back.addEventListener("click", () => {
      row.hidden = false;
      for (const each of asked) each.disabled = false;
      undo.remove();
      number();
      changed();
      button.focus();
      say(`${one} ${rows().indexOf(row) + 1} : ligne remise`);
    });
    back.focus();
  });
  number();
}
