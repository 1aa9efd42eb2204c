// ---- Taking away: the drawing as a picture, the shown positions as a table, the whole as a print ----

function download(content, type, name) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const anchor = element("a", { href: address, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

// What a picture needs to be understood by itself: the title, what is shown, and the stances' colours and dashes.
const FOOT = 64;
const caption = () => [
  shortened(document.querySelector("h1").textContent, 110),
  [byId("summary").textContent, byId("shown").textContent].join(" "),
];

function savePng() {
  const seen = body.container.querySelector("canvas");
  const ratio = devicePixelRatio;
  const copy = element("canvas", { width: seen.width, height: seen.height + FOOT * ratio });
  const context = copy.getContext("2d");
  context.fillStyle = brush.colour("paper");
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(seen, 0, 0);
  context.setTransform(ratio, 0, 0, ratio, 0, seen.height);
  context.fillStyle = brush.colour("ink");
  context.font = "600 14px system-ui, sans-serif";
  const [title, said] = caption();
  context.fillText(title, 12, 16);
  context.font = "12px system-ui, sans-serif";
  context.fillText(said, 12, 34);
  stances.forEach((stance, i) => {
    const x = 12 + i * 120;
    context.strokeStyle = brush.colour(stance);
    context.lineWidth = 2.5;
    context.setLineDash(canvas.dashes[stance] || []);
    context.beginPath();
    context.moveTo(x, 52);
    context.lineTo(x + 36, 52);
    context.stroke();
    context.fillText(stance, x + 42, 56);
  });
  copy.toBlob((picture) => download(picture, "image/png", "stancegraph.png"), "image/png");
}

// ---- SVG: the nodes and lines in sight, drawn once more as shapes ----

const round = (number) => Math.round(number * 10) / 10;

function outlineOf(node) {
  const { x, y, shape } = node;
  const r = node.options.size;
  const around = (corners, turn = 0) =>
    Array.from({ length: corners }, (_, i) => {
      const angle = turn + (2 * Math.PI * i) / corners;
      return `${round(x + r * Math.cos(angle))},${round(y + r * Math.sin(angle))}`;
    }).join(" ");
  const box = shape.width ? { width: shape.width, height: shape.height } : { width: 2 * r, height: 2 * r };
  const rectangle = (width, height, rx) => drawn("rect", { x: round(x - width / 2), y: round(y - height / 2), width: round(width), height: round(height), rx });
  const star = Array.from({ length: 10 }, (_, i) => {
    const reach = i % 2 ? r * 0.5 : r * 1.1;
    const angle = -Math.PI / 2 + (Math.PI * i) / 5;
    return `${round(x + reach * Math.cos(angle))},${round(y + reach * Math.sin(angle))}`;
  }).join(" ");
  return {
    dot: () => drawn("circle", { cx: x, cy: y, r }),
    square: () => rectangle(2 * r, 2 * r, 0),
    box: () => rectangle(box.width, box.height, 5),
    hexagon: () => drawn("polygon", { points: around(6) }),
    triangle: () => drawn("polygon", { points: around(3, -Math.PI / 2) }),
    triangleDown: () => drawn("polygon", { points: around(3, Math.PI / 2) }),
    star: () => drawn("polygon", { points: star }),
    diamond: () => drawn("polygon", { points: around(4) }),
  }[node.options.shape]();
}

function wording(node) {
  const rows = node.options.label ? node.options.label.split("\n") : [];
  const size = node.options.font.size;
  const inside = node.options.shape === "box";
  const top = inside ? node.y - ((rows.length - 1) * size * 1.2) / 2 : node.y + node.options.size + size * 1.1;
  return drawn(
    "text",
    { "font-size": size, "text-anchor": "middle", "dominant-baseline": "central", fill: brush.colour("ink") },
    rows.map((row, i) => drawn("tspan", { x: node.x, y: round(top + i * size * 1.2) }, row)),
  );
}

function wire(edge) {
  const { from, to, options } = edge;
  const ownRoundness = options.smooth.roundness;
  const reach = (to.x - from.x) * ownRoundness;
  return drawn("path", {
    d: `M${from.x} ${from.y}C${round(from.x + reach)} ${from.y} ${round(to.x - reach)} ${to.y} ${to.x} ${to.y}`,
    fill: "none",
    stroke: options.color.color,
    "stroke-width": options.width,
    "stroke-dasharray": Array.isArray(options.dashes) ? options.dashes.join(" ") : "none",
  });
}

function legendOf(x, y, unit) {
  const text = (words, level, size, weight) => drawn("text", { x: 12, y: level, "font-size": size, "font-weight": weight, fill: brush.colour("ink") }, words);
  const [title, said] = caption();
  return drawn(
    "g",
    { transform: `translate(${round(x)} ${round(y)}) scale(${unit})`, class: "legend" },
    text(title, 16, 14, 600),
    text(said, 34, 12, 400),
    stances.map((stance, i) => [
      drawn("line", { x1: 12 + i * 120, x2: 48 + i * 120, y1: 52, y2: 52, stroke: brush.colour(stance), "stroke-width": 2.5, "stroke-dasharray": (canvas.dashes[stance] || []).join(" ") || "none" }),
      drawn("text", { x: 54 + i * 120, y: 56, "font-size": 12, fill: brush.colour("ink") }, stance),
    ]),
  );
}

function saveSvg() {
  const { clientWidth: width, clientHeight: height } = byId("canvas");
  const corner = network.DOMtoCanvas({ x: 0, y: 0 });
  const opposite = network.DOMtoCanvas({ x: width, y: height });
  const [w, h] = [opposite.x - corner.x, opposite.y - corner.y];
  const seen = ({ x, y }) => x > corner.x - 150 && x < opposite.x + 150 && y > corner.y - 80 && y < opposite.y + 80;
  const faint = (some, id) => (bright && !some.has(id) ? { opacity: 0.16 } : null);
  const unit = w / width; // of the drawing, in a pixel
  const foot = FOOT * unit;
  const root = drawn("svg", { viewBox: [corner.x, corner.y, w, h + foot].map(round).join(" "), width, height: height + FOOT, "font-family": "system-ui, sans-serif" });
  root.append(drawn("title", null, document.title));
  root.append(drawn("rect", { x: round(corner.x), y: round(corner.y), width: round(w), height: round(h + foot), fill: brush.colour("paper") }));
  for (const id of body.edgeIndices) {
    const edge = body.edges[id];
    if (edge.connected && (seen(edge.from) || seen(edge.to))) root.append(drawn("g", faint(bright?.edges, id), wire(edge)));
  }
  for (const id of body.nodeIndices) {
    const node = body.nodes[id];
    if (!seen(node)) continue;
    const shape = outlineOf(node);
    shape.setAttribute("fill", node.options.color.background);
    shape.setAttribute("stroke", node.options.color.border);
    shape.setAttribute("stroke-width", "1.5");
    root.append(drawn("g", faint(bright?.nodes, id), drawn("title", null, shortened(nameOf(byNode.get(id)), 300)), shape, wording(node)));
  }
  root.append(drawn("rect", { x: round(corner.x), y: round(corner.y + h), width: round(w), height: round(foot), fill: brush.colour("paper") }), legendOf(corner.x, corner.y + h, unit));
  // Some characters cannot stand in XML in any way.
  // eslint-disable-next-line no-control-regex
  const text = new XMLSerializer().serializeToString(root).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
  download(text, "image/svg+xml", "stancegraph.svg");
}

// ---- CSV: what a spreadsheet would run as a formula gets an apostrophe in front ----

const FIELDS = [
  ["id", (p) => p.id.slice("position:".length)],
  ["actor", (p) => actors[p.holder].name],
  ["actor_type", (p) => actors[p.holder].type],
  ["speaks_for", (p) => p.speaks_for],
  ["stance", (p) => p.stance],
  ["outcome", (p) => outcomes[p.outcome].label],
  ["act", (p) => p.act],
  ["confidence", (p) => p.confidence],
  ["target", (p) => p.target || outcomes[p.outcome].label],
  ["via", (p) => p.via.map((place) => actors[place].name).join(" | ")],
  ["evidence", quoteOf],
  ["stated", (p) => p.stated],
  ["title", (p) => documents[p.document].title],
  ["date", (p) => documents[p.document].date],
  ["publisher", (p) => documents[p.document].source],
  ["url", (p) => documents[p.document].url],
];

function cellOf(value) {
  // eslint-disable-next-line no-control-regex
  const text = String(value ?? "").replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
  const safe = /^[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
  // Always in quotation marks: which character parts cells depends on where a spreadsheet is opened.
  return `"${safe.replaceAll('"', '""')}"`;
}

async function saveCsv() {
  const written = [`\ufeff${FIELDS.map(([name]) => name).join(",")}\n`];
  const done = await inSlices("table", shown, (batch) =>
    written.push(...batch.map((position) => `${FIELDS.map(([, read]) => cellOf(read(position))).join(",")}\n`)),
  );
  if (done) download(new Blob(written, { type: "text/csv" }), "text/csv", "stancegraph-positions.csv");
}

// ---- Print: the drawing, the details, and the shown positions as a table ----

const PRINTED = 1000;

function fillPrint() {
  const row = (position) =>
    element(
      "tr",
      null,
      [dateOf(position), nameOf(actorThing(position.holder)), position.stance, nameOf(outcomeThing(position.outcome))].map((text) => cell(bdi(text))),
      cell(bdi(`“${shortened(quoteOf(position), 400)}”`)),
    );
  const some = shown.slice(0, PRINTED);
  byId("print").replaceChildren(
    element("h2", null, some.length < shown.length ? `The newest ${count(some.length, "position")} of ${shown.length.toLocaleString("en")}` : count(some.length, "position")),
    element("table", null, columns("Date", "Actor", "Stance", "Outcome", "Words"), element("tbody", null, some.map(row))),
  );
}
addEventListener("beforeprint", fillPrint);
addEventListener("afterprint", () => byId("print").replaceChildren());

for (const [name, action] of [["png", savePng], ["svg", saveSvg], ["csv", saveCsv], ["printer", () => print()]])
  byId(name).addEventListener("click", action);
