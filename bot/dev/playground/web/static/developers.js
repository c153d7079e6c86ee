// The developers' panel: an interaction's details are fetched when it is opened, and a changed
// control is sent to the server.

import { changeControl } from "./actions.js";
import { localize } from "./times.js";

document.addEventListener(
  "toggle",
  async (event) => {
    const source = event.target.dataset?.source;
    if (source === undefined || !event.target.open) return;
    const response = await fetch(source).catch(() => null);
    const fresh = document.createElement("div");
    fresh.innerHTML = response?.ok ? await response.text() : "This interaction is no longer kept.";
    localize(fresh);
    const loaded = event.target.querySelector(".loaded");
    const before = [...loaded.querySelectorAll("pre")];
    const scrolled = before.map((pre) => pre.scrollTop);
    const read = before.indexOf(document.activeElement);
    loaded.replaceChildren(...fresh.childNodes);
    loaded.querySelectorAll("pre").forEach((pre, index) => (pre.scrollTop = scrolled[index] ?? 0));
    loaded.querySelectorAll("pre")[read]?.focus({ preventScroll: true });
  },
  true,
);

// The latest interactions, or all of them.
document.addEventListener("click", (event) => {
  const button = event.target.closest('[data-toggle="all"]');
  if (button === null) return;
  const all = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(all));
  button.textContent = all ? "Show fewer" : "Show more";
});

document.addEventListener("input", (event) => {
  const output = event.target.matches("input[type=range]") ? event.target.nextElementSibling : null;
  if (output !== null) output.value = `${event.target.value} ${event.target.dataset.unit}`;
});

document.addEventListener("change", (event) => {
  const name = event.target.dataset.control;
  if (name !== undefined) changeControl(name, event.target.value);
});
