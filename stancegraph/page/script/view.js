// ---- What is looked at: an actor, outcome or position, two actors side by side, an actor on an outcome ----

// All of it, and the filters, are part of the address, so that the browser's own back button and a saved link lead there.
let view = Object.freeze({ id: null, with: null, on: null });

const MANY = ["stance", "act", "type"];
const WORDS = ["for", "source", "since", "until"];

function addressOf() {
  const settings = [];
  const add = (key, value) => settings.push(`${key}=${encodeURIComponent(value)}`);
  if (view.with) add("with", view.with);
  if (view.on) add("on", view.on);
  for (const key of MANY) if (filters[key]) add(key, [...filters[key]].join(","));
  for (const key of WORDS) if (filters[key]) add(key, filters[key]);
  if (filters.confidence) add("confidence", filters.confidence);
  return (view.id ? encodeURIComponent(view.id) : "") + (settings.length ? `?${settings.join("&")}` : "");
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return ""; // An address that was cut or mistyped names nothing.
  }
}

function readAddress(address) {
  const [name, settings = ""] = address.split("?", 2);
  const pairs = settings.split("&").filter((pair) => pair.includes("="));
  const given = new Map(pairs.map((pair) => pair.split("=", 2).map(decoded)));
  const known = (id, kind) => (things.get(id)?.kind === kind ? id : null);
  const id = decoded(name);
  const kind = things.get(id)?.kind;
  const side = kind === "actor";
  view = Object.freeze({
    id: kind ? id : null,
    with: side ? known(given.get("with"), "actor") : null,
    on: side ? known(given.get("on"), "outcome") : null,
  });
  const next = { ...NO_FILTERS };
  const lawful = { stance: stances, act: acts, type: types };
  for (const key of MANY) {
    if (!given.has(key)) continue;
    const chosen = given.get(key).split(",").filter((value) => lawful[key].includes(value));
    next[key] = chosen.length < lawful[key].length ? new Set(chosen) : null;
  }
  for (const key of WORDS) if (offered(key, given.get(key))) next[key] = given.get(key);
  const confidence = Number(given.get("confidence")) || 0;
  next.confidence = Math.min(1, Math.max(0, confidence > 1 ? confidence / 100 : confidence));
  setFilters(next);
}

function setFilters(next) {
  filters = Object.keys(NO_FILTERS).every((key) => next[key] === NO_FILTERS[key]) ? NO_FILTERS : next;
  sift();
}

// What cannot be chosen on the page cannot be asked for in the address.
function offered(key, value) {
  if (!value) return false;
  if (key === "since" || key === "until") return /^\d{4}(-\d\d){0,2}$/.test(value) && days.length > 0;
  return [...byId(key).options].some((option) => option.value === value);
}

// Where the page has been. A frame without an address of its own has no history to write, so the page keeps its own.
const trail = [location.hash.slice(1)];
let at = 0;
let ownHistory = location.protocol === "about:";

function remember({ replace = false } = {}) {
  const address = addressOf();
  if (address === trail[at]) return;
  if (!replace) {
    trail.length = at + 1;
    at += 1;
  }
  trail[at] = address;
  if (ownHistory) return;
  try {
    const place = address ? `#${address}` : location.pathname + location.search || "#";
    history[replace ? "replaceState" : "pushState"]({ at }, "", place);
  } catch {
    ownHistory = true;
  }
}

function go(step) {
  if (!(at + step in trail)) return;
  if (!ownHistory) {
    history.go(step);
    return;
  }
  at += step;
  follow(trail[at]);
}

function look(next, options = {}) {
  const wanted = { id: null, with: null, on: null, ...next };
  if (!things.has(wanted.id)) wanted.id = null;
  if (Object.keys(wanted).every((key) => wanted[key] === view[key])) return;
  view = Object.freeze(wanted);
  remember();
  show(options);
}

function filterBy(changes, options = {}) {
  setFilters({ ...filters, ...changes });
  remember(options);
  refresh();
}
