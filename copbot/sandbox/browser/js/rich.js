// rich_text blocks: what people's composers write and apps may send.

import { h, svg } from "./nodes.js";
import { emojiNode } from "./emoji.js";
import { channelNode, dateNode, groupNode, linkNode, mentionNode, pingNode, unbroken } from "./text.js";

const STYLES = [
  ["bold", "strong"],
  ["italic", "em"],
  ["strike", "s"],
  ["code", "code"],
  ["underline", "u"],
  ["highlight", "mark"],
  ["client_highlight", "mark"],
];

function styled(nodes, style) {
  let inside = [].concat(nodes);
  for (const [name, tag] of STYLES) if (style && style[name]) inside = [h(tag, {}, ...inside)];
  return inside;
}

function textRun(text) {
  return text.split("\n").flatMap((line, at) => (at ? [h("br"), ...unbroken(line)] : unbroken(line)));
}

function colour(value) {
  const sound = /^#[0-9a-f]{6}$/i.test(value);
  const swatch = sound && svg(
    "svg",
    { class: "swatch", viewBox: "0 0 10 10", "aria-hidden": "true" },
    svg("rect", { width: 10, height: 10, rx: 2, fill: value }),
  );
  return h("span", {}, value, swatch);
}

const RUNS = {
  text: (run) => textRun(run.text),
  link: (run) => linkNode(run.url, run.text || run.url),
  user: (run) => mentionNode(run.user_id),
  channel: (run) => channelNode(run.channel_id),
  usergroup: (run) => groupNode(run.usergroup_id),
  team: (run) => h("span", { class: "mention" }, run.team_id),
  broadcast: (run) => pingNode(run.range),
  emoji: (run) => emojiNode(run.name) || (run.unicode ? fromCodes(run.unicode) : `:${run.name}:`),
  color: (run) => colour(run.value),
  date: (run) => dateNode(run.timestamp, run.format, run.fallback || String(run.timestamp), run.url),
};

function fromCodes(codes) {
  const numbers = codes.split("-").map((one) => Number.parseInt(one, 16));
  return numbers.every((one) => one > 0 && one < 0x110000) ? String.fromCodePoint(...numbers) : codes;
}

export function runs(elements) {
  return (elements || []).flatMap((run) => styled(RUNS[run.type] ? RUNS[run.type](run) : `[${run.type}]`, run.style));
}

function listed(part) {
  const ordered = part.style === "ordered";
  const start = ordered && part.offset ? part.offset + 1 : undefined;
  const items = part.elements.map((one) => h("li", {}, ...runs(one.elements)));
  return h(ordered ? "ol" : "ul", { class: `indent-${Math.min(part.indent || 0, 6)}`, start }, ...items);
}

const PARTS = {
  rich_text_section: (part) => h("div", { class: "rich-line" }, ...runs(part.elements)),
  rich_text_quote: (part) => h("blockquote", {}, ...runs(part.elements)),
  rich_text_preformatted: (part) => h("pre", {}, ...runs(part.elements)),
  rich_text_list: listed,
};

export function rich(block) {
  return (block.elements || []).map((part) => (PARTS[part.type] ? PARTS[part.type](part) : h(
    "div",
    {},
    `[${part.type}]`,
  )));
}
