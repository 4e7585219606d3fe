// One message as a row: who, when, its blocks, reactions, the way into its thread, and what can be done with it.

import { blockEntries, drawAttachment } from "./blocks.js";
import { dayKey, dayWords, fullTime, timeOf } from "./dates.js";
import { toast } from "./dialogs.js";
import { face } from "./faces.js";
import { icon } from "./icons.js";
import { button, h, signOf } from "./nodes.js";
import { reactions } from "./reactions.js";
import { here, nameOf, openThread, personOf, zone } from "./session.js";
import { mrkdwn } from "./text.js";
import { toolbar } from "./tools.js";
import { ask } from "./wire.js";

const NEAR = 300;
const LINES = new Set(
  [
    "channel_join",
    "group_join",
    "channel_leave",
    "group_leave",
    "channel_topic",
    "channel_purpose",
    "group_topic",
    "group_purpose",
    "channel_name",
    "channel_archive",
    "group_archive",
    "channel_unarchive",
    "group_unarchive",
  ],
);

const authorOf = (message) => (message.subtype === "slack_says" ? null : personOf(message.user));

/** Messages of one person within five minutes stand together under one name. */
export function joinsOn(message, before) {
  if (!before || message.subtype || before.subtype || isNotice(message)) return false;
  const sameVoice = before.user === message.user && before.username === message.username;
  const sameEars = Boolean(before.is_ephemeral) === Boolean(message.is_ephemeral);
  return sameVoice && sameEars && Number(message.ts) - Number(before.ts) < NEAR;
}

/** What an app lays out in several blocks stands for itself, under its own name. */
const isNotice = (message) => Boolean(message.bot_id && message.blocks && message.blocks.length > 1);

/** What a person has typed: their words carry the formatting that Slack's composer would have turned into rich text. */
function isTyped(message) {
  if (message.bot_id || !message.text) return false;
  return (message.blocks || []).every((one) => one.type === "rich_text");
}

/** Entries for the list: days, the line above what is new, and the messages. */
export function rowEntries(messages, context) {
  const entries = [];
  let before = null;
  let newShown = false;
  for (const message of messages) {
    const day = dayKey(message.ts, zone());
    if (!before || dayKey(before.ts, zone()) !== day) {
      const words = dayWords(message.ts, here.glance.now, zone());
      entries.push({
        key: `day-${day}`,
        sign: words,
        draw: () => h("div", { class: "day", role: "separator" }, h("span", {}, words)),
      });
      before = null;
    }
    if (!newShown && context.mark && message.ts > context.mark && message.user !== here.glance.user) {
      newShown = true;
      before = null;
      entries.push({
        key: "new",
        sign: "new",
        draw: () => h("div", { class: "new-line", role: "separator" }, h("span", {}, "New")),
      });
    }
    const joined = joinsOn(message, before);
    const unread = threadIsNew(message, context);
    const sign = signOf({
      message,
      joined,
      unread,
      pinned: context.pinned.has(message.ts),
      people: here.glance.people,
      person: here.person,
    });
    entries.push({
      key: `${message.ts}${message.seq || ""}`,
      sign,
      draw: () => drawMessage(message, { ...context, joined, unread }),
    });
    before = message;
  }
  return entries;
}

function threadIsNew(message, { marks, thread }) {
  const read = marks[message.ts];
  if (thread || !message.reply_count || read === undefined || message.latest_reply <= read) return false;
  return (message.reply_users || []).some((one) => one !== here.glance.user);
}

function drawMessage(message, context) {
  if (LINES.has(message.subtype)) return systemLine(message);
  if (message.subtype === "tombstone") return row(
    message,
    context,
    [h("div", { class: "words gone" }, "This message was deleted.")],
  );
  return row(message, context, [content(message, context)]);
}

function systemLine(message) {
  const who = personOf(message.user);
  return h("div", { class: "row system", role: "listitem", tabindex: -1, "data-ts": message.ts },
    who && face(who, { small: true }), h("span", { class: "words" }, mrkdwn(message.text)), time(message));
}

const time = (message) => h(
  "time",
  { class: "at", title: fullTime(message.ts, zone()), datetime: new Date(Number(message.ts) * 1000).toISOString() },
  timeOf(message.ts, zone()),
);

