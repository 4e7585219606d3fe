// Dialogs of the page itself: “are you sure?” as apps ask for it, and words that must be read.

import { button, h, newId } from "./nodes.js";
import { textNodes } from "./text.js";

/** Shows a dialog until one of its buttons or Esc; answers what the button stands for, or `otherwise`. */
function shown(title, inside, buttons, otherwise) {
  return new Promise((answer) => {
    const label = newId("title");
    const dialog = h("dialog", { class: "small-dialog", "aria-labelledby": label });
    const back = document.activeElement;
    const done = (value) => {
      dialog.close();
      dialog.remove();
      if (back && back.isConnected) back.focus({ preventScroll: true });
      answer(value);
    };
    dialog.append(
      h("h2", { id: label }, title),
      h("div", { class: "small-dialog-words" }, inside),
      h(
        "div",
        { class: "dialog-buttons" },
        buttons.map(({ words, value, style, first }) => button(
          words,
          () => done(value),
          { class: `act ${style || ""}`, autofocus: first },
        )),
      ),
    );
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      done(otherwise);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** An app's confirm object; true when the person goes on. */
export function sure(confirm) {
  if (!confirm) return Promise.resolve(true);
  const yes = confirm.confirm ? confirm.confirm.text : "Yes";
  const no = confirm.deny ? confirm.deny.text : "No";
  const title = confirm.title ? confirm.title.text : "Are you sure?";
  return shown(title, textNodes(confirm.text), [
    { words: no, value: false, first: true },
    { words: yes, value: true, style: confirm.style === "danger" ? "danger filled" : "primary" },
  ], false);
}

export function tellInDialog(title, words) {
  return shown(title, words, [{ words: "Close", value: true, first: true }], true);
}

let shelf = null;

/** A line at the foot of the window that goes away by itself. */
export function toast(words, { bad = false } = {}) {
  if (!shelf) {
    shelf = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
    document.body.append(shelf);
  }
  const line = h("div", { class: bad ? "toast bad" : "toast" }, words);
  shelf.append(line);
  setTimeout(() => line.remove(), bad ? 7000 : 4000);
}

/** Puts words where they can be pasted from. */
export async function copy(words, told) {
  try {
    await navigator.clipboard.writeText(words);
    toast(told);
  } catch {
    toast("The browser did not allow copying.", { bad: true });
  }
}
