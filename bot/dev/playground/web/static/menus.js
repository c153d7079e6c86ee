// Menus: one at a time, scrolled into view, and closed by Escape, a click elsewhere, or a choice.

function close(menu) {
  if (!menu.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const chosen = event.target.closest("details.menu :is(button, a)");
  if (chosen !== null) close(chosen.closest("details.menu"));
});

// At the end of the channel there is no space below a menu, so the channel is scrolled.
document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches("details.menu[open]")) return;
    event.target.querySelector("ul").scrollIntoView({ block: "nearest" });
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" ? event.target.closest("details.menu[open]") : null;
  if (menu === null) return;
  event.preventDefault(); // the modal around it stays open
  close(menu);
});