function row(message, context, inside) {
  const author = authorOf(message);
  const bySlack = message.subtype === "slack_says";
  const name = message.username || (bySlack ? "Practice workspace" : nameOf(message.user));
  const classes = [
    "row",
    context.joined && "joined",
    message.is_ephemeral && "own",
    context.pinned.has(message.ts) && "pinned",
  ].filter(Boolean);
  const badge = author && author.bot && h("span", { class: "badge" }, "app");
  const guest = author && author.guest && h("span", { class: "badge quiet" }, "guest");
  const head = !context.joined && h(
    "div",
    { class: "head" },
    h("span", { class: "author" }, name),
    badge,
    guest,
    time(message),
  );
  const node = h(
    "div",
    {
      class: classes.join(" "),
      role: "listitem",
      tabindex: -1,
      "data-ts": message.ts,
      "aria-label": `${name}, ${timeOf(message.ts, zone())}`,
    },
    h(
      "div",
      { class: "gutter" },
      context.joined ? time(message) : message.subtype === "slack_says" ? h(
        "span",
        { class: "face system-face", "aria-hidden": "true" },
        icon("app"),
      ) : face(author || { id: "?", name }),
    ),
    h(
      "div",
      { class: "body" },
      message.is_ephemeral && ownLine(message),
      context.pinned.has(message.ts) && h("div", { class: "note pin-line" }, icon("pin"), "Pinned by the app"),
      head,
      inside,
      reactions(message, context),
      threadLine(message, context),
    ),
  );
  if (message.subtype !== "tombstone" && !message.is_ephemeral) node.append(toolbar(message, context, node));
  return node;
}

function ownLine(message) {
  const gone = () => ask(
    "dismiss",
    { person: here.person, seq: message.seq },
  ).catch((error) => toast(error.message, { bad: true }));
  return h(
    "div",
    { class: "note own-line" },
    "Only you can see this",
    message.seq && button("Dismiss", gone, { class: "link" }),
  );
}

function content(message, context) {
  const ctx = {
    place: { channel: context.channel.id, ts: message.ts },
    values: { ...startingValues(message.blocks), ...(context.values[message.ts] || {}) },
    failed: (_, words) => toast(words, { bad: true }),
  };
  const edited = message.edited && h("span", { class: "edited" }, " (edited)");
  const blocks = message.blocks && message.blocks.length && !isTyped(message) ? blockEntries(
    message.blocks,
    ctx,
  ).map((one) => one.draw()) : null;
  const words = !blocks && message.text && h(
    "div",
    { class: "words" },
    message.mrkdwn === false ? message.text : mrkdwn(
      message.text,
      { verbatim: !isTyped(message) || Boolean(message.blocks) },
    ),
    edited,
  );
  const files = (message.files || []).map((one) => h(
    "div",
    { class: "card file" },
    icon("file"),
    h(
      "div",
      {},
      h("div", { class: "card-title" }, one.title || one.name || "File"),
      h("div", { class: "note" }, one.pretty_type || one.filetype || ""),
    ),
  ));
  return h(
    "div",
    { class: "content" },
    words,
    blocks,
    blocks && edited,
    (message.attachments || []).map((one) => drawAttachment(one, ctx)),
    files,
  );
}

const INITIAL = {
  initial_option: "selected_option",
  initial_options: "selected_options",
  initial_user: "selected_user",
  initial_users: "selected_users",
  initial_conversation: "selected_conversation",
  initial_conversations: "selected_conversations",
  initial_channel: "selected_channel",
  initial_channels: "selected_channels",
  initial_date: "selected_date",
  initial_time: "selected_time",
  initial_date_time: "selected_date_time",
  initial_value: "value",
};

/** What stands in a message's fields before anybody has touched them. */
function startingValues(blocks) {
  const values = {};
  for (const block of blocks || []) {
    for (const element of [...(block.elements || []), block.accessory, block.element].filter(Boolean)) {
      for (const [initial, key] of Object.entries(INITIAL)) {
        if (element[initial] === undefined || !element.action_id) continue;
        const held = (values[block.block_id] = values[block.block_id] || {});
        held[element.action_id] = { [key]: element[initial] };
      }
    }
  }
  return values;
}

function threadLine(message, context) {
  if (context.thread) return null;
  if (message.subtype === "thread_broadcast") {
    return h(
      "button",
      {
        type: "button",
        class: "thread-line",
        "data-focus": "thread",
        on: { click: () => openThread(message.thread_ts) },
      },
      icon("thread"),
      "Replied in a thread",
    );
  }
  if (!message.reply_count) return null;
  const words = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  const faces = (message.reply_users || []).slice(0, 3).map((one) => face(personOf(one), { small: true }));
  return h(
    "button",
    {
      type: "button",
      class: context.unread ? "thread-line unread" : "thread-line",
      "data-focus": "thread",
      on: { click: () => openThread(message.ts) },
    },
    h("span", { class: "faces" }, faces),
    words,
    context.unread && h("span", { class: "badge" }, "new"),
    h("span", { class: "note" }, `Last ${timeOf(message.latest_reply, zone())}`),
  );
}
