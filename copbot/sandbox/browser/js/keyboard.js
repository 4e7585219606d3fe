// Keys that work everywhere, and the list of them.

import { tellInDialog } from "./dialogs.js";
import { h } from "./nodes.js";
import { closePopup, popupIsOpen } from "./popup.js";
import { here, openThread } from "./session.js";

const KEYS = [
  ["Alt ↑ / Alt ↓", "previous or next place in the list"],
  ["F6", "from one part of the window to the next"],
  ["↑ / ↓", "from message to message; Enter goes into one, Esc out of it"],
  ["Enter", "send; Shift Enter begins a new line"],
  ["/", "commands; @ people, # channels"],
  ["Ctrl Enter", "send a form"],
  ["Ctrl I", "open or close the inspector"],
  ["Esc", "close what is open"],
  ["?", "this list"],
];

const typing = (event) => event.target.matches("input, textarea, select, [contenteditable]");

function places(step) {
  const all = [...document.querySelectorAll(".place")];
  const at = all.findIndex((one) => one.getAttribute("aria-current"));
  const next = all[(at + step + all.length) % all.length];
  if (next) next.click();
}

function regions(back) {
  const all = [
    ".person-switch",
    ".place.current, .place",
    ".scroller",
    ".pane .composer-field",
    ".side-pane .composer-field",
    ".inspector:not([hidden]) .inspector-body",
  ].map((one) => document.querySelector(one)).filter((one) => one && one.offsetParent !== null);
  const at = all.findIndex((one) => one === document.activeElement || one.contains(document.activeElement));
  const next = all[(at + (back ? -1 : 1) + all.length) % all.length];
  if (next) next.focus();
}

export function showKeys() {
  tellInDialog(
    "Keys",
    h("dl", { class: "keys" }, KEYS.map(([key, words]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, words)])),
  );
}

export function keyboard({ inspect }) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const run = command(event, inspect);
    if (!run) return;
    event.preventDefault();
    run();
  });
}

function command(event, inspect) {
  if (event.altKey && event.key === "ArrowUp") return () => places(-1);
  if (event.altKey && event.key === "ArrowDown") return () => places(1);
  if (event.key === "F6") return () => regions(event.shiftKey);
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "i" && !event.shiftKey) return inspect;
  if (event.key === "Escape" && popupIsOpen()) return () => closePopup({ refocus: true });
  if (event.key === "Escape") return here.thread && !typing(event) ? () => openThread("") : null;
  return event.key === "?" && !typing(event) ? showKeys : null;
}
