// Who this window is. Every person sees their own messages, forms, Home, channels and time zone.

import { icon } from "./icons.js";
import { face } from "./faces.js";
import { fill, h } from "./nodes.js";
import { arrows, closePopup, openPopup } from "./popup.js";
import { addressOf, here, me } from "./session.js";

const MOST = 40;

const zoneWords = (zone) => zone.split("/").at(-1).replaceAll("_", " ");

/** The button that shows who one is and opens the list of everybody; `become(handle)` changes it. */
export function personSwitch(become) {
  const node = h(
    "button",
    { type: "button", class: "person-switch", "aria-haspopup": "dialog", "aria-expanded": "false" },
  );
  const draw = () => {
    const one = me();
    node.setAttribute("aria-label", `You are ${one.name}, ${roleWords(one)}. Change who you are`);
    fill(
      node,
      face(one),
      h(
        "span",
        { class: "person-words" },
        h("span", { class: "person-name" }, one.name),
        h("span", { class: "note" }, roleWords(one)),
      ),
      icon("down"),
    );
  };
  node.addEventListener("click", () => openList(node, become));
  return { node, draw };
}

export function roleWords(one) {
  const roles = one.roles.filter((role) => role !== "staff" || !/staff/i.test(one.title));
  return [one.title, ...roles.filter((role) => !one.title.toLowerCase().includes(role))].filter(Boolean).join(" · ");
}

function openList(anchor, become) {
  const people = here.start.people.filter((one) => !one.bot && !one.deleted);
  const list = h("ul", { class: "people-list" });
  const search = h(
    "input",
    {
      type: "search",
      class: "list-search",
      placeholder: "Search people",
      "aria-label": "Search people",
      autocomplete: "off",
      hidden: people.length <= MOST,
    },
  );
  const draw = () => {
    const typed = search.value.trim().toLowerCase();
    const found = people.filter((one) => `${one.name} ${one.handle} ${one.title}`.toLowerCase().includes(typed));
    fill(
      list,
      found.slice(0, MOST).map((one) => entry(one, become)),
      !found.length && h("li", { class: "list-empty" }, "Nobody has that name."),
    );
  };
  const panel = h("div", { class: "card-popup people-popup", role: "dialog", "aria-label": "Be somebody else" },
    h("h2", {}, "Who are you?"),
    h(
      "p",
      { class: "note" },
      "Each person sees their own messages, forms and Home. Open a second window to be two at once.",
    ),
    search,
    list);
  search.addEventListener("input", draw);
  panel.addEventListener("keydown", (event) => arrows(event, [...panel.querySelectorAll(".person-entry")]));
  draw();
  if (!openPopup(anchor, panel)) return;
  const first = search.hidden ? panel.querySelector("[aria-current]") || panel.querySelector(".person-entry") : search;
  first.focus({ preventScroll: true });
}

function entry(one, become) {
  const current = one.handle === here.person;
  const choose = () => {
    closePopup({ refocus: true });
    become(one.handle);
  };
  const words = [roleWords(one), zoneWords(one.zone)].filter(Boolean).join(" · ");
  const pick = h("button", {
    type: "button",
    class: "person-entry",
    "aria-current": current ? "true" : null,
    "data-person": one.handle,
    on: { click: choose },
  },
    face(one),
    h(
      "span",
      { class: "person-words" },
      h("span", { class: "person-name" }, one.name),
      h("span", { class: "note" }, words),
    ),
    current && icon("tick"));
  const apart = h(
    "a",
    {
      class: "act icon-only plain",
      href: addressOf(one.handle, here.place),
      target: "_blank",
      rel: "noopener",
      "aria-label": `Open a second window as ${one.name}`,
      title: "Open a second window",
    },
    icon("window"),
  );
  return h("li", {}, pick, apart);
}
