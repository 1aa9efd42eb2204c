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

function readAddress() {
  const [name, settings = ""] = location.hash.slice(1).split("?", 2);
  const given = new Map(settings.split("&").map((pair) => pair.split("=", 2).map(decoded)));
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
  for (const key of WORDS) next[key] = given.get(key) || "";
  next.confidence = Math.min(1, Math.max(0, Number(given.get("confidence")) || 0));
  setFilters(next);
}

function setFilters(next) {
  filters = Object.keys(NO_FILTERS).every((key) => next[key] === NO_FILTERS[key]) ? NO_FILTERS : next;
  sift();
}

function remember({ replace = false } = {}) {
  const address = addressOf();
  if (address === location.hash.slice(1)) return;
  try {
    history[replace ? "replaceState" : "pushState"](null, "", address ? `#${address}` : location.pathname || "#");
  } catch {
    // A frame without an address of its own has no history to write; looking around works all the same.
  }
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
