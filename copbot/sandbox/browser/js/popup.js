// Small panels that open beside a button: menus and lists to choose from. One is open at a time.

import { h } from "./nodes.js";

let open = null;

export function closePopup({ refocus = false } = {}) {
  if (!open) return;
  const { panel, anchor, closed } = open;
  open = null;
  panel.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (refocus) anchor.focus();
  if (closed) closed();
}

export const popupIsOpen = () => open !== null;

/** Opens `panel` beside `anchor`; pressing the anchor again closes it. */
export function openPopup(anchor, panel, { closed = null, wide = false } = {}) {
  const again = open && open.anchor === anchor;
  closePopup();
  if (again) return false;
  const home = anchor.closest("dialog") || document.getElementById("page");
  panel.classList.add("popup");
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    closePopup({ refocus: true });
  });
  home.append(panel);
  anchor.setAttribute("aria-expanded", "true");
  open = { panel, anchor, closed };
  place(anchor, panel, wide);
  return true;
}

/** Below the anchor where there is room, else above; never outside the window. */
export function place(anchor, panel, wide = false) {
  const at = anchor.getBoundingClientRect();
  const space = 8;
  if (wide) panel.style.minWidth = `${Math.min(at.width, innerWidth - 2 * space)}px`;
  panel.style.maxWidth = `${innerWidth - 2 * space}px`;
  const below = innerHeight - at.bottom - 2 * space;
  const above = at.top - 2 * space;
  const up = below < Math.min(panel.scrollHeight, 260) && above > below;
  panel.style.maxHeight = `${Math.max(Math.min(up ? above : below, 560), 120)}px`;
  const size = panel.getBoundingClientRect();
  panel.style.left = `${Math.max(space, Math.min(at.left, innerWidth - size.width - space))}px`;
  panel.style.top = up ? `${Math.max(space, at.top - size.height - 4)}px` : `${at.bottom + 4}px`;
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.panel.contains(event.target) && !open.anchor.contains(event.target)) closePopup();
});
addEventListener("resize", () => closePopup());
document.addEventListener("focusin", (event) => {
  if (open && !open.panel.contains(event.target) && !open.anchor.contains(event.target)) closePopup();
});

/** Moves among a panel's items with the arrow keys. */
export function arrows(event, items) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const at = items.indexOf(document.activeElement);
  const next = step ? (at + step + items.length) % items.length : { Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined || !items.length) return false;
  event.preventDefault();
  items[next].focus();
  return true;
}

/** A menu: `choices` are {words, note, press, danger, href, heading}; false ones are left out. */
export function openMenu(anchor, label, choices) {
  const panel = h("div", { class: "menu", role: "menu", "aria-label": label });
  for (const one of choices.filter(Boolean)) panel.append(entry(one));
  const items = () => [...panel.querySelectorAll("[role=menuitem]")];
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Tab") closePopup({ refocus: true });
    else arrows(event, items());
  });
  if (openPopup(anchor, panel) && items().length) items()[0].focus({ preventScroll: true });
  return panel;
}

function entry({ words, note, press, danger, href, heading }) {
  if (heading) return h("div", { class: "menu-heading", role: "presentation" }, heading);
  const inside = [h("span", {}, words), note && h("span", { class: "note" }, note)];
  const given = { role: "menuitem", tabindex: -1, class: danger ? "danger" : null };
  const run = () => {
    closePopup({ refocus: true });
    if (press) press();
  };
  if (href) return h(
    "a",
    { ...given, href, target: "_blank", rel: "noopener noreferrer", on: { click: run } },
    ...inside,
  );
  return h("button", { type: "button", ...given, on: { click: run } }, ...inside);
}
