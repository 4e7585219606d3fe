// One message as a row: who, when, its blocks, reactions, the way into its thread, and what can be done with it.

import { blockEntries, drawAttachment } from "./blocks.js";
import { dayKey, dayWords, fullTime, timeOf } from "./dates.js";
import { sure, toast } from "./dialogs.js";
import { emojiNode, EMOJI, USUAL } from "./emoji.js";
import { icon } from "./icons.js";
import { button, fill, h, signOf } from "./nodes.js";
import { closePopup, openMenu, openPopup } from "./popup.js";
import { here, me, nameOf, openThread, personOf, zone } from "./session.js";
import { mrkdwn } from "./text.js";
import { act, ask, NotDone } from "./wire.js";

const NEAR = 300;
const LINES = new Set(["channel_join", "group_join", "channel_leave", "group_leave", "channel_topic", "channel_purpose", "group_topic", "group_purpose", "channel_name", "channel_archive", "group_archive", "channel_unarchive", "group_unarchive"]);

/** A coloured square with initials; the colour comes from the id, so it stays. */
export function face(person, { small = false } = {}) {
  const words = person ? person.name : "?";
  const initials = words.split(/[\s_-]+/).slice(0, 2).map((one) => one[0] || "").join("").toUpperCase();
  const tone = person ? [...person.id].reduce((sum, one) => sum + one.charCodeAt(0), 0) % 8 : 0;
  return h("span", { class: `face tone-${tone}${small ? " small" : ""}${person && person.bot ? " app" : ""}`, "aria-hidden": "true" }, initials);
}

const authorOf = (message) => (message.subtype === "slack_says" ? null : personOf(message.user));

/** Messages of one person within five minutes stand together under one name. */
export function joinsOn(message, before) {
  return Boolean(before && before.user === message.user && !message.subtype && !before.subtype && before.username === message.username
    && Boolean(before.is_ephemeral) === Boolean(message.is_ephemeral) && Number(message.ts) - Number(before.ts) < NEAR && !isNotice(message));
}

/** What an app lays out in several blocks stands for itself, under its own name. */
const isNotice = (message) => Boolean(message.bot_id && message.blocks && message.blocks.length > 1);

/** What a person has typed: their words carry the formatting that Slack's composer would have turned into rich text. */
const isTyped = (message) => Boolean(!message.bot_id && message.text && (message.blocks || []).every((one) => one.type === "rich_text"));

/** Entries for the list: days, the line above what is new, and the messages. */
export function rowEntries(messages, context) {
  const entries = [];
  let before = null;
  let newShown = false;
  for (const message of messages) {
    const day = dayKey(message.ts, zone());
    if (!before || dayKey(before.ts, zone()) !== day) {
      const words = dayWords(message.ts, here.glance.now, zone());
      entries.push({ key: `day-${day}`, sign: words, draw: () => h("div", { class: "day", role: "separator" }, h("span", {}, words)) });
      before = null;
    }
    if (!newShown && context.mark && message.ts > context.mark && message.user !== here.glance.user) {
      newShown = true;
      before = null;
      entries.push({ key: "new", sign: "new", draw: () => h("div", { class: "new-line", role: "separator" }, h("span", {}, "New")) });
    }
    const joined = joinsOn(message, before);
    const unread = threadIsNew(message, context);
    const sign = signOf({ message, joined, unread, pinned: context.pinned.has(message.ts), people: here.glance.people, person: here.person });
    entries.push({ key: `${message.ts}${message.seq || ""}`, sign, draw: () => drawMessage(message, { ...context, joined, unread }) });
    before = message;
  }
  return entries;
}

function threadIsNew(message, { marks, thread }) {
  const read = marks[message.ts];
  return !thread && message.reply_count && read !== undefined && message.latest_reply > read && !(message.reply_users || []).every((one) => one === here.glance.user);
}

function drawMessage(message, context) {
  if (LINES.has(message.subtype)) return systemLine(message);
  if (message.subtype === "tombstone") return row(message, context, [h("div", { class: "words gone" }, "This message was deleted.")]);
  return row(message, context, [content(message, context)]);
}

function systemLine(message) {
  const who = personOf(message.user);
  return h("div", { class: "row system", role: "listitem", tabindex: -1, "data-ts": message.ts },
    who && face(who, { small: true }), h("span", { class: "words" }, mrkdwn(message.text)), time(message));
}

const time = (message) => h("time", { class: "at", title: fullTime(message.ts, zone()), datetime: new Date(Number(message.ts) * 1000).toISOString() }, timeOf(message.ts, zone()));

