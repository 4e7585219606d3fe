// Forms: the view in front, what is wrong with it, and those below it.

import { blockEntries } from "./blocks.js";
import { icon } from "./icons.js";
import { announce, button, fill, h, newId, reconcile } from "./nodes.js";
import { closePopup } from "./popup.js";
import { settled } from "./perform.js";
import { here, on, refresh } from "./session.js";
import { textNodes } from "./text.js";
import { act } from "./wire.js";

/** Watches for forms and shows the one in front. */
export function forms() {
  let open = null;
  on("glance", (glance) => {
    const view = glance.modal;
    if (!view) {
      if (open) open.remove();
      open = null;
      return;
    }
    if (!open || open.person !== here.person) {
      if (open) open.remove();
      open = form();
    }
    open.show(view, glance.depth);
  });
}

function form() {
  const titleId = newId("form");
  const title = h("h2", { id: titleId });
  const back = button(icon("back"), () => leave(false), { class: "act icon-only plain", "aria-label": "Back" });
  const close = button(
    icon("close"),
    () => leave(true),
    { class: "act icon-only plain", "aria-label": "Close form" },
  );
  const banner = h("div", { class: "form-trouble", role: "alert", tabindex: -1 });
  const blocks = h("div", { class: "form-blocks" });
  const cancel = h("button", { type: "button", class: "act" });
  const submit = h("button", { type: "button", class: "act primary" });
  const foot = h("footer", { class: "form-foot" }, cancel, submit);
  const inside = h("div", { class: "form-inside" }, banner, blocks);
  const dialog = h(
    "dialog",
    { class: "form", "aria-labelledby": titleId },
    h(
      "header",
      { class: "form-head" },
      back,
      h("div", { class: "form-title" }, title, h("span", { class: "note" }, here.start.app.name)),
      close,
    ),
    inside,
    foot,
  );
  const state = {
    id: "",
    hash: "",
    view: null,
    depth: 0,
    busy: false,
    person: here.person,
    from: document.activeElement,
  };

  const wait = (on_) => {
    state.busy = on_;
    dialog.setAttribute("aria-busy", String(on_));
    submit.setAttribute("aria-busy", String(on_));
    for (const one of [
      submit,
      cancel,
      close,
      back,
    ]) one.disabled = on_ || (one === submit && state.view && state.view.submit_disabled);
    if (!on_) keepFocus();
  };

  const leave = async (everything) => {
    if (state.busy) return;
    closePopup();
    wait(true);
    try {
      await settled({ view: state.id });
      await act(state.person, "closes", { everything });
    } catch (error) {
      complain(error.message);
    } finally {
      wait(false);
      refresh();
    }
  };

  const send = async () => {
    if (state.busy || !state.view.submit) return;
    closePopup();
    wait(true);
    try {
      forget();
      await settled({ view: state.id });
      const answer = await act(state.person, "submits", { view_id: state.id });
      if (answer.trouble) complain(answer.trouble);
      if (Object.keys(answer.errors).length) showErrors(answer.errors);
    } catch (error) {
      complain(error.message);
    } finally {
      wait(false);
      refresh();
    }
  };

  const forget = () => {
    banner.textContent = "";
    for (const one of blocks.querySelectorAll("[data-input]")) setError(one, "");
  };
  const complain = (words) => {
    banner.textContent = words;
    inside.scrollTop = 0;
    banner.focus({ preventScroll: true });
  };
  const showErrors = (errors) => {
    const left = [];
    let first = null;
    for (const [id, words] of Object.entries(errors)) {
      const node = [...blocks.querySelectorAll("[data-input]")].find((one) => one.dataset.input === id);
      if (node) setError(node, words);
      else left.push(words);
    }
    first = blocks.querySelector("[data-input].wrong");
    if (left.length) complain(left.join(" "));
    if (!first) return;
    const field = first.querySelector("input,textarea,button.chooser-open");
    if (field) field.focus({ preventScroll: true });
    first.scrollIntoView({ block: "center", behavior: "instant" });
    const count = Object.keys(errors).length;
    announce(count === 1 ? "One field needs another look." : `${count} fields need another look.`);
  };

  const failed = (block, words) => {
    const node = [...blocks.querySelectorAll("[data-input]")].find((one) => one.dataset.input === block.block_id);
    if (node) setError(node, words);
    else complain(words);
  };

  /** The keyboard is always somewhere in the form: at its first field when it is new, at a button when that was all it had. */
  const keepFocus = () => {
    const at = document.activeElement;
    const lost = !dialog.contains(at) || at === dialog || !at.offsetParent;
    if (!state.busy && dialog.open && (state.unfocused || lost)) {
      state.unfocused = false;
      focusFirst(state.view, blocks, inside, submit.hidden ? cancel : submit);
    }
  };

  const show = (view, depth) => {
    if (view.id === state.id && view.hash === state.hash && depth === state.depth) return;
    const fresh = view.id !== state.id;
    Object.assign(state, { id: view.id, hash: view.hash, view, depth });
    fill(title, textNodes(view.title));
    back.hidden = depth < 2;
    fill(cancel, view.close ? textNodes(view.close) : view.submit ? "Cancel" : "Close");
    submit.hidden = !view.submit;
    fill(submit, view.submit ? textNodes(view.submit) : "");
    if (fresh) {
      closePopup();
      banner.textContent = "";
      blocks.replaceChildren();
      inside.scrollTop = 0;
    }
    wait(state.busy);
    const ctx = { place: { view: view.id }, values: view.state.values, failed };
    const fields = fresh ? [] : [...blocks.querySelectorAll("[data-input]")].map((one) => one.dataset.input);
    reconcile(blocks, blockEntries(view.blocks, ctx));
    if (!fresh) showNew(blocks, fields);
    if (!dialog.open) {
      document.body.append(dialog);
      dialog.showModal();
    }
    if (fresh) state.unfocused = true;
    keepFocus();
  };

  cancel.addEventListener("click", () => leave(false));
  submit.addEventListener("click", send);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave(false);
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    }
  });
  const remove = () => {
    closePopup();
    dialog.close();
    dialog.remove();
    const next = state.from && state.from.isConnected ? state.from : document.querySelector(".composer-field");
    if (!next) return;
    // Closing gives the keyboard back by itself, but not to a browser that lost it with a list of choices.
    next.blur();
    next.focus({ preventScroll: true });
  };
  return { show, remove, person: state.person };
}

/** A field that an answer has brought comes into sight; nothing else moves. */
function showNew(blocks, before) {
  const now = [...blocks.querySelectorAll("[data-input]")];
  const added = now.filter((one) => !before.includes(one.dataset.input));
  if (now.length > before.length && added.length) added.at(-1).scrollIntoView({ block: "nearest" });
}

function setError(node, words) {
  node.classList.toggle("wrong", Boolean(words));
  const place = node.querySelector(".field-error");
  if (place) place.textContent = words;
  const field = node.querySelector("input,textarea,button.chooser-open");
  if (field) field.setAttribute("aria-invalid", String(Boolean(words)));
}

/** Where the app asks for it, else the first field, else the button. */
function focusFirst(view, blocks, inside, otherwise) {
  const wanted = view.blocks.flatMap((block) => [
    block.element,
    block.accessory,
    ...(block.elements || []),
  ]).find((one) => one && one.focus_on_load);
  const pointedAt = wanted && blocks.querySelector(`[data-focus="${CSS.escape(wanted.action_id)}"]`);
  const field = pointedAt || blocks.querySelector(".input-block :is(input, textarea, button.chooser-open)");
  (field || otherwise).focus({ preventScroll: !wanted });
  if (!wanted) inside.scrollTop = 0;
}
