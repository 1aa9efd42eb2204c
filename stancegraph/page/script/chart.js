// ---- The balance of an outcome over time: bars about a middle line, support above it, opposition below ----

const WIDTH = 360;
const HEIGHT = 120;
const MOST_BARS = 40;

// Days, months, quarters, years or decades, each with a number in its row, and back from that to a name.
const DAY = 86_400_000;
const two = (number) => String(number).padStart(2, "0");
const yearOf = (day) => Number(day.slice(0, 4));
const monthOf = (day) => Number(day.slice(5, 7));
const periods = [
  { letters: 10, row: (day) => Date.parse(`${day}T00:00Z`) / DAY, name: (row) => new Date(row * DAY).toISOString().slice(0, 10) },
  { letters: 7, row: (day) => yearOf(day) * 12 + monthOf(day) - 1, name: (row) => `${Math.floor(row / 12)}-${two((row % 12) + 1)}` },
  { letters: 7, row: (day) => yearOf(day) * 4 + Math.floor((monthOf(day) - 1) / 3), name: (row) => `${Math.floor(row / 4)} Q${(row % 4) + 1}` },
  { letters: 4, row: yearOf, name: String },
  { letters: 4, row: (day) => Math.floor(yearOf(day) / 10), name: (row) => `${row}0s` },
];

// The finest periods that all dates are exact enough for and that are few enough to tell apart; empty ones count.
function periodic(some) {
  const dated = some.filter((position) => dayOf(position)).reverse();
  const exact = Math.min(...dated.map((position) => dayOf(position).length));
  for (const { letters, row, name } of periods) {
    const numbers = dated.map((position) => row(dayOf(position)));
    const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
    if (letters > exact || !(last - first < MOST_BARS)) continue;
    const groups = new Map();
    for (let number = first; number <= last; number += 1) groups.set(name(number), []);
    dated.forEach((position, i) => groups.get(name(numbers[i])).push(position));
    return groups;
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
  const most = Math.max(...[...groups.values()].map((group) => group.length));
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
      element("figcaption", null, element("span", null, names[0]), element("span", null, `↑ support · opposition ↓ · up to ${most}`), element("span", null, names.at(-1))),
      element("details", null, element("summary", null, "As a table"), element("table", { class: "numbers" }, element("thead", null, head), element("tbody", null, rows))),
    ),
  ];
}
