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

// A list that is long shows its beginning, and more on demand.
function growing(list, some, make, step) {
  let made = 0;
  const more = element("li", null, button("", "more", () => grow()));
  function grow() {
    const next = some.slice(made, made + step).map(make);
    made += next.length;
    more.remove();
    list.append(...next);
    const left = some.length - made;
    if (!left) return;
    more.firstChild.textContent = `Show ${Math.min(step, left)} more of ${left.toLocaleString("en")}`;
    list.append(more);
  }
  grow();
  return list;
}
