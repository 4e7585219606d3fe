// What stands in blocks and can be pressed; fields are drawn by controls.js.

import { controlOf } from "./controls.js";
import { icon } from "./icons.js";
import { h } from "./nodes.js";
import { press, pressable } from "./perform.js";
import { openMenu } from "./popup.js";
import { sure } from "./dialogs.js";
import { textNodes, wordsOf } from "./text.js";
import { here } from "./session.js";

const OPENABLE = /^(https?|mailto|tel|slack):/i;
const STYLES = { primary: "primary", danger: "danger" };

function plainButton(element, block, ctx) {
  if (element.url && OPENABLE.test(element.url)) return linkButton(element, block, ctx);
  const given = {
    type: "button",
    class: `act ${STYLES[element.style] || ""}`,
    "aria-label": element.accessibility_label,
    "data-focus": `${element.action_id}`,
  };
  const node = h("button", given, h("span", {}, textNodes(element.text)));
  return pressable(node, () => press(ctx, block, element));
}

/** Slack opens the address and still tells the app. */
function linkButton(element, block, ctx) {
  const node = h(
    "a",
    {
      class: `act ${STYLES[element.style] || ""}`,
      href: element.url,
      target: "_blank",
      rel: "noopener noreferrer",
      "aria-label": element.accessibility_label,
      "data-focus": element.action_id,
    },
    h("span", {}, textNodes(element.text)),
    icon("window"),
  );
  node.addEventListener("click", async (event) => {
    if (!element.confirm) {
      press(ctx, block, element);
      return;
    }
    event.preventDefault();
    if (!(await sure(element.confirm))) return;
    open(element.url, "_blank", "noopener");
    press(ctx, block, { ...element, confirm: undefined });
  });
  return node;
}

function overflow(element, block, ctx) {
  const node = h(
    "button",
    {
      type: "button",
      class: "act icon-only",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": "More actions",
      "data-focus": element.action_id,
    },
    icon("more"),
  );
  const choose = async (option) => {
    const failure = await press(ctx, block, element, option);
    if (failure) ctx.failed(block, failure);
  };
  node.addEventListener("click", () =>
    openMenu(node, "More actions", element.options.map((option) => ({
      words: wordsOf(option.text),
      note: option.description && wordsOf(option.description),
      href: option.url && OPENABLE.test(option.url) ? option.url : null,
      press: () => choose(option),
    }))));
  return node;
}

/** A picture is named, not fetched: this page asks nothing of other machines. */
export function picture(element, { small = false } = {}) {
  const address = element.image_url || (element.slack_file && (element.slack_file.url || element.slack_file.id)) || "";
  const own = address.startsWith(`${location.origin}/`);
  if (own) return h("img", { src: address, alt: element.alt_text, class: small ? "picture small" : "picture" });
  const place = /^https?:\/\/([^/]+)/.exec(address);
  if (small) return h(
    "span",
    { class: "picture small", role: "img", "aria-label": element.alt_text, title: element.alt_text },
    icon("file"),
  );
  return h("span", { class: "picture", role: "img", "aria-label": element.alt_text },
    h("span", { class: "picture-words" }, element.alt_text),
    h("span", { class: "note" }, place ? `An image from ${place[1]}; this page fetches nothing from elsewhere.` : "An image"));
}

const KINDS = {
  button: plainButton,
  workflow_button: plainButton,
  overflow,
  image: (element) => picture(element, { small: true }),
  plain_text: (element) => h("span", {}, textNodes(element)),
  mrkdwn: (element) => h("span", {}, textNodes(element)),
};

const NAMES = {
  static_select: "Choose one",
  external_select: "Search",
  users_select: "Choose a person",
  conversations_select: "Choose a conversation",
  channels_select: "Choose a channel",
  datepicker: "Date",
  timepicker: "Time",
  datetimepicker: "Date and time",
  checkboxes: "Choices",
  radio_buttons: "Choices",
};

/** `name` is what stands beside the field; without one its placeholder names it. */
export function drawElement(element, block, ctx, name = "") {
  const mine = here.glance ? here.glance.user : "";
  if (element.visible_to_user_ids && !element.visible_to_user_ids.includes(mine)) return null;
  if (KINDS[element.type]) return KINDS[element.type](element, block, ctx);
  const control = controlOf(element);
  const fallback = NAMES[element.type.replace("multi_", "")] || element.type.replaceAll("_", " ");
  if (control) return control(
    ctx,
    block,
    element,
    name || (element.placeholder && wordsOf(element.placeholder)) || fallback,
  );
  return h("span", { class: "unknown" }, `An element this page cannot draw: ${element.type}`);
}
