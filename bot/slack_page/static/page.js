// The page's hands and eyes: sends what the person does to the server, and shows what the server
// says has changed. What anything means is known to neither.

import { sync } from "./sync.js";
import { localise } from "./times.js";

const RETRY_MS = 1000;
const byId = (id) => document.getElementById(id);

// --- What has changed ------------------------------------------------------------------------

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const scroll = byId("scroll");
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  for (const region of fresh.querySelectorAll("[data-region]")) {
    sync(byId(region.dataset.region), region);
  }
  for (const dialog of document.querySelectorAll("dialog.window:not([open])")) dialog.showModal();
  if (atEnd) scroll.scrollTop = scroll.scrollHeight;
  return fresh.querySelector("[data-version]").dataset.version;
}

async function follow(version) {
  for (;;) {
    try {
      const answer = await fetch(`/live?after=${version}`);
      if (answer.status === 200) version = show(await answer.text());
      else if (answer.status !== 204) throw new Error(`status ${answer.status}`);
    } catch {
      byId("gone").hidden = false;
      await comeBack();
    }
  }
}

// A server that was started anew counts anew, so the whole page is asked for again.
async function comeBack() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    const answer = await fetch("/live").catch(() => null);
    if (answer?.ok) return location.reload();
  }
}

function drawn(part) {
  localise(part);
}
document.addEventListener("part", (event) => drawn(event.detail));

// --- What the person does --------------------------------------------------------------------

async function act(what) {
  say("");
  const answer = await fetch("/act", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(what),
  }).catch(() => null);
  if (!answer?.ok) return say("The playground didn't take that.");
  const { said, errors } = await answer.json();
  say(said);
  return errors;
}

function say(text) {
  byId("said").textContent = text;
}

// Where an element stands: in a message, or in a window or the Home tab.
function place(element) {
  const message = element.closest("[data-ts]");
  if (message !== null) return { ts: message.dataset.ts };
  return { view_id: element.closest("[data-view-id]")?.dataset.viewId };
}

const ACTS = {
  click: (button) => ({
    act: "click",
    ...place(button),
    action_id: button.dataset.actionId,
    nth: Number(button.dataset.nth),
    option: Number(button.dataset.option ?? 0),
  }),
  message_shortcut: (button) => ({
    act: "message_shortcut",
    ...place(button),
    callback_id: button.dataset.callbackId,
  }),
  global_shortcut: (button) => ({
    act: "global_shortcut",
    callback_id: button.dataset.callbackId,
  }),
  close: (button) => ({ act: "close", ...place(button) }),
  home: () => ({ act: "home" }),
};

// Asks what the app wants asked before a click counts; true without a question.
function confirmed(button) {
  const question = button.nextElementSibling;
  if (!question?.matches("template[data-confirm]")) return Promise.resolve(true);
  const dialog = question.content.firstElementChild.cloneNode(true);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("click", (event) => {
      const answer = event.target.closest("[data-answer]")?.dataset.answer;
      if (answer !== undefined) dialog.close(answer);
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      button.focus();
      resolve(dialog.returnValue === "yes");
    });
  });
}

async function press(button) {
  const menu = button.closest("details.menu");
  if (menu !== null) shut(menu);
  const what = ACTS[button.dataset.act](button);
  if (!(await confirmed(button)) || byId("messages") === null) return;
  button.setAttribute("aria-busy", "true");
  await act(what);
  button.removeAttribute("aria-busy");
}

function shut(menu) {
  if (!menu.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

function switchTo(place) {
  for (const button of document.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-current", button.dataset.show === place ? "page" : "false");
  }
  for (const section of document.querySelectorAll(".place")) section.hidden = section.id !== place;
}

function fill(text) {
  switchTo("channel");
  byId("typed").value = text;
  byId("typed").focus();
}

function togglePlain(button) {
  const message = button.closest(".message");
  const plain = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(plain));
  message.querySelector(".blocks").hidden = plain;
  message.querySelector(".as-plain").hidden = !plain;
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const button = event.target.closest("button");
  if (button === null) return;
  if (button.dataset.show !== undefined) switchTo(button.dataset.show);
  if (button.dataset.act !== undefined) press(button);
  else if (button.dataset.fill !== undefined) fill(button.dataset.fill);
  else if (button.dataset.toggle === "plain") togglePlain(button);
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" ? event.target.closest("details.menu[open]") : null;
  if (menu === null) return;
  event.preventDefault(); // the window around it stays open
  shut(menu);
});

// Escape closes a window as its button does: the app may want to know.
document.addEventListener(
  "cancel",
  (event) => {
    if (!event.target.matches("dialog.window")) return;
    event.preventDefault();
    act({ act: "close", view_id: event.target.dataset.viewId });
  },
  true,
);

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.id === "compose") {
    const text = byId("typed").value;
    byId("typed").value = "";
    return act({ act: "type", text });
  }
  const window = form.closest("dialog.window");
  if (window === null) return undefined;
  const values = Object.fromEntries(new FormData(form));
  return complain(form, await act({ act: "submit", view_id: window.dataset.viewId, values }));
});

// What Slack's client itself says about a field, before anything is sent.
function complain(form, errors) {
  for (const field of form.querySelectorAll("[data-block-id]")) {
    const said = errors?.[field.dataset.blockId];
    field.querySelector(".client-error")?.remove();
    if (said === undefined) continue;
    const note = document.createElement("p");
    note.className = "error client-error";
    note.setAttribute("role", "alert");
    note.textContent = said;
    field.append(note);
    field.querySelector("[name]")?.focus();
  }
}

// --- For developers --------------------------------------------------------------------------

document.addEventListener(
  "toggle",
  async (event) => {
    const source = event.target.dataset?.source;
    if (source === undefined || !event.target.open) return;
    const answer = await fetch(source);
    const loaded = event.target.querySelector(".loaded");
    loaded.innerHTML = answer.ok ? await answer.text() : "Not kept any more.";
    localise(loaded);
  },
  true,
);

document.addEventListener("input", (event) => {
  const output = event.target.matches("input[type=range]") ? event.target.nextElementSibling : null;
  if (output !== null) output.value = `${event.target.value} ${event.target.dataset.unit}`;
});

document.addEventListener("change", (event) => {
  const name = event.target.dataset.knob;
  if (name !== undefined) act({ act: "turn", name, value: event.target.value });
});

// --- Colours ---------------------------------------------------------------------------------

function paint(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  byId("theme").value = theme;
}
byId("theme").addEventListener("change", (event) => {
  localStorage.setItem("theme", event.target.value);
  paint(event.target.value);
});
paint(localStorage.getItem("theme") ?? "");

// --- Begin -----------------------------------------------------------------------------------

localise(document);
if (byId("live") !== null) {
  const version = show(byId("live").innerHTML);
  byId("scroll").scrollTop = byId("scroll").scrollHeight;
  follow(version);
}
