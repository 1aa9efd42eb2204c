// ---- The balance of an outcome over time: bars about a middle line, support above it, opposition below ----

const WIDTH = 360;
const HEIGHT = 120;
const MOST_BARS = 40;

// Days, months, quarters or years, whichever are few enough to tell apart.
const periods = [
  (day) => day,
  (day) => day.slice(0, 7),
  (day) => `${day.slice(0, 4)} Q${Math.ceil(Number(day.slice(5, 7) || 1) / 3)}`,
  (day) => day.slice(0, 4),
  (day) => `${day.slice(0, 3)}0s`,
];

function periodic(some) {
  const dated = some.filter((position) => dayOf(position)).reverse();
  for (const period of periods) {
    const groups = new Map();
    for (const position of dated) {
      const name = period(dayOf(position));
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(position);
    }
    if (groups.size <= MOST_BARS) return groups;
  }
  return new Map();
}

// What is neither for nor against lies half above and half below the line, as in a chart of answers to a question.
function bar(some, x, width, unit) {
  const { supports, opposes, mixed, undecided } = tallied(some);
  const heights = [["supports", supports], ["mixed", mixed], ["undecided", undecided], ["opposes", opposes]];
  let y = HEIGHT / 2 - unit * (supports + (mixed + undecided) / 2);
  return heights.map(([stance, number]) => {
    if (!number) return null;
    const made = drawn("rect", { class: stance, x, y, width, height: number * unit });
    y += number * unit;
    return made;
  });
}

function balance(some) {
  const groups = periodic(some);
  if (groups.size < 2) return [];
  const step = WIDTH / groups.size;
  const reach = Math.max(...[...groups.values()].map((group) => {
    const { supports, opposes, mixed, undecided } = tallied(group);
    return Math.max(supports, opposes) + (mixed + undecided) / 2;
  }));
  const unit = (HEIGHT / 2 - 4) / reach;
  const names = [...groups.keys()];
  const bars = [...groups].map(([name, group], i) =>
    drawn(
      "g",
      null,
      drawn("title", null, `${name}: ${Object.entries(tallied(group)).filter(([, n]) => n).map(([s, n]) => `${n} ${s}`).join(", ")}`),
      bar(group, i * step + step * 0.12, step * 0.76, unit),
    ),
  );
  const rows = [...groups].map(([name, group]) =>
    element("tr", null, element("th", { scope: "row" }, name), Object.values(tallied(group)).map((n) => element("td", null, `${n}`))),
  );
  const head = element("tr", null, element("th", { scope: "col" }, "When"), stances.map((s) => element("th", { scope: "col" }, s)));
  return [
    element("h3", null, "Balance over time"),
    element(
      "figure",
      { class: "balance" },
      drawn(
        "svg",
        { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `Positions ${names[0]} to ${names.at(-1)}; support above the line, opposition below. The table holds the numbers.` },
        bars,
        drawn("path", { class: "axis", d: `M0 ${HEIGHT / 2}H${WIDTH}` }),
      ),
      element("figcaption", null, element("span", null, names[0]), element("span", null, "↑ support · opposition ↓"), element("span", null, names.at(-1))),
      element("details", null, element("summary", null, "As a table"), element("table", { class: "numbers" }, element("thead", null, head), element("tbody", null, rows))),
    ),
  ];
}
