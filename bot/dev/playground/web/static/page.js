// Shows the changes that the server sends.

import { begin, focusLater } from "./actions.js";
import "./theme.js";
import "./developers.js";
import "./menus.js";
import { sync } from "./sync.js";
import { localize } from "./times.js";

const RETRY_MS = 1000;
const NEAR_END_PX = 80;
const byId = (id) => document.getElementById(id);

// Whether the channel is scrolled to its end, and so follows new messages.
let atEnd = true;

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  // A field called "id" or "children" would hide its form's property of that name.
  for (const field of fresh.querySelectorAll("form [name]")) field.name = `field ${field.name}`;
  for (const region of fresh.querySelectorAll("[data-region]")) {
    sync(byId(region.dataset.region), region);
  }
  for (const dialog of document.querySelectorAll("dialog.modal:not([open])")) {
    openModal(dialog);
    (dialog.querySelector(".field [name]") ?? dialog.querySelector(".body")).focus();
  }
  if (atEnd) toEnd();
  return fresh.querySelector("[data-version]").dataset.version;
}

// The browser gives the focus back when the dialog is closed, but not to an element that was replaced.
function openModal(dialog) {
  const focusAgain = focusLater(document.activeElement);
  dialog.addEventListener("close", () => {
    if (document.activeElement === document.body) focusAgain();
  });
  dialog.showModal();
}

function toEnd() {
  atEnd = true;
  byId("scroll").scrollTop = byId("scroll").scrollHeight;
}

async function follow(version) {
  for (;;) {
    const response = await fetch(`/live?after=${version}`).catch(() => null);
    if (response?.status === 200) version = show(await response.text());
    else if (response?.status !== 204) return reload();
  }
}

// A restarted server counts from zero, so the whole page is loaded again.
async function reload() {
  byId("gone").hidden = false;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    const response = await fetch("/live").catch(() => null);
    if (response?.ok) return location.reload();
  }
}

document.addEventListener("part", (event) => localize(event.detail));
// A page left open overnight must say "yesterday" where it said "today".
document.addEventListener("visibilitychange", () => localize(document));

localize(document);
if (byId("live") !== null) {
  byId("scroll").addEventListener("scroll", (event) => {
    const { scrollHeight, scrollTop, clientHeight } = event.target;
    atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  });
  // Also when the channel is shown again after the Home tab: a hidden element can't be scrolled.
  new ResizeObserver(() => atEnd && toEnd()).observe(byId("scroll"));
  begin({ onSend: toEnd });
  follow(show(byId("live").innerHTML));
}
