// A file too heavy to be kept is said before it travels, and taken off what will be sent.
const input = document.querySelector("input[type=file][data-max-bytes]");
const said = document.querySelector("#too-heavy");
input?.addEventListener("change", () => {
  const most = Number(input.dataset.maxBytes);
  const heavy = [...input.files].filter((file) => file.size > most);
  said.hidden = !heavy.length;
  said.textContent = heavy
    .map((file) => `« ${file.name} » pèse ${Math.ceil(file.size / 1e6)} Mo : 10 Mo au plus. Il ne sera pas envoyé.`)
    .join(" ");
  if (!heavy.length) return;
  const kept = new DataTransfer();
  for (const file of input.files) if (file.size <= most) kept.items.add(file);
  input.files = kept.files;
});
