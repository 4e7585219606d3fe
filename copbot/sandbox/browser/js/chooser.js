// A list to choose from, one or several, with a field to search in it: every kind of select menu.

import { icon } from "./icons.js";
import { announce, fill, h, newId } from "./nodes.js";
import { closePopup, openPopup, place } from "./popup.js";

const RESTING = 180;
const MOST_SHOWN = 200;

/**
 * `groups(typed)` answers (perhaps later) a list of {label, options: [{key, words, note, value}]} or a sentence.
 * `chosen` are options; `changed(options)` hears of every change and may answer false to take it back.
 */
export function chooser({ name, placeholder, many = false, most = 0, chosen = [], groups, changed, focus }) {
  const state = { chosen: [...chosen] };
  const opener = h(
    "button",
    {
      type: "button",
      class: "chooser-open",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "data-focus": focus,
    },
  );
  const chips = h("span", { class: "chips" });
  const node = h("div", { class: many ? "chooser many" : "chooser" }, many && chips, opener);

  const draw = () => {
    const words = state.chosen.map((one) => one.words);
    const shown = many ? placeholder : words[0] || placeholder;
    opener.setAttribute("aria-label", `${name}: ${words.join(", ") || placeholder}`);
    fill(opener, h("span", { class: !many && words.length ? "chosen" : "placeholder" }, shown), icon("down"));
    fill(chips, state.chosen.map((one) => chip(one)));
    chips.hidden = !state.chosen.length;
  };
  const take = async (next) => {
    const before = state.chosen;
    state.chosen = next;
    draw();
    if ((await changed(next)) === false) {
      state.chosen = before;
      draw();
    }
  };
  const chip = (one) => {
    const drop = () => {
      take(state.chosen.filter((other) => other.key !== one.key));
      opener.focus();
    };
    const given = { type: "button", "aria-label": `Remove ${one.words}`, on: { click: drop } };
    return h("span", { class: "chip" }, one.words, h("button", given, icon("close")));
  };

  const toggle = (one) => {
    const held = state.chosen.some((other) => other.key === one.key);
    if (!many) {
      closePopup({ refocus: true });
      if (!held) take([one]);
    } else if (held) take(state.chosen.filter((other) => other.key !== one.key));
    else if (most && state.chosen.length >= most) announce(`You can choose up to ${most}.`);
    else take([...state.chosen, one]);
  };
  opener.addEventListener(
    "click",
    () => openList({ opener, name, many, most, groups, toggle, chosen: () => state.chosen }),
  );
  opener.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || (event.key.length === 1 && /\S/.test(event.key) && !event.ctrlKey && !event.metaKey)) {
      if (event.key === "ArrowDown") event.preventDefault();
      opener.click();
    }
  });
  draw();
  return node;
}

function openList({ opener, name, many, most, groups, toggle, chosen }) {
  const listId = newId("list");
  const field = h(
    "input",
    {
      type: "text",
      role: "combobox",
      class: "list-search",
      "aria-label": `Search in ${name}`,
      "aria-controls": listId,
      "aria-expanded": "true",
      "aria-autocomplete": "list",
      autocomplete: "off",
      placeholder: "Type to search",
    },
  );
  const list = h(
    "div",
    {
      id: listId,
      role: "listbox",
      class: "options",
      "aria-label": name,
      "aria-multiselectable": many ? "true" : null,
    },
  );
  const hint = many && most ? h("div", { class: "list-hint" }, `Up to ${most}`) : null;
  const panel = h("div", { class: "list-popup" }, field, hint, list);
  const state = { options: [], at: -1, turn: 0 };

  const mark = (at) => {
    state.at = at;
    state.options.forEach(({ node }, place_) => node.classList.toggle("marked", place_ === at));
    const current = state.options[at];
    field.setAttribute("aria-activedescendant", current ? current.node.id : "");
    if (current) current.node.scrollIntoView({ block: "nearest" });
  };
  const pick = (at) => {
    const one = state.options[at];
    if (!one) return;
    toggle(one.option);
    if (many) for (const { node, option } of state.options) node.setAttribute(
      "aria-selected",
      String(chosen().some((other) => other.key === option.key)),
    );
  };
  const draw = (found) => {
    state.options = [];
    if (typeof found === "string") fill(list, h("div", { class: "list-empty" }, found));
    else fill(list, found.map((group) => drawGroup(group, state, chosen, pick)));
    mark(state.options.findIndex(({ option }) => chosen().some((other) => other.key === option.key)));
    if (state.at < 0 && state.options.length) mark(0);
    place(opener, panel, true);
  };
  const search = async () => {
    const turn = (state.turn += 1);
    const found = groups(field.value.trim());
    if (found instanceof Promise) draw("Searching…");
    const answer = await found;
    if (turn === state.turn && panel.isConnected) draw(answer);
  };
  let timer = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, RESTING);
  });
  field.addEventListener("keydown", (event) => {
    const last = state.options.length - 1;
    const next = {
      ArrowDown: Math.min(state.at + 1, last),
      ArrowUp: Math.max(state.at - 1, 0),
      Home: 0,
      End: last,
    }[event.key];
    if (next !== undefined && (event.key.startsWith("Arrow") || !field.value)) {
      event.preventDefault();
      mark(next);
    } else if (event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      pick(state.at);
    } else if (event.key === "Tab") closePopup({ refocus: true });
  });
  if (!openPopup(opener, panel, { wide: true })) return;
  search();
  field.focus({ preventScroll: true });
}

function drawGroup(group, state, chosen, pick) {
  const label = group.label && h("div", { class: "group-label", role: "presentation" }, group.label);
  const options = group.options.slice(0, MOST_SHOWN).map((option) => {
    const at = state.options.length;
    const node = h(
      "div",
      {
        id: newId("option"),
        role: "option",
        class: "option",
        "aria-selected": String(chosen().some((other) => other.key === option.key)),
        on: { click: () => pick(at), pointerdown: (event) => event.preventDefault() },
      },
      icon("tick", { class: "icon tick" }),
      h(
        "span",
        { class: "option-words" },
        h("span", {}, option.words),
        option.note && h("span", { class: "note" }, option.note),
      ),
    );
    state.options.push({ node, option });
    return node;
  });
  return h("div", { role: "group", "aria-label": group.label || null }, label, ...options);
}

/** Keeps the options that contain what was typed. */
export function matching(groups, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (one) => words.every((word) => `${one.words} ${one.note || ""}`.toLowerCase().includes(word));
  const left = groups.map((group) => ({
    ...group,
    options: group.options.filter(fits),
  })).filter((group) => group.options.length);
  return left.length ? left : "Nothing fits what you typed.";
}
