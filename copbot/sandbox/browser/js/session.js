// What this window knows: who it is, where it looks, and the newest state of the workspace. One per window.

import { ask } from "./wire.js";

export const here = {
  person: null, // the handle of whoever this window is
  place: { kind: "channel", id: "" }, // or {kind: "app", tab}, {kind: "browse"}
  thread: "", // the first message of the thread beside it
  start: null,
  glance: null,
  people: new Map(),
  opened: "", // a message to show when a channel opens
};

const listeners = new Map();

/** Calls `hear` whenever `what` happens: "glance", "place", "thread", "person". */
export function on(what, hear) {
  if (!listeners.has(what)) listeners.set(what, []);
  listeners.get(what).push(hear);
}

export function tell(what, detail) {
  for (const hear of listeners.get(what) || []) hear(detail);
}

export async function learn() {
  here.start = await ask("start");
  here.people = new Map(here.start.people.map((one) => [one.id, one]));
}

let turns = 0;
let shown = 0;

/** Fetches what may have changed and tells everybody; an answer overtaken by a newer one is dropped. */
export async function refresh() {
  const turn = (turns += 1);
  const person = here.person;
  const glance = await ask("glance", { person });
  if (turn < shown || person !== here.person) return;
  shown = turn;
  if (here.glance && glance.people !== here.glance.people) await learn();
  here.glance = glance;
  tell("glance", glance);
}

export const me = () => here.start.people.find((one) => one.handle === here.person);
export const personOf = (id) => here.people.get(id);
export const zone = () => me().zone;

export function nameOf(id) {
  const one = here.people.get(id);
  return one ? one.name : id;
}

export function channelOf(id) {
  const glance = here.glance;
  if (!glance) return null;
  return glance.dm.id === id ? glance.dm : glance.channels.find((one) => one.id === id) || null;
}

const known = new Map();

/** Names of channels this window has heard of, for mentions of channels the person is not in. */
export function knowChannels(channels) {
  for (const one of channels) known.set(one.id, one);
}

export function channelName(id) {
  const one = (here.glance && here.glance.channels.find((c) => c.id === id)) || known.get(id);
  return one ? one.name : (here.glance && here.glance.elsewhere[id]) || "";
}

export const knownChannels = () => [...known.values()];

/** Goes somewhere and puts it into the address, so that a window can be shared, reloaded and gone back from. */
export function go(place, { thread = "", replace = false, message = "" } = {}) {
  here.place = place;
  here.thread = thread;
  here.opened = message;
  const address = addressOf(here.person, place, thread);
  if (replace) history.replaceState(null, "", address);
  else if (address !== location.pathname + location.search) history.pushState(null, "", address);
  tell("place");
}

export function openThread(ts) {
  here.thread = ts;
  history.replaceState(null, "", addressOf(here.person, here.place, ts));
  tell("thread");
}

export function addressOf(person, place, thread = "") {
  const path =
    place.kind === "app" ? `/app/${place.tab}` : place.kind === "browse" ? "/channels" : `/archives/${place.id}`;
  const query = new URLSearchParams({ as: person });
  if (thread) query.set("thread", thread);
  return `${path}?${query}`;
}

/** Where an address leads: a permalink's message and thread too. */
export function placeIn(address) {
  const [, first, id, message] = address.pathname.split("/");
  const query = address.searchParams;
  const found = { thread: query.get("thread") || query.get("thread_ts") || "", message: "" };
  if (first === "app") return { ...found, place: { kind: "app", tab: id === "messages" ? "messages" : "home" } };
  if (first === "channels") return { ...found, place: { kind: "browse" } };
  if (first === "archives" && id) {
    const digits = /^p(\d{10})(\d{6})$/.exec(message || "");
    return { ...found, place: { kind: "channel", id }, message: digits ? `${digits[1]}.${digits[2]}` : "" };
  }
  return { ...found, place: null };
}
