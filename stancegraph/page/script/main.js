// ---- Putting it together ----

// After what is looked at has changed.
function show(options) {
  grown.clear();
  fillPanel();
  mark();
  const thing = things.get(view.id);
  const beside = view.with || view.on;
  byId("said").textContent = thing
    ? `Details: ${kindOf(thing)} ${shortened(nameOf(thing), 100)}${beside ? ` and ${shortened(nameOf(things.get(beside)), 100)}` : ""}`
    : "";
  if (thing && narrow.matches) panel.scrollIntoView({ block: "start" });
  // The panel has taken room from the drawing; wait until that is drawn.
  requestAnimationFrame(() => drawView(options));
}

// After the filters have changed.
let refreshing = null;
function refresh() {
  sayFilters();
  hideRest();
  clearTimeout(refreshing);
  refreshing = setTimeout(() => {
    renewed(list, byId("browse"), fillList);
    renewed(panel, panel, fillPanel);
    drawView();
  });
}

function follow(address) {
  stop();
  readAddress(address);
  sayFilters();
  fillList();
  hideRest();
  show({ move: true });
}

// The browser's own steps, and addresses typed over the page's.
addEventListener("popstate", (event) => {
  const address = location.hash.slice(1);
  if (event.state) at = event.state.at;
  else if (address !== trail[at]) at = trail[0] === address ? 0 : at + 1;
  trail[at] = address;
  follow(address);
});

const foldAway = () => {
  byId("browse").open = !narrow.matches;
};
narrow.addEventListener("change", foldAway);
foldAway();

// The page answers after each of these steps, so that none holds it up for long.
async function begin() {
  readAddress(trail[0]);
  sayFilters();
  await breath();
  fillList();
  fillPanel();
  await breath();
  whole();
  performance.mark("stancegraph:ready");
  await drawAll();
  await hideRest();
  if (view.id || filters !== NO_FILTERS) show({ move: true });
  requestAnimationFrame(() => {
    network.redraw();
    requestAnimationFrame(() => performance.mark("stancegraph:drawn"));
  });
}
begin();

const counts = { actors: actors.length, outcomes: outcomes.length, positions: positions.length };
window.stancegraph = Object.freeze({
  counts: Object.freeze(counts),
  drawn: () => ({ nodes: body.nodeIndices.slice(), edges: body.edgeIndices.slice() }),
  where: (id) => network.canvasToDOM(network.getPosition(things.get(id).node)),
  bounds: (id) => network.getBoundingBox(things.get(id).node),
  select: (id) => look({ id }, { move: true }),
  selected: () => view.id,
});