function row(message, context, inside) {
  const author = authorOf(message);
  const name = message.username || (author ? author.name : message.subtype === "slack_says" ? "Practice workspace" : nameOf(message.user));
  const classes = ["row", context.joined && "joined", message.is_ephemeral && "own", context.pinned.has(message.ts) && "pinned"].filter(Boolean);
  const badge = author && author.bot && h("span", { class: "badge" }, "app");
  const guest = author && author.guest && h("span", { class: "badge quiet" }, "guest");
  const head = !context.joined && h("div", { class: "head" }, h("span", { class: "author" }, name), badge, guest, time(message));
  const node = h("div", { class: classes.join(" "), role: "listitem", tabindex: -1, "data-ts": message.ts, "aria-label": `${name}, ${timeOf(message.ts, zone())}` },
    h("div", { class: "gutter" }, context.joined ? time(message) : message.subtype === "slack_says" ? h("span", { class: "face system-face", "aria-hidden": "true" }, icon("app")) : face(author || { id: "?", name })),
    h("div", { class: "body" }, message.is_ephemeral && ownLine(message), context.pinned.has(message.ts) && h("div", { class: "note pin-line" }, icon("pin"), "Pinned by the app"), head, inside, reactions(message, context), threadLine(message, context)));
  if (message.subtype !== "tombstone") node.append(toolbar(message, context, node));
  return node;
}

function ownLine(message) {
  const gone = () => ask("dismiss", { person: here.person, seq: message.seq }).catch((error) => error instanceof NotDone || Promise.reject(error));
  return h("div", { class: "note own-line" }, "Only you can see this", message.seq && button("Dismiss", gone, { class: "link" }));
}

function content(message, context) {
  const ctx = {
    place: { channel: context.channel.id, ts: message.ts },
    values: { ...startingValues(message.blocks), ...(context.values[message.ts] || {}) },
    failed: (_, words) => toast(words, { bad: true }),
  };
  const edited = message.edited && h("span", { class: "edited" }, " (edited)");
  const blocks = message.blocks && message.blocks.length && !isTyped(message) ? blockEntries(message.blocks, ctx).map((one) => one.draw()) : null;
  const words = !blocks && message.text && h("div", { class: "words" }, message.mrkdwn === false ? message.text : mrkdwn(message.text, { verbatim: !isTyped(message) || Boolean(message.blocks) }), edited);
  const files = (message.files || []).map((one) => h("div", { class: "card file" }, icon("file"), h("div", {}, h("div", { class: "card-title" }, one.title || one.name || "File"), h("div", { class: "note" }, one.pretty_type || one.filetype || ""))));
  return h("div", { class: "content" }, words, blocks, blocks && edited, (message.attachments || []).map((one) => drawAttachment(one, ctx)), files);
}

const INITIAL = { initial_option: "selected_option", initial_options: "selected_options", initial_user: "selected_user", initial_users: "selected_users", initial_conversation: "selected_conversation", initial_conversations: "selected_conversations", initial_channel: "selected_channel", initial_channels: "selected_channels", initial_date: "selected_date", initial_time: "selected_time", initial_date_time: "selected_date_time", initial_value: "value" };

/** What stands in a message's fields before anybody has touched them. */
function startingValues(blocks) {
  const values = {};
  for (const block of blocks || []) {
    for (const element of [...(block.elements || []), block.accessory, block.element].filter(Boolean)) {
      for (const [initial, key] of Object.entries(INITIAL)) {
        if (element[initial] !== undefined && element.action_id) (values[block.block_id] = values[block.block_id] || {})[element.action_id] = { [key]: element[initial] };
      }
    }
  }
  return values;
}

// -- reactions

const reacting = (message, context, name, remove) => act(here.person, "reacts", { channel: context.channel.id, ts: message.ts, name, remove }).catch((error) => toast(error.message, { bad: true }));

function reactions(message, context) {
  if (!message.reactions || !message.reactions.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((one) => {
    const mine = one.users.includes(here.glance.user);
    const names = one.users.map(nameOf).join(", ");
    return h("button", { type: "button", class: mine ? "reaction mine" : "reaction", "aria-pressed": String(mine), title: names, "aria-label": `${one.name.replaceAll("_", " ")}, ${one.count}: ${names}`, "data-focus": `reaction-${one.name}`, on: { click: () => reacting(message, context, one.name, mine) } },
      emojiNode(one.name) || `:${one.name}:`, h("span", {}, String(one.count)));
  }));
}

function reactMenu(anchor, message, context) {
  const found = h("div", { class: "emoji-grid" });
  const field = h("input", { type: "text", class: "list-search", placeholder: "Search emoji", "aria-label": "Search emoji", autocomplete: "off" });
  const pick = (name) => {
    closePopup({ refocus: true });
    reacting(message, context, name, false);
  };
  const show = () => {
    const typed = field.value.trim().toLowerCase().replaceAll(" ", "_");
    const names = typed ? [...EMOJI.keys()].filter((one) => one.includes(typed)).slice(0, 48) : [...USUAL, ...[...EMOJI.keys()].filter((one) => !USUAL.includes(one)).slice(0, 42)];
    fill(found, names.length ? names.map((name) => h("button", { type: "button", title: `:${name}:`, "aria-label": name.replaceAll("_", " "), on: { click: () => pick(name) } }, emojiNode(name))) : h("div", { class: "list-empty" }, "No emoji is called that."));
  };
  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && found.querySelector("button")) found.querySelector("button").click();
  });
  show();
  if (openPopup(anchor, h("div", { class: "emoji-popup", role: "dialog", "aria-label": "Choose an emoji" }, field, found))) field.focus();
}

