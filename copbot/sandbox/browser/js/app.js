// The app's own place: its Home as this person sees it, and the messages between them.

import { blockEntries } from "./blocks.js";
import { composer } from "./composer.js";
import { toast } from "./dialogs.js";
import { icon } from "./icons.js";
import { messageList } from "./list.js";
import { button, fill, h, reconcile } from "./nodes.js";
import { go, here } from "./session.js";
import { act } from "./wire.js";

const TABS = [["home", "Home"], ["messages", "Messages"]];

export function appPane(tab) {
  const { app } = here.start;
  const tabs = TABS.filter(([id]) => app[id]).map(([id, words]) => button(
    words,
    () => go({ kind: "app", tab: id }),
    { class: "tab", role: "tab", "aria-selected": String(id === tab), "data-focus": `tab-${id}` },
  ));
  const head = h(
    "header",
    { class: "pane-head" },
    h(
      "div",
      { class: "pane-title" },
      h("h1", {}, icon("app"), h("span", {}, app.name)),
      h("div", { class: "tabs", role: "tablist", "aria-label": "Parts of the app" }, tabs),
    ),
  );
  const root = h("section", { class: "pane", "aria-label": app.name }, head);
  const part = tab === "home" ? homePart() : messagesPart();
  root.append(...part.nodes);
  return { root, ...part };
}

function homePart() {
  const blocks = h("div", { class: "home-blocks" });
  const scroller = h("div", { class: "scroller home", tabindex: 0, role: "region", "aria-label": "Home" }, blocks);
  let shown = "";
  const look = () => {
    const view = here.glance.home;
    const key = view ? `${view.id} ${view.hash}` : "none";
    if (key === shown) return;
    shown = key;
    if (!view) {
      fill(
        blocks,
        h(
          "div",
          { class: "blank-words" },
          h("h2", {}, "No Home yet"),
          h(
            "p",
            {},
            "The app has been asked for it. If nothing comes, it is not connected, or it failed: the inspector shows which.",
          ),
        ),
      );
      return;
    }
    blocks.querySelector(".blank-words")?.remove();
    const ctx = {
      place: { view: view.id },
      values: view.state.values,
      failed: (_, words) => toast(words, { bad: true }),
    };
    reconcile(blocks, blockEntries(view.blocks, ctx));
  };
  return {
    nodes: [scroller],
    open: async () => {
      look();
      await act(here.person, "opens_home").catch((error) => toast(error.message, { bad: true }));
      return true;
    },
    look,
    focus: () => {},
    close: () => {},
  };
}

function messagesPart() {
  const { app } = here.start;
  const dm = here.glance.dm.id;
  const nothing = () => h(
    "div",
    { class: "blank-words" },
    h("h2", {}, icon("app"), app.name),
    h("p", {}, "What the app tells only you shows here: receipts, questions, news of what you asked for."),
    here.start.commands[0] && h(
      "p",
      {},
      "To begin, type ",
      h("code", {}, here.start.commands[0].name),
      " here or in any channel.",
    ),
  );
  const list = messageList({ channel: dm, empty: (_, items) => (items.length ? null : nothing()) });
  const writing = app.read_only ? null : composer({
    channel: dm,
    placeholder: `Message ${app.name}`,
    sent: list.end,
  });
  const foot = h(
    "div",
    { class: "pane-foot" },
    writing ? writing.root : h("div", { class: "foot-note" }, "The app takes no messages."),
  );
  return {
    nodes: [list.root, foot],
    open: async () => {
      await list.open();
      await act(here.person, "opens_home", { tab: "messages" }).catch(() => {});
      return true;
    },
    look: () => list.look(here.glance.dm.touched),
    focus: () => (writing ? writing.focus() : list.root.focus()),
    close: list.close,
  };
}
