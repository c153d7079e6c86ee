// Sends the user's actions to the server, and shows its direct responses.

import { recallIn, remember } from "./history.js";

const byId = (id) => document.getElementById(id);

// Sends one action. Returns error messages by field, or null if the server couldn't take it.
async function act(action) {
  say("");
  const response = await fetch("/act", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(action),
  }).catch(() => null);
  if (!response?.ok) {
    say("The playground didn't take that.");
    return null;
  }
  const { message, errors } = await response.json();
  say(message);
  return errors;
}

// Shows a text in the topmost open modal, or else below the channel.
function say(text) {
  const modal = [...document.querySelectorAll("dialog.modal[open]")].at(-1);
  for (const line of document.querySelectorAll(".status")) line.textContent = "";
  (modal?.querySelector(".status") ?? byId("status")).textContent = text;
}

// The message or view that contains an element, and the version that is shown.
function container(element) {
  const message = element.closest("[data-ts]");
  if (message !== null) return { ts: message.dataset.ts, edits: Number(message.dataset.edits) };
  return {
    view_id: element.closest("[data-view-id]")?.dataset.viewId,
    hash: element.closest("[data-hash]")?.dataset.hash,
  };
}

const ACTIONS = {
  click: (button) => ({
    act: "click",
    ...container(button),
    action_id: button.dataset.actionId,
    nth: Number(button.dataset.nth),
    option: Number(button.dataset.option ?? 0),
  }),
  message_shortcut: (button) => ({
    act: "message_shortcut",
    ts: container(button).ts,
    callback_id: button.dataset.callbackId,
  }),
  global_shortcut: (button) => ({
    act: "global_shortcut",
    callback_id: button.dataset.callbackId,
  }),
  close: (button) => ({ act: "close", view_id: container(button).view_id }),
  home: () => ({ act: "home" }),
  command: (button) => ({ act: "command", name: button.dataset.name }),
};

// --- Clicking --------------------------------------------------------------------------------

// Slack ignores a second click on the same element while the first is being handled.
const underWay = new Set();

async function press(element) {
  const action = ACTIONS[element.dataset.act](element);
  const key = JSON.stringify(action);
  if (underWay.has(key)) return;
  underWay.add(key);
  element.setAttribute("aria-busy", "true");
  // The gallery has no app that could handle a click.
  if ((await confirmed(element)) && byId("live") !== null) await act(action);
  element.removeAttribute("aria-busy");
  underWay.delete(key);
}

// Shows the confirmation dialog; true if the user confirms or there is none.
function confirmed(element) {
  const question = element.nextElementSibling;
  if (!question?.matches("template[data-confirm]")) return Promise.resolve(true);
  const focusAgain = focusLater(element);
  const dialog = question.content.firstElementChild.cloneNode(true);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("click", (event) => {
      const choice = event.target.closest("[data-choice]")?.dataset.choice;
      if (choice !== undefined) dialog.close(choice);
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      focusAgain();
      resolve(dialog.returnValue === "yes");
    });
  });
}

// Returns a function that gives the focus back to an element, also if it was replaced meanwhile.
export function focusLater(element) {
  const find = finder(element);
  return () => (element.isConnected ? visible(element) : find())?.focus();
}

// An option can't have the focus while its menu is closed.
function visible(element) {
  const menu = element.closest("details.menu:not([open])");
  return menu === null ? element : menu.querySelector("summary");
}

// Finds an element again after its container was replaced.
function finder(element) {
  const scope = element.closest(".message, dialog.modal, #home-tab")?.id;
  const names = ["data-action-id", "data-nth"].filter((name) => element.hasAttribute(name));
  const own = names.map((name) => `[${name}="${CSS.escape(element.getAttribute(name))}"]`).join("");
  return () => {
    const now = byId(scope ?? "")?.querySelector(own || "button");
    return now == null ? byId("scroll") : visible(now);
  };
}

// --- Typing and filling in -------------------------------------------------------------------

async function send(onSend) {
  const box = byId("typed");
  const text = box.value;
  box.value = "";
  remember(text);
  onSend();
  if ((await act({ act: "type", text })) === null && box.value === "") box.value = text;
  keepDraft();
}

