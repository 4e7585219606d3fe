// Tables and charts.

import { button, fill, h, newId, svg } from "./nodes.js";
import { rich } from "./rich.js";

const cellNodes = (cell) => (cell && cell.type === "rich_text" ? rich(cell) : [cell ? String(cell.text) : ""]);
const numeric = (cell) => cell && cell.type === "raw_number";

function row(cells, tag, { settings = [], header = -1 } = {}) {
  return h("tr", {}, cells.map((cell, at) => {
    const set = settings[at] || {};
    const align = set.align || (numeric(cell) ? "right" : "left");
    const first = tag === "td" && at === header;
    return h(
      first ? "th" : tag,
      {
        class: `align-${align === "center" ? "centre" : align}${set.is_wrapped ? " wraps" : ""}`,
        scope: tag === "th" ? "col" : first ? "row" : null,
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

/** A data table: page by page, with its caption. */
export function dataTable(block) {
  const [first, ...rows] = block.rows;
  const size = block.page_size || rows.length;
  const pages = Math.ceil(rows.length / size);
  const body = h("tbody");
  const where = h("span", { class: "note" });
  let page = 0;
  const show = (next) => {
    page = Math.max(0, Math.min(next, pages - 1));
    fill(
      body,
      rows.slice(page * size, (page + 1) * size).map((cells) => row(
        cells,
        "td",
        { header: block.row_header_column_index ?? -1 },
      )),
    );
    where.textContent = `Page ${page + 1} of ${pages}`;
    before.disabled = page === 0;
    after.disabled = page === pages - 1;
  };
  const before = button("Before", () => show(page - 1), { class: "act small" });
  const after = button("Next", () => show(page + 1), { class: "act small" });
  const whole = h("table", {}, h("caption", {}, block.caption), h("thead", {}, row(first, "th")), body);
  show(0);
  return h(
    "div",
    {},
    frame(block.caption, whole),
    pages > 1 && h("div", { class: "table-pages" }, before, where, after),
  );
}

const WIDE = 460;
const HIGH = 190;
const LEFT = 38;
const FOOT = 26;

function axes(most, categories, across) {
  const lines = [0, 0.5, 1].map((part) => {
    const y = HIGH - FOOT - part * (HIGH - FOOT - 12);
    return [
      svg("line", { x1: LEFT, x2: WIDE, y1: y, y2: y, class: "grid-line" }),
      svg("text", { x: LEFT - 6, y: y + 4, class: "axis end" }, String(Math.round(most * part * 10) / 10)),
    ];
  });
  const every = Math.ceil(categories.length / 8);
  const names = categories.map((name, at) => (at % every ? null : svg(
    "text",
    { x: across(at), y: HIGH - 8, class: "axis middle" },
    name,
  )));
  return [...lines.flat(), ...names];
}

function plotted(chart) {
  const categories = chart.axis_config.categories;
  const value = (series, name) => (series.data.find((one) => one.label === name) || { value: 0 }).value;
  const most = Math.max(1, ...chart.series.flatMap((one) => one.data.map((point) => point.value)));
  const step = (WIDE - LEFT) / categories.length;
  const across = (at) => LEFT + step * (at + 0.5);
  const y = (number) => HIGH - FOOT - (Math.max(number, 0) / most) * (HIGH - FOOT - 12);
  const marks = chart.series.map((series, place) => {
    if (chart.type === "bar") {
      const wide = Math.max(2, (step * 0.7) / chart.series.length);
      return categories.map((name, at) => {
        const top = y(value(series, name));
        return svg(
          "rect",
          {
            x: across(at) - step * 0.35 + wide * place,
            y: top,
            width: wide - 1,
            height: HIGH - FOOT - top,
            rx: 2,
            class: `series-${place % 6}`,
          },
        );
      });
    }
    const points = categories.map((name, at) => `${across(at)},${y(value(series, name))}`);
    const line = svg("polyline", { points: points.join(" "), class: `series-line series-${place % 6}` });
    if (chart.type !== "area") return line;
    const ground = [`${across(0)},${HIGH - FOOT}`, ...points, `${across(categories.length - 1)},${HIGH - FOOT}`];
    return [svg("polygon", { points: ground.join(" "), class: `series-area series-${place % 6}` }), line];
  });
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "chart", "aria-hidden": "true" },
    axes(most, categories, across),
    marks,
  );
}

function pie(chart) {
  const whole = chart.segments.reduce((sum, one) => sum + one.value, 0) || 1;
  let from = -Math.PI / 2;
  const slices = chart.segments.map((one, place) => {
    const to = from + (one.value / whole) * 2 * Math.PI;
    const [x1, y1, x2, y2] = [Math.cos(from), Math.sin(from), Math.cos(to), Math.sin(to)];
    const large = to - from > Math.PI ? 1 : 0;
    from = to;
    if (chart.segments.length === 1) return svg("circle", { r: 1, class: "series-0" });
    return svg("path", { d: `M0 0L${x1} ${y1}A1 1 0 ${large} 1 ${x2} ${y2}Z`, class: `series-${place % 6} slice` });
  });
  return svg("svg", { viewBox: "-1.1 -1.1 2.2 2.2", class: "chart pie", "aria-hidden": "true" }, slices);
}

const legend = (names) => h(
  "div",
  { class: "legend", "aria-hidden": "true" },
  names.map((name, at) => h(
    "span",
    {},
    svg(
      "svg",
      { viewBox: "0 0 10 10", class: "swatch" },
      svg("rect", { width: 10, height: 10, rx: 2, class: `series-${at % 6}` }),
    ),
    name,
  )),
);

/** A chart, with the same numbers as a table for whoever cannot see it. */
export function chart(block) {
  const drawn = block.chart;
  const title = newId("chart");
  const round = drawn.type === "pie";
  const names = round ? drawn.segments.map((one) => `${one.label}: ${one.value}`) : drawn.series.map((one) => one.name);
  const rows = round
    ? drawn.segments.map((one) => h("tr", {}, h("th", { scope: "row" }, one.label), h("td", {}, String(one.value))))
    : drawn.series.flatMap((series) => series.data.map((one) => h(
      "tr",
      {},
      h("th", { scope: "row" }, `${series.name}, ${one.label}`),
      h("td", {}, String(one.value)),
    )));
  const axis = drawn.axis_config || {};
  return h("figure", { class: "chart-frame", "aria-labelledby": title },
    h("figcaption", { id: title }, block.title), axis.y_label && h("div", { class: "note" }, axis.y_label),
    round ? pie(drawn) : plotted(drawn), axis.x_label && h(
      "div",
      { class: "note centre" },
      axis.x_label,
    ), legend(names),
    h("table", { class: "unseen" }, h("tbody", {}, rows)));
}
