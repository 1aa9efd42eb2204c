// ---- The drawing ----

const stage = byId("stage");
const tip = byId("tip");
const narrow = matchMedia("(max-width: 900px), (max-height: 500px)");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const SLICE = 30; // milliseconds of work before the page breathes
const BATCH = 60;
const OPENED = 60; // positions that a large graph opens on its lines at a time
const LEAST_TEXT = 12;

const lineName = (position) => `l${position.holder},${position.outcome},${position.stance}`;
const isLine = (id) => id.startsWith("l");
const ownerOf = (edge) => positions[Number(/^p(\d+)/.exec(edge)[1])];
const endsOf = (line) => line.slice(1).split(",");
const places = new Map(canvas.nodes.map((node) => [node.id, node]));

const breath = () => new Promise((resolve) => setTimeout(resolve));

// Do something to many items without holding up the page; another run of the same job ends this one.
const jobs = new Map();
async function inSlices(job, items, act, batch = BATCH) {
  const ticket = {};
  jobs.set(job, ticket);
  let started = performance.now();
  for (let at = 0; at < items.length; at += batch) {
    if (performance.now() - started > SLICE) {
      await breath();
      started = performance.now();
    }
    if (jobs.get(job) !== ticket) return false;
    act(items.slice(at, at + batch));
  }
  return true;
}

// Nodes and lines take their colours from the page's style sheet, which knows light from dark.
function painter() {
  const style = getComputedStyle(document.documentElement);
  const colours = new Map();
  const colour = (name) => {
    if (!colours.has(name)) colours.set(name, style.getPropertyValue(`--${name}`).trim());
    return colours.get(name);
  };
  return {
    colour,
    node(node) {
      const both = { background: colour(node.paint), border: colour(node.shape === "diamond" ? node.paint : "outline") };
      const marked = { ...both, border: colour("ink") };
      const halo = node.shape === "box" ? {} : { strokeColor: colour("paper") };
      return { ...node, color: { ...both, highlight: marked, hover: marked }, font: { ...node.font, ...halo, color: colour("ink") } };
    },
    edge(edge) {
      const color = colour(edge.paint);
      return { ...edge, color: { color, highlight: color, hover: color } };
    },
  };
}

let brush = painter();
const nodes = new vis.DataSet();
const edges = new vis.DataSet();
const network = new vis.Network(byId("canvas"), { nodes, edges }, canvas.options);
const { body } = network;

// ---- What is to be seen ----

// Under filters, what no shown position touches is hidden; without them, everything is to be seen.
function visible() {
  if (filters === NO_FILTERS) return null;
  const some = new Set();
  for (const position of shown) {
    some.add(`a${position.holder}`).add(`o${position.outcome}`);
    if (gathered) some.add(lineName(position));
    else {
      some.add(`p${position.place}`).add(`p${position.place}h`).add(`p${position.place}t`);
      position.via.forEach((via, rank) => some.add(`a${via}`).add(`p${position.place}v${rank}`));
    }
  }
  return some;
}

// Many small changes are drawn once, when the last is made.
async function undrawn(job) {
  body.emitter.emit("_blockRedraw");
  const done = await job();
  if (done === false) return false; // another run has taken over, and will draw
  body.emitter.emit("_allowRedraw");
  network.redraw();
  return true;
}

const hidden = new Set();
function hideRest() {
  const some = visible();
  const changed = ({ id }) => (some !== null && !some.has(id)) !== hidden.has(id);
  const change = (set) => (batch) => {
    const updates = batch.filter(({ id }) => set.get(id)).map(({ id }) => ({ id, hidden: !hidden.has(id) }));
    for (const { id } of updates) if (!hidden.delete(id)) hidden.add(id);
    set.update(updates);
  };
  const work = [...canvas.edges.filter(changed).map((edge) => [edges, edge]), ...canvas.nodes.filter(changed).map((node) => [nodes, node])];
  return undrawn(() =>
    inSlices("hide", work, (batch) => {
      for (const set of [edges, nodes]) change(set)(batch.filter(([own]) => own === set).map(([, item]) => item));
    }),
  );
}

// ---- Positions of a large graph, opened on the lines that gather them ----