function keepDraft() {
  sessionStorage.setItem("draft", byId("typed").value);
}

async function submit(modal) {
  const key = `submit ${modal.id}`;
  if (underWay.has(key)) return;
  underWay.add(key);
  const values = {};
  for (const field of modal.querySelectorAll("[data-block-id]")) {
    const control = field.querySelector("[name]");
    if (control !== null) values[field.dataset.blockId] = entered(field, control);
  }
  showErrors(modal, await act({ act: "submit", view_id: modal.dataset.viewId, values }));
  underWay.delete(key);
}

// The value of a field, or those of its checked boxes.
function entered(field, control) {
  if (control.type !== "checkbox") return control.value;
  return [...field.querySelectorAll("[name]:checked")].map((box) => box.value);
}

// Shows what Slack's client itself rejects, before anything is sent.
function showErrors(modal, errors) {
  for (const field of modal.querySelectorAll("[data-block-id]")) {
    const control = field.querySelector("[name]");
    if (control === null) continue;
    clearError(field, control);
    const message = errors?.[field.dataset.blockId];
    if (message !== undefined) showError(control, message);
  }
  modal.querySelector(".client-error")?.previousElementSibling.focus();
}

function showError(control, message) {
  const note = document.createElement("p");
  note.id = `${control.id}-client-error`;
  note.className = "error client-error";
  note.textContent = message;
  control.after(note);
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", [note.id, ...described(control)].join(" "));
}

function clearError(field, control) {
  const note = field.querySelector(".client-error");
  if (note === null) return;
  note.remove();
  control.removeAttribute("aria-invalid");
  const others = described(control).filter((id) => id !== note.id);
  control.setAttribute("aria-describedby", others.join(" "));
}

// The ids of the elements that describe a control.
function described(control) {
  return (control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
}

export function changeControl(name, value) {
  act({ act: "control", name, value });
}

// --- Tabs ------------------------------------------------------------------------------------

function switchTo(name) {
  sessionStorage.setItem("tab", name);
  for (const button of document.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-current", button.dataset.show === name ? "page" : "false");
  }
  for (const section of document.querySelectorAll(".tab")) section.hidden = section.id !== name;
}

function fill(text) {
  switchTo("channel");
  byId("typed").value = text;
  byId("typed").focus();
  keepDraft();
}

function togglePlain(button) {
  const message = button.closest(".message");
  const plain = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(plain));
  message.querySelector(".blocks").hidden = plain;
  message.querySelector(".as-plain").hidden = !plain;
}

// The second click of a double click is ignored: it would click again, or click what has replaced
// the element.
document.addEventListener(
  "click",
  (event) => {
    if (event.detail < 2 || event.target.closest("button") === null) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("click", (event) => {
  const button = event.target.closest("button, a[data-act]");
  if (button === null) return;
  if (button.dataset.show !== undefined) switchTo(button.dataset.show);
  if (button.dataset.act !== undefined) press(button);
  else if (button.dataset.fill !== undefined) fill(button.dataset.fill);
  else if (button.dataset.toggle === "plain") togglePlain(button);
  // What is sent is answered in the channel.
  if (button.dataset.act === "command") switchTo("channel");
});

// The message was replaced: show its plain text again if the user had chosen that.
document.addEventListener("restore", (event) => togglePlain(event.target));

// Escape closes a modal as its button does, because the app may be notified.
document.addEventListener(
  "cancel",
  (event) => {
    if (!event.target.matches("dialog.modal")) return;
    event.preventDefault();
    act({ act: "close", view_id: event.target.dataset.viewId });
  },
  true,
);

// `onSend` is called when a text is sent.
export function begin({ onSend }) {
  byId("typed").value ||= sessionStorage.getItem("draft") ?? "";
  byId("typed").addEventListener("input", keepDraft);
  recallIn(byId("typed"), keepDraft);
  switchTo(sessionStorage.getItem("tab") ?? "channel");
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const modal = event.target.closest("dialog.modal");
    if (modal !== null) submit(modal);
    else if (event.target.id === "compose") send(onSend);
  });
}
