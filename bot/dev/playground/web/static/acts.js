// The page's hands: tells the server what the person does, and the person what is said at once.

const byId = (id) => document.getElementById(id);

// Tells the server. Returns what is wrong with which field, or null if it couldn't be told.
async function act(what) {
  say("");
  const answer = await fetch("/act", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(what),
  }).catch(() => null);
  if (!answer?.ok) {
    say("The playground didn't take that.");
    return null;
  }
  const { said, errors } = await answer.json();
  say(said);
  return errors;
}

// In the window that is open, if one is: what lies behind it can't be read.
function say(text) {
  const window = [...document.querySelectorAll("dialog.window[open]")].at(-1);
  for (const line of document.querySelectorAll(".told")) line.textContent = "";
  (window?.querySelector(".told") ?? byId("told")).textContent = text;
}

// Where an element stands, and as of when: in a message, or in a window or the Home tab.
function place(element) {
  const message = element.closest("[data-ts]");
  if (message !== null) return { ts: message.dataset.ts, edits: Number(message.dataset.edits) };
  return {
    view_id: element.closest("[data-view-id]")?.dataset.viewId,
    hash: element.closest("[data-hash]")?.dataset.hash,
  };
}

function clicked(element, option) {
  const { actionId, nth } = element.dataset;
  return { act: "click", ...place(element), action_id: actionId, nth: Number(nth), option };
}

const ACTS = {
  click: (button) => clicked(button, Number(button.dataset.option ?? 0)),
  choose: (select) => {
    const options = [...select.options].filter((option) => option.value !== "");
    return clicked(select, options.indexOf(select.selectedOptions[0]));
  },
  message_shortcut: (button) => ({
    act: "message_shortcut",
    ts: place(button).ts,
    callback_id: button.dataset.callbackId,
  }),
  global_shortcut: (button) => ({
    act: "global_shortcut",
    callback_id: button.dataset.callbackId,
  }),
  close: (button) => ({ act: "close", view_id: place(button).view_id }),
  home: () => ({ act: "home" }),
};

// --- Pressing --------------------------------------------------------------------------------

// What is under way: Slack doesn't count a second click on the same thing before it is over.
const underWay = new Set();

async function press(element) {
  const what = ACTS[element.dataset.act](element);
  const key = JSON.stringify(what);
  if (underWay.has(key)) return;
  underWay.add(key);
  element.setAttribute("aria-busy", "true");
  // In the gallery there is nobody to tell.
  if ((await confirmed(element)) && byId("live") !== null) await act(what);
  element.removeAttribute("aria-busy");
  underWay.delete(key);
}

// Asks what the app wants asked before a click counts; true without a question.
function confirmed(element) {
  const question = element.nextElementSibling;
  if (!question?.matches("template[data-confirm]")) return Promise.resolve(true);
  const find = finder(element);
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
      (element.isConnected ? visible(element) : find())?.focus();
      resolve(dialog.returnValue === "yes");
    });
  });
}

// A menu's line can't have the focus while the menu is shut.
function visible(element) {
  const menu = element.closest("details.menu:not([open])");
  return menu === null ? element : menu.querySelector("summary");
}

// Finds an element again after what it stood in was replaced.
function finder(element) {
  const scope = element.closest(".message, dialog.window, #home-tab")?.id;
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
  onSend();
  if ((await act({ act: "type", text })) === null && box.value === "") box.value = text;
  keepDraft();
}

function keepDraft() {
  sessionStorage.setItem("draft", byId("typed").value);
}

async function submit(window) {
  const key = `submit ${window.id}`;
  if (underWay.has(key)) return;
  underWay.add(key);
  const values = {};
  for (const field of window.querySelectorAll("[data-block-id]")) {
    const control = field.querySelector("[name]");
    if (control !== null) values[field.dataset.blockId] = control.value;
  }
  complain(window, await act({ act: "submit", view_id: window.dataset.viewId, values }));
  underWay.delete(key);
}

// What Slack's client itself says about the fields, before anything is sent.
function complain(window, errors) {
  for (const field of window.querySelectorAll("[data-block-id]")) {
    const control = field.querySelector("[name]");
    if (control === null) continue;
    takeBack(field, control);
    const said = errors?.[field.dataset.blockId];
    if (said !== undefined) blame(control, said);
  }
  if (errors !== null) window.querySelector('[aria-invalid="true"]')?.focus();
}

function blame(control, said) {
  const note = document.createElement("p");
  note.id = `${control.id}-said`;
  note.className = "error client-error";
  note.textContent = said;
  control.after(note);
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", [note.id, ...described(control)].join(" "));
}

function takeBack(field, control) {
  const note = field.querySelector(".client-error");
  if (note === null) return;
  note.remove();
  control.removeAttribute("aria-invalid");
  const others = described(control).filter((id) => id !== note.id);
  control.setAttribute("aria-describedby", others.join(" "));
}

// The ids of what describes a control.
function described(control) {
  return (control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
}

// A knob at the side was turned.
export function turn(name, value) {
  act({ act: "turn", name, value });
}

// --- Places ----------------------------------------------------------------------------------

function switchTo(name) {
  sessionStorage.setItem("place", name);
  for (const button of document.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-current", button.dataset.show === name ? "page" : "false");
  }
  for (const section of document.querySelectorAll(".place")) section.hidden = section.id !== name;
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

// The second click of a double click counts for nothing: it would press again, or press what has
// come into the place of what was meant.
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
  const button = event.target.closest("button");
  if (button === null) return;
  if (button.dataset.show !== undefined) switchTo(button.dataset.show);
  if (button.dataset.act !== undefined) press(button);
  else if (button.dataset.fill !== undefined) fill(button.dataset.fill);
  else if (button.dataset.toggle === "plain") togglePlain(button);
});

document.addEventListener("change", (event) => {
  if (event.target.dataset.act === "choose" && event.target.value !== "") press(event.target);
});

// What a person had switched before its message was replaced.
document.addEventListener("restore", (event) => togglePlain(event.target));

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

// `onSend` is called when something was typed and sent.
export function begin({ onSend }) {
  byId("typed").value ||= sessionStorage.getItem("draft") ?? "";
  byId("typed").addEventListener("input", keepDraft);
  switchTo(sessionStorage.getItem("place") ?? "channel");
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const window = event.target.closest("dialog.window");
    if (window !== null) submit(window);
    else if (event.target.id === "compose") send(onSend);
  });
}
