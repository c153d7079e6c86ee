// Light or dark, if the user chooses one; otherwise the system's.

const choice = document.getElementById("theme");

function apply(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  choice.value = theme;
}

choice.addEventListener("change", () => {
  localStorage.setItem("theme", choice.value);
  apply(choice.value);
});
apply(localStorage.getItem("theme") ?? "");
