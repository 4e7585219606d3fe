// The markdown block: standard Markdown as apps send it, as far as Slack draws it. Raw HTML stays text.

import { h } from "./nodes.js";
import { decorated, linkNode } from "./text.js";

const INLINE = new RegExp(
  [
    "(`+)(.+?)\\1", // code
    '!?\\[([^\\]]*)\\]\\(([^()\\s]+)(?:\\s+"[^"]*")?\\)', // link
    "(\\*\\*|__)(?=\\S)(.+?\\S|\\S)\\5", // bold
    "~~(?=\\S)(.+?)~~", // struck
    "(?<![\\w*])\\*(?=\\S)(.+?\\S|\\S)\\*(?!\\w)", // italic
    "(?<![\\w_])_(?=\\S)(.+?\\S|\\S)_(?!\\w)",
    "(https?:\\/\\/[^\\s<>]+)",
  ].join("|"),
);

function inline(text) {
  const parts = [];
  let rest = text;
  for (let match = INLINE.exec(rest); match; match = INLINE.exec(rest)) {
    if (match.index) parts.push(...decorated(rest.slice(0, match.index)));
    parts.push(marked(match));
    rest = rest.slice(match.index + match[0].length);
  }
  return [...parts, ...decorated(rest)];
}

function marked([, , code, label, address, , bold, struck, star, under, url]) {
  if (code !== undefined) return h("code", {}, code);
  if (address !== undefined) return linkNode(address, label || address);
  if (bold !== undefined) return h("strong", {}, ...inline(bold));
  if (struck !== undefined) return h("s", {}, ...inline(struck));
  if (url !== undefined) return linkNode(url, url);
  return h("em", {}, ...inline(star !== undefined ? star : under));
}

const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;
const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((one) => one.trim());

function table(rows) {
  const aligned = cells(rows[1]).map((one) => (one.endsWith(":") ? (one.startsWith(":") ? "centre" : "right") : "left"));
  const cell = (one, at, tag) => h(tag, { class: `align-${aligned[at] || "left"}` }, ...inline(one));
  const row = (line, tag) => h("tr", {}, ...cells(line).map((one, at) => cell(one, at, tag)));
  const head = h("thead", {}, row(rows[0], "th"));
  const body = h("tbody", {}, ...rows.slice(2).map((one) => row(one, "td")));
  const given = { class: "table-frame", tabindex: 0, role: "group", "aria-label": "Table" };
  return h("div", given, h("table", {}, head, body));
}

function item(words) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(words);
  if (!task) return h("li", {}, ...inline(words));
  const done = task[1] !== " ";
  const box = h("span", { role: "img", "aria-label": done ? "done" : "to do" }, done ? "☑ " : "☐ ");
  return h("li", { class: "task" }, box, ...inline(task[2]));
}

/** Items from `at` on that stand at least as deep; returns the list and where it ends. */
function list(lines, at) {
  const first = ITEM.exec(lines[at]);
  const node = h(/\d/.test(first[2]) ? "ol" : "ul");
  let next = at;
  while (next < lines.length) {
    const match = ITEM.exec(lines[next]);
    if (!match || match[1].length < first[1].length) break;
    if (match[1].length > first[1].length + 1 && node.lastElementChild) {
      const [inner, end] = list(lines, next);
      node.lastElementChild.append(inner);
      next = end;
    } else {
      node.append(item(match[3]));
      next += 1;
    }
  }
  return [node, next];
}

/** The block that begins at a line, and where the next one begins. */
function block(lines, at) {
  const line = lines[at];
  const fence = /^\s*(```|~~~)/.exec(line);
  if (fence) {
    let end = at + 1;
    while (end < lines.length && !lines[end].trim().startsWith(fence[1])) end += 1;
    return [h("pre", {}, lines.slice(at + 1, end).join("\n")), end + 1];
  }
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading) return [
    h(
      "div",
      {
        class: `heading level-${Math.min(heading[1].length, 4)}`,
        role: "heading",
        "aria-level": heading[1].length + 2,
      },
      ...inline(heading[2]),
    ),
    at + 1,
  ];
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) return [h("hr"), at + 1];
  if (ITEM.test(line)) return list(lines, at);
  if (line.includes("|") && /^[\s|:-]+$/.test(lines[at + 1] || "") && lines[at + 1].includes("-")) {
    let end = at + 2;
    while (end < lines.length && lines[end].includes("|")) end += 1;
    return [table(lines.slice(at, end)), end];
  }
  return paragraph(lines, at);
}

function paragraph(lines, at) {
  const quoted = lines[at].startsWith(">");
  const taken = [];
  let end = at;
  const goesOn = (line) => line.trim() && line.startsWith(">") === quoted;
  const isNew = (line) => /^(#{1,6}\s|```|~~~)/.test(line) || ITEM.test(line);
  while (end < lines.length && goesOn(lines[end]) && (end === at || !isNew(lines[end]))) {
    taken.push(quoted ? lines[end].replace(/^>\s?/, "") : lines[end]);
    end += 1;
  }
  const inside = taken.flatMap((one, place) => (place ? [h("br"), ...inline(one)] : inline(one)));
  return [h(quoted ? "blockquote" : "p", {}, ...inside), end];
}

export function markdown(text) {
  const lines = String(text).split("\n");
  const parts = [];
  for (let at = 0; at < lines.length; ) {
    if (!lines[at].trim()) {
      at += 1;
      continue;
    }
    const [node, next] = block(lines, at);
    parts.push(node);
    at = Math.max(next, at + 1);
  }
  return parts;
}
