// What can be done with a message: react, reply, the app's shortcuts, edit, delete.

import { copy, sure, toast } from "./dialogs.js";
import { icon } from "./icons.js";
import { button, h } from "./nodes.js";
import { openMenu } from "./popup.js";
import { reactMenu } from "./reactions.js";
import { here, me, openThread, personOf } from "./session.js";
import { act } from "./wire.js";

export function toolbar(message, context, node) {
  const tool = (name, words, press) => h(
    "button",
    {
      type: "button",
      class: "tool",
      "aria-label": words,
      title: words,
      "data-focus": `tool-${name}`,
      on: { click: (event) => press(event.currentTarget) },
    },
    icon(name),
  );
  const bar = h("div", { class: "toolbar" },
    context.channel.member && tool("react", "React", (anchor) => reactMenu(anchor, message, context)),
    !context.thread && context.channel.member && tool(
      "thread",
      "Reply in a thread",
      () => openThread(message.thread_ts || message.ts),
    ),
    tool("more", "More", (anchor) => moreMenu(anchor, message, context, node)));
  bar.lastElementChild.setAttribute("aria-haspopup", "menu");
  return bar;
}

function moreMenu(anchor, message, context, node) {
  const channel = context.channel.id;
  const shortcuts = here.start.shortcuts.filter((one) => one.kind === "message");
  const mine = message.user === here.glance.user;
  const inThread = message.thread_ts && message.thread_ts !== message.ts ? `?thread_ts=${message.thread_ts}` : "";
  const link = `${location.origin}/archives/${channel}/p${message.ts.replace(".", "")}${inThread}`;
  const run = (one) => act(here.person, "message_shortcut", { name: one.callback_id, channel, ts: message.ts }).then(
    (answer) => answer.error && toast(answer.error, { bad: true }),
    (error) => toast(error.message, { bad: true }),
  );
  openMenu(anchor, "What to do with this message", [
    ...shortcuts.map((one) => ({ words: one.name, note: here.start.app.name, press: () => run(one) })),
    { words: "Copy link", press: () => copy(link, "The link is copied.") },
    mine && !message.bot_id && { words: "Edit message", press: () => editHere(message, channel, node) },
    (mine || me().admin) && { words: "Delete message", danger: true, press: () => remove(message, channel) },
  ]);
}

async function remove(message, channel) {
  const asked = {
    title: { text: "Delete this message?" },
    text: { type: "plain_text", text: "It is gone for everybody. The app hears of it." },
    confirm: { text: "Delete" },
    deny: { text: "Keep" },
    style: "danger",
  };
  if (await sure(asked)) act(
    here.person,
    "deletes",
    { channel, ts: message.ts },
  ).catch((error) => toast(error.message, { bad: true }));
}

/** A message's text as its author would type it again. */
function typedForm(text) {
  return text
    .replace(/<@([A-Z0-9]+)[^>]*>/g, (_, id) => `@${(personOf(id) || { handle: id }).handle}`)
    .replace(/<#[A-Z0-9]+\|([^>]*)>/g, "#$1")
    .replace(/<!(\w+)>/g, "@$1")
    .replace(/<([^>|]+)(\|[^>]*)?>/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

function editHere(message, channel, node) {
  const field = h("textarea", { class: "field", rows: 3, "aria-label": "Edit message" });
  field.value = typedForm(message.text || "");
  const shown = node.querySelector(".content");
  const done = () => { box.replaceWith(shown); node.focus(); };
  const save = async () => {
    if (field.value.trim()) await act(
      here.person,
      "edits",
      { channel, ts: message.ts, text: field.value },
    ).catch((error) => toast(error.message, { bad: true }));
    if (box.isConnected) done();
  };
  const box = h(
    "div",
    { class: "edit-box" },
    field,
    h(
      "div",
      { class: "actions" },
      button("Save", save, { class: "act primary small" }),
      button("Cancel", done, { class: "act small" }),
    ),
  );
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); done(); }
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); save(); }
  });
  shown.replaceWith(box);
  field.focus();
}
