// ---- Filters ----

const days = [...new Set(positions.map(dayOf).filter(Boolean))].sort();
const since = byId("since");
const until = byId("until");
const play = byId("play");
const PLAY_STEPS = 40;
const PLAY_PAUSE = 450;
let playing = null;

// The legend's buttons and the boxes of acts switch one value each, and all of a kind are on at first.
const switches = { stance: stances, act: acts, type: types };
function flip(key, value) {
  const chosen = new Set(filters[key] || switches[key]);
  if (!chosen.delete(value)) chosen.add(value);
  filterBy({ [key]: chosen.size < switches[key].length ? chosen : null });
}

for (const toggle of document.querySelectorAll("#legend [data-filter]"))
  toggle.addEventListener("click", () => flip(toggle.dataset.filter, toggle.dataset.value));

const used = new Set(positions.map((position) => position.act));
byId("acts").append(
  ...acts
    .filter((act) => used.has(act))
    .map((act) => {
      const box = element("input", { type: "checkbox", value: act });
      box.addEventListener("change", () => flip("act", act));
      return element("label", null, box, act);
    }),
);

function offer(name, values) {
  const choice = byId(name);
  const counts = new Map();
  for (const value of values) if (value) counts.set(value, (counts.get(value) || 0) + 1);
  const ordered = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  choice.append(...ordered.map(([value, number]) => element("option", { value }, `${shortened(value, 60)} (${number.toLocaleString("en")})`)));
  choice.closest("label").hidden = !ordered.length;
  choice.addEventListener("change", () => filterBy({ [name]: choice.value }));
}
offer("for", positions.map((position) => actors[position.holder].speaks_for));
offer("source", positions.map((position) => documents[position.document].source));

byId("confidence").addEventListener("input", (event) => filterBy({ confidence: event.target.value / 100 }, { replace: true }));

// ---- Dates: two sliders over the days on which something was said, and a button that moves the later one ----

byId("dates").hidden = days.length < 2;
since.max = until.max = String(Math.max(days.length - 1, 0));

function dateBy(changes) {
  const from = Math.min(changes.since ?? Number(since.value), changes.until ?? Number(until.value));
  const to = Math.max(changes.since ?? Number(since.value), changes.until ?? Number(until.value));
  filterBy({ since: from > 0 ? days[from] : "", until: to < days.length - 1 ? days[to] : "" }, { replace: true });
}
since.addEventListener("input", () => dateBy({ since: Math.min(Number(since.value), Number(until.value)) }));
until.addEventListener("input", () => dateBy({ until: Math.max(Number(since.value), Number(until.value)) }));

function stop() {
  clearInterval(playing);
  playing = null;
  play.textContent = "Play";
}

function start() {
  const first = Number(since.value);
  const last = days.length - 1;
  const step = Math.max(1, Math.ceil((last - first) / PLAY_STEPS));
  let at = Number(until.value) < last ? Number(until.value) : first;
  dateBy({ until: at });
  playing = setInterval(() => {
    at = Math.min(at + step, last);
    dateBy({ until: at });
    if (at === last) stop();
  }, PLAY_PAUSE);
  play.textContent = "Pause";
}
play.addEventListener("click", () => (playing === null ? start() : stop()));

function reset() {
  stop();
  setFilters(NO_FILTERS);
  remember();
  refresh();
}
byId("reset").addEventListener("click", reset);

// ---- What the controls say ----

function sayFilters() {
  for (const toggle of document.querySelectorAll("#legend [data-filter]")) {
    const chosen = filters[toggle.dataset.filter];
    toggle.setAttribute("aria-pressed", String(!chosen || chosen.has(toggle.dataset.value)));
  }
  for (const box of document.querySelectorAll("#acts input")) box.checked = !filters.act || filters.act.has(box.value);
  byId("for").value = filters.for;
  byId("source").value = filters.source;
  byId("confidence").value = String(Math.round(filters.confidence * 100));
  byId("least").textContent = `${Math.round(filters.confidence * 100)}%`;
  const from = filters.since ? Math.max(0, days.findIndex((day) => day >= filters.since)) : 0;
  const after = filters.until ? days.findIndex((day) => day > filters.until) : -1;
  since.value = String(from);
  until.value = String(after < 0 ? days.length - 1 : Math.max(after - 1, 0));
  since.setAttribute("aria-valuetext", days[Number(since.value)] || "");
  until.setAttribute("aria-valuetext", days[Number(until.value)] || "");
  byId("range").textContent = days.length ? `${days[Number(since.value)]} to ${days[Number(until.value)]}` : "";
  byId("shown").textContent = `Showing ${shown.length.toLocaleString("en")} of ${count(positions.length, "position")}.`;
  byId("reset").hidden = filters === NO_FILTERS;
  byId("active").textContent = filters === NO_FILTERS ? "" : "on";
}
