// Who somebody is, at a glance.

import { h } from "./nodes.js";

/** A coloured square with initials; the colour comes from the id, so it stays. */
export function face(person, { small = false } = {}) {
  const words = person ? person.name : "?";
  const initials = words.split(/[\s_-]+/).slice(0, 2).map((one) => one[0] || "").join("").toUpperCase();
  const tone = person ? [...person.id].reduce((sum, one) => sum + one.charCodeAt(0), 0) % 8 : 0;
  return h(
    "span",
    {
      class: `face tone-${tone}${small ? " small" : ""}${person && person.bot ? " app" : ""}`,
      "aria-hidden": "true",
    },
    initials,
  );
}
