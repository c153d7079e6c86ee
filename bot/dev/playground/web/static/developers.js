// The side for developers: what stands in an exchange is fetched when it is opened, and a knob that
// is turned is told to the server.

import { turn } from "./acts.js";
import { localise } from "./times.js";

document.addEventListener(
  "toggle",
  async (event) => {
    const source = event.target.dataset?.source;
    if (source === undefined || !event.target.open) return;
    const answer = await fetch(source).catch(() => null);
    const fresh = document.createElement("div");
    fresh.innerHTML = answer?.ok ? await answer.text() : "Not kept any more.";
    localise(fresh);
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

document.addEventListener("input", (event) => {
  const output = event.target.matches("input[type=range]") ? event.target.nextElementSibling : null;
  if (output !== null) output.value = `${event.target.value} ${event.target.dataset.unit}`;
});

document.addEventListener("change", (event) => {
  const name = event.target.dataset.knob;
  if (name !== undefined) turn(name, event.target.value);
});
