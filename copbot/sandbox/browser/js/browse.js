// All channels this person can find, to join or to look into.

import { toast } from "./dialogs.js";
import { fill, h, button } from "./nodes.js";
import { channelIcon } from "./channel.js";
import { go, here, knowChannels, me } from "./session.js";
import { act, ask } from "./wire.js";

export function browsePane() {
  const field = h(
    "input",
    { type: "search", class: "field", placeholder: "Search channels", "aria-label": "Search channels" },
  );
  const list = h("ul", { class: "directory" });
  const root = h(
    "section",
    { class: "pane", "aria-label": "Channels" },
    h("header", { class: "pane-head" }, h("div", { class: "pane-title" }, h("h1", {}, "Channels"))),
    h(
      "div",
      { class: "scroller", tabindex: 0, role: "region", "aria-label": "All channels" },
      h("div", { class: "directory-frame" }, field, list),
    ),
  );
  const state = { channels: [], sign: "" };

  const draw = () => {
    const typed = field.value.trim().toLowerCase();
    const found = state.channels.filter((one) => `${one.name} ${one.topic} ${one.purpose}`.toLowerCase().includes(typed));
    fill(
      list,
      found.length ? found.map(line) : h(
        "li",
        { class: "list-empty" },
        typed ? "No channel fits what you typed." : "There are no channels you can find.",
      ),
    );
  };
  const line = (one) => h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "directory-entry", on: { click: () => go({ kind: "channel", id: one.id }) }, },
      h("span", { class: "person-name" }, channelIcon(one), one.name),
      h(
        "span",
        { class: "note" },
        [
          one.member && "You are in it",
          one.archived && "Archived",
          `${one.members.length} members`,
          one.topic || one.purpose,
        ].filter(Boolean).join(" · "),
      ),
    ),
    !one.member && !one.archived && one.kind === "channel" && !me().guest && button(
      "Join",
      () => join(one),
      { class: "act primary", "aria-label": `Join ${one.name}` },
    ),
  );
  const join = async (one) => {
    await act(here.person, "joins", { channel: one.id }).then(
      () => go({ kind: "channel", id: one.id }),
      (error) => toast(error.message, { bad: true }),
    );
  };
  const open = async () => {
    const { channels } = await ask("directory", { person: here.person });
    knowChannels(channels);
    state.channels = channels;
    const sign = JSON.stringify(channels);
    if (sign !== state.sign) draw();
    state.sign = sign;
    return true;
  };
  field.addEventListener("input", draw);
  return { root, open, look: open, focus: () => field.focus(), close: () => {} };
}
