// The workspace's clock: what time it is there, and moving it on so that what is due happens.

import { clockWords } from "./dates.js";
import { toast } from "./dialogs.js";
import { icon } from "./icons.js";
import { fill, h } from "./nodes.js";
import { openMenu } from "./popup.js";
import { here, on, refresh, zone } from "./session.js";
import { ask } from "./wire.js";

const TICK = 15_000;

export function clock() {
  const words = h("span", { class: "clock-words" });
  const moves = h("span", { class: "clock-moves" });
  const small = h(
    "button",
    { type: "button", class: "act small plain clock-small", "aria-haspopup": "menu", "aria-expanded": "false" },
  );
  const root = h(
    "div",
    { class: "clock", role: "group", "aria-label": "The workspace's clock" },
    h("span", { class: "clock-face" }, icon("clock"), words),
    moves,
    small,
  );
  const state = { now: 0, at: 0, sign: "" };

  const tick = () => {
    if (!state.now) return;
    const now = state.now + (performance.now() - state.at) / 1000;
    words.textContent = clockWords(now, zone());
    words.title = `Time in ${zone()}`;
    small.setAttribute("aria-label", `The workspace's clock: ${words.textContent}. Move it`);
  };
  on("glance", (glance) => {
    state.now = glance.now;
    state.at = performance.now();
    tick();
    const sign = glance.moves.map((one) => one.id).join();
    if (sign !== state.sign) fill(moves, glance.moves.map((one) => mover(one.id)));
    state.sign = sign;
  });
  const mover = (id) => {
    const one = here.glance.moves.find((other) => other.id === id);
    return h(
      "button",
      { type: "button", class: "act small", "data-move": id, on: { click: () => move(id) } },
      one.words,
    );
  };
  fill(small, icon("clock"));
  small.addEventListener(
    "click",
    () => openMenu(
      small,
      "Move the clock",
      [
        { heading: words.textContent },
        ...here.glance.moves.map((one) => ({ words: one.words, press: () => move(one.id) })),
      ],
    ),
  );
  setInterval(tick, TICK);
  return root;
}

async function move(id) {
  const one = here.glance.moves.find((other) => other.id === id);
  const answer = await ask("clock", { set: one.to, page: true });
  await refresh();
  toast(`It is now ${clockWords(answer.now, zone())}. What is due by then happens in a moment.`);
}
