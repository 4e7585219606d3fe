// Fields: everything that holds a value, in forms, in Home and in messages.

import { chooser, matching } from "./chooser.js";
import { moment, wall } from "./dates.js";
import { sure } from "./dialogs.js";
import { h, newId } from "./nodes.js";
import { offers, set, setSoon } from "./perform.js";
import { here, knowChannels } from "./session.js";
import { textNodes, wordsOf } from "./text.js";
import { ask } from "./wire.js";
import { zone } from "./session.js";

const held = (ctx, block, element) => (ctx.values[block.block_id] || {})[element.action_id] || {};

function remember(ctx, block, element, key, value) {
  const values = (ctx.values[block.block_id] = ctx.values[block.block_id] || {});
  values[element.action_id] = { type: element.type, [key]: value };
}

/** Sends a choice, after the app's own question where it has one; false takes the choice back. */
async function chosen(ctx, block, element, key, value, shown) {
  if (!(await sure(element.confirm))) return false;
  remember(ctx, block, element, key, shown === undefined ? value : shown);
  const failure = await set(ctx, block, element, value);
  if (failure) ctx.failed(block, failure);
  return true;
}

// -- menus

const asOption = (option) => ({
  key: option.value,
  words: wordsOf(option.text),
  note: option.description && wordsOf(option.description),
  value: option,
});

function offered(element) {
  const groups = element.option_groups || [{ options: element.options || [] }];
  return groups.map((group) => ({
    label: group.label && wordsOf(group.label),
    options: group.options.map(asOption),
  }));
}

async function external(ctx, block, element, typed) {
  const least = element.min_query_length === undefined ? 3 : element.min_query_length;
  if (typed.length < least) return `Type at least ${least} character${least === 1 ? "" : "s"}.`;
  const found = await offers(ctx, block, element, typed).catch(() => null);
  if (found === null) return "No options could be loaded: the app did not answer.";
  return found.length ? [{ options: found.map(asOption) }] : "The app found nothing.";
}

function peopleOptions() {
  const people = here.start.people.filter((one) => !one.deleted && !one.bot);
  return [{ options: people.map((one) => ({ key: one.id, words: one.name, note: one.title, value: one.id })) }];
}

async function channelOptions(element, kinds) {
  const { channels } = await ask("directory", { person: here.person });
  knowChannels(channels);
  const wanted = channels.filter((one) => kinds.includes(one.kind === "group" ? "private" : "public") && !one.archived);
  const options = wanted.map((one) => ({
    key: one.id,
    words: `${one.kind === "group" ? "🔒 " : "#"}${one.name}`,
    value: one.id,
  }));
  const rooms = [{ label: "Channels", options }];
  if (kinds.includes("im")) rooms.push({ ...peopleOptions()[0], label: "People" });
  return rooms.filter((group) => group.options.length);
}

const conversationKinds = (element) => (element.filter && element.filter.include) || ["public", "private", "im"];

function sourceOf(ctx, block, element) {
  const kind = element.type.replace("multi_", "");
  if (kind === "static_select") return (typed) => matching(offered(element), typed);
  if (kind === "external_select") return (typed) => external(ctx, block, element, typed);
  if (kind === "users_select") return (typed) => matching(peopleOptions(), typed);
  const kinds = kind === "channels_select" ? ["public"] : conversationKinds(element);
  return async (typed) => matching(await channelOptions(element, kinds), typed);
}

const MENU_KEYS = {
  static_select: "selected_option", external_select: "selected_option", users_select: "selected_user",
  conversations_select: "selected_conversation", channels_select: "selected_channel",
};

function idOption(id) {
  const person = here.people.get(id);
  const channel = here.glance && here.glance.channels.find((one) => one.id === id);
  return { key: id, words: person ? person.name : channel ? `#${channel.name}` : id, value: id };
}

function menu(ctx, block, element, name) {
  const many = element.type.startsWith("multi_");
  const key = MENU_KEYS[element.type.replace("multi_", "")] + (many ? "s" : "");
  const now = [].concat(held(ctx, block, element)[key] || []);
  const withOptions = key.startsWith("selected_option");
  return chooser({
    name,
    many,
    most: element.max_selected_items || 0,
    placeholder: element.placeholder ? wordsOf(element.placeholder) : many ? "Choose" : "Choose one",
    chosen: now.map(withOptions ? asOption : idOption),
    groups: sourceOf(ctx, block, element),
    focus: element.action_id,
    changed: (options) => {
      const values = options.map((one) => one.value);
      return chosen(ctx, block, element, key, many ? values : values[0]);
    },
  });
}

// -- choices

function choices(ctx, block, element, name) {
  const many = element.type === "checkboxes";
  const key = many ? "selected_options" : "selected_option";
  const now = () => [].concat(held(ctx, block, element)[key] || []).map((one) => one.value);
  const group = newId("choice");
  const changed = async (option, input) => {
    const before = now();
    const isOn = (one) => (one.value === option.value ? input.checked : before.includes(one.value));
    const after = many ? element.options.filter(isOn) : option;
    if ((await chosen(ctx, block, element, key, after)) === false) {
      for (const one of set_.querySelectorAll("input")) one.checked = before.includes(one.value);
    }
  };
  const set_ = h("fieldset", { class: "choices" }, h("legend", { class: "unseen" }, name),
    element.options.map((option) => {
      const input = h(
        "input",
        {
          type: many ? "checkbox" : "radio",
          name: group,
          value: option.value,
          "data-focus": `${element.action_id}:${option.value}`,
        },
      );
      input.checked = now().includes(option.value);
      input.addEventListener("change", () => changed(option, input));
      return h(
        "label",
        { class: "choice" },
        input,
        h(
          "span",
          {},
          h("span", {}, textNodes(option.text)),
          option.description && h("span", { class: "note" }, textNodes(option.description)),
        ),
      );
    }));
  return set_;
}