// A point of the curve that the drawing library makes of a line.
function onCurve({ from, to, smooth }, t) {
  const [a, b] = [places.get(from), places.get(to)];
  const reach = (b.x - a.x) * (smooth?.roundness ?? 0.45);
  const mix = (...w) => w[0] * (1 - t) ** 3 + 3 * w[1] * t * (1 - t) ** 2 + 3 * w[2] * t ** 2 * (1 - t) + w[3] * t ** 3;
  return { x: mix(a.x, a.x + reach, b.x - reach, b.x), y: mix(a.y, a.y, b.y, b.y) };
}

const lines = new Map(gathered ? canvas.edges.map((edge) => [edge.id, edge]) : []);
let opened = [];

function openPositions() {
  if (!gathered) return;
  const some = looked().slice(0, OPENED);
  const onLine = new Map();
  for (const position of some) {
    const line = lineName(position);
    if (lines.has(line)) onLine.set(line, [...(onLine.get(line) || []), position]);
  }
  nodes.remove(opened);
  const fresh = [...onLine].flatMap(([line, its]) =>
    its.map((position, i) =>
      brush.node({
        id: `p${position.place}`,
        shape: "diamond",
        paint: position.stance,
        size: 8,
        ...onCurve(lines.get(line), (i + 1) / (its.length + 1)),
      }),
    ),
  );
  opened = fresh.map(({ id }) => id);
  nodes.add(fresh);
}

// An actor or outcome outside the core is drawn when it is looked at, near those it has to do with.
const guests = { nodes: [], edges: [] };
function invite() {
  if (!gathered) return;
  edges.remove(guests.edges);
  nodes.remove(guests.nodes);
  for (const id of guests.edges) lines.delete(id);
  for (const id of guests.nodes) places.delete(id);
  guests.nodes = [];
  guests.edges = [];
  const some = looked().slice(0, OPENED);
  if (!view.id) return;
  const wires = new Map();
  for (const position of some) if (!lines.has(lineName(position))) wires.set(lineName(position), position);
  const ends = [...new Set([...wires.values()].flatMap((p) => [`a${p.holder}`, `o${p.outcome}`]))];
  const own = things.get(view.id);
  if (own.kind !== "position") ends.push(own.node);
  const fresh = [...new Set(ends)].filter((id) => !places.has(id));
  const known = ends.filter((id) => places.has(id)).map((id) => places.get(id));
  const middle = known.length ? known.reduce((sum, { y }) => sum + y, 0) / known.length : 0;
  const edge = { a: Math.max(...canvas.nodes.map(({ x }) => x)) + 320, o: Math.min(...canvas.nodes.map(({ x }) => x)) - 420 };
  const row = { a: 0, o: 0 };
  const guestNodes = fresh.map((id) => {
    const thing = byNode.get(id);
    const side = id[0];
    const y = middle + (row[side] % 2 ? -1 : 1) * Math.ceil(row[side] / 2) * 80;
    row[side] += 1;
    const name = shortened(nameOf(thing), 30);
    const look = side === "a"
      ? { shape: canvas.shapes[thing.value.type], paint: thing.value.type, size: 13, font: { size: 14, strokeWidth: 4 } }
      : { shape: "box", paint: "outcome", font: { size: 14 }, margin: 10, shapeProperties: { borderRadius: 5 } };
    const node = { id, label: name, x: edge[side], y, ...look };
    places.set(id, node);
    return node;
  });
  const guestLines = [...wires].map(([id, position]) => {
    const wire = { id, from: `a${position.holder}`, to: `o${position.outcome}`, paint: position.stance, arrows: "", width: 1.4, dashes: canvas.dashes[position.stance] };
    lines.set(id, wire);
    return wire;
  });
  guests.nodes = fresh;
  guests.edges = [...wires.keys()];
  nodes.add(guestNodes.map((node) => brush.node(node)));
  edges.add(guestLines.map((edge) => brush.edge(edge)));
}

// ---- What is looked at stays bright; the rest fades ----

