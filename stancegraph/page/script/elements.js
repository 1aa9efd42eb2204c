// ---- Building elements: words become text nodes, never markup ----

function filled(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  made.append(...children.flat(2).filter((child) => child !== null && child !== ""));
  return made;
}

const element = (name, attributes, ...children) => filled(document.createElement(name), attributes, children);
const drawn = (name, attributes, ...children) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

const bdi = (text) => element("bdi", { dir: "auto" }, text);
const sample = (selector) => document.querySelector(`#legend ${selector}`).cloneNode(true);
const badge = (stance, text = stance) => element("span", { class: `badge ${stance}` }, sample(`.line.${stance}`), text);
const glyph = (thing) => sample(`.glyph.${thing.kind === "actor" ? thing.value.type : thing.kind}`);

function button(text, style, action) {
  const made = element("button", { type: "button", class: style }, text);
  made.addEventListener("click", action);
  return made;
}

function link(thing, text = nameOf(thing), style = "link") {
  const made = button(bdi(text), style, () => look({ id: thing.value.id }));
  made.dataset.id = thing.value.id;
  return made;
}

const quoteLink = (position) => link(positionThing(position.place), `“${shortened(quoteOf(position), 280)}”`, "quote");

function tallied(some) {
  const counts = Object.fromEntries(stances.map((stance) => [stance, 0]));
  for (const position of some) counts[position.stance] += 1;
  return counts;
}

// A bar of stances, for a list entry.
function tally(some) {
  const svg = drawn("svg", { class: "tally", viewBox: "0 0 44 8", preserveAspectRatio: "none", "aria-hidden": "true" });
  let x = 0;
  for (const [stance, number] of Object.entries(tallied(some))) {
    const width = (44 * number) / (some.length || 1);
    if (width) svg.append(drawn("rect", { class: stance, x, y: 0, width: Math.max(width - 1, 0.5), height: 8 }));
    x += width;
  }
  return svg;
}

const byStance = (some) =>
  Object.entries(tallied(some))
    .filter(([, number]) => number)
    .map(([stance, number]) => badge(stance, `${number.toLocaleString("en")} ${stance}`));

// A list that is long shows its beginning, and more on demand; made anew, it shows as much as before.
const grown = new Map();
function growing(list, some, make, step, name) {
  let made = 0;
  const more = element("li", null, button("", "more", () => grow(step)));
  const row = list.tagName === "TBODY" ? element("tr", null, element("td", { colspan: 9 }, more.firstChild)) : more;
  const press = row.querySelector("button");
  function grow(number) {
    const next = some.slice(made, made + number).map(make);
    made += next.length;
    grown.set(name, made);
    row.remove();
    list.append(...next);
    const left = some.length - made;
    if (!left) return;
    press.textContent = `Show ${Math.min(step, left)} more of ${left.toLocaleString("en")}`;
    list.append(row);
  }
  grow(Math.max(step, grown.get(name) || 0));
  return list;
}

// Make something anew without moving what a reader sees or has focused in it.
function renewed(place, scrolled, make) {
  const { scrollTop } = scrolled;
  const active = place.contains(document.activeElement) ? document.activeElement : null;
  const { id } = active?.dataset || {};
  const same = active && [...place.querySelectorAll(active.tagName)].filter((some) => some.dataset.id === id).indexOf(active);
  const open = [...place.querySelectorAll("details")].map((details) => details.open);
  make();
  place.querySelectorAll("details").forEach((details, i) => {
    if (open[i]) details.open = true;
  });
  scrolled.scrollTop = scrollTop;
  if (!active) return;
  const now = [...place.querySelectorAll(active.tagName)].filter((some) => some.dataset.id === id);
  (now[same] || now[0] || place.querySelector("h2, button"))?.focus({ preventScroll: true });
}
