// Where the page begins: who this window is, where it looks, and keeping it up to date.

import { appPane } from "./app.js";
import { browsePane } from "./browse.js";
import { channelPane } from "./channel.js";
import { frame, useTheme } from "./frame.js";
import { showGallery } from "./gallery.js";
import { keyboard } from "./keyboard.js";
import { forms } from "./modal.js";
import { fill, h } from "./nodes.js";
import { personSwitch } from "./people.js";
import { channelOf, go, here, learn, me, on, placeIn, refresh } from "./session.js";
import { sidebar } from "./sidebar.js";
import { threadPane } from "./thread.js";
import { tries } from "./tries.js";
import { follow } from "./wire.js";

const LAST = "person";
const page = document.getElementById("page");

/** Who the address names, else whoever this window was before, else the first who can be. */
function chosenPerson(address) {
  const wanted = address.searchParams.get("as") || sessionStorage.getItem(LAST);
  const people = here.start.people.filter((one) => !one.bot && !one.deleted);
  return (people.find((one) => one.handle === wanted) || people[0]).handle;
}

const firstChannel = () => {
  const { channels } = here.glance;
  return channels.find((one) => !one.archived && one.name === "general") || channels.find((one) => !one.archived);
};

function usualPlace() {
  const first = firstChannel();
  return first ? { kind: "channel", id: first.id } : { kind: "browse" };
}

function paneFor(place) {
  if (place.kind === "app") return appPane(place.tab);
  if (place.kind === "browse") return browsePane();
  return channelPane(place.id, { around: here.opened });
}

function panes(parts) {
  let pane = null;
  let thread = null;
  const drawThread = async () => {
    if (thread) thread.close();
    thread = null;
    fill(parts.side);
    const channel = here.place.kind === "channel" ? here.place.id : here.place.tab === "messages" ? here.glance.dm.id : "";
    page.classList.toggle("with-thread", Boolean(here.thread && channel));
    if (!here.thread || !channel) return;
    thread = threadPane(channel, here.thread);
    parts.side.append(thread.root);
    await thread.open().catch(() => {});
    if (thread) thread.focus();
  };
  const drawPane = async () => {
    if (pane) pane.close();
    const sought = here.opened;
    pane = paneFor(here.place);
    fill(parts.main, pane.root);
    here.opened = "";
    document.title = `${titleOf()} – Practice workspace`;
    await pane.open();
    if (!sought && !document.querySelector("dialog[open]") && !matchMedia("(max-width: 700px)").matches) pane.focus();
  };
  on("place", () => { drawPane(); drawThread(); });
  on("thread", drawThread);
  on("glance", () => {
    if (pane) pane.look();
    if (thread) thread.look();
    const unread = here.glance.channels.reduce((sum, one) => sum + one.unread, here.glance.dm.unread);
    document.title = `${unread ? `(${unread}) ` : ""}${titleOf()} – Practice workspace`;
  });
  return { write: (words) => pane.write && pane.write(words) };
}

function titleOf() {
  const { kind, id } = here.place;
  const channel = kind === "channel" && channelOf(id);
  const name = channel ? `#${channel.name}` : { channel: "Channel", browse: "Channels" }[kind] || here.start.app.name;
  return `${name} as ${me().name}`;
}

async function become(handle, place = null) {
  here.person = handle;
  sessionStorage.setItem(LAST, handle);
  await refresh();
  const there = here.place.kind !== "channel" || here.glance.channels.some((one) => one.id === here.place.id);
  go(place || (there ? here.place : usualPlace()));
}

/** To where a line of the list can be done, as the person who can do it. */
async function lead(person, where) {
  if (person !== here.person) await become(person, { kind: "browse" });
  const channel = here.glance.channels.find((one) => one.name === where);
  go(where === "app" ? { kind: "app", tab: "messages" } : channel ? {
    kind: "channel",
    id: channel.id,
  } : { kind: "browse" });
}

async function begin() {
  useTheme();
  if (location.pathname === "/gallery") {
    await learn();
    here.person = chosenPerson(new URL(location.href));
    await refresh();
    await showGallery(page);
    return;
  }
  await learn();
  const address = new URL(location.href);
  here.person = chosenPerson(address);
  sessionStorage.setItem(LAST, here.person);
  const who = personSwitch(become);
  const places = sidebar(h("div", { class: "sidebar-top" }, who.node), tries(lead));
  on("place", who.draw);
  const parts = frame(page, places.root);
  forms();
  panes(parts);
  keyboard({ inspect: () => parts.inspect.toggle() });
  await refresh();
  const found = placeIn(address);
  go(found.place || usualPlace(), { thread: found.thread, replace: true, message: found.message });
  addEventListener("popstate", () => {
    const back = placeIn(new URL(location.href));
    go(back.place || usualPlace(), { thread: back.thread, replace: true, message: back.message });
  });
  document.addEventListener("visibilitychange", () => document.hidden || refresh().catch(() => {}));
  page.dataset.ready = "yes";
  await follow(refresh, parts.lost);
}

begin().catch((error) => {
  console.error(error);
  fill(
    page,
    h(
      "div",
      { class: "blank-words" },
      h("h1", {}, "The practice workspace did not open"),
      h("p", {}, String(error.message || error)),
      h("p", {}, "Is it still running? Load this page again once it is."),
    ),
  );
});