function looked() {
  if (!view.id) return NOTHING;
  const { kind, place, value } = things.get(view.id);
  if (view.on) return held[place].filter((position) => position.outcome === things.get(view.on).place);
  if (view.with) {
    const both = [held[place], held[things.get(view.with).place]];
    const [one, other] = both.map((some) => new Set(some.map((position) => position.outcome)));
    return both.flat().filter((position) => one.has(position.outcome) && other.has(position.outcome));
  }
  if (kind === "position") return passes(value) ? [value] : NOTHING;
  return kind === "outcome" ? about[place] : [...held[place], ...passed[place]];
}

let bright = null;
function brighten() {
  if (!view.id) {
    bright = null;
    return;
  }
  bright = { nodes: new Set([things.get(view.id).node]), edges: new Set() };
  if (view.with) bright.nodes.add(things.get(view.with).node);
  for (const position of looked()) {
    const own = `p${position.place}`;
    bright.nodes.add(`a${position.holder}`).add(`o${position.outcome}`).add(own);
    if (gathered) bright.edges.add(lineName(position));
    else {
      bright.edges.add(`${own}h`).add(`${own}t`);
      position.via.forEach((via, rank) => bright.nodes.add(`a${via}`) && bright.edges.add(`${own}v${rank}`));
    }
  }
}

function veil(context) {
  if (!bright) return;
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 0.84;
  context.fillStyle = brush.colour("paper");
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.restore();
  const seen = (some) => some && !some.options.hidden;
  const its = [...bright.edges].map((id) => body.edges[id]).filter((edge) => seen(edge) && edge.connected);
  for (const edge of its) edge.draw(context);
  for (const edge of its) edge.drawArrows(context);
  for (const id of bright.nodes) if (seen(body.nodes[id])) body.nodes[id].draw(context)?.drawExternalLabel?.();
}

// ---- Names: as the layout keeps room for them, or, where that were too small to read, shorter at a readable size ----

const ROW = 1.2; // of the size of a letter
const CELL = 24;
const FADED = 0.18;
const tags = new Map();

// The wordings of a name, the roomiest first: at most two rows, then one.
function tagsOf(id, context) {
  if (tags.has(id)) return tags.get(id);
  const rows = body.nodes[id].options.label.split("\n");
  const two = rows.length > 2 ? [rows[0], `${rows[1].replace(/…$/, "")}…`] : rows;
  const one = [shortened(nameOf(byNode.get(id)), 24)];
  const found = (rows.length > 1 ? [two, one] : [one]).map((some) => ({
    rows: some,
    size: LEAST_TEXT,
    width: Math.max(...some.map((row) => context.measureText(row).width)),
    height: some.length * LEAST_TEXT * ROW,
  }));
  tags.set(id, found);
  return found;
}

function cellsOf({ width, height }, { x, y }) {
  const cells = [];
  for (let i = Math.floor((x - width / 2 - 5) / CELL); i <= (x + width / 2 + 5) / CELL; i += 1)
    for (let j = Math.floor((y - height / 2 - 2) / 8); j <= (y + height / 2 + 2) / 8; j += 1) cells.push(i * 8192 + j);
  return cells;
}

function writeName(context, { rows, size, height }, { x, y }, { halo, text }) {
  context.font = `${size}px arial, sans-serif`;
  context.strokeStyle = halo;
  context.lineWidth = 4;
  context.fillStyle = text;
  rows.forEach((row, i) => {
    const level = y - height / 2 + size * ROW * (i + 0.5);
    if (halo) context.strokeText(row, x, level);
    context.fillText(row, x, level);
  });
}

function boxAround(context, { width, height }, { x, y }, box) {
  const w = Math.max(width + 10, box.width);
  const h = Math.max(height + 4, box.height);
  context.fillStyle = brush.colour("outcome");
  context.strokeStyle = brush.colour("outline");
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(x - w / 2, y - h / 2, w, h, 4);
  context.fill();
  context.stroke();
}

