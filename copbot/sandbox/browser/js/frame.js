// The window's frame: the bar on top, the list of places, the pane, the thread and the inspector.

import { clock } from "./clock.js";
import { icon } from "./icons.js";
import { inspector } from "./inspector.js";
import { showKeys } from "./keyboard.js";
import { button, fill, h, svg } from "./nodes.js";
import { here, on } from "./session.js";

const THEME = "theme";

export function frame(page, sidebarRoot) {
  const main = h("main", { class: "main", id: "main" });
  const side = h("div", { class: "side" });
  const inspect = inspector((open) => {
    page.classList.toggle("inspecting", open);
    opener.setAttribute("aria-expanded", String(open));
  });
  const drawer = button(
    icon("menu"),
    () => page.classList.toggle("drawer"),
    { class: "act icon-only plain drawer-button", "aria-label": "Channels and people", "aria-controls": "sidebar" },
  );
  const opener = button(
    [icon("inspect"), h("span", { class: "wide-only" }, "Inspector")],
    () => inspect.toggle(),
    { class: "act small plain", "aria-expanded": "false", "aria-label": "Inspector" },
  );
  const refused = button("", () => inspect.toggle(true, "refused"), { class: "act small refused-sign" });
  const state = h("span", { class: "link-state", role: "status" });
  const bar = h("header", { class: "bar" }, drawer, brand(), clock(), state, refused, opener,
    button(
      icon("theme"),
      switchTheme,
      { class: "act icon-only plain wide-only", "aria-label": "Light or dark", title: "Light or dark" },
    ),
    button("?", showKeys, { class: "act icon-only plain wide-only", "aria-label": "Keys", title: "Keys" }));
  fill(
    page,
    h("a", { class: "skip", href: "#main" }, "Skip to the messages"),
    bar,
    sidebarRoot,
    main,
    side,
    inspect.root,
    h("div", { class: "shade", on: { click: () => page.classList.remove("drawer") } }),
  );
  page.className = "ready";
  on("glance", (glance) => {
    const count = glance.refused;
    refused.hidden = !count;
    refused.textContent = `${count} refused`;
    refused.setAttribute(
      "aria-label",
      `${count} ${count === 1 ? "thing" : "things"} real Slack would have refused: show them`,
    );
    tellState(state, glance.connections > 0 ? "" : "The app is not connected", "off");
  });
  on("place", () => page.classList.remove("drawer"));
  return {
    main,
    side,
    inspect,
    lost: (yes) => yes ? tellState(
      state,
      "The workspace cannot be reached; trying again",
      "lost",
    ) : state.classList.contains("lost") && tellState(state, "", ""),
  };
}

function tellState(node, words, kind) {
  if (node.textContent !== words) node.textContent = words;
  node.className = `link-state ${kind}`;
  node.hidden = !words;
}

function brand() {
  const mark = svg(
    "svg",
    { class: "brand-mark", viewBox: "0 0 32 32", "aria-hidden": "true" },
    svg("rect", { width: 32, height: 32, rx: 9, class: "brand-ground" }),
    svg(
      "path",
      {
        d: "M9 10h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H9a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z",
        class: "brand-bubble",
      },
    ),
  );
  return h(
    "div",
    { class: "brand" },
    mark,
    h(
      "span",
      { class: "brand-words" },
      h("strong", {}, "Practice workspace"),
      h("span", { class: "note wide-only" }, here.start.team),
    ),
  );
}

export function useTheme() {
  const chosen = localStorage.getItem(THEME);
  if (chosen) document.documentElement.dataset.theme = chosen;
}

function switchTheme() {
  const held = document.documentElement.dataset;
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  held.theme = (held.theme || system) === "dark" ? "light" : "dark";
  localStorage.setItem(THEME, held.theme);
}