// -- threads and what can be done

function threadLine(message, context) {
  if (context.thread) return null;
  if (message.subtype === "thread_broadcast") {
    return h("button", { type: "button", class: "thread-line", "data-focus": "thread", on: { click: () => openThread(message.thread_ts) } }, icon("thread"), "Replied in a thread");
  }
  if (!message.reply_count) return null;
  const words = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  const faces = (message.reply_users || []).slice(0, 3).map((one) => face(personOf(one), { small: true }));
  return h("button", { type: "button", class: context.unread ? "thread-line unread" : "thread-line", "data-focus": "thread", on: { click: () => openThread(message.ts) } },
    h("span", { class: "faces" }, faces), words, context.unread && h("span", { class: "badge" }, "new"), h("span", { class: "note" }, `Last ${timeOf(message.latest_reply, zone())}`));
}

function toolbar(message, context, node) {
  const tool = (name, words, press) => h("button", { type: "button", class: "tool", "aria-label": words, title: words, "data-focus": `tool-${name}`, on: { click: (event) => press(event.currentTarget) } }, icon(name));
  if (message.is_ephemeral) return null;
  const bar = h("div", { class: "toolbar" },
    context.channel.member && tool("react", "React", (anchor) => reactMenu(anchor, message, context)),
    !context.thread && context.channel.member && tool("thread", "Reply in a thread", () => openThread(message.thread_ts || message.ts)),
    tool("more", "More", (anchor) => moreMenu(anchor, message, context, node)));
  bar.lastElementChild.setAttribute("aria-haspopup", "menu");
  return bar;
}

function moreMenu(anchor, message, context, node) {
  const channel = context.channel.id;
  const shortcuts = here.start.shortcuts.filter((one) => one.kind === "message");
  const mine = message.user === here.glance.user;
  const link = `${location.origin}/archives/${channel}/p${message.ts.replace(".", "")}${message.thread_ts && message.thread_ts !== message.ts ? `?thread_ts=${message.thread_ts}` : ""}`;
  const run = (one) => act(here.person, "message_shortcut", { name: one.callback_id, channel, ts: message.ts }).then((answer) => answer.error && toast(answer.error, { bad: true }), (error) => toast(error.message, { bad: true }));
  openMenu(anchor, "What to do with this message", [
    ...shortcuts.map((one) => ({ words: one.name, note: here.start.app.name, press: () => run(one) })),
    { words: "Copy link", press: () => copy(link, "The link is copied.") },
    mine && !message.bot_id && { words: "Edit message", press: () => editHere(message, channel, node) },
    (mine || me().admin) && { words: "Delete message", danger: true, press: () => remove(message, channel) },
  ]);
}

export async function copy(words, told) {
  try {
    await navigator.clipboard.writeText(words);
    toast(told);
  } catch {
    toast("The browser did not allow copying.", { bad: true });
  }
}

async function remove(message, channel) {
  const asked = { title: { text: "Delete this message?" }, text: { type: "plain_text", text: "It is gone for everybody. The app hears of it." }, confirm: { text: "Delete" }, deny: { text: "Keep" }, style: "danger" };
  if (await sure(asked)) act(here.person, "deletes", { channel, ts: message.ts }).catch((error) => toast(error.message, { bad: true }));
}

const typedForm = (text) => text.replace(/<@([A-Z0-9]+)[^>]*>/g, (_, id) => `@${(personOf(id) || { handle: id }).handle}`).replace(/<#[A-Z0-9]+\|([^>]*)>/g, "#$1").replace(/<!(\w+)>/g, "@$1").replace(/<([^>|]+)(\|[^>]*)?>/g, "$1").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

function editHere(message, channel, node) {
  const field = h("textarea", { class: "field", rows: 3, "aria-label": "Edit message" });
  field.value = typedForm(message.text || "");
  const shown = node.querySelector(".content");
  const done = () => { box.replaceWith(shown); node.focus(); };
  const save = async () => {
    if (field.value.trim()) await act(here.person, "edits", { channel, ts: message.ts, text: field.value }).catch((error) => toast(error.message, { bad: true }));
    if (box.isConnected) done();
  };
  const box = h("div", { class: "edit-box" }, field, h("div", { class: "actions" }, button("Save", save, { class: "act primary small" }), button("Cancel", done, { class: "act small" })));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); done(); }
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); save(); }
  });
  shown.replaceWith(box);
  field.focus();
}
