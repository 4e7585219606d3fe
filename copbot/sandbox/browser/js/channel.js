// A channel: its heading, bookmarks and pins, messages, and the place to write; and what is said where there is nothing.

import { composer } from "./composer.js";
import { sure, toast } from "./dialogs.js";
import { icon } from "./icons.js";
import { messageList } from "./list.js";
import { face } from "./faces.js";
import { button, fill, h } from "./nodes.js";
import { openMenu, openPopup } from "./popup.js";
import { go, here, nameOf, personOf } from "./session.js";
import { linkNode, mrkdwn } from "./text.js";
import { act } from "./wire.js";

export const channelIcon = (channel) => icon(channel.kind === "group" ? "private" : "channel");

/** The pane of one channel. `openMenuButton` leads to the list of channels on a narrow window. */
export function channelPane(id, { around = "" } = {}) {
  const head = h("header", { class: "pane-head" });
  const foot = h("div", { class: "pane-foot" });
  const list = messageList({
    channel: id,
    around,
    empty: (answer, items) => beginning(answer.channel, items, () => writing),
    loaded: (answer) => dress(answer),
    lost: (place, words) => { fill(foot); fill(place, notHere(words)); },
  });
  const root = h("section", { class: "pane", "aria-label": "Channel" }, head, list.root, foot);
  let writing = null;
  let drawn = "";

  const dress = (answer) => {
    const channel = answer.channel;
    const sign = JSON.stringify(
      [
        channel.name,
        channel.topic,
        channel.members,
        channel.bookmarks,
        answer.pinned.map((one) => one.ts),
        channel.member,
        channel.archived,
        channel.kind,
      ],
    );
    if (sign === drawn) return;
    drawn = sign;
    root.setAttribute("aria-label", `#${channel.name}`);
    fill(head, heading(channel), tools(channel, answer.pinned));
    if (!channel.member || channel.archived) {
      writing = null;
      fill(foot, notWriting(channel));
    } else if (!writing) {
      writing = composer({ channel: id, placeholder: `Message #${channel.name}`, sent: list.end });
      fill(foot, writing.root);
    }
  };

  return {
    root,
    open: list.open,
    look: () => {
      const line = here.glance.channels.find((one) => one.id === id);
      return list.look(line ? line.touched : -2);
    },
    focus: () => (writing ? writing.focus() : list.root.focus()),
    write: (words) => writing && writing.put(words),
    close: list.close,
  };
}

function heading(channel) {
  return h("div", { class: "pane-title" }, h(
    "h1",
    {},
    channelIcon(channel),
    h("span", {}, channel.name),
  ), channel.archived && h("span", { class: "badge quiet" }, "archived"),
    h("div", { class: "topic" }, channel.topic ? mrkdwn(channel.topic) : null));
}

function tools(channel, pinned) {
  const marks = channel.bookmarks.map((one) => h(
    "span",
    { class: "bookmark" },
    icon("bookmark"),
    linkNode(one.link, one.title),
  ));
  const pins = pinned.length > 0 && button(
    [icon("pin"), h("span", {}, `${pinned.length} pinned`)],
    (event) => showPins(event.currentTarget, pinned, channel),
    { class: "act small plain", "aria-haspopup": "dialog", "aria-expanded": "false" },
  );
  const members = button(
    [icon("people"), h("span", {}, String(channel.members.length))],
    (event) => showMembers(event.currentTarget, channel),
    {
      class: "act small plain",
      "aria-haspopup": "dialog",
      "aria-expanded": "false",
      "aria-label": `${channel.members.length} members`,
    },
  );
  const more = channel.member && button(
    icon("more"),
    (event) => channelMenu(event.currentTarget, channel),
    {
      class: "act small plain icon-only",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": "Channel menu",
    },
  );
  return h("div", { class: "pane-tools" }, h("div", { class: "bookmarks" }, marks, pins), members, more);
}

function showMembers(anchor, channel) {
  const people = channel.members.map(personOf).filter(Boolean).sort((a, b) => a.name.localeCompare(b.name));
  const line = (one) => h(
    "li",
    {},
    face(one, { small: true }),
    h(
      "span",
      {},
      h("span", {}, one.name),
      h("span", { class: "note" }, [one.title, ...one.roles].filter(Boolean).join(" · ")),
    ),
  );
  openPopup(
    anchor,
    h(
      "div",
      { class: "card-popup", role: "dialog", "aria-label": "Members", tabindex: -1 },
      h("h2", {}, "Members"),
      h("ul", { class: "people-list" }, people.map(line)),
    ),
  ) ;
}

function showPins(anchor, pinned, channel) {
  const line = (one) => h(
    "li",
    {},
    button(
      [h("strong", {}, nameOf(one.user)), h("span", { class: "note" }, (one.text || "A message").slice(0, 120))],
      () => go({ kind: "channel", id: channel.id }, { message: one.ts }),
      { class: "pin-entry" },
    ),
  );
  openPopup(
    anchor,
    h(
      "div",
      { class: "card-popup", role: "dialog", "aria-label": "Pinned messages" },
      h("h2", {}, "Pinned"),
      h("ul", { class: "people-list" }, pinned.map(line)),
    ),
  );
}

function channelMenu(anchor, channel) {
  const leave = async () => {
    const asked = {
      title: { text: `Leave #${channel.name}?` },
      text: {
        type: "plain_text",
        text: channel.kind === "group" ? "It is private: somebody must invite you again." : "You can join again at any time.",
      },
      confirm: { text: "Leave" },
      deny: { text: "Stay" },
      style: "danger",
    };
    if (!(await sure(asked))) return;
    await act(here.person, "leaves", { channel: channel.id }).catch((error) => toast(error.message, { bad: true }));
    if (channel.kind === "group") go({ kind: "browse" });
  };
  openMenu(anchor, "Channel menu", [
    { heading: channel.purpose || `#${channel.name}` },
    { words: "Browse channels", press: () => go({ kind: "browse" }) },
    !channel.archived && { words: "Leave channel", danger: true, press: leave },
  ]);
}

function notWriting(channel) {
  if (channel.archived) return h(
    "div",
    { class: "foot-note" },
    "This channel is archived. You can read it, but not write in it.",
  );
  const join = () => act(
    here.person,
    "joins",
    { channel: channel.id },
  ).catch((error) => toast(error.message, { bad: true }));
  return h(
    "div",
    { class: "foot-note" },
    h("span", {}, "You are looking at ", h("strong", {}, `#${channel.name}`), "."),
    button("Join channel", join, { class: "act primary" }),
  );
}

function notHere(words) {
  return h(
    "div",
    { class: "blank-words" },
    h("h2", {}, "You cannot see this"),
    h("p", {}, `${words}. Somebody else may: change who you are at the top of the list of channels.`),
    button("Browse channels", () => go({ kind: "browse" }), { class: "act primary" }),
  );
}

/** What stands at the very beginning of a channel: where one is and what one can do here. */
function beginning(channel, items, writing) {
  const command = here.start.commands[0];
  const nothing = items.length === 0;
  const offer = nothing && channel.member && command && button(
    `Type ${command.name}`,
    () => writing() && writing().put(`${command.name} `),
    { class: "act primary" },
  );
  const words = channel.kind === "group"
    ? "Only its members can see this private channel."
    : "Everybody in the workspace can find this channel.";
  return h("div", { class: "blank-words" }, h(
    "h2",
    {},
    channelIcon(channel),
    channel.name,
  ), h("p", {}, channel.purpose || words),
    nothing && h("p", {}, "Nothing has been said here yet. Write something, or let the app help:"), offer);
}
