// The list of places: channels, the app; with what is unread.

import { icon } from "./icons.js";
import { h, reconcile, signOf } from "./nodes.js";
import { addressOf, go, here, on } from "./session.js";

export function sidebar(top, below) {
  const places = h("nav", { class: "places", "aria-label": "Channels and apps" });
  const root = h("div", { class: "sidebar", id: "sidebar" }, top, places, below);

  const draw = () => {
    const { channels, dm } = here.glance;
    const sorted = [...channels].sort((a, b) => a.archived - b.archived || a.name.localeCompare(b.name));
    const entries = [
      heading("Channels"),
      ...sorted.map((one) => entry(
        `c-${one.id}`,
        { kind: "channel", id: one.id },
        one.kind === "group" ? "private" : "channel",
        one.name,
        one,
      )),
      entry("browse", { kind: "browse" }, "search", "Browse channels", {}),
      heading("App"),
      ...appEntries(dm),
    ];
    reconcile(places, entries);
  };
  on("glance", draw);
  on("place", () => here.glance && draw());
  return { root, draw };
}

function appEntries(dm) {
  const { app } = here.start;
  return [
    app.home && entry("app-home", { kind: "app", tab: "home" }, "home", `${app.name}: Home`, {}),
    app.messages && entry("app-messages", { kind: "app", tab: "messages" }, "app", `${app.name}: Messages`, dm),
  ].filter(Boolean);
}

const heading = (words) => ({
  key: `h-${words}`,
  sign: words,
  draw: () => h("h2", { class: "places-heading" }, words),
});

const same = (a, b) => a.kind === b.kind && a.id === b.id && a.tab === b.tab;

function entry(key, place, drawing, words, { unread = 0, threads = false, archived = false }) {
  const current = same(place, here.place);
  const open = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(place);
  };
  const sign = signOf({ words, unread, threads, archived, current, person: here.person, place });
  const label = [
    words,
    archived && "archived",
    unread && `${unread} unread`,
    threads && "new replies in threads",
  ].filter(Boolean).join(", ");
  const draw = () =>
    h(
      "a",
      {
        class: [
          "place",
          current && "current",
          (unread || threads) && "unread",
          archived && "archived",
        ].filter(Boolean).join(" "),
        href: addressOf(here.person, place),
        "aria-current": current ? "page" : null,
        "aria-label": label,
        "data-focus": key,
        on: { click: open },
      },
      icon(drawing),
      h("span", { class: "place-name" }, words),
      threads && icon("thread"),
      unread > 0 && h("span", { class: "count" }, unread > 99 ? "99+" : String(unread)),
    );
  return { key, sign, draw };
}
