// A thread beside its channel.

import { composer } from "./composer.js";
import { icon } from "./icons.js";
import { messageList } from "./list.js";
import { button, h } from "./nodes.js";
import { channelOf, here, openThread } from "./session.js";

export function threadPane(channel, ts) {
  const line = channelOf(channel);
  const name = line && line.kind !== "im" ? `#${line.name}` : here.start.app.name;
  const close = button(
    icon("close"),
    () => openThread(""),
    { class: "act icon-only plain", "aria-label": "Close thread" },
  );
  const list = messageList({
    channel,
    thread: ts,
    empty: (_, items) => !items.length && h(
      "div",
      { class: "blank-words" },
      h("p", {}, "The first message of this thread is gone."),
    ),
  });
  const member = Boolean(line) && !line.archived;
  const writing = member ? composer({
    channel,
    thread: ts,
    placeholder: "Reply in the thread",
    sent: list.end,
  }) : null;
  const root = h("aside", { class: "side-pane", "aria-label": "Thread" },
    h(
      "header",
      { class: "pane-head" },
      h("div", { class: "pane-title" }, h("h2", {}, "Thread"), h("div", { class: "topic" }, name)),
      close,
    ),
    list.root, h("div", { class: "pane-foot" }, writing && writing.root));
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") openThread("");
  });
  return {
    root,
    open: list.open,
    look: () => list.look((channelOf(channel) || { touched: -2 }).touched),
    focus: () => (writing ? writing.focus() : list.root.focus()),
    close: list.close,
  };
}
