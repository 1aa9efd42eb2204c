// ---- Details of what is looked at ----

const panel = byId("panel");
const FIRST = 60; // rows at first; the rest on demand
const PROPOSED = 50; // actors proposed for comparison

const described = (term, ...values) => [element("dt", null, term), element("dd", null, ...values)];
const heading = (...children) => element("h2", { tabindex: "-1" }, ...children);
const cell = (...children) => element("td", null, ...children);
const columns = (...names) =>
  element("thead", null, element("tr", null, names.map((name) => element("th", { scope: "col" }, name))));

function excerpt(position) {
  const paragraphs = wordsOf(position).map(({ letters, marks }) => {
    const cuts = [...new Set([0, letters.length, ...marks.flatMap(([start, end]) => [start, end])])].sort((a, b) => a - b);
    const pieces = cuts.slice(0, -1).map((start, i) => {
      const piece = letters.slice(start, cuts[i + 1]).join("");
      const roles = new Set(marks.filter(([from, to]) => from <= start && start < to).map(([, , role]) => role));
      if (!roles.size) return piece;
      return element(roles.has("evidence") ? "mark" : "span", { class: [...roles].join(" ") }, piece);
    });
    return element("p", { dir: "auto" }, pieces);
  });
  return element("blockquote", { class: position.stance }, paragraphs);
}

