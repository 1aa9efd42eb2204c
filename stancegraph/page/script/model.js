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
const dayOf = (position) => documents[position.document].date || "";
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

// ---- Which positions are shown, and from each side ----

const NO_FILTERS = Object.freeze({
  stance: null, act: null, type: null, for: "", source: "", since: "", until: "", confidence: 0,
});
let filters = NO_FILTERS;
let shown = positions;
const held = [];
const passed = [];
const about = [];

function passes(position) {
  const { stance, act, type, since, until, confidence } = filters;
  const holder = actors[position.holder];
  const day = dayOf(position);
  return (
    (!stance || stance.has(position.stance)) &&
    (!act || act.has(position.act)) &&
    (!type || type.has(holder.type)) &&
    (!filters.for || holder.speaks_for === filters.for) &&
    (!filters.source || documents[position.document].source === filters.source) &&
    (!since || (day && day >= since)) &&
    (!until || (day && day <= until)) &&
    position.confidence >= confidence
  );
}

function sift() {
  shown = filters === NO_FILTERS ? positions : positions.filter(passes);
  for (let i = 0; i < actors.length; i += 1) held[i] = passed[i] = NOTHING;
  for (let i = 0; i < outcomes.length; i += 1) about[i] = NOTHING;
  const put = (lists, place, position) => {
    if (lists[place] === NOTHING) lists[place] = [];
    lists[place].push(position);
  };
  for (const position of shown) {
    put(held, position.holder, position);
    put(about, position.outcome, position);
    for (const via of position.via) put(passed, via, position);
  }
}

const NOTHING = Object.freeze([]);
sift();

// The latest of some positions for each value of a key; they come newest first.
function latestBy(some, key) {
  const latest = new Map();
  for (const position of some) if (!latest.has(position[key])) latest.set(position[key], position);
  return latest;
}

// Two actors stand together on an outcome, against each other, or neither clearly.
function relation(one, other) {
  if (one.stance === other.stance) return "agree";
  const both = new Set([one.stance, other.stance]);
  return both.has("supports") && both.has("opposes") ? "differ" : "partly";
}
