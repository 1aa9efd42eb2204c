"use strict";

// The page's own script. Words of documents enter it as JSON and leave it as text nodes or canvas text: nothing here
// builds markup from text, and the page's content security policy would not let it.
(() => {
  const { actors, outcomes, documents, passages, positions, stances, canvas } = JSON.parse(
    document.getElementById("data").textContent,
  );
  const byId = (id) => document.getElementById(id);
  const panel = byId("panel");
  const tip = byId("tip");
  const narrow = matchMedia("(max-width: 760px)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let selected = null;

  // ---- The model, looked at from each side ----

  const held = actors.map(() => []);
  const passed = actors.map(() => []);
  const about = outcomes.map(() => []);
  for (const position of positions) {
    held[position.holder].push(position);
    about[position.outcome].push(position);
    for (const via of new Set(position.via)) passed[via].push(position);
  }
  const things = new Map();
  const byNode = new Map();
  const register = (kind, letter) => (value, place) => {
    const thing = { kind, place, value, node: `${letter}${place}` };
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
  const actorThing = (place) => byNode.get(`a${place}`);
  const outcomeThing = (place) => byNode.get(`o${place}`);
  const dateOf = (position) => documents[position.document].date || "undated";
  const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

  // Offsets count code points, as Python does; JavaScript's own count UTF-16 units.
  const letters = (place) => Array.from(passages[place]);

  function quoteOf(position) {
    const words = position.passages.flatMap(([place, marks]) => {
      const text = letters(place);
      return marks.filter(([, , role]) => role === "evidence").map(([start, end]) => text.slice(start, end).join(""));
    });
    return words.join(" … ");
  }

  function shortened(text, length) {
    const all = Array.from(text);
    return all.length > length ? `${all.slice(0, length - 1).join("").trimEnd()}…` : text;
  }

  // ---- Building elements ----

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    made.append(...children.flat().filter((child) => child !== null));
    return made;
  }

  const bdi = (text) => element("bdi", { dir: "auto" }, text);
  const sample = (selector) => document.querySelector(`#legend ${selector}`).cloneNode(true);
  const badge = (stance) => element("span", { class: `badge ${stance}` }, sample(`.line.${stance}`), stance);
  const glyph = (thing) =>
    sample(`.glyph.${thing.kind === "actor" ? thing.value.type : thing.kind}`);

  function link(thing, text = nameOf(thing), style = "link") {
    const button = element("button", { type: "button", class: style, "data-id": thing.value.id }, bdi(text));
    button.addEventListener("click", () => select(thing.value.id));
    return button;
  }

  const quoteLink = (position) =>
    link(things.get(position.id), `“${shortened(quoteOf(position), 280)}”`, "quote");

  // A bar of stances, for a list entry.
  function tally(some) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "tally");
    svg.setAttribute("viewBox", "0 0 44 8");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    let x = 0;
    for (const stance of stances) {
      const width = (44 * some.filter((position) => position.stance === stance).length) / (some.length || 1);
      if (!width) continue;
      const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [key, value] of Object.entries({ class: stance, x, y: 0, width: Math.max(width - 1, 0.5), height: 8 }))
        bar.setAttribute(key, value);
      svg.append(bar);
      x += width;
    }
    return svg;
  }

  // ---- The list of nodes ----

  const list = byId("list");
  const entries = [];
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  function entry(thing, some) {
    const button = element(
      "button",
      { type: "button", class: "entry", tabindex: "-1", "data-id": thing.value.id },
      thing.kind === "position" ? sample(`.line.${thing.value.stance}`) : glyph(thing),
      thing.kind === "position"
        ? bdi(`${nameOf(actorThing(thing.value.holder))}: ${shortened(nameOf(thing), 90)}`)
        : bdi(shortened(nameOf(thing), 120)),
      some ? element("span", { class: "measure" }, tally(some), element("span", { class: "number" }, `${some.length}`)) : "",
    );
    button.addEventListener("click", () => select(thing.value.id, { move: true }));
    return button;
  }

  function group(title, all, some) {
    const items = all.map((value) => {
      const thing = things.get(value.id);
      const item = element("li", null, entry(thing, some[thing.place]));
      entries.push({ item, words: fold([nameOf(thing), ...(value.aliases || value.wordings)].join("\n")) });
      return item;
    });
    list.append(element("section", { "aria-label": title }, element("h2", null, title), element("ul", null, items)));
  }

  function listPositions() {
    const items = element("ul");
    const more = element("details", null, element("summary", null, "Positions"), items);
    more.addEventListener("toggle", () => {
      if (!items.childElementCount)
        items.append(...positions.map((position) => element("li", null, entry(things.get(position.id), null))));
      mark();
    });
    list.append(more);
    return more;
  }

  group("Outcomes", outcomes, about);
  group("Actors", actors, held);
  const positionList = listPositions();
  const fitList = () => {
    byId("browse").open = !narrow.matches;
  };
  narrow.addEventListener("change", fitList);
  fitList();
  document.querySelector("#browse > summary").textContent =
    `Browse ${count(actors.length, "actor")} and ${count(outcomes.length, "outcome")}`;

  const shown = () => [...list.querySelectorAll(".entry")].filter((button) => button.offsetParent !== null);

  // One entry at a time is in the tab order; arrow keys move among the entries.
  function rove(button, { focus }) {
    for (const other of list.querySelectorAll('.entry[tabindex="0"]')) other.tabIndex = -1;
    if (!button) return;
    button.tabIndex = 0;
    if (focus) button.focus();
  }

  list.addEventListener("keydown", (event) => {
    const all = shown();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    if (to < 0) byId("search").focus();
    else rove(all[Math.min(to, all.length - 1)], { focus: true });
  });

  byId("search").addEventListener("input", (event) => {
    const sought = fold(event.target.value.trim());
    let found = 0;
    for (const { item, words } of entries) {
      item.hidden = !words.includes(sought);
      if (!item.hidden) found += 1;
    }
    positionList.hidden = sought !== "";
    for (const section of list.querySelectorAll("section")) section.hidden = !section.querySelector("li:not([hidden])");
    byId("found").textContent = sought ? `${found} of ${entries.length} match` : "";
    if (sought) byId("browse").open = true;
    rove(shown()[0], { focus: false });
  });

  byId("search").addEventListener("keydown", (event) => {
    const first = shown()[0];
    if (event.key === "ArrowDown" && first) {
      event.preventDefault();
      rove(first, { focus: true });
    } else if (event.key === "Enter" && first && event.target.value.trim()) {
      first.click();
    }
  });

  // ---- Details of what is selected ----

  const described = (term, ...values) => [element("dt", null, term), element("dd", null, ...values)];

  function excerpt(position) {
    const paragraphs = position.passages.map(([place, marks]) => {
      const text = letters(place);
      const cuts = [...new Set([0, text.length, ...marks.flatMap(([start, end]) => [start, end])])].sort((a, b) => a - b);
      const pieces = cuts.slice(0, -1).map((start, i) => {
        const piece = text.slice(start, cuts[i + 1]).join("");
        const roles = new Set(marks.filter(([from, to]) => from <= start && start < to).map(([, , role]) => role));
        if (!roles.size) return piece;
        return element(roles.has("evidence") ? "mark" : "span", { class: [...roles].join(" ") }, piece);
      });
      return element("p", { dir: "auto" }, pieces);
    });
    return element("blockquote", { class: position.stance }, paragraphs);
  }

  function aboutPosition(position) {
    const from = documents[position.document];
    const holder = actorThing(position.holder);
    const outcome = outcomeThing(position.outcome);
    const chain = position.via.flatMap((place, i) => (i ? [" → ", link(actorThing(place))] : [link(actorThing(place))]));
    const origin = [bdi(from.title), element("span", null, [from.source, from.date].filter(Boolean).join(", "))];
    if (from.link)
      origin.push(element("a", { href: from.url, target: "_blank", rel: "noopener noreferrer external" }, from.url));
    else if (from.url) origin.push(element("bdi", { dir: "ltr" }, from.url));
    return [
      element("h2", { tabindex: "-1" }, link(holder), ` ${position.stance === "mixed" ? "is of two minds on" : position.stance === "undecided" ? "is undecided on" : position.stance} `, link(outcome)),
      excerpt(position),
      element(
        "p",
        { class: "key", "aria-label": "Marks" },
        element("span", { class: "evidence" }, "evidence"),
        element("span", { class: "cue" }, "cue"),
        element("span", { class: "source" }, "holder"),
      ),
      element(
        "dl",
        null,
        described("Stance", badge(position.stance)),
        described("Act", position.act),
        chain.length ? described("Passed on by", ...chain) : [],
        position.target && position.target !== outcome.value.label ? described("In its words", bdi(position.target)) : [],
        element("dt", null, "Document"),
        element("dd", { class: "stacked" }, origin),
        described(
          "Confidence",
          `${Math.round(position.confidence * 100)}%`,
          element("meter", { min: 0, max: 1, value: position.confidence, "aria-hidden": "true" }),
        ),
      ),
    ];
  }

  const byStance = (some) =>
    stances
      .map((stance) => [stance, some.filter((position) => position.stance === stance).length])
      .filter(([, number]) => number)
      .map(([stance, number]) => element("span", { class: `badge ${stance}` }, sample(`.line.${stance}`), `${number} ${stance}`));

  function listing(title, some, other) {
    if (!some.length) return [];
    const item = (position) =>
      element(
        "li",
        { class: position.stance },
        element("p", { class: "meta" }, element("time", null, dateOf(position)), badge(position.stance), position.act),
        element("p", { class: "name" }, link(other(position))),
        quoteLink(position),
      );
    return [element("h3", null, title), element("ul", { class: "items" }, some.map(item))];
  }

  function alsoCalled(names, name) {
    const others = names.filter((other) => other !== name);
    if (!others.length) return null;
    return element(
      "p",
      { class: "meta" },
      "Also: ",
      element("ul", { class: "names" }, others.map((other) => element("li", null, bdi(other)))),
    );
  }

  function aboutActor(actor, place) {
    const own = held[place];
    const relayed = passed[place];
    return [
      element("h2", { tabindex: "-1" }, bdi(nameOf(actorThing(place)))),
      actor.office ? element("p", { class: "meta" }, bdi(actor.office)) : null,
      alsoCalled(actor.aliases, actor.name),
      element("p", { class: "meta" }, byStance(own)),
      ...listing(`${count(own.length, "position")}, newest first`, own, (position) => outcomeThing(position.outcome)),
      ...listing(`Passed on: ${count(relayed.length, "position")} of others`, relayed, (position) => actorThing(position.holder)),
    ];
  }

  function column(stance, some) {
    const newest = new Map();
    for (const position of some) if (!newest.has(position.holder)) newest.set(position.holder, position);
    return element(
      "section",
      { class: stance },
      element("h3", null, badge(stance), element("span", { class: "note" }, `${newest.size}`)),
      newest.size
        ? element(
            "ul",
            null,
            [...newest].map(([holder, position]) =>
              element(
                "li",
                null,
                element("p", { class: "name" }, link(actorThing(holder))),
                element("p", { class: "meta" }, element("time", null, dateOf(position)), position.act),
                quoteLink(position),
              ),
            ),
          )
        : element("p", { class: "none" }, "Nobody"),
    );
  }

  function aboutOutcome(outcome, place) {
    return [
      element("h2", { tabindex: "-1" }, bdi(nameOf(outcomeThing(place)))),
      outcome.description ? element("p", { class: "meta" }, bdi(outcome.description)) : null,
      alsoCalled(outcome.wordings, outcome.label),
      element(
        "div",
        { class: "columns" },
        stances.map((stance) => column(stance, about[place].filter((position) => position.stance === stance))),
      ),
    ];
  }

  const kindOf = (thing) =>
    thing.kind === "actor" ? thing.value.type
    : thing.kind === "outcome" ? (thing.value.kind === "outcome" ? "outcome" : `outcome (${thing.value.kind})`)
    : "position";

  function fillPanel(thing) {
    const inside = panel.contains(document.activeElement);
    panel.hidden = !thing;
    if (!thing) return panel.replaceChildren();
    const close = element("button", { type: "button", class: "close", "aria-label": "Close the details" }, "×");
    close.addEventListener("click", () => select(null));
    const view = { actor: aboutActor, outcome: aboutOutcome, position: aboutPosition }[thing.kind];
    panel.replaceChildren(
      element("div", { class: "top" }, element("span", { class: "kind" }, glyph(thing), kindOf(thing)), close),
      ...view(thing.value, thing.place).filter((child) => child !== null),
    );
    panel.scrollTop = 0;
    // What was focused has just been replaced: go on from the top of what replaced it.
    if (inside) panel.querySelector("h2").focus();
    return undefined;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !selected) return;
    const id = selected;
    const inside = panel.contains(document.activeElement);
    select(null);
    if (inside) rove(list.querySelector(`.entry[data-id="${CSS.escape(id)}"]`) || shown()[0], { focus: true });
  });

  // ---- The drawing ----

  const lineOwner = (edge) => /^p\d+/.exec(edge)[0];

  // What stays bright when something is selected: its nodes and lines, and those at their other ends.
  function neighbourhood(thing) {
    const some =
      thing.kind === "position" ? [thing.value]
      : thing.kind === "outcome" ? about[thing.place]
      : [...held[thing.place], ...passed[thing.place]];
    const bright = new Set([thing.node]);
    for (const position of some) {
      bright.add(things.get(position.id).node).add(`a${position.holder}`).add(`o${position.outcome}`);
      for (const via of position.via) bright.add(`a${via}`);
    }
    return bright;
  }

  // What is not bright keeps a sixth of its colour; the rest is the ground's, and solid, so that nothing shows through.
  function fadedInto(ground) {
    const parts = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
    const under = parts(ground);
    const mixed = (part, i) => Math.round((part + under[i] * 5) / 6).toString(16).padStart(2, "0");
    return (hex) => `#${parts(hex).map(mixed).join("")}`;
  }

  const isBright = (bright, item) =>
    !bright || (item.from === undefined ? bright.has(item.id) : bright.has(item.from) && bright.has(item.to));

  // Nodes and lines take their colours from the page's style sheet, which knows light from dark.
  function painter() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const fade = fadedInto(colour("paper"));
    return {
      node(node, bright) {
        const shade = bright ? colour : (name) => fade(colour(name));
        const both = { background: shade(node.group), border: shade(node.shape === "diamond" ? node.group : "outline") };
        const marked = { ...both, border: colour("ink") };
        const halo = node.shape === "box" ? {} : { strokeColor: colour("paper") };
        const chosen = selected && things.get(selected).node === node.id;
        return {
          ...node,
          color: { ...(chosen ? marked : both), highlight: marked, hover: marked },
          font: { ...node.font, ...halo, color: shade("ink") },
          borderWidth: chosen ? 3 : 1.5,
        };
      },
      edge(edge, bright) {
        const color = bright ? colour(edge.group) : fade(colour(edge.group));
        return { ...edge, color: { color, highlight: color, hover: color } };
      },
    };
  }

  const paint = painter();
  const nodes = new vis.DataSet(canvas.nodes.map((node) => paint.node(node, true)));
  const edges = new vis.DataSet(canvas.edges.map((edge) => paint.edge(edge, true)));
  const network = new vis.Network(byId("canvas"), { nodes, edges }, canvas.options);
  const looks = new Map();

  // Give nodes and lines their colours anew; of those that look as before, none is touched unless all must be.
  function repaint({ all = false } = {}) {
    const bright = selected && neighbourhood(things.get(selected));
    const brush = painter();
    const changed = (item) => {
      const look = isBright(bright, item) ? (byNode.get(item.id)?.value.id === selected ? "chosen" : "bright") : "faded";
      const before = looks.get(item.id) || "bright";
      looks.set(item.id, look);
      return all || look !== before;
    };
    nodes.update(canvas.nodes.filter(changed).map((node) => brush.node(node, isBright(bright, node))));
    edges.update(canvas.edges.filter(changed).map((edge) => brush.edge(edge, isBright(bright, edge))));
  }

  const motion = () => (still.matches ? false : { duration: 350, easingFunction: "easeInOutQuad" });
  const whole = () => network.fit({ animation: motion(), maxZoomLevel: 1.25 });
  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor, animation: motion() });
  byId("whole").addEventListener("click", whole);
  byId("closer").addEventListener("click", () => zoom(1.35));
  byId("farther").addEventListener("click", () => zoom(1 / 1.35));

  function reveal(thing) {
    const { x, y } = network.canvasToDOM(network.getPosition(thing.node));
    const { clientWidth, clientHeight } = byId("canvas");
    if (x < 20 || y < 20 || x > clientWidth - 20 || y > clientHeight - 20)
      network.focus(thing.node, { animation: motion() });
  }

  network.on("click", (event) => {
    const node = event.nodes[0] || (event.edges[0] && lineOwner(event.edges[0]));
    select(node ? byNode.get(node).value.id : null);
  });

  // ---- The words under the pointer ----

  function tipOf(thing) {
    const some = { actor: held, outcome: about }[thing.kind];
    const position = some ? some[thing.place][0] || passed[thing.place]?.[0] : thing.value;
    const says = (of) => [
      element("p", { class: "name" }, bdi(shortened(nameOf(actorThing(of.holder)), 80))),
      element("p", { class: "meta" }, badge(of.stance), bdi(shortened(nameOf(outcomeThing(of.outcome)), 100))),
      element("p", { class: "quote", dir: "auto" }, `“${shortened(quoteOf(of), 320)}”`),
    ];
    if (thing.kind === "position") return says(position);
    return [
      element("p", { class: "name" }, bdi(shortened(nameOf(thing), 160))),
      element("p", { class: "meta" }, kindOf(thing), byStance(some[thing.place])),
      position ? element("p", { class: "quote", dir: "auto" }, `“${shortened(quoteOf(position), 240)}”`) : "",
    ];
  }

  function showTip(thing, { x, y }) {
    tip.replaceChildren(...tipOf(thing));
    tip.hidden = false;
    byId("canvas").classList.add("over");
    const stage = byId("stage");
    const left = Math.min(x + 16, stage.clientWidth - tip.offsetWidth - 8);
    const above = y + 16 + tip.offsetHeight > stage.clientHeight;
    const top = above ? Math.max(8, y - tip.offsetHeight - 14) : y + 16;
    tip.style.transform = `translate(${Math.max(8, left)}px, ${top}px)`;
  }

  const hideTip = () => {
    tip.hidden = true;
    byId("canvas").classList.remove("over");
  };
  network.on("hoverNode", (event) => showTip(byNode.get(event.node), event.pointer.DOM));
  network.on("hoverEdge", (event) => showTip(byNode.get(lineOwner(event.edge)), event.pointer.DOM));
  for (const event of ["blurNode", "blurEdge", "dragStart", "zoom", "click"]) network.on(event, hideTip);
  byId("canvas").addEventListener("pointerleave", hideTip);

  // ---- Selecting ----

  // The list's mark of what is selected, and a way into the list by the tab key.
  function mark() {
    for (const button of list.querySelectorAll(".entry")) {
      if (button.dataset.id === selected) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    if (!list.querySelector('.entry[tabindex="0"]')) rove(list.querySelector(".entry"), { focus: false });
  }

  function show(id, { move = false } = {}) {
    const thing = things.get(id) || null;
    selected = thing && thing.value.id;
    hideTip();
    fillPanel(thing);
    mark();
    repaint();
    network.selectNodes(thing ? [thing.node] : [], false);
    byId("said").textContent = thing ? `Details: ${kindOf(thing)} ${shortened(nameOf(thing), 100)}` : "";
    if (!thing) return;
    if (narrow.matches) panel.scrollIntoView({ block: "start" });
    // The panel has taken room from the drawing; wait until that is drawn.
    requestAnimationFrame(() => {
      network.setSize("100%", "100%");
      network.redraw();
      if (move) network.fit({ nodes: [...neighbourhood(thing)], maxZoomLevel: 1.1, animation: motion() });
      else reveal(thing);
    });
  }

  // What is selected is part of the address, so that the browser's own back button and a saved link lead to it.
  function select(id, options) {
    if (id === selected) return;
    const known = things.has(id);
    try {
      history.pushState(null, "", known ? `#${encodeURIComponent(id)}` : location.pathname || "#");
    } catch {
      // A frame without an address of its own has no history to write; selecting works all the same.
    }
    show(known ? id : null, options);
  }

  function follow() {
    let id = null;
    try {
      id = decodeURIComponent(location.hash.slice(1));
    } catch {
      // An address that was cut or mistyped names nothing.
    }
    show(id, { move: true });
  }
  addEventListener("popstate", follow);
  dark.addEventListener("change", () => repaint({ all: true }));

  mark();
  network.once("afterDrawing", () => {
    performance.mark("stancegraph:drawn");
    if (location.hash.length > 1) follow();
  });
  whole();

  const counts = { actors: actors.length, outcomes: outcomes.length, positions: positions.length };
  window.stancegraph = Object.freeze({
    counts: Object.freeze(counts),
    drawn: () => ({ nodes: nodes.getIds(), edges: edges.getIds() }),
    where: (id) => network.canvasToDOM(network.getPosition(things.get(id).node)),
    bounds: (id) => network.getBoundingBox(things.get(id).node),
    select: (id) => select(id, { move: true }),
    selected: () => selected,
  });
})();