// -- dates and times

const two = (number) => String(number).padStart(2, "0");

function wallWords(seconds) {
  const at = wall(seconds, zone());
  return `${at.year}-${two(at.month)}-${two(at.day)}T${two(at.hour)}:${two(at.minute)}`;
}

function fromWall(words) {
  const [year, month, day, hour, minute] = words.match(/\d+/g).map(Number);
  return moment(year, month, day, hour, minute, zone());
}

const PICKERS = {
  datepicker: ["date", "selected_date", (value) => value, (words) => words],
  timepicker: ["time", "selected_time", (value) => value, (words) => words],
  datetimepicker: ["datetime-local", "selected_date_time", wallWords, fromWall],
};

function picker(ctx, block, element, name) {
  const [type, key, toWords, toValue] = PICKERS[element.type];
  const now = held(ctx, block, element)[key];
  const input = h(
    "input",
    { type, class: "field", "aria-label": name, "data-focus": element.action_id, value: now ? toWords(now) : "" },
  );
  input.addEventListener("change", async () => {
    const value = input.value ? toValue(input.value) : null;
    const before = held(ctx, block, element)[key];
    if ((await chosen(ctx, block, element, key, value)) === false) input.value = before ? toWords(before) : "";
  });
  return input;
}

// -- typing

const TYPES = { email_text_input: "email", url_text_input: "url", number_input: "text", plain_text_input: "text" };

/** Rich text as somebody would have typed it. */
function plainRich(value) {
  const walk = (one) => {
    if (one.elements) return one.elements.map(walk).join(one.type === "rich_text" ? "\n" : "");
    return one.text || one.url || (one.name ? `:${one.name}:` : "");
  };
  return value ? walk(value) : "";
}

function typed(ctx, block, element, name) {
  const rich = element.type === "rich_text_input";
  const value = rich ? plainRich(held(ctx, block, element).rich_text_value) : held(ctx, block, element).value || "";
  const long = rich || element.multiline;
  const placeholder = element.placeholder ? wordsOf(element.placeholder) : null;
  const given = {
    class: "field",
    "aria-label": name,
    placeholder,
    "data-focus": element.action_id,
    autocomplete: "off",
    inputmode: element.type === "number_input" ? "decimal" : null,
  };
  const input = long ? h("textarea", { ...given, rows: element.min_lines || 4 }) : h(
    "input",
    { type: TYPES[element.type] || "text", ...given },
  );
  input.value = value;
  const counter = element.max_length ? h("span", { class: "counter", "aria-hidden": "true" }) : null;
  const count = () => counter && tellLength(counter, input, element.max_length);
  input.addEventListener("input", () => {
    count();
    const now = input.value === "" ? null : input.value;
    if (rich) ctx.values[block.block_id] = {
      ...(ctx.values[block.block_id] || {}),
      [element.action_id]: { rich_text_value: asRich(input.value) },
    };
    else remember(ctx, block, element, "value", now);
    setSoon(ctx, block, element, now);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || (long && !event.ctrlKey && !event.metaKey)) return;
    if (block.dispatch_action && !long) set(ctx, block, element, input.value || null, { enter: true });
    if (!long) event.preventDefault();
  });
  count();
  return counter ? h("div", { class: "with-counter" }, input, counter) : input;
}

const asRich = (text) => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
});

function tellLength(counter, input, most) {
  const left = most - input.value.length;
  counter.textContent = left < Math.max(50, most / 10) ? String(left) : "";
  counter.classList.toggle("over", left < 0);
}

function files(ctx, block, element, name) {
  const now = held(ctx, block, element).files || [];
  const accept = (element.filetypes || []).map((one) => `.${one}`).join(",");
  const input = h(
    "input",
    {
      type: "file",
      class: "field",
      "aria-label": name,
      accept: accept || null,
      multiple: (element.max_files || 10) > 1,
      "data-focus": element.action_id,
    },
  );
  const list = h(
    "span",
    { class: "note" },
    now.length ? now.map((one) => one.name).join(", ") : "Only a file's name and size are kept here; nothing is uploaded.",
  );
  input.addEventListener("change", async () => {
    const value = [...input.files].map((one) => ({ name: one.name, size: one.size, type: one.type }));
    remember(ctx, block, element, "files", value);
    list.textContent = value.map((one) => one.name).join(", ") || "Nothing chosen.";
    await set(ctx, block, element, value);
  });
  return h("div", { class: "files-field" }, input, list);
}

const KINDS = {
  checkboxes: choices,
  radio_buttons: choices,
  datepicker: picker,
  timepicker: picker,
  datetimepicker: picker,
  file_input: files,
};

/** Whether this kind of element holds a value, and how it is drawn. */
export function controlOf(element) {
  if (KINDS[element.type]) return KINDS[element.type];
  if (MENU_KEYS[element.type.replace("multi_", "")]) return menu;
  return TYPES[element.type] || element.type === "rich_text_input" ? typed : null;
}
