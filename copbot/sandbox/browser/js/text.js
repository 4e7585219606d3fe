// mrkdwn as people see it: formatting, mentions, links, dates, emoji. Builds nodes; text never becomes markup.

import { written } from "./dates.js";
import { emojiNode } from "./emoji.js";
import { h } from "./nodes.js";
import { channelName, go, here, me, personOf, zone } from "./session.js";

const OPENABLE = /^(https?|mailto|tel):/i;
const URL_IN_TEXT = /https?:\/\/[^\s<>"|]+[^\s<>"|.,;:!?)\]'*_~]/g;
const EMOJI_IN_TEXT = /:([a-z0-9_+'-]+)(::skin-tone-\d)?:/g;
const NUMBER = /(?<![\w./-])(?:[A-Z]{2,5}|\d{1,4})(?:-\d{2,7})+(?![\w-])/g;
const BARE_PING = /(?<![\w@.])@(here|channel|everyone)\b/g;
const MARKED = /(?<![\w*_~])([*_~])(?=\S)([^\n]{0,1000}?\S)\1(?![\w*_~])/;
const TAGS = { "*": "strong", _: "em", "~": "s" };

export const unescaped = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** A link that may be opened; anything else (javascript:, data:) stays words. */
export function linkNode(address, words) {
  if (!OPENABLE.test(address)) return h("span", { class: "no-link", title: address }, words);
  const own = address.startsWith(`${location.origin}/`);
  const attributes = own ? {} : { target: "_blank", rel: "noopener noreferrer" };
  return h("a", { href: address, ...attributes }, words);
}

export function mentionNode(id, label = "") {
  const person = personOf(id);
  const mine = person && here.person === person.handle;
  const words = `@${person ? person.name : label || id}`;
  return h(
    "span",
    { class: mine ? "mention mine" : "mention", title: person ? person.title || person.handle : id },
    words,
  );
}

export function channelNode(id, label = "") {
  const name = channelName(id) || label;
  if (!name) return h("span", { class: "mention" }, "a private channel");
  const open = (event) => {
    event.preventDefault();
    go({ kind: "channel", id });
  };
  return h("a", { class: "mention", href: `/archives/${id}?as=${here.person}`, on: { click: open } }, `#${name}`);
}

export const pingNode = (range) => h("span", { class: "mention mine" }, `@${range}`);
export const groupNode = (id, label = "") => h("span", { class: "mention" }, label || `@${id}`);

export function dateNode(seconds, template, fallback, link = "") {
  const words = written(seconds, template, here.glance ? here.glance.now : Date.now() / 1000, zone()) || fallback;
  const at = new Date(Number(seconds) * 1000);
  const known = Number.isNaN(at.getTime()) ? undefined : at.toISOString();
  const node = h("time", { datetime: known, title: `${known || seconds}, shown in ${me().zone}` }, words);
  return link ? linkNode(link, node) : node;
}

function special(inside) {
  const bar = inside.indexOf("|");
  const body = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : unescaped(inside.slice(bar + 1));
  const [command, ...rest] = body.slice(1).split("^");
  if (["here", "channel", "everyone"].includes(command)) return pingNode(command);
  if (command === "subteam" && rest[0]) return groupNode(rest[0], label);
  if (command === "date" && rest[0] && label) return dateNode(
    rest[0],
    rest[1] || "",
    label,
    unescaped(rest[2] || ""),
  );
  return null;
}

/** The node for what stands between angle brackets, or nothing when it is only text. */
function bracketed(inside) {
  const bar = inside.indexOf("|");
  const body = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : unescaped(inside.slice(bar + 1));
  if (/^@[UW][A-Z0-9]+$/.test(body)) return mentionNode(body.slice(1), label);
  if (/^#[CGD][A-Z0-9]+$/.test(body)) return channelNode(body.slice(1), label);
  if (body.startsWith("!")) return special(inside);
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\S/.test(body)) {
    const address = unescaped(body);
    return linkNode(address, label ? decorated(label) : address.replace(/^mailto:/, ""));
  }
  return null;
}

/** Splits by a pattern: strings between, `make(match)` for each hit (or its text when that gives nothing). */
function split(text, pattern, make) {
  const parts = [];
  let done = 0;
  for (const match of text.matchAll(pattern)) {
    const node = make(match);
    if (!node) continue;
    if (match.index > done) parts.push(text.slice(done, match.index));
    parts.push(node);
    done = match.index + match[0].length;
  }
  if (done < text.length) parts.push(text.slice(done));
  return parts;
}

const onStrings = (parts, change) => parts.flatMap((part) => (typeof part === "string" ? change(part) : [part]));

/** Numbers such as TA-1005 and 608-555-0100 do not end a line at a hyphen, which stays one that can be copied. */
export function unbroken(text) {
  return split(text, NUMBER, (match) => h("span", { class: "number" }, match[0]));
}

/** Emoji names become characters; nothing else is changed. */
export function decorated(text) {
  return onStrings(split(text, EMOJI_IN_TEXT, (match) => emojiNode(match[1] + (match[2] || ""))), unbroken);
}

function leaf(text, linking) {
  let parts = [text];
  if (linking) {
    parts = onStrings(
      parts,
      (one) => split(one, URL_IN_TEXT, (match) => linkNode(unescaped(match[0]), unescaped(match[0]))),
    );
    parts = onStrings(parts, (one) => split(one, BARE_PING, (match) => pingNode(match[1])));
  }
  return onStrings(onStrings(parts, decorated), (one) => [unescaped(one)]);
}

/** One line or run without code: nodes wait behind private characters while formatting is read. */
function inline(text, linking) {
  const nodes = [];
  const mark = "\uE000";
  const clean = text.replaceAll(mark, "");
  const flat = split(clean, /<([^<>\n]+)>/g, (match) => bracketed(match[1]))
    .map((part) => (typeof part === "string" ? part : `${mark}${nodes.push(part) - 1}${mark}`))
    .join("");
  const restore = (one) => {
    const pieces = one.split(mark);
    return pieces.flatMap((piece, at) => (at % 2 ? [nodes[Number(piece)]] : leaf(piece, linking)));
  };
  return formatted(flat, restore);
}

function formatted(text, restore) {
  const parts = [];
  let rest = text;
  for (;;) {
    const match = MARKED.exec(rest);
    if (!match) return [...parts, ...restore(rest)];
    if (match.index) parts.push(...restore(rest.slice(0, match.index)));
    parts.push(h(TAGS[match[1]], {}, ...formatted(match[2], restore)));
    rest = rest.slice(match.index + match[0].length);
  }
}

function withCode(text, linking) {
  const bare = (code) => unescaped(code.replace(/<([^<>|]+)(\|[^<>]*)?>/g, "$1"));
  const parts = split(text, /`([^`\n]+)`/g, (match) => h("code", {}, bare(match[1])));
  return onStrings(parts, (one) => inline(one, linking));
}

/** Lines, with neighbouring quoted ones gathered into one quote. */
function lines(text, linking) {
  const parts = [];
  let quote = null;
  text.split("\n").forEach((line, at, all) => {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quoted) {
      if (!quote) parts.push((quote = h("blockquote")));
      else quote.append(h("br"));
      quote.append(...withCode(quoted[1], linking));
      return;
    }
    const after = quote !== null;
    quote = null;
    if (at && !after) parts.push(h("br"));
    if (line || at < all.length - 1) parts.push(...withCode(line, linking));
  });
  return parts;
}

/** What stands in a code block: addresses without their angle brackets. */
function plainInside(text) {
  const labelled = text.replace(/<([^<>|\n]+)\|([^<>\n]*)>/g, "$2");
  return unescaped(labelled.replace(/<((?:https?|mailto):[^<>\n]+)>/g, "$1"));
}

/** mrkdwn text as nodes. `verbatim`: bare addresses and names stay words, as Slack leaves them. */
export function mrkdwn(text, { verbatim = false } = {}) {
  const parts = [];
  const pieces = String(text).split(/\n?```\n?/);
  pieces.forEach((piece, at) => {
    if (at % 2 && at < pieces.length - 1) parts.push(h("pre", {}, plainInside(piece)));
    else if (at % 2) parts.push(...lines(`\`\`\`${piece}`, !verbatim));
    else if (piece) parts.push(...lines(piece, !verbatim));
  });
  return parts;
}

/** A text object of a block: plain text or mrkdwn. */
export function textNodes(object) {
  if (!object) return [];
  if (typeof object === "string") return [object];
  if (object.type === "mrkdwn") return mrkdwn(object.text, { verbatim: object.verbatim });
  const lines = String(object.text || "").split("\n");
  const shown = (line) => (object.emoji === false ? unbroken(line) : decorated(line));
  return lines.flatMap((line, at) => (at ? [h("br"), ...shown(line)] : shown(line)));
}

/** A text object as plain words, for names and titles. */
export function wordsOf(object) {
  const text = typeof object === "string" ? object : (object && object.text) || "";
  return text.replace(EMOJI_IN_TEXT, (all, name) => (emojiNode(name) ? "" : all)).replace(/\s+/g, " ").trim() || text;
}
