// Tables.

import { h } from "./nodes.js";
import { rich } from "./rich.js";

const cellNodes = (cell) => (cell && cell.type === "rich_text" ? rich(cell) : [cell ? String(cell.text) : ""]);
const numeric = (cell) => cell && cell.type === "raw_number";

function row(cells, tag, { settings = [] } = {}) {
  return h("tr", {}, cells.map((cell, at) => {
    const set = settings[at] || {};
    const align = set.align || (numeric(cell) ? "right" : "left");
    return h(
      tag,
      {
        class: `align-${align === "center" ? "centre" : align}${set.is_wrapped ? " wraps" : ""}`,
        scope: tag === "th" ? "col" : null,
      },
      cellNodes(cell),
    );
  }));
}

const frame = (name, table) => h(
  "div",
  { class: "table-frame", tabindex: 0, role: "group", "aria-label": name },
  table,
);

/** A table block: every row at once; the first is its heading. */
export function table(block) {
  const how = { settings: block.column_settings || [] };
  const [first, ...rest] = block.rows;
  return frame(
    "Table",
    h("table", {}, h("thead", {}, row(first, "th", how)), h("tbody", {}, rest.map((cells) => row(cells, "td", how)))),
  );
}