function nameOne(context, node, scale, taken) {
  const middle = network.canvasToDOM({ x: node.x, y: node.y });
  const { clientWidth, clientHeight } = byId("canvas");
  if (middle.x < -100 || middle.y < -60 || middle.x > clientWidth + 100 || middle.y > clientHeight + 60) return;
  const box = node.options.shape === "box";
  const colours = { halo: box ? null : brush.colour("paper"), text: brush.colour("ink") };
  const below = (height) => (box ? middle.y : middle.y + node.options.size * scale + height / 2 + 2);
  const size = node.options.font.size * scale;
  if (size >= LEAST_TEXT) {
    const rows = node.options.label.split("\n");
    writeName(context, { rows, size, height: rows.length * size * ROW }, { x: middle.x, y: below(rows.length * size * ROW) }, colours);
    return;
  }
  if (!taken || middle.x < 0 || middle.y < 0 || middle.x > clientWidth || middle.y > clientHeight) return;
  for (const tag of tagsOf(node.id, context)) {
    const x = Math.min(Math.max(middle.x, tag.width / 2 + 6), clientWidth - tag.width / 2 - 6);
    const place = { x, y: below(tag.height) };
    const cells = cellsOf(tag, place);
    if (cells.some((cell) => taken.has(cell))) continue;
    for (const cell of cells) taken.add(cell);
    if (box) boxAround(context, tag, place, { width: node.shape.width * scale, height: node.shape.height * scale });
    writeName(context, tag, place, colours);
    return;
  }
}

// How many positions a bright line gathers.
function countLines(context) {
  if (!gathered || !bright) return;
  const several = new Map();
  for (const position of looked()) several.set(lineName(position), (several.get(lineName(position)) || 0) + 1);
  for (const [id, number] of several) {
    if (number < 2 || !lines.has(id)) continue;
    const { x, y } = network.canvasToDOM(onCurve(lines.get(id), 0.12));
    writeName(context, { rows: [`×${number}`], size: LEAST_TEXT, height: LEAST_TEXT * ROW }, { x, y }, { halo: brush.colour("paper"), text: brush.colour("ink") });
  }
}

