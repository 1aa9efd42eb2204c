// ---- Filters ----

const days = [...new Set(positions.map(dayOf).filter(Boolean))].sort((a, b) =>
  firstDay(a) < firstDay(b) || (firstDay(a) === firstDay(b) && a < b) ? -1 : 1,
);
const undated = positions.filter((position) => !dayOf(position)).length;
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
offer("for", positions.map((position) => position.speaks_for));
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
since.addEventListener("input", () => {
  stop();
  dateBy({ since: Math.min(Number(since.value), Number(until.value)) });
});
until.addEventListener("input", () => {
  stop();
  dateBy({ until: Math.max(Number(since.value), Number(until.value)) });
});

// While it plays, a reader aloud is not told every step.
function stop() {
  clearInterval(playing);
  playing = null;
  play.textContent = "Play";
  byId("shown").setAttribute("aria-live", "polite");
}

function start() {
  const first = Number(since.value);
  const last = days.length - 1;
  const step = Math.max(1, Math.ceil((last - first) / PLAY_STEPS));
  let end = Number(until.value) < last ? Number(until.value) : first;
  byId("shown").setAttribute("aria-live", "off");
  dateBy({ until: end });
  playing = setInterval(() => {
    end = Math.min(end + step, last);
    dateBy({ until: end });
    if (end === last) stop();
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
  byId("confidence").value = String(percent(filters.confidence));
  byId("least").textContent = `${percent(filters.confidence)}%`;
  const from = filters.since ? days.findIndex((day) => lastDay(day) >= firstDay(filters.since)) : 0;
  const after = filters.until ? days.findIndex((day) => firstDay(day) > lastDay(filters.until)) : -1;
  since.value = String(from < 0 ? days.length - 1 : from);
  until.value = String(after < 0 ? days.length - 1 : Math.max(after - 1, 0));
  since.setAttribute("aria-valuetext", days[Number(since.value)] || "");
  until.setAttribute("aria-valuetext", days[Number(until.value)] || "");
  byId("range").textContent = days.length ? `${days[Number(since.value)]} to ${days[Number(until.value)]}` : "";
  const dated = (filters.since || filters.until) && undated ? ` ${count(undated, "position")} without a date left out.` : "";
  const core = canvas.core ? ` ${shown.filter((position) => lines.has(lineName(position))).length.toLocaleString("en")} of them in the drawing.` : "";
  byId("shown").textContent = `Showing ${shown.length.toLocaleString("en")} of ${count(positions.length, "position")}.${core}${dated}`;
  byId("none").hidden = shown.length > 0 || !positions.length;
  byId("reset").hidden = filters === NO_FILTERS;
  byId("active").textContent = filters === NO_FILTERS ? "" : "on";
}
