// ---- Finding: the list of nodes, and search in it ----

const PAGE = 100;
const list = byId("list");
const search = byId("search");
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const searched = [...outcomes, ...actors].map((value) => {
  const thing = things.get(value.id);
  const names = [nameOf(thing), ...(value.aliases || value.wordings)];
  return { thing, names, folded: names.map(fold) };
});

// How well a name fits what is sought: 0 whole, 1 its beginning, 2 the beginning of a word, 3 inside a word, else none.
function fit(name, sought) {
  const at = name.indexOf(sought);
  if (at < 0) return Infinity;
  if (at === 0) return name.length === sought.length ? 0 : 1;
  return new RegExp(`(^|[^\\p{L}\\p{N}])${sought.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`, "u").test(name) ? 2 : 3;
}

function matches(sought) {
  const found = [];
  for (const { thing, names, folded } of searched) {
    let best = Infinity;
    let which = 0;
    folded.forEach((name, i) => {
      const rank = fit(name, sought) + (i ? 0.5 : 0);
      if (rank < best) [best, which] = [rank, i];
    });
    if (best < Infinity) found.push({ thing, rank: best, alias: which ? names[which] : null });
  }
  return found.sort((a, b) => a.rank - b.rank);
}

function entry(thing, some, alias = null) {
  const position = thing.kind === "position";
  const made = element(
    "button",
    { type: "button", class: "entry", tabindex: "-1", "data-id": thing.value.id },
    position ? sample(`.line.${thing.value.stance}`) : glyph(thing),
    element(
      "span",
      null,
      position
        ? bdi(`${nameOf(actorThing(thing.value.holder))}: ${shortened(nameOf(thing), 90)}`)
        : bdi(shortened(nameOf(thing), 120)),
      alias ? element("span", { class: "alias" }, bdi(shortened(alias, 80))) : null,
    ),
    some ? element("span", { class: "measure" }, tally(some), element("span", { class: "number" }, `${some.length}`)) : "",
  );
  made.addEventListener("click", () => look({ id: thing.value.id }, { move: true }));
  return made;
}

const listed = (thing, alias) =>
  element("li", null, entry(thing, (thing.kind === "actor" ? held : about)[thing.place], alias));

function section(title, found) {
  if (!found.length) return null;
  const items = growing(element("ul"), found, ({ thing, alias }) => listed(thing, alias), PAGE, title);
  return element("section", { "aria-label": title }, element("h2", null, title), items);
}

function listPositions() {
  const items = element("ul");
  const more = element("details", null, element("summary", null, `Positions (${shown.length.toLocaleString("en")})`), items);
  more.addEventListener("toggle", () => {
    if (!items.childElementCount)
      growing(items, shown, (position) => element("li", null, entry(positionThing(position.place), null)), 2 * PAGE, "positions");
    mark();
  });
  return more;
}

// Those whom the filters leave without a position are not listed.
function fillList() {
  const sought = fold(search.value.trim());
  const used = ({ kind, place }) => filters === NO_FILTERS || (kind === "actor" ? held : about)[place].length > 0;
  const found = (sought ? matches(sought) : searched).filter(({ thing }) => used(thing));
  const of = (kind) => found.filter(({ thing }) => thing.kind === kind).map(({ thing, alias }) => ({ thing, alias }));
  const groups = [["Outcomes", of("outcome")], ["Actors", of("actor")]];
  if (sought && found[0]?.thing.kind === "actor") groups.reverse();
  list.replaceChildren(
    ...groups.map(([title, some]) => section(title, some)).filter(Boolean),
    ...(sought || !shown.length ? [] : [listPositions()]),
  );
  byId("found").textContent = sought ? `${found.length.toLocaleString("en")} of ${searched.length.toLocaleString("en")} match` : "";
  byId("browse").querySelector("summary").textContent = `Browse ${count(of("actor").length, "actor")} and ${count(of("outcome").length, "outcome")}`;
  mark();
}

const seen = () => [...list.querySelectorAll(".entry, .more")].filter((some) => some.offsetParent !== null);

// One entry at a time is in the tab order; arrow keys move among the entries.
function rove(to, { focus }) {
  for (const other of list.querySelectorAll('.entry[tabindex="0"]')) other.tabIndex = -1;
  if (!to) return;
  to.tabIndex = 0;
  if (focus) to.focus();
}

// The list's mark of what is looked at, and a way into the list by the tab key.
function mark() {
  for (const some of list.querySelectorAll(".entry")) {
    if (some.dataset.id === view.id) some.setAttribute("aria-current", "true");
    else some.removeAttribute("aria-current");
  }
  if (!list.querySelector('.entry[tabindex="0"]')) rove(list.querySelector(".entry"), { focus: false });
}

const entryOf = (id) => list.querySelector(`.entry[data-id="${CSS.escape(id)}"]`);

list.addEventListener("keydown", (event) => {
  const all = seen();
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  if (to < 0) search.focus();
  else rove(all[Math.min(to, all.length - 1)], { focus: true });
});

search.addEventListener("input", () => {
  fillList();
  if (search.value.trim()) byId("browse").open = true;
  rove(seen()[0], { focus: false });
});

search.addEventListener("keydown", (event) => {
  const first = seen()[0];
  if (event.key === "ArrowDown" && first) {
    event.preventDefault();
    rove(first, { focus: true });
  } else if (event.key === "Enter" && first && search.value.trim()) {
    first.click();
  }
});
