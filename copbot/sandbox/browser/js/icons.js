// Line drawings of our own.

import { svg } from "./nodes.js";

const PATHS = {
  channel: "M6.5 3 5 17M13.5 3 12 17M3 7.5h14.5M2.5 12.5H17",
  private: "M5 9V7a5 5 0 0 1 10 0v2M4 9h12v8H4z",
  app: "M3 5.5A2.5 2.5 0 0 1 5.5 3h9A2.5 2.5 0 0 1 17 5.5v6a2.5 2.5 0 0 1-2.5 2.5H10l-4 3.5V14h-.5A2.5 2.5 0 0 1 3 11.5z",
  close: "M5 5 15 15M15 5 5 15",
  back: "M12 4 6 10 12 16",
  down: "M5 8 10 13 15 8",
  menu: "M3 5h14M3 10h14M3 15h14",
  search: "M9 3a6 6 0 1 1 0 12A6 6 0 0 1 9 3M13.5 13.5 17 17",
  send: "M3 10 17 3.5 12.5 17 9.5 11.5z",
  shortcut: "M11 2 4 11.5h5L8.5 18 16 8.5h-5z",
  more: "M4 10h.01M10 10h.01M16 10h.01",
  thread: "M3 4h14v9H9l-4 3.5V13H3zM6.5 7.5h7M6.5 10h4",
  react: "M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15M7 8v.5M13 8v.5M6.5 12c1.5 2.5 5.5 2.5 7 0",
  clock: "M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15M10 6v4l3 2",
  inspect: "M3 14 7 8 10.5 12 13 5 17 10.5",
  tick: "M4 10.5 8 14.5 16 5.5",
  window: "M8 4H4v12h12v-4M11 4h5v5M16 4 9 11",
  theme: "M16 12.5A7 7 0 0 1 7.5 4a7 7 0 1 0 8.5 8.5",
  people: "M7 3.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6M2 16.5c0-6 10-6 10 0M13 4a3 3 0 0 1 0 5.5M14 12c2.5.5 4 2 4 4.5",
  pin: "M7 3h6l-.5 5 2.5 3H5l2.5-3zM10 11v6",
  bookmark: "M5.5 3h9v14L10 13.5 5.5 17z",
  copy: "M7 7h9v9H7zM4 13V4h9",
  plus: "M10 4v12M4 10h12",
  file: "M5 2.5h6.5L15 6v11.5H5zM11 3v4h4",
  link: "M8 12 12 8M9 6l2-2a3.5 3.5 0 0 1 5 5l-2 2M11 14l-2 2a3.5 3.5 0 0 1-5-5l2-2",
  trash: "M4 6h12M8 6V4h4v2M5.5 6l1 11h7l1-11",
  home: "M3 10 10 3.5 17 10M5 8.5V17h10V8.5",
  list: "M7 5h10M7 10h10M7 15h10M3.5 5h.01M3.5 10h.01M3.5 15h.01",
  warning: "M10 3 18 16.5H2zM10 8v4M10 14v.2",
};

/** A drawing by its name; it says nothing to screen readers, the button around it does. */
export function icon(name, given = {}) {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 20 20", "aria-hidden": "true", ...given },
    svg("path", { d: PATHS[name] || PATHS.more }),
  );
}
