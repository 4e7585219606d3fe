// Where one writes: slash commands with their hints, people and channels completed, Enter sends.

import { toast } from "./dialogs.js";
import { icon } from "./icons.js";
import { fill, h, newId } from "./nodes.js";
import { openMenu } from "./popup.js";
import { here, knowChannels, knownChannels } from "./session.js";
import { act, ask } from "./wire.js";

const MOST = 8;
const drafts = new Map();

/** `placeholder` names the place; `thread` is set in a thread, where Slack takes no commands. */
export function composer({ channel, thread = "", placeholder, sent }) {
  const listId = newId("suggestions");
  const field = h(
    "textarea",
    {
      rows: 1,
      class: "composer-field",
      placeholder,
      "aria-label": placeholder,
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": listId,
      "aria-autocomplete": "list",
      autocomplete: "off",
      "data-focus": "composer",
    },
  );
  const list = h(
    "div",
    { id: listId, class: "suggestions", role: "listbox", "aria-label": "Suggestions", hidden: true },
  );
  const send = h(
    "button",
    { type: "button", class: "act primary icon-only send", "aria-label": "Send" },
    icon("send"),
  );
  const more = h(
    "button",
    {
      type: "button",
      class: "act icon-only plain",
      "aria-label": "Shortcuts",
      title: "Shortcuts",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
    },
    icon("shortcut"),
  );
  const chooser = h("input", { type: "file", hidden: true, "aria-label": "File to attach", tabindex: -1 });
  const attach = h(
    "button",
    { type: "button", class: "act icon-only plain", "aria-label": "Attach a file", title: "Attach a file" },
    icon("file"),
  );
  const trouble = h("div", { class: "composer-trouble", role: "alert" });
  const root = h(
    "div",
    { class: "composer" },
    list,
    h("div", { class: "composer-box" }, !thread && more, !thread && attach, !thread && chooser, field, send),
    trouble,
  );
  const state = { found: [], at: 0, busy: false };
  const key = `${here.person} ${channel} ${thread}`;

  const grow = () => {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 220)}px`;
    send.disabled = !field.value.trim();
  };
  const suggest = () => {
    state.found = suggestions(field, thread);
    state.at = 0;
    showList(list, field, state, take);
  };
  const put = (words) => {
    field.value = words;
    drafts.set(key, words);
    grow();
    suggest();
  };
  const take = (at) => {
    const one = state.found[at];
    if (!one) return;
    if (one.run) {
      put("");
      one.run();
      return;
    }
    const { from, to } = one.range;
    const after = field.value.slice(to);
    put(`${field.value.slice(0, from)}${one.insert} ${after.replace(/^ /, "")}`);
    const caret = from + one.insert.length + 1;
    field.setSelectionRange(caret, caret);
    suggest();
    field.focus();
  };

  const go = async () => {
    const text = field.value.trim();
    if (!text || state.busy) return;
    trouble.textContent = "";
    if (thread && text.startsWith("/")) {
      trouble.textContent = `${text.split(/\s/)[0]} is not supported in threads. Sorry!`;
      return;
    }
    state.busy = true;
    root.classList.add("busy");
    const before = field.value;
    put("");
    try {
      const doing = thread ? act(
        here.person,
        "says",
        { text, channel, thread },
      ) : act(here.person, "types", { text, channel });
      await doing;
      if (sent) sent();
    } catch (error) {
      if (!field.value) put(before);
      trouble.textContent = error.message;
    } finally {
      state.busy = false;
      root.classList.remove("busy");
    }
  };

  const drop = async (file) => {
    if (!file) return;
    trouble.textContent = "";
    try {
      await act(here.person, "drops", { name: file.name, content: await contentOf(file), channel, text: field.value });
      put("");
      if (sent) sent();
    } catch (error) {
      trouble.textContent = error.message;
    }
  };
  attach.addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => { drop(chooser.files[0]); chooser.value = ""; });
  root.addEventListener("dragover", (event) => { if (!thread) event.preventDefault(); });
  root.addEventListener("drop", (event) => {
    if (thread || !event.dataTransfer.files.length) return;
    event.preventDefault();
    drop(event.dataTransfer.files[0]);
  });
  field.addEventListener("input", () => {
    drafts.set(key, field.value);
    trouble.textContent = "";
    grow();
    suggest();
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (!list.hidden && listKeys(
      event,
      state,
      take,
      () => showList(list, field, state, take),
      () => { state.found = []; showList(list, field, state, take); },
    )) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      go();
    }
  });
  field.addEventListener("blur", () => { list.hidden = true; field.setAttribute("aria-expanded", "false"); });
  send.addEventListener("click", () => { go(); field.focus(); });
  more.addEventListener("click", () => shortcutMenu(more));
  field.value = drafts.get(key) || "";
  requestAnimationFrame(grow);
  return { root, focus: () => field.focus(), put: (words) => { put(words); field.focus(); } };
}

/** A file's bytes as base64. */
const contentOf = (file) => new Promise((done, fail) => {
  const reader = new FileReader();
  reader.addEventListener("load", () => done(String(reader.result).split(",")[1] || ""));
  reader.addEventListener("error", () => fail(new Error("This file cannot be read.")));
  reader.readAsDataURL(file);
});

function listKeys(event, state, take, redraw, close) {
  const last = state.found.length - 1;
  const only = last === 0 && state.found[0].done;
  if (only && event.key !== "Escape") return false;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    state.at = Math.max(0, Math.min(last, state.at + (event.key === "ArrowDown" ? 1 : -1)));
    redraw();
  } else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !state.found[state.at].done)) take(state.at);
  else if (event.key === "Escape") close();
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

function showList(list, field, state, take) {
  list.hidden = !state.found.length;
  field.setAttribute("aria-expanded", String(!list.hidden));
  fill(list, state.found.map((one, at) => suggestion(one, at, list, state, take)));
  field.setAttribute("aria-activedescendant", list.hidden ? "" : `${list.id}-${state.at}`);
  const current = list.children[state.at];
  if (current) current.scrollIntoView({ block: "nearest" });
}

function suggestion(one, at, list, state, take) {
  const marked = at === state.at;
  const press = (event) => {
    event.preventDefault();
    take(at);
  };
  const given = { id: `${list.id}-${at}`, role: "option", "aria-selected": String(marked), on: { pointerdown: press } };
  return h(
    "div",
    { ...given, class: marked ? "suggestion marked" : "suggestion" },
    h("span", { class: "suggestion-words" }, one.words, one.hint && h("span", { class: "usage" }, one.hint)),
    one.note && h("span", { class: "note" }, one.note),
  );
}

const has = (words, typed) => words.toLowerCase().includes(typed.toLowerCase());

function suggestions(field, thread) {
  const caret = field.selectionStart;
  const before = field.value.slice(0, caret);
  const slash = /^\/(\S*)$/.exec(before);
  if (slash && !thread) return commands(slash[1], caret);
  const typing = /^(\/\S+)\s/.exec(before);
  if (typing && !thread) return usage(typing[1], before);
  const token = /(?:^|[\s(])([@#])([\w.-]*)$/.exec(before);
  if (!token) return [];
  const range = { from: caret - token[2].length - 1, to: caret };
  return token[1] === "@" ? people(token[2], range) : channels(token[2], range);
}

/** Every command and global shortcut of the app, as one types the slash. */
function commands(typed, to) {
  const range = { from: 0, to };
  const named = here.start.commands.filter((one) => has(one.name, typed)).map((one) => ({
    words: one.name,
    hint: one.usage_hint,
    note: one.description,
    insert: one.name,
    range,
    done: one.name === `/${typed}`,
  }));
  const shortcuts = here.start.shortcuts.filter((one) => one.kind === "global" && has(one.name, typed)).map((one) => ({
    words: one.name,
    note: `Shortcut of ${here.start.app.name}`,
    run: () => runShortcut(one),
  }));
  return [...named, ...shortcuts].slice(0, MOST);
}

/** While a known command's words are typed, its usage stays in sight. */
function usage(name, before) {
  const one = here.start.commands.find((command) => command.name === name);
  if (!one || before.includes("\n")) return [];
  return [{
    words: one.name,
    hint: one.usage_hint,
    note: one.description,
    insert: name,
    range: { from: 0, to: name.length },
    done: true,
  }];
}

function people(typed, range) {
  const all = here.start.people.filter((one) => !one.deleted && (has(one.handle, typed) || has(one.name, typed)));
  all.sort((a, b) => (b.handle === typed) - (a.handle === typed));
  const found = all.map((one) => ({
    words: one.name,
    hint: `@${one.handle}`,
    note: one.title,
    insert: `@${one.handle}`,
    range,
    done: one.handle === typed,
  }));
  const broad = ["here", "channel"].filter((one) => one.startsWith(typed)).map((one) => ({
    words: `@${one}`,
    note: one === "here" ? "Everybody who is active" : "Everybody in this channel",
    insert: `@${one}`,
    range,
    done: one === typed,
  }));
  return [...found, ...broad].slice(0, MOST);
}

function channels(typed, range) {
  ask("directory", { person: here.person }).then((answer) => knowChannels(answer.channels)).catch(() => {});
  const all = new Map(
    [...here.glance.channels, ...knownChannels().filter((one) => one.kind === "channel")].map((one) => [one.id, one]),
  );
  return [...all.values()].filter((one) => has(one.name, typed) && !one.archived).slice(0, MOST).map((one) => ({
    words: `#${one.name}`,
    insert: `#${one.name}`,
    range,
    done: one.name === typed,
  }));
}

export async function runShortcut(one) {
  try {
    const answer = await act(here.person, "shortcut", { name: one.callback_id });
    if (answer.error) toast(answer.error, { bad: true });
  } catch (error) {
    toast(error.message, { bad: true });
  }
}

export function shortcutMenu(anchor) {
  const all = here.start.shortcuts.filter((one) => one.kind === "global");
  openMenu(anchor, "Shortcuts", all.length
    ? [
      { heading: here.start.app.name },
      ...all.map((one) => ({ words: one.name, note: one.description, press: () => runShortcut(one) })),
    ]
    : [{ heading: "The app has no shortcuts" }]);
}
