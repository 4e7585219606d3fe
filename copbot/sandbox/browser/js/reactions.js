// Reactions below a message, and choosing one.

import { toast } from "./dialogs.js";
import { EMOJI, emojiNode, USUAL } from "./emoji.js";
import { fill, h } from "./nodes.js";
import { closePopup, openPopup } from "./popup.js";
import { here, nameOf } from "./session.js";
import { act } from "./wire.js";

const reacting = (message, context, name, remove) => act(
  here.person,
  "reacts",
  { channel: context.channel.id, ts: message.ts, name, remove },
).catch((error) => toast(error.message, { bad: true }));

export function reactions(message, context) {
  if (!message.reactions || !message.reactions.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((one) => {
    const mine = one.users.includes(here.glance.user);
    const names = one.users.map(nameOf).join(", ");
    return h("button", {
      type: "button",
      class: mine ? "reaction mine" : "reaction",
      "aria-pressed": String(mine),
      title: names,
      "aria-label": `${one.name.replaceAll("_", " ")}, ${one.count}: ${names}`,
      "data-focus": `reaction-${one.name}`,
      on: { click: () => reacting(message, context, one.name, mine) },
    },
      emojiNode(one.name) || `:${one.name}:`, h("span", {}, String(one.count)));
  }));
}

export function reactMenu(anchor, message, context) {
  const found = h("div", { class: "emoji-grid" });
  const field = h(
    "input",
    {
      type: "text",
      class: "list-search",
      placeholder: "Search emoji",
      "aria-label": "Search emoji",
      autocomplete: "off",
    },
  );
  const pick = (name) => {
    closePopup({ refocus: true });
    reacting(message, context, name, false);
  };
  const show = () => {
    const typed = field.value.trim().toLowerCase().replaceAll(" ", "_");
    const names = typed ? [...EMOJI.keys()].filter((one) => one.includes(typed)).slice(0, 48) : [
      ...USUAL,
      ...[...EMOJI.keys()].filter((one) => !USUAL.includes(one)).slice(0, 42),
    ];
    fill(
      found,
      names.length ? names.map((name) => h(
        "button",
        {
          type: "button",
          title: `:${name}:`,
          "aria-label": name.replaceAll("_", " "),
          on: { click: () => pick(name) },
        },
        emojiNode(name),
      )) : h("div", { class: "list-empty" }, "No emoji has that name."),
    );
  };
  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && found.querySelector("button")) found.querySelector("button").click();
  });
  show();
  if (openPopup(
    anchor,
    h("div", { class: "emoji-popup", role: "dialog", "aria-label": "Choose an emoji" }, field, found),
  )) field.focus();
}
