// The page's eyes: shows what the server says has changed. What it means is not known here.

import { begin } from "./acts.js";
import "./colours.js";
import "./developers.js";
import "./menus.js";
import { sync } from "./sync.js";
import { localise } from "./times.js";

const RETRY_MS = 1000;
const NEAR_END_PX = 80;
const byId = (id) => document.getElementById(id);

// Whether the channel is read at its end, and so follows what comes.
let atEnd = true;

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  // A field called "id" or "children" would hide what its form has of that name.
  for (const field of fresh.querySelectorAll("form [name]")) field.name = `field ${field.name}`;
  for (const region of fresh.querySelectorAll("[data-region]")) {
    sync(byId(region.dataset.region), region);
  }
  for (const dialog of document.querySelectorAll("dialog.window:not([open])")) {
    dialog.showModal();
    (dialog.querySelector(".field [name]") ?? dialog.querySelector(".body")).focus();
  }
  if (atEnd) toEnd();
  return fresh.querySelector("[data-version]").dataset.version;
}

function toEnd() {
  atEnd = true;
  byId("scroll").scrollTop = byId("scroll").scrollHeight;
}

async function follow(version) {
  for (;;) {
    const answer = await fetch(`/live?after=${version}`).catch(() => null);
    if (answer?.status === 200) version = show(await answer.text());
    else if (answer?.status !== 204) return comeBack();
  }
}

// A server that was started anew counts anew, so the whole page is asked for again.
async function comeBack() {
  byId("gone").hidden = false;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    const answer = await fetch("/live").catch(() => null);
    if (answer?.ok) return location.reload();
  }
}

document.addEventListener("part", (event) => localise(event.detail));
// A page that was left open overnight says "yesterday" of what was "today".
document.addEventListener("visibilitychange", () => localise(document));

localise(document);
if (byId("live") !== null) {
  byId("scroll").addEventListener("scroll", (event) => {
    const { scrollHeight, scrollTop, clientHeight } = event.target;
    atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  });
  // Also when it comes into sight, from behind the Home tab: what isn't shown can't be scrolled.
  new ResizeObserver(() => atEnd && toEnd()).observe(byId("scroll"));
  begin({ onSend: toEnd });
  follow(show(byId("live").innerHTML));
}
