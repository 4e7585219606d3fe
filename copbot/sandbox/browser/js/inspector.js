// What goes between the workspace and the app: each call and envelope, how long acks took, and what Slack would refuse.

import { timeOf } from "./dates.js";
import { icon } from "./icons.js";
import { copy } from "./dialogs.js";
import { button, fill, h, reconcile } from "./nodes.js";
import { here, on, zone } from "./session.js";
import { ask } from "./wire.js";

const LOOK_AGAIN = 1200;
const TABS = [["traffic", "Traffic"], ["refused", "Refused by Slack"]];

export function inspector(closed) {
  const body = h("div", { class: "inspector-body", tabindex: 0, role: "tabpanel", "aria-label": "Inspector" });
  const tabs = h("div", { class: "tabs", role: "tablist", "aria-label": "Inspector" });
  const close = button(
    icon("close"),
    () => toggle(false),
    { class: "act icon-only plain", "aria-label": "Close inspector" },
  );
  const root = h(
    "aside",
    { class: "inspector", "aria-label": "Inspector", hidden: true },
    h("header", { class: "inspector-head" }, h("h2", {}, "Inspector"), tabs, close),
    body,
  );
  const state = { tab: "traffic", busy: false, again: false, open: new Map(), limit: 150 };

  const drawTabs = () => fill(tabs, TABS.map(([id, words]) => {
    const count = id === "refused" ? here.glance.refused : 0;
    return button(
      [words, count > 0 && h("span", { class: "count bad" }, String(count))],
      () => turn(id),
      { class: "tab", role: "tab", "aria-selected": String(id === state.tab), "data-tab": id },
    );
  }));
  const turn = (id) => {
    state.tab = id;
    fill(body);
    look();
  };
  const look = async () => {
    if (root.hidden || !here.glance) return;
    if (state.busy) { state.again = true; return; }
    state.busy = true;
    drawTabs();
    try {
      if (state.tab === "traffic") showTraffic(body, await ask("traffic", { limit: state.limit }), state, more);
      else showRefused(body, (await ask("refused")).refused);
    } finally {
      state.busy = false;
    }
    if (state.again) { state.again = false; look(); }
  };
  const more = () => { state.limit += 300; look(); };
  const toggle = (open = root.hidden, tab = "") => {
    root.hidden = !open;
    if (tab) turn(tab);
    else look();
    if (open) body.focus({ preventScroll: true });
    closed(open);
  };
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") toggle(false);
  });
  on("glance", look);
  // Calls that change nothing in the workspace, and acks, come without a sign of their own.
  setInterval(() => document.hidden || look(), LOOK_AGAIN);
  return { root, toggle };
}

function showTraffic(body, answer, state, more) {
  if (!answer.lines.length) {
    fill(
      body,
      h(
        "div",
        { class: "blank-words" },
        h(
          "p",
          {},
          "Nothing yet. As soon as the app connects and somebody does something, each call and each envelope shows here.",
        ),
      ),
    );
    return;
  }
  body.querySelector(".blank-words")?.remove();
  const entries = answer.lines.map((line) => ({
    key: line.key,
    sign: JSON.stringify(line),
    draw: (before) => trafficLine(line, answer.limit_ms, before && before.open),
  }));
  if (answer.more) entries.push({
    key: "more",
    sign: String(answer.more),
    draw: () => button(`Show older (${answer.more})`, more, { class: "act small" }),
  });
  reconcile(body, entries);
}

function trafficLine(line, limit, open) {
  const call = line.is === "call";
  const name = call ? line.name : [line.name, line.about].filter(Boolean).join(" · ");
  const inside = h("div", { class: "trace" });
  const node = h(
    "details",
    { class: line.error && line.error !== "waiting" ? "line bad" : "line" },
    h(
      "summary",
      {},
      h(
        "span",
        { class: "direction", title: call ? "The app called" : "Sent to the app" },
        call ? "app → " : "→ app",
      ),
      h("span", { class: "line-name" }, name),
      line.error && h("span", { class: "line-error" }, line.error),
      line.fault && h("span", { class: "badge quiet" }, `fault: ${line.fault}`),
      call ? duration(line.ms) : ackBar(line, limit),
      h("span", { class: "note" }, timeOf(line.at, zone())),
    ),
    inside,
  );
  node.addEventListener("toggle", () => node.open && !inside.childElementCount && showTrace(inside, line.key));
  node.open = Boolean(open);
  return node;
}

const duration = (ms) => h("span", { class: "note ms" }, ms === null ? "" : `${Math.round(ms)} ms`);

/** How much of the three seconds an ack has used. */
function ackBar(line, limit) {
  if (line.ms === null) return h("span", { class: "note ms" }, "no ack");
  const meter = h(
    "meter",
    {
      min: 0,
      max: limit,
      low: limit * 0.5,
      high: limit * 0.8,
      optimum: 0,
      value: Math.min(line.ms, limit),
      "aria-label": `Acknowledged after ${Math.round(line.ms)} of ${limit} ms`,
    },
  );
  const tries_ = line.attempts > 1 && h("span", { class: "badge quiet" }, `${line.attempts} attempts`);
  return h(
    "span",
    { class: "ack" },
    tries_,
    meter,
    h("span", { class: "note ms" }, `${Math.round(line.ms)} ms of ${limit / 1000} s`),
  );
}

async function showTrace(inside, key) {
  const answer = await ask("trace", { key }).catch((error) => ({ whole: { gone: error.message } }));
  const words = JSON.stringify(answer.whole, null, 2);
  fill(
    inside,
    button([icon("copy"), "Copy as JSON"], () => copy(words, "Copied as JSON."), { class: "act small" }),
    h("pre", { tabindex: 0 }, words),
  );
}

function showRefused(body, refused) {
  if (!refused.length) {
    fill(
      body,
      h(
        "div",
        { class: "blank-words good" },
        icon("tick"),
        h("p", {}, "Slack would have taken everything the app has sent."),
      ),
    );
    return;
  }
  const words = JSON.stringify(refused, null, 2);
  fill(
    body,
    h(
      "div",
      { class: "refused-head" },
      h("p", {}, "Real Slack would not have taken these:"),
      button([icon("copy"), "Copy as JSON"], () => copy(words, "Copied as JSON."), { class: "act small" }),
    ),
    h(
      "ul",
      { class: "refused" },
      refused.map((one) => h(
        "li",
        {},
        h(
          "div",
          {},
          h("strong", {}, one.error),
          h("span", {}, " in "),
          h("code", {}, one.where),
          h("span", { class: "note" }, ` ${one.at ? timeOf(one.at, zone()) : ""}`),
        ),
        one.reason && h("div", { class: "reason" }, one.reason),
        one.messages.map((message) => h("div", { class: "reason" }, message)),
      )),
    ),
  );
}
