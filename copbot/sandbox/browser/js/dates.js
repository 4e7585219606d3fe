// Moments in words, in the reader's time zone: date tokens, times beside messages, days between them.

const kept = new Map();

function form(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!kept.has(key)) kept.set(key, new Intl.DateTimeFormat("en-US", { timeZone: zone, ...options }));
  return kept.get(key);
}

/** Year, month (from 1), day, hour, minute, second of a moment on the wall of that zone. */
export function wall(seconds, zone) {
  const options = {
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  };
  const parts = {};
  for (const { type, value } of form(zone, options).formatToParts(seconds * 1000)) parts[type] = Number(value);
  return parts;
}

/** The moment at which that zone's wall shows this; in a gap of summer time the next one. */
export function moment(year, month, day, hour, minute, zone) {
  const wanted = Date.UTC(year, month - 1, day, hour, minute) / 1000;
  let guess = wanted;
  for (let turn = 0; turn < 3; turn += 1) {
    const at = wall(guess, zone);
    guess += wanted - Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second) / 1000;
  }
  return guess;
}

const two = (number) => String(number).padStart(2, "0");
const dayNumber = (at) => Date.UTC(at.year, at.month - 1, at.day) / 86_400_000;
const clock = (seconds, zone) => form(zone, { hour: "numeric", minute: "2-digit" }).format(seconds * 1000);

function ordinal(day) {
  const ending = day % 100 >= 10 && day % 100 <= 20 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[day % 10] || "th";
  return `${day}${ending}`;
}

function near(seconds, now, zone) {
  const gap = dayNumber(wall(seconds, zone)) - dayNumber(wall(now, zone));
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[gap] || "";
}

function ago(seconds, now) {
  const gap = Math.trunc(now - seconds);
  for (const [unit, span] of [["day", 86_400], ["hour", 3600], ["minute", 60]]) {
    const count = Math.floor(Math.abs(gap) / span);
    if (count) return gap > 0 ? `${count} ${unit}${count > 1 ? "s" : ""} ago` : `in ${count} ${unit}${count > 1 ? "s" : ""}`;
  }
  return "just now";
}

function words(token, seconds, now, zone) {
  const at = wall(seconds, zone);
  const month = form(zone, { month: "long" }).format(seconds * 1000);
  const year = Math.abs(seconds - now) < 183 * 86_400 ? "" : `, ${at.year}`;
  const date = `${month} ${ordinal(at.day)}${year}`;
  const long = `${form(zone, { weekday: "long" }).format(seconds * 1000)}, ${date}`;
  const short = form(zone, { month: "short", day: "numeric", year: "numeric" }).format(seconds * 1000);
  const close = near(seconds, now, zone);
  const all = {
    date_num: `${at.year}-${two(at.month)}-${two(at.day)}`,
    date,
    date_long: long,
    date_short: short,
    date_pretty: close || date,
    date_long_pretty: close || long,
    date_short_pretty: close || short,
    time: clock(seconds, zone),
    time_secs: form(zone, { hour: "numeric", minute: "2-digit", second: "2-digit" }).format(seconds * 1000),
    ago: ago(seconds, now),
  };
  return all[token];
}

/** A date token's text for this reader, or nothing when a token in it is unknown. */
export function written(seconds, template, now, zone) {
  const moment_ = Number(seconds);
  if (!template || !Number.isFinite(moment_) || Math.abs(moment_) > 8e12) return null;
  let unknown = false;
  const text = template.replace(/\{([a-z_]+)\}/g, (_, token) => {
    const found = words(token, moment_, now, zone);
    if (found === undefined) unknown = true;
    return found || "";
  });
  return unknown ? null : text;
}

export const timeOf = (ts, zone) => clock(Number(ts), zone);
export const fullTime = (ts, zone) =>
  form(zone, { dateStyle: "full", timeStyle: "medium" }).format(Number(ts) * 1000);
export const dayKey = (ts, zone) => dayNumber(wall(Number(ts), zone));

/** The heading between two days of messages. */
export function dayWords(ts, now, zone) {
  const close = near(Number(ts), now, zone);
  if (close) return close[0].toUpperCase() + close.slice(1);
  return form(zone, { weekday: "long", month: "long", day: "numeric", year: "numeric" }).format(Number(ts) * 1000);
}

export const clockWords = (now, zone) =>
  form(zone, {
    weekday: "short",
    month: "short",
    day: "numeric",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
  }).format(now * 1000);
