// Every kind of block, on messages, forms and Home. `ctx`: {place, values, failed(block, words), show}.

import { drawElement, picture } from "./elements.js";
import { table } from "./grids.js";
import { icon } from "./icons.js";
import { h, newId, signOf } from "./nodes.js";
import { markdown } from "./markdown.js";
import { rich } from "./rich.js";
import { linkNode, textNodes, wordsOf } from "./text.js";

function section(block, ctx) {
  const name = block.text ? wordsOf(block.text).slice(0, 80) : "";
  return h(
    "div",
    { class: "section" },
    h(
      "div",
      { class: "section-words" },
      block.text && h("div", { class: "words" }, textNodes(block.text)),
      block.fields && h(
        "div",
        { class: "fields" },
        block.fields.map((one) => h("div", { class: "words" }, textNodes(one))),
      ),
    ),
    block.accessory && h(
      "div",
      { class: "accessory" },
      drawElement(block.accessory, block, ctx, block.accessory.type.includes("select") ? name : ""),
    ),
  );
}

function heading(block) {
  const level = Math.min(block.level || 1, 4);
  return h(
    "div",
    { class: `heading level-${level}`, role: "heading", "aria-level": level + 2 },
    textNodes(block.text),
  );
}

function input(block, ctx) {
  const name = wordsOf(block.label);
  const hint = block.hint && h("div", { class: "hint", id: newId("hint") }, textNodes(block.hint));
  const error = h("div", { class: "field-error", id: newId("error"), role: "alert" });
  const control = drawElement(block.element, block, ctx, name);
  const inside = control && control.querySelector("input,textarea,button.chooser-open");
  const field = control && control.matches("input,textarea,button") ? control : inside;
  if (field) {
    const described = [hint && hint.id, error.id].filter(Boolean).join(" ");
    field.setAttribute("aria-describedby", described);
    if (!block.optional) field.setAttribute("aria-required", "true");
  }
  const label = h(
    "div",
    { class: "label" },
    textNodes(block.label),
    block.optional && h("span", { class: "optional" }, " (optional)"),
  );
  return h("div", { class: "input-block", "data-input": block.block_id }, label, control, error, hint);
}

function imageBlock(block) {
  return h(
    "figure",
    { class: "image-block" },
    block.title && h("figcaption", {}, textNodes(block.title)),
    picture(block),
  );
}

const KINDS = {
  section,
  header: heading,
  divider: () => h("hr"),
  context: (block, ctx) => h("div", { class: "context" }, block.elements.map((one) => drawElement(one, block, ctx))),
  actions: (block, ctx) => h("div", { class: "actions" }, block.elements.map((one) => drawElement(one, block, ctx))),
  rich_text: (block) => h("div", { class: "words" }, rich(block)),
  image: imageBlock,
  input,
  markdown: (block) => h("div", { class: "words markdown" }, markdown(block.text)),
  table,
};

/** A block; one this page does not know is said to be so, with what is in it. */
export function drawBlock(block, ctx) {
  const draw = KINDS[block.type];
  if (draw) {
    const node = h("div", { class: "block" }, draw(block, ctx));
    return node;
  }
  return h(
    "details",
    { class: "block unknown" },
    h("summary", {}, `A block this page cannot draw: ${block.type}`),
    h("pre", {}, JSON.stringify(block, null, 2)),
  );
}

/** Blocks with keys and signatures, for keeping those that are as they were. */
export function blockEntries(blocks, ctx) {
  return blocks.map((block, at) => ({
    key: block.block_id || `at-${at}`,
    sign: signOf(block),
    draw: () => drawBlock(block, ctx),
  }));
}

export const drawBlocks = (blocks, ctx) => (blocks || []).map((block) => drawBlock(block, ctx));

/** Old-style attachments: a bar of colour, title, fields, or blocks of their own. */
export function drawAttachment(one, ctx) {
  const parts = one.blocks
    ? drawBlocks(one.blocks, ctx)
    : [
        one.pretext && h("div", {}, textNodes({ type: "mrkdwn", text: one.pretext })),
        one.author_name && h("div", { class: "note" }, one.author_name),
        one.title && h(
          "div",
          { class: "card-title" },
          one.title_link ? linkNode(one.title_link, one.title) : one.title,
        ),
        one.text && h("div", { class: "words" }, textNodes({ type: "mrkdwn", text: one.text })),
        one.fields && h(
          "div",
          { class: "fields" },
          one.fields.map((field) => h(
            "div",
            {},
            h("strong", {}, field.title || ""),
            h("br"),
            textNodes({ type: "mrkdwn", text: String(field.value || "") }),
          )),
        ),
        one.footer && h("div", { class: "note" }, one.footer),
      ];
  return h("div", { class: "attachment" }, parts);
}
