// One of each kind of block, for whoever looks after this page.

import { drawBlocks } from "./blocks.js";
import { fill, h } from "./nodes.js";
import { ask } from "./wire.js";

export async function showGallery(page) {
  const { gallery } = await ask("gallery");
  const section = ({ kind, blocks, values }) =>
    h(
      "section",
      { "data-kind": kind },
      h("h2", {}, kind),
      h("div", { class: "content" }, drawBlocks(blocks, { place: {}, values, failed: () => {}, show: true })),
    );
  fill(
    page,
    h(
      "main",
      { class: "gallery" },
      h("h1", {}, "Every kind of block"),
      h("p", { class: "note" }, "Nothing here reaches the app."),
      gallery.map(section),
    ),
  );
  page.className = "gallery-page";
}
