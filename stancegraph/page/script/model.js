// ---- The model, looked at from each side ----

const byId = (id) => document.getElementById(id);
const { actors, outcomes, documents, positions, stances, acts, types, part, gathered, canvas } = JSON.parse(
  byId("data").textContent,
);

const things = new Map();
const byNode = new Map();
const register = (kind, letter) => (value, place) => {
  const thing = { kind, place, value, node: `${letter}${place}` };
  value.place = place;
  things.set(value.id, thing);
  byNode.set(thing.node, thing);
};
actors.forEach(register("actor", "a"));
outcomes.forEach(register("outcome", "o"));
positions.forEach(register("position", "p"));

const nameOf = (thing) =>
  thing.kind === "actor" ? thing.value.name || "(unnamed)"
  : thing.kind === "outcome" ? thing.value.label || "(unnamed)"
  : quoteOf(thing.value);
const kindOf = (thing) =>
  thing.kind === "actor" ? thing.value.type
  : thing.kind === "outcome" && thing.value.kind !== "outcome" ? `outcome (${thing.value.kind})`
  : thing.kind;
const actorThing = (place) => byNode.get(`a${place}`);
const outcomeThing = (place) => byNode.get(`o${place}`);
const positionThing = (place) => byNode.get(`p${place}`);
const dayOf = (position) => position.date || "";
const dateOf = (position) => dayOf(position) || "undated";
const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

// The words around positions come in parts, each read when one of its positions is first looked at.
const parts = new Map();
function wordsOf(position) {
  const at = Math.floor(position.place / part);
  if (!parts.has(at)) parts.set(at, JSON.parse(byId(`part${at}`).textContent));
  const { passages, marks } = parts.get(at);
  // Offsets count code points, as Python does; JavaScript's own count UTF-16 units.
  return marks[position.place - at * part].map(([place, found]) => ({ letters: Array.from(passages[place]), marks: found }));
}

function quoteOf(position) {
  return wordsOf(position)
    .flatMap(({ letters, marks }) =>
      marks.filter(([, , role]) => role === "evidence").map(([start, end]) => letters.slice(start, end).join("")),
    )
    .join(" … ");
}

function shortened(text, length) {
  if (text.length <= length) return text;
  const all = Array.from(text);
  return all.length > length ? `${all.slice(0, length - 1).join("").trimEnd()}…` : text;
}

// ---- Dates, some of which name but a month or a year: from their first day to their last ----

const firstDay = (date) => (date.length < 7 ? `${date}-01-01` : date.length < 10 ? `${date}-01` : date);
const lastDay = (date) => (date.length < 7 ? `${date}-12-31` : date.length < 10 ? `${date}-31` : date);

// ---- Which positions are shown, and from each side ----

const NOTHING = Object.freeze([]);
const NO_FILTERS = Object.freeze({
  stance: null, act: null, type: null, for: "", source: "", since: "", until: "", confidence: 0,
});
const percent = (part) => Math.round(part * 100);
let filters = NO_FILTERS;
let shown = positions;
let held = [];
let passed = [];
let about = [];
// What somebody's stance is at last, and what it was before, does not depend on which stances and acts are shown.
let told = { held, about };

function considered(position) {
  const { type, since, until, confidence } = filters;
  const holder = actors[position.holder];
  const day = dayOf(position);
  return (
    (!type || type.has(holder.type)) &&
    (!filters.for || position.speaks_for === filters.for) &&
    (!filters.source || documents[position.document].source === filters.source) &&
    (!since || (day && lastDay(day) >= firstDay(since))) &&
    (!until || (day && firstDay(day) <= lastDay(until))) &&
    percent(position.confidence) >= percent(confidence)
  );
}

const passes = (position) =>
  (!filters.stance || filters.stance.has(position.stance)) &&
  (!filters.act || filters.act.has(position.act)) &&
  considered(position);

function sorted(some) {
  const sides = [actors, outcomes, actors].map((all) => new Array(all.length).fill(NOTHING));
  const put = (lists, place, position) => {
    if (lists[place] === NOTHING) lists[place] = [];
    lists[place].push(position);
  };
  for (const position of some) {
    put(sides[0], position.holder, position);
    put(sides[1], position.outcome, position);
    for (const via of position.via) put(sides[2], via, position);
  }
  return sides;
}

function sift() {
  const every = filters === NO_FILTERS;
  shown = every ? positions : positions.filter(passes);
  [held, about, passed] = sorted(shown);
  const partial = filters.stance || filters.act;
  const [allHeld, allAbout] = partial ? sorted(positions.filter(considered)) : [held, about];
  told = { held: allHeld, about: allAbout };
}
sift();

// The latest of some positions for each value of a key: of those of the newest day, the last in its text.
function latestBy(some, key) {
  const latest = new Map();
  for (const position of some) {
    const known = latest.get(position[key]);
    if (!known || known.document === position.document) latest.set(position[key], position);
  }
  return latest;
}

// For each of an actor's positions that departs from the one before on the same outcome: what that was. Days are
// compared, since the order of what is said on one day is not known; what has no date is left out.
function changesOf(own) {
  const changes = new Map();
  const before = new Map();
  const today = new Map();
  for (const position of own.filter((some) => dayOf(some)).reverse()) {
    const { outcome, stance } = position;
    const day = firstDay(dayOf(position));
    if (today.get(outcome)?.day !== day) {
      if (today.has(outcome)) before.set(outcome, today.get(outcome).last.stance);
      today.set(outcome, { day, last: position });
    }
    // Reversed, the positions of one text come last first.
    if (today.get(outcome).last.document !== position.document) today.get(outcome).last = position;
    if (before.has(outcome) && before.get(outcome) !== stance) changes.set(position, before.get(outcome));
  }
  return changes;
}

// Two actors stand together on an outcome, against each other, or neither clearly.
function relation(one, other) {
  if (one.stance === other.stance) return "agree";
  const both = new Set([one.stance, other.stance]);
  return both.has("supports") && both.has("opposes") ? "differ" : "partly";
}
