// Elements are made here and nowhere else: text always goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

function dress(node, given) {
  for (const [name, value] of Object.entries(given || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (name === "value") node.value = value;
    else if (name === "text") node.textContent = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  return node;
}

/** An element with attributes (`on` holds listeners, `text` its words) and children; empty children are left out. */
export function h(tag, given, ...children) {
  const node = dress(document.createElement(tag), given);
  node.append(...present(children));
  return node;
}

export function svg(tag, given, ...children) {
  const node = dress(document.createElementNS(SVG, tag), given);
  node.append(...present(children));
  return node;
}

export function present(children) {
  return children.flat(4).filter((child) => child !== null && child !== undefined && child !== false && child !== "");
}

export function fill(node, ...children) {
  node.replaceChildren(...present(children));
  return node;
}

let numbers = 0;

/** An id that no other element of this page has, for labels and descriptions. */
export function newId(prefix = "n") {
  numbers += 1;
  return `${prefix}-${numbers}`;
}

export function button(words, press, given = {}) {
  return h("button", { type: "button", ...given, on: { click: press, ...(given.on || {}) } }, words);
}

/** Keeps children whose key and signature are as they were; replaces, adds and removes the others. */
export function reconcile(parent, wanted) {
  const held = new Map([...parent.children].filter((c) => c.dataset.key).map((c) => [c.dataset.key, c]));
  // Those that go leave first: what stays must not be moved past them, because a moved field loses the keyboard.
  const staying = new Set(wanted.map((one) => one.key));
  for (const [key, node] of held) {
    if (staying.has(key)) continue;
    held.delete(key);
    node.remove();
  }
  let before = parent.firstElementChild;
  for (const { key, sign, draw } of wanted) {
    let node = held.get(key);
    if (!node || node.dataset.sign !== sign) {
      const fresh = draw(node);
      fresh.dataset.key = key;
      fresh.dataset.sign = sign;
      if (node) {
        if (before === node) before = fresh;
        exchange(node, fresh);
      }
      node = fresh;
    }
    if (node === before) before = before.nextElementSibling;
    else parent.insertBefore(node, before);
  }
}

/** Puts a fresh node in an old one's place without taking the keyboard from whoever was in it. */
function exchange(node, fresh) {
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  const caret = focused && focused.selectionStart;
  node.replaceWith(fresh);
  if (!focused) return;
  const name = focused.dataset.focus;
  const same = name && fresh.querySelector(`[data-focus="${CSS.escape(name)}"]`);
  const next = same || (fresh.hasAttribute("tabindex") ? fresh : null);
  if (!next) return;
  next.focus({ preventScroll: true });
  if (typeof caret === "number" && typeof next.setSelectionRange === "function") {
    try {
      next.setSelectionRange(caret, caret);
    } catch {
      // Fields for numbers, dates and addresses have no caret to put back.
    }
  }
}

/** A short fingerprint of a value, to see whether it has changed. */
export function signOf(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  let hash = 5381;
  for (let at = 0; at < text.length; at += 1) hash = ((hash << 5) + hash + text.charCodeAt(at)) | 0;
  return `${text.length}.${hash}`;
}

let announcer = null;

/** Says something to a screen reader without moving anything. */
export function announce(words) {
  if (!announcer) {
    announcer = h("div", { class: "unseen", "aria-live": "polite", role: "status" });
    document.body.append(announcer);
  }
  announcer.textContent = words;
}
