// What to try in the first minute; each line ticks itself off.

import { toast } from "./dialogs.js";
import { icon } from "./icons.js";
import { button, fill, h } from "./nodes.js";
import { here, on, personOf } from "./session.js";

const HIDE = "tries-hidden";

/** `lead(person, place)` takes the window to where a line can be done. */
export function tries(lead) {
  const list = h("ol", { class: "tries-list" });
  const count = h("span", { class: "note" });
  const root = h("section", { class: "tries", "aria-label": "Things to try" });
  const fold = h(
    "button",
    { type: "button", class: "tries-head", "aria-expanded": "true" },
    h("span", { class: "person-name" }, "Try this"),
    count,
    icon("down"),
  );
  root.append(fold, list);
  const state = { sign: "", done: null };

  const folded = (yes) => {
    list.hidden = yes;
    fold.setAttribute("aria-expanded", String(!yes));
    localStorage.setItem(HIDE, yes ? "yes" : "");
  };
  fold.addEventListener("click", () => folded(!list.hidden));
  folded(localStorage.getItem(HIDE) === "yes");

  on("glance", ({ tries: all }) => {
    root.hidden = !all.length;
    const sign = JSON.stringify([all, here.person]);
    if (sign === state.sign) return;
    state.sign = sign;
    const done = all.filter((one) => one.done).map((one) => one.id);
    if (state.done && done.length > state.done.length) celebrate(all, done.filter((id) => !state.done.includes(id)));
    state.done = done;
    count.textContent = `${done.length} of ${all.length}`;
    const next = all.find((one) => !one.done);
    fill(list, all.map((one) => line(one, one === next, lead)));
  });
  return root;
}

function celebrate(all, fresh) {
  for (const id of fresh) toast(`Done: ${all.find((one) => one.id === id).words.toLowerCase()}.`);
}

function line(one, isNext, lead) {
  const person = here.start.people.find((other) => other.handle === one.person);
  const go = one.place && person && button(
    one.person === here.person ? "Go there" : `Go there as ${personOf(person.id).name.split(" ")[0]}`,
    () => lead(one.person, one.place),
    { class: "act small", "data-try": one.id },
  );
  return h(
    "li",
    { class: one.done ? "done" : isNext ? "next" : "", "data-tried": one.id },
    h(
      "span",
      { class: "try-mark", role: "img", "aria-label": one.done ? "done" : "to do" },
      one.done && icon("tick"),
    ),
    h(
      "div",
      {},
      h("div", { class: "try-words" }, one.words),
      isNext && h("div", { class: "note" }, one.how),
      isNext && go,
    ),
  );
}
