// Presses and choices in messages, forms and Home: what the person does, in order, and what came of it.

import { sure } from "./dialogs.js";
import { h } from "./nodes.js";
import { here } from "./session.js";
import { act, NotDone, Unreachable } from "./wire.js";

const FAILURES = {
  operation_timeout: "The app did not answer in time (operation_timeout).",
  dispatch_failed: "The app could not be reached (dispatch_failed).",
};

export const failureWords = (code) => FAILURES[code] || code;

const lines = new Map();
const waiting = new Map();

const lineOf = (place) => place.view || `${place.channel}:${place.ts}`;

/** One doing after the other on one message or form, as from one pair of hands. */
function inOrder(place, work) {
  const key = lineOf(place);
  const next = (lines.get(key) || Promise.resolve()).then(work, work);
  const settled = next.catch(() => {});
  lines.set(key, settled);
  settled.then(() => lines.get(key) === settled && lines.delete(key));
  return next;
}

/** Everything typed so far has reached the workspace. */
export async function settled(place) {
  for (const [key, { timer, send }] of [...waiting]) {
    if (!key.startsWith(`${lineOf(place)} `)) continue;
    clearTimeout(timer);
    waiting.delete(key);
    send();
  }
  await (lines.get(lineOf(place)) || Promise.resolve());
}

const ids = (block, element) => ({ block_id: block.block_id, action_id: element.action_id });

/** Empty when it went well, else why not. */
async function outcome(work) {
  try {
    const answer = await work();
    return answer.error ? failureWords(answer.error) : "";
  } catch (error) {
    if (error instanceof NotDone || error instanceof Unreachable) return error.message;
    throw error;
  }
}

/** A press of a button or menu entry; null when the person thought better of it. */
export async function press(ctx, block, element, choice = null) {
  if (ctx.show) return "";
  if (!(await sure(element.confirm))) return null;
  await settled(ctx.place);
  const person = here.person;
  return outcome(() => inOrder(
    ctx.place,
    () => act(person, "presses", { place: ctx.place, ...ids(block, element), choice }),
  ));
}

/** What stands in a field now. */
export function set(ctx, block, element, value, { enter = false } = {}) {
  if (ctx.show) return Promise.resolve("");
  const person = here.person;
  return outcome(() => inOrder(
    ctx.place,
    () => act(person, "sets", { place: ctx.place, ...ids(block, element), value, enter }),
  ));
}

const TYPING = 250;

/** The same for typing: sent when the fingers rest, or when something else needs it. */
export function setSoon(ctx, block, element, value) {
  if (ctx.show) return;
  const key = `${lineOf(ctx.place)} ${block.block_id} ${element.action_id}`;
  if (waiting.has(key)) clearTimeout(waiting.get(key).timer);
  const send = () => set(ctx, block, element, value);
  const timer = setTimeout(() => {
    waiting.delete(key);
    send();
  }, TYPING);
  waiting.set(key, { timer, send });
}

/** What an external menu offers; null when the app did not answer. */
export async function offers(ctx, block, element, typed) {
  if (ctx.show) return [];
  const answer = await act(here.person, "asks_for_options", { place: ctx.place, ...ids(block, element), typed });
  return answer.options;
}

/** A button that shows that it is working and, beside it, what went wrong. */
export function pressable(node, work) {
  const run = async () => {
    if (node.getAttribute("aria-busy") === "true") return;
    if (node.nextElementSibling && node.nextElementSibling.classList.contains("failed")) node.nextElementSibling.remove();
    node.setAttribute("aria-busy", "true");
    try {
      const failure = await work();
      if (failure && node.isConnected) node.after(h("span", { class: "failed", role: "alert" }, `⚠ ${failure}`));
    } finally {
      node.removeAttribute("aria-busy");
    }
  };
  node.addEventListener("click", run);
  return node;
}
