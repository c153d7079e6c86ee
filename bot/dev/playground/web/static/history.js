// Brings back what was sent: arrow up for earlier texts, arrow down for later ones and the draft.

const KEPT = 100;
let draft = "";
// How far back the shown text is; 0 is the draft.
let back = 0;

function sent() {
  return JSON.parse(sessionStorage.getItem("sent") ?? "[]");
}

export function remember(text) {
  back = 0;
  const before = sent();
  if (text.trim() === "" || before.at(-1) === text) return;
  sessionStorage.setItem("sent", JSON.stringify([...before, text].slice(-KEPT)));
}

// `onChange` is called when another text is shown.
export function recallIn(box, onChange) {
  box.addEventListener("keydown", (event) => {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const isPlain = !(event.shiftKey || event.altKey || event.ctrlKey || event.metaKey);
    if (step === undefined || !isPlain || event.isComposing) return;
    event.preventDefault(); // the caret would go to the beginning
    const texts = sent();
    // What was edited is a draft again, and isn't lost.
    if (back === 0 || box.value !== texts.at(-back)) {
      draft = box.value;
      back = 0;
    }
    const next = Math.min(Math.max(back + step, 0), texts.length);
    if (next === back) return;
    back = next;
    box.value = back === 0 ? draft : texts.at(-back);
    onChange();
  });
}