// "2023-03-27/2023-04-02" is an interval of days in ISO 8601, "../2023-04-02" one without a beginning.
const readableInterval = (stated) => stated.replace(/^\.\.\//, "before ").replace("/", " to ");
const checked = (position) => (position.confirmed ? element("span", { class: "checked" }, "✓ confirmed") : null);
const whatChanged = ({ changed }) => (changed.length ? `, who changed ${changed.join(", ").replaceAll("_", " ")}` : "");

const SAYS = { mixed: "is of two minds on", undecided: "is undecided on" };

function aboutPosition(position) {
  const from = documents[position.document];
  const holder = actorThing(position.holder);
  const outcome = outcomeThing(position.outcome);
  const chain = position.via.flatMap((place, i) => (i ? [" → ", link(actorThing(place))] : [link(actorThing(place))]));
  const origin = [bdi(from.title), element("span", null, [from.source, from.date].filter(Boolean).join(", "))];
  // Characters that turn the direction of writing would show another address than the one a click leads to.
  const address = (from.url || "").replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
  if (from.link)
    origin.push(element("a", { href: from.url, target: "_blank", rel: "noopener noreferrer external" }, address));
  else if (from.url) origin.push(element("bdi", { dir: "ltr" }, address));
  return [
    passes(position) ? null : element("p", { class: "note" }, "The filters leave this position out."),
    heading(link(holder), ` ${SAYS[position.stance] || position.stance} `, link(outcome)),
    excerpt(position),
    element(
      "p",
      { class: "key" },
      element("span", { class: "evidence" }, "evidence"),
      element("span", { class: "cue" }, "cue"),
      element("span", { class: "source" }, "holder"),
    ),
    element(
      "dl",
      null,
      described("Stance", badge(position.stance)),
      described("Act", position.act),
      position.stated ? described("Stated", readableInterval(position.stated)) : [],
      chain.length ? described("Passed on by", ...chain) : [],
      position.target && position.target !== outcome.value.label ? described("In its words", bdi(position.target)) : [],
      element("dt", null, "Document"),
      element("dd", { class: "stacked" }, origin),
      described(
        "Confidence",
        `${percent(position.confidence)}%`,
        element("meter", { min: 0, max: 1, value: position.confidence, "aria-hidden": "true" }),
      ),
      position.confirmed ? described("Confirmed", `✓ by a person${whatChanged(position)}`) : [],
    ),
  ];
}

function rows(some, other, changed, title) {
  const row = (position) =>
    element(
      "tr",
      { class: position.stance },
      cell(element("time", null, dateOf(position))),
      cell(
        badge(position.stance),
        changed.has(position) ? element("p", { class: "changed" }, `changed from ${changed.get(position)}`) : null,
        element("p", { class: "meta" }, position.act),
        checked(position),
      ),
      cell(element("p", { class: "name" }, link(other(position))), quoteLink(position)),
    );
  return growing(element("tbody"), some, row, FIRST, title);
}

function listing(title, named, some, other, changed = new Map()) {
  if (!some.length) return [];
  return [
    element("h3", null, title),
    element("table", { class: "items" }, columns("Date", "Stance", named), rows(some, other, changed, named)),
  ];
}

function alsoCalled(names, name) {
  const others = names.filter((other) => other !== name);
  if (!others.length) return null;
  return element(
    "p",
    { class: "meta" },
    "Also: ",
    element("ul", { class: "names" }, others.slice(0, FIRST).map((other) => element("li", null, bdi(other)))),
  );
}

const unseen = (all, some) =>
  all > some ? element("p", { class: "note" }, `The filters leave out ${count(all - some, "more position")}.`) : null;

const everHeld = new Map();
const everAbout = new Map();
for (const { holder, outcome } of positions) {
  everHeld.set(holder, (everHeld.get(holder) || 0) + 1);
  everAbout.set(outcome, (everAbout.get(outcome) || 0) + 1);
}

// The actors with most outcomes in common come first among those that may be set beside one.
function near(place) {
  const common = new Map();
  for (const outcome of new Set(held[place].map((position) => position.outcome)))
    for (const holder of new Set(about[outcome].map((position) => position.holder)))
      if (holder !== place) common.set(holder, (common.get(holder) || 0) + 1);
  return [...common].sort(([a, n], [b, m]) => m - n || a - b).map(([at]) => actorThing(at));
}

function comparing(actor, chosen) {
  if (actors.length < 2) return null;
  const proposed = element("datalist", { id: "others" });
  const field = element("input", { type: "text", list: "others", autocomplete: "off", value: chosen ? nameOf(things.get(chosen.id)) : "" });
  const found = () => {
    const sought = fold(field.value.trim());
    const all = sought ? matches(sought).map(({ thing }) => thing) : near(actor.place);
    return all.filter((thing) => thing.kind === "actor" && thing.place !== actor.place);
  };
  const propose = () =>
    proposed.replaceChildren(...found().slice(0, PROPOSED).map((thing) => element("option", { value: nameOf(thing) })));
  const compare = (event) => {
    event.preventDefault();
    const [other] = found();
    if (field.value.trim() && other) look({ id: actor.id, with: other.value.id }, { move: true });
  };
  field.addEventListener("focus", propose);
  field.addEventListener("input", propose);
  const form = element("form", { class: "compare" }, element("label", null, "Compare with ", field), proposed, element("button", { type: "submit", class: "plain" }, "Compare"));
  form.addEventListener("submit", compare);
  return form;
}

function aboutActor(actor, place) {
  const own = held[place];
  const relayed = passed[place];
  return [
    heading(bdi(nameOf(actorThing(place)))),
    actor.office ? element("p", { class: "meta" }, bdi(actor.office)) : null,
    alsoCalled(actor.aliases, actor.name),
    element("p", { class: "meta" }, byStance(own)),
    unseen(everHeld.get(place) || 0, own.length),
    comparing(actor, null),
    ...listing(`${count(own.length, "position")}, newest first`, "Outcome", own, (p) => outcomeThing(p.outcome), changesOf(told.held[place])),
    ...listing(`Passed on: ${count(relayed.length, "position")} of others`, "Holder", relayed, (p) => actorThing(p.holder)),
  ];
}

// Who has changed stands in both columns; in that of the past it says to what.
function column(stance, some, latest) {
  const newest = [...latestBy(some, "holder").values()];
  const since = (position) => latest.get(position.holder).stance;
  const item = (position) =>
    element(
      "li",
      since(position) === stance ? null : { class: "past" },
      element("p", { class: "name" }, link(actorThing(position.holder))),
      element("p", { class: "meta" }, element("time", null, dateOf(position)), position.act, checked(position)),
      since(position) === stance ? null : element("p", { class: "changed" }, `later ${since(position)}`),
      quoteLink(position),
    );
  return element(
    "section",
    { class: stance, "aria-label": stance },
    element("h3", null, badge(stance), element("span", { class: "note" }, `${newest.length}`)),
    newest.length ? growing(element("ul"), newest, item, FIRST, stance) : element("p", { class: "none" }, "Nobody"),
  );
}

function aboutOutcome(outcome, place) {
  const latest = latestBy(told.about[place], "holder");
  return [
    heading(bdi(nameOf(outcomeThing(place)))),
    outcome.description ? element("p", { class: "meta" }, bdi(outcome.description)) : null,
    alsoCalled(outcome.wordings, outcome.label),
    unseen(everAbout.get(place) || 0, about[place].length),
    element(
      "div",
      { class: "columns" },
      stances.map((stance) => column(stance, about[place].filter((position) => position.stance === stance), latest)),
    ),
    ...balance(about[place]),
  ];
}

// ---- Two actors, and one actor on one outcome ----

const RELATIONS = [["differ", "They differ"], ["partly", "In part"], ["agree", "They agree"]];

function aboutBoth(one, other) {
  const [left, right] = [one, other].map((actor) => latestBy(told.held[actor.place], "outcome"));
  const both = (outcome) => [left.get(outcome), right.get(outcome)];
  const common = [...left.keys()].filter((outcome) => right.has(outcome) && both(outcome).every(passes));
  const side = (position) => cell(badge(position.stance), element("p", { class: "meta" }, dateOf(position)), quoteLink(position));
  const row = (outcome) =>
    element(
      "tr",
      null,
      element("th", { scope: "row" }, link(outcomeThing(outcome))),
      side(left.get(outcome)),
      side(right.get(outcome)),
    );
  const table = ([relationName, title]) => {
    const some = common.filter((outcome) => relation(...both(outcome)) === relationName);
    if (!some.length) return [];
    return [
      element("h3", null, `${title} on ${count(some.length, "outcome")}`),
      element(
        "table",
        { class: `both ${relationName}` },
        columns("Outcome", ...[one, other].map((actor) => bdi(shortened(nameOf(things.get(actor.id)), 60)))),
        growing(element("tbody"), some, row, FIRST, relationName),
      ),
    ];
  };
  return [
    heading(link(things.get(one.id)), " and ", link(things.get(other.id))),
    comparing(one, other),
    common.length ? null : element("p", { class: "note" }, "No outcome on which both have a position is shown."),
    ...RELATIONS.flatMap(table),
  ];
}

function aboutPair(actor, outcome) {
  const some = held[actor.place].filter((position) => position.outcome === outcome.place);
  return [
    heading(link(things.get(actor.id)), " on ", link(things.get(outcome.id))),
    element("p", { class: "meta" }, byStance(some)),
    ...listing(count(some.length, "position"), "Words", some, (position) => outcomeThing(position.outcome), changesOf(told.held[actor.place])),
  ];
}

// ---- The panel ----

function contents() {
  const thing = things.get(view.id);
  if (view.with) return ["comparison", aboutBoth(thing.value, things.get(view.with).value)];
  if (view.on) return ["actor and outcome", aboutPair(thing.value, things.get(view.on).value)];
  const show = { actor: aboutActor, outcome: aboutOutcome, position: aboutPosition }[thing.kind];
  return [kindOf(thing), show(thing.value, thing.place)];
}

function steps() {
  const step = (text, name, by) => {
    const made = button(text, "step", () => go(by));
    made.setAttribute("aria-label", name);
    made.title = name;
    made.disabled = !(at + by in trail);
    return made;
  };
  return [step("‹", "Back", -1), step("›", "Forward", 1)];
}

function fillPanel() {
  const inside = panel.contains(document.activeElement);
  panel.hidden = !view.id;
  if (!view.id) return panel.replaceChildren();
  const [kind, children] = contents();
  const close = button("×", "close", () => look({ id: null }));
  close.setAttribute("aria-label", "Close the details");
  panel.replaceChildren(
    element("div", { class: "top" }, element("span", { class: "kind" }, glyph(things.get(view.id)), kind), element("span", { class: "steps" }, steps(), close)),
    ...children.filter((child) => child !== null),
  );
  panel.scrollTop = 0;
  // What was focused has just been replaced: go on from the top of what replaced it.
  if (inside) panel.querySelector("h2").focus();
  return undefined;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !view.id || document.activeElement === search) return;
  const { id } = view;
  const inside = panel.contains(document.activeElement);
  look({ id: null });
  if (inside) rove(entryOf(id) || seen()[0], { focus: true });
});