// Names are written in pixels of the screen, not of the drawing. The faded ones get no room of others.
function write(context, ids, { faded = false } = {}) {
  const scale = network.getScale();
  const taken = faded ? null : new Set();
  context.save();
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.globalAlpha = faded ? FADED : 1;
  context.font = `${LEAST_TEXT}px arial, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const id of ids) {
    const node = body.nodes[id];
    if (node?.options.label && !node.options.hidden) nameOne(context, node, scale, taken);
  }
  if (!faded) countLines(context);
  context.restore();
}

network.on("afterDrawing", (context) => {
  if (!bright) {
    write(context, body.nodeIndices);
    return;
  }
  veil(context);
  write(context, body.nodeIndices.filter((id) => !bright.nodes.has(id)), { faded: true });
  write(context, bright.nodes);
});

// ---- Moving about ----

const motion = () => (still.matches || gathered ? false : { duration: 350, easingFunction: "easeInOutQuad" });

// Show some nodes, with room for their names.
function fitTo(ids, most) {
  const some = ids.map((id) => places.get(id)).filter(Boolean);
  if (!some.length) return;
  const span = (key, room) => [Math.min(...some.map((n) => n[key])) - room, Math.max(...some.map((n) => n[key])) + room];
  const [left, right] = span("x", 140);
  const [top, bottom] = span("y", 60);
  const { clientWidth, clientHeight } = byId("canvas");
  const scale = Math.min(clientWidth / (right - left), clientHeight / (bottom - top), most);
  if (!scale) return; // the drawing has no room at all
  network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale, animation: motion() });
}

const LARGEST = 1.25; // of a small graph on a common screen; larger on larger ones
const whole = () => {
  const most = LARGEST * Math.max(1, byId("canvas").clientWidth / 1600);
  fitTo([...places.keys()].filter((id) => !hidden.has(id)), most);
};
const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor, animation: motion() });
byId("whole").addEventListener("click", whole);
byId("closer").addEventListener("click", () => zoom(1.35));
byId("farther").addEventListener("click", () => zoom(1 / 1.35));

function reveal(node) {
  if (!body.nodes[node]) return;
  const { x, y } = network.canvasToDOM(network.getPosition(node));
  const { clientWidth, clientHeight } = byId("canvas");
  if (x < 20 || y < 20 || x > clientWidth - 20 || y > clientHeight - 20) network.focus(node, { animation: motion() });
}

// The drawing library makes what takes the focus, without saying what it is.
const focused = byId("canvas").querySelector("[tabindex]");
focused.setAttribute("role", "application");
focused.setAttribute("aria-label", "Drawing: arrow keys move it, + and − zoom");

// ---- Pointing ----

function pointed({ nodes: [node], edges: [edge] }) {
  if (node) return { id: byNode.get(node).value.id };
  if (!edge) return { id: null };
  if (!isLine(edge)) return { id: ownerOf(edge).id };
  const [actor, outcome] = endsOf(edge);
  return { id: actors[actor].id, on: outcomes[outcome].id };
}
network.on("click", (event) => look(pointed(event)));

function tipOf({ id, on }) {
  const says = (position) => [
    element("p", { class: "name" }, bdi(shortened(nameOf(actorThing(position.holder)), 80))),
    element("p", { class: "meta" }, badge(position.stance), bdi(shortened(nameOf(outcomeThing(position.outcome)), 100))),
    element("p", { class: "quote", dir: "auto" }, `“${shortened(quoteOf(position), 320)}”`),
  ];
  const thing = things.get(id);
  if (thing.kind === "position") return says(thing.value);
  const of = on ? held[thing.place].filter((position) => position.outcome === things.get(on).place)
    : thing.kind === "actor" ? held[thing.place] : about[thing.place];
  const position = of[0] || (thing.kind === "actor" && passed[thing.place][0]);
  const name = shortened(nameOf(thing), 160);
  return [
    element("p", { class: "name" }, bdi(name), on ? " on " : "", on ? bdi(shortened(nameOf(things.get(on)), 100)) : ""),
    element("p", { class: "meta" }, on ? "" : kindOf(thing), byStance(of)),
    position ? element("p", { class: "quote", dir: "auto" }, `“${shortened(quoteOf(position), 240)}”`) : "",
  ];
}

function showTip(what, { x, y }) {
  tip.replaceChildren(...tipOf(what).filter((child) => child !== ""));
  tip.hidden = false;
  byId("canvas").classList.add("over");
  const left = Math.min(x + 16, stage.clientWidth - tip.offsetWidth - 8);
  const above = y + 16 + tip.offsetHeight > stage.clientHeight;
  const top = above ? Math.max(8, y - tip.offsetHeight - 14) : y + 16;
  tip.style.transform = `translate(${Math.max(8, left)}px, ${top}px)`;
}

const hideTip = () => {
  tip.hidden = true;
  byId("canvas").classList.remove("over");
};
network.on("hoverNode", (event) => showTip(pointed({ nodes: [event.node], edges: [] }), event.pointer.DOM));
network.on("hoverEdge", (event) => showTip(pointed({ nodes: [], edges: [event.edge] }), event.pointer.DOM));
for (const event of ["blurNode", "blurEdge", "dragStart", "zoom", "click"]) network.on(event, hideTip);
byId("canvas").addEventListener("pointerleave", hideTip);

// ---- Drawing what the page looks at ----

function drawView({ move = false } = {}) {
  hideTip();
  invite();
  openPositions();
  brighten();
  const chosen = view.id && body.nodes[things.get(view.id).node];
  network.selectNodes(chosen ? [chosen.id] : [], false);
  network.setSize("100%", "100%");
  network.redraw();
  if (!view.id) return;
  if (move) fitTo([...bright.nodes].filter((id) => places.has(id)), 1.1 * Math.max(1, byId("canvas").clientWidth / 1600));
  else reveal(things.get(view.id).node);
}

const EDGES = 400; // at a time: each batch makes the drawing library look through all

async function drawAll() {
  const ranked = [...canvas.nodes].sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
  const add = (set, paint) => (batch) => set.add(batch.map(paint));
  await inSlices("nodes", ranked, add(nodes, (node) => brush.node(node)));
  await undrawn(() => inSlices("edges", canvas.edges, add(edges, (edge) => brush.edge(edge)), EDGES));
}

dark.addEventListener("change", async () => {
  await breath(); // the page itself has just been painted anew
  brush = painter();
  const known = (set, items) => items.filter(({ id }) => set.get(id));
  await undrawn(async () => {
    await inSlices("paint nodes", known(nodes, canvas.nodes), (batch) => nodes.update(batch.map((node) => brush.node(node))));
    return inSlices("paint edges", known(edges, canvas.edges), (batch) => edges.update(batch.map((edge) => brush.edge(edge))));
  });
  await breath();
  drawView();
});
