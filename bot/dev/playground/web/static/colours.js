// Light or dark, if the person wants it otherwise than the system has it.

const choice = document.getElementById("theme");

function paint(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  choice.value = theme;
}

choice.addEventListener("change", () => {
  localStorage.setItem("theme", choice.value);
  paint(choice.value);
});
paint(localStorage.getItem("theme") ?? "");
