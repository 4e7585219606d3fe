// Messages of a channel or thread, a window of them at a time: older and newer ones come as one scrolls.

import { dayKey } from "./dates.js";
import { h, reconcile } from "./nodes.js";
import { rowEntries } from "./messages.js";
import { here, zone } from "./session.js";
import { ask, NotDone, Unreachable } from "./wire.js";

const PAGE = 60;
const MOST = 240;
const EDGE = 500;
const NEAR_END = 60;

/** A list in `root` for one channel (and thread); `empty(answer)` draws what stands there while nothing is said. */
export function messageList({ channel, thread = "", around = "", empty, loaded, lost }) {
  const rows = h(
    "div",
    { class: "rows", role: "list", "aria-label": thread ? "Messages of the thread" : "Messages" },
  );
  const blank = h("div", { class: "blank" });
  const root = h(
    "div",
    { class: "scroller", tabindex: 0, role: "region", "aria-label": thread ? "Thread" : "Conversation" },
    blank,
    rows,
  );
  const state = {
    items: [],
    begins: true,
    ends: true,
    mark: null,
    touched: -1,
    day: null,
    busy: false,
    stuck: true,
    latest: null,
    gone: false,
    wanted: null,
  };

  const person = here.person;
  const today = () => dayKey(here.glance.now, zone());
  const get = (more) => ask("messages", { person, channel, thread, limit: PAGE, ...more });

  const draw = () => {
    const answer = state.latest;
    const context = {
      channel: answer.channel,
      pinned: new Set(answer.pinned.map((one) => one.ts)),
      values: answer.values,
      marks: answer.marks,
      mark: state.mark,
      thread,
    };
    const at = root.scrollTop;
    state.day = today();
    reconcile(rows, rowEntries(state.items, context));
    blank.replaceChildren(...(state.begins && empty ? [empty(answer, state.items)].flat().filter(Boolean) : []));
    root.scrollTop = state.stuck && state.ends ? root.scrollHeight : at;
  };

  const take = (answer, items) => {
    state.latest = {
      ...answer,
      values: { ...(state.latest ? state.latest.values : {}), ...answer.values },
      marks: { ...(state.latest ? state.latest.marks : {}), ...answer.marks },
    };
    state.touched = answer.touched;
    state.items = items;
    if (state.mark === null) state.mark = answer.mark;
    if (loaded) loaded(answer);
  };

  const read = () => {
    const last = state.items.at(-1);
    const inSight = last && state.ends && state.stuck && !document.hidden && !state.gone;
    if (!inSight || here.person !== person || (state.read || "") >= last.ts) return;
    state.read = last.ts;
    ask(
      "mark",
      { person, channel, thread, ts: last.ts },
    ).catch(() => {}); // it will be marked with the next message
  };

  /** One fetch at a time; `work` fetches and draws. */
  const once = async (work) => {
    if (state.busy || state.gone) return;
    state.busy = true;
    try {
      await work();
    } catch (error) {
      if (error instanceof Unreachable) return; // the next change of the workspace asks again
      if (!(error instanceof NotDone)) throw error;
      state.gone = true;
      if (lost) lost(root, error.message);
    } finally {
      state.busy = false;
    }
    read();
    if (state.wanted !== null && state.wanted !== state.touched) look(state.wanted);
  };

  const open = () => once(async () => {
    const answer = await get(around ? { around } : {});
    take(answer, answer.messages);
    state.begins = answer.begins;
    state.ends = answer.ends;
    state.stuck = !around;
    draw();
    if (around) show(around);
  });

  /** What has changed within the window, and what is new below it while its end is in sight. */
  const renew = () => once(async () => {
    const first = state.items[0];
    const wanted = state.ends ? {} : { last: state.items.at(-1).ts };
    const answer = await get(first ? { first: state.begins ? "0" : first.ts, ...wanted, limit: MOST } : {});
    let items = answer.messages;
    if (state.ends && state.stuck && items.length > MOST) items = items.slice(-MOST);
    take(answer, items);
    state.begins = answer.begins && items.length === answer.messages.length;
    state.ends = answer.ends;
    draw();
  });

  const older = () => once(async () => {
    const anchor = state.items[0].ts;
    const answer = await get({ before: anchor });
    const offset = offsetOf(anchor);
    const items = [...answer.messages, ...state.items];
    if (items.length > MOST) state.ends = false;
    take(answer, items.slice(0, MOST));
    state.begins = answer.begins;
    state.stuck = false;
    draw();
    root.scrollTop += offsetOf(anchor) - offset;
  });

  const newer = () => once(async () => {
    const anchor = state.items.at(-1).ts;
    const answer = await get({ after: anchor });
    const offset = offsetOf(anchor);
    const items = [...state.items, ...answer.messages];
    if (items.length > MOST) state.begins = false;
    take(answer, items.slice(-MOST));
    state.ends = answer.ends;
    draw();
    root.scrollTop += offsetOf(anchor) - offset;
  });

  /** Called after each change of the workspace: fetches only when this channel was touched. */
  function look(touched) {
    state.wanted = state.busy ? touched : null;
    if (state.busy || state.gone || here.person !== person) return undefined;
    if (!state.latest) return open();
    if (touched !== state.touched) return renew();
    if (state.day !== today()) draw(); // what was "Today" is "Yesterday" now
    return read();
  }

  const rowAt = (ts) => rows.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
  const offsetOf = (ts) => (rowAt(ts) ? rowAt(ts).getBoundingClientRect().top : 0);

  const show = (ts) => {
    const node = rowAt(ts);
    if (!node) return;
    node.scrollIntoView({ block: "center" });
    node.classList.add("sought");
    node.focus({ preventScroll: true });
  };

  root.addEventListener("scroll", () => {
    if (!state.latest) return;
    state.stuck = root.scrollHeight - root.scrollTop - root.clientHeight < NEAR_END;
    if (root.scrollTop < EDGE && !state.begins) older();
    else if (root.scrollHeight - root.scrollTop - root.clientHeight < EDGE && !state.ends) newer();
    else read();
  }, { passive: true });
  root.addEventListener("keydown", (event) => walk(event, root, rows));

  return {
    root,
    open,
    look,
    end: () => { state.stuck = true; root.scrollTop = root.scrollHeight; },
    close: () => { state.gone = true; },
  };
}

/** Up and down from message to message; Enter goes into one, to its buttons. */
function walk(event, root, rows) {
  const target = event.target;
  if (target !== root && !target.classList.contains("row")) {
    if (event.key === "Escape" && target.closest(".row") && !target.matches("textarea,input")) target.closest(".row").focus();
    return;
  }
  const all = [...rows.querySelectorAll(".row")];
  const at = all.indexOf(target);
  const next = {
    ArrowUp: at < 0 ? all.length - 1 : at - 1,
    ArrowDown: at < 0 ? all.length - 1 : at + 1,
    Home: 0,
    End: all.length - 1,
  }[event.key];
  if (next !== undefined && all[next]) {
    event.preventDefault();
    all[next].focus();
  } else if (event.key === "Enter" && at >= 0) {
    const first = target.querySelector(".body button:not([disabled]), .body a, .body input");
    if (first) { event.preventDefault(); first.focus(); }
  }
}
