// Every kind of block, on messages, forms and Home. `ctx`: {place, values, failed(block, words), show}.

import { drawElement, picture } from "./elements.js";
import { chart, dataTable, table } from "./grids.js";
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

function video(block) {
  return h("div", { class: "card video" },
    h("div", { class: "video-frame", role: "img", "aria-label": block.alt_text }, icon("send")),
    h("div", {}, h(
      "div",
      { class: "card-title" },
      linkNode(block.title_url || block.video_url, textNodes(block.title)),
    ),
      block.description && h("div", {}, textNodes(block.description)),
      h("div", { class: "note" }, [block.author_name, block.provider_name].filter(Boolean).join(" · "))));
}

function card(block, ctx) {
  return h("div", { class: "card" }, block.hero_image && picture(block.hero_image),
    h(
      "div",
      { class: "card-head" },
      block.icon && picture(block.icon, { small: true }),
      h(
        "div",
        {},
        block.title && h("div", { class: "card-title" }, textNodes(block.title)),
        block.subtitle && h("div", { class: "note" }, textNodes(block.subtitle)),
      ),
    ),
    block.body && h("div", {}, textNodes(block.body)), block.subtext && h(
      "div",
      { class: "note" },
      textNodes(block.subtext),
    ),
    block.actions && h("div", { class: "actions" }, block.actions.map((one) => drawElement(one, block, ctx))));
}

function container(block, ctx) {
  const title = block.rich_text_title ? rich(block.rich_text_title) : textNodes(block.title);
  const head = [
    block.icon && picture(block.icon, { small: true }),
    h("span", { class: "container-title" }, title),
    block.subtitle && h("span", { class: "note" }, textNodes(block.subtitle)),
  ];
  const inside = h("div", { class: "container-inside" }, block.child_blocks.map((one) => drawBlock(one, ctx)));
  if (!block.is_collapsible) return h(
    "div",
    { class: "container" },
    h("div", { class: "container-head" }, head),
    inside,
  );
  return h(
    "details",
    { class: "container", open: !block.default_collapsed },
    h("summary", { class: "container-head" }, head),
    inside,
  );
}

const STATUS = {
  pending: ["to do", "list"],
  in_progress: ["under way", "clock"],
  complete: ["done", "tick"],
  error: ["failed", "warning"],
};

function task(block) {
  const [words, drawing] = STATUS[block.status] || STATUS.pending;
  return h(
    "div",
    { class: `card task-card ${block.status}` },
    h(
      "div",
      { class: "card-head" },
      icon(drawing),
      h("div", { class: "card-title" }, block.title),
      h("span", { class: "note" }, words),
    ),
    block.details && h("div", {}, rich(block.details)),
    block.output && h("div", {}, rich(block.output)),
    block.sources && h(
      "div",
      { class: "note" },
      block.sources.map((one) => h("span", { class: "source" }, linkNode(one.url, one.text))),
    ),
  );
}

function provider(block, ctx) {
  const words = block.is_connected ? "Connected" : "Not connected";
  return h(
    "div",
    { class: "card" },
    h("div", { class: "card-title" }, textNodes(block.name)),
    block.description && h("div", {}, textNodes(block.description)),
    h(
      "div",
      { class: "note" },
      [
        words,
        block.connected_identity && wordsOf(block.connected_identity),
        block.connected_context && wordsOf(block.connected_context),
      ].filter(Boolean).join(" · "),
    ),
    h(
      "div",
      { class: "actions" },
      block.auth_url && !block.is_connected && linkNode(block.auth_url, "Connect"),
      block.disconnect_url && block.is_connected && linkNode(block.disconnect_url, "Disconnect"),
      block.accessory && drawElement(block.accessory, block, ctx),
    ),
  );
}

const LEVELS = { info: "list", warning: "warning", error: "warning", success: "tick" };

const KINDS = {
  section,
  header: heading,
  divider: () => h("hr"),
  context: (block, ctx) => h("div", { class: "context" }, block.elements.map((one) => drawElement(one, block, ctx))),
  actions: (block, ctx) => h("div", { class: "actions" }, block.elements.map((one) => drawElement(one, block, ctx))),
  context_actions: (block, ctx) => h(
    "div",
    { class: "actions quiet" },
    block.elements.map((one) => drawElement(one, block, ctx)),
  ),
  rich_text: (block) => h("div", { class: "words" }, rich(block)),
  image: imageBlock,
  input,
  video,
  markdown: (block) => h("div", { class: "words markdown" }, markdown(block.text)),
  table,
  data_table: dataTable,
  data_visualization: chart,
  card,
  carousel: (block, ctx) => h(
    "div",
    { class: "carousel", tabindex: 0, role: "group", "aria-label": "Cards" },
    block.elements.map((one) => card(one, ctx)),
  ),
  container,
  alert: (block) => h(
    "div",
    { class: `alert-block ${block.level || "default"}`, role: "note" },
    icon(LEVELS[block.level] || "list"),
    h("div", {}, textNodes(block.text)),
  ),
  task_card: task,
  plan: (block) => h(
    "div",
    { class: "card" },
    h("div", { class: "card-title" }, block.title),
    (block.tasks || []).map(task),
  ),
  auth_provider: provider,
  file: (block) => h(
    "div",
    { class: "card file" },
    icon("file"),
    h(
      "div",
      {},
      h("div", { class: "card-title" }, block.external_id),
      h("div", { class: "note" }, "A file kept elsewhere"),
    ),
  ),
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
