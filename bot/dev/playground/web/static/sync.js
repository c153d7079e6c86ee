// Updates a part of the page with what the server sent, and touches only what has changed: what the
// user has typed, opened, focused or scrolled to stays as it is.

// The HTML of each element as the server sent it, before times were localized.
const delivered = new WeakMap();
const WRONG = '[aria-invalid="true"]';
const SCROLLS = "pre";

// `region` and each element with data-list hold children with ids; all others are replaced whole.
export function sync(region, fresh) {
  const kept = new Set([...fresh.children].map((child) => child.id));
  for (const old of [...region.children]) {
    if (kept.has(old.id)) continue;
    old.close?.(); // a dialog that is closed first gives the focus back
    old.remove();
  }
  let previous = null;
  for (const child of [...fresh.children]) {
    const old = region.querySelector(`:scope > [id="${CSS.escape(child.id)}"]`);
    const now = old === null ? adopt(child) : renew(old, child);
    const position = previous === null ? region.firstElementChild : previous.nextElementSibling;
    if (position !== now) region.insertBefore(now, position);
    previous = now;
  }
}

function adopt(child) {
  const node = document.importNode(child, true);
  for (const part of [child, ...child.querySelectorAll("[id]")]) {
    const own = part === child ? node : node.querySelector(`[id="${CSS.escape(part.id)}"]`);
    delivered.set(own, part.outerHTML);
  }
  announce(node);
  return node;
}

function renew(old, child) {
  if (delivered.get(old) === child.outerHTML) return old;
  delivered.set(old, child.outerHTML);
  if (child.hasAttribute("data-list")) {
    sync(old, child);
    return old;
  }
  const node = adopt(child);
  const focus = old.contains(document.activeElement) ? finder(old) : null;
  const { selectionStart, selectionEnd } = document.activeElement ?? {};
  const scrolled = [old, ...old.querySelectorAll(SCROLLS)].map((each) => each.scrollTop);
  old.replaceWith(node);
  carryOver(old, node);
  const isNews = old.querySelector(WRONG) === null;
  const wrong = isNews ? node.querySelector(WRONG) : null;
  if (wrong !== null) wrong.focus();
  else if (focus !== null) {
    const again = focus(node) ?? node.querySelector("button, [tabindex]");
    again?.focus();
    if (selectionStart != null) again?.setSelectionRange?.(selectionStart, selectionEnd);
  }
  [node, ...node.querySelectorAll(SCROLLS)].forEach((each, index) => {
    each.scrollTop = scrolled[index] ?? 0;
  });
  node.classList.add("changed");
  return node;
}

// Keeps the state of a part that the server doesn't know.
function carryOver(old, node) {
  for (const menu of matching(old, node, "details.menu")) menu.now.open = menu.before.open;
  for (const loaded of matching(old, node, ".loaded")) {
    loaded.now.replaceChildren(...loaded.before.childNodes);
  }
  for (const field of old.querySelectorAll("[name]")) {
    const isBox = field.type === "checkbox";
    const option = isBox ? `[value="${CSS.escape(field.value)}"]` : "";
    const own = node.querySelector(`[name="${CSS.escape(field.name)}"]${option}`);
    if (own === null) continue;
    if (isBox) own.checked = field.checked;
    else own.value = field.value;
  }
  for (const opened of old.querySelectorAll("details[data-source][open]")) {
    const own = node.querySelector(`[data-source="${CSS.escape(opened.dataset.source)}"]`);
    if (own !== null) own.open = true;
  }
  const toggle = old.querySelector('[data-toggle][aria-pressed="true"]');
  const restore = new CustomEvent("restore", { bubbles: true });
  if (toggle !== null) node.querySelector("[data-toggle]")?.dispatchEvent(restore);
}

// The nth match of a selector, before and now.
function matching(old, node, selector) {
  const now = node.querySelectorAll(selector);
  return [...old.querySelectorAll(selector)]
    .slice(0, now.length)
    .map((before, index) => ({ before, now: now[index] }));
}

// Returns a function that finds the focused element in the new version of a part.
function finder(old) {
  const focused = document.activeElement;
  if (focused === old) return (node) => node;
  const names = ["data-action-id", "data-nth", "data-option", "data-callback-id", "name"];
  if (focused.type === "checkbox") names.push("value");
  const own = names.filter((name) => focused.hasAttribute(name));
  const selector = own.map((name) => `[${name}="${CSS.escape(focused.getAttribute(name))}"]`).join("");
  if (selector !== "") return (node) => node.querySelector(focused.tagName + selector);
  const index = [...old.querySelectorAll(focused.tagName)].indexOf(focused);
  return (node) => node.querySelectorAll(focused.tagName)[index] ?? null;
}

function announce(node) {
  document.dispatchEvent(new CustomEvent("part", { detail: node }));
}
