/** Draws the curves of the overview. Each figure carries its own numbers; the table below has them, too. */

const HEIGHT = 150;
const SECOND = 1000;
const LINES = ["--dai", "--amber", "--edge"];
const DASHES = [[], [6, 4], [2, 3]];

const figures = [...document.querySelectorAll("[data-trend]")];
const cursor = uPlot.sync("trends");
let drawn = [];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Days are days of the community, whatever the clock of this computer says: read as UTC. */
function day(seconds) {
  return new Date(seconds * SECOND);
}

function month(seconds) {
  const at = day(seconds);
  const name = `${at.getUTCMonth() + 1}月`;
  return at.getUTCMonth() ? name : `${at.getUTCFullYear()}年${name}`;
}

/** The first days of at most eight months. */
function months(_, axisIndex, low, high) {
  const at = day(low);
  const marks = [];
  for (let n = at.getUTCMonth() + (at.getUTCDate() > 1 ? 1 : 0); ; n += 1) {
    const first = Date.UTC(at.getUTCFullYear(), n) / SECOND;
    if (!(first <= high)) break;
    marks.push(first);
  }
  return marks.filter((_mark, n) => n % Math.ceil(marks.length / 8) === 0);
}

/** Where nobody points, the last stretch is told. */
function rest(plot) {
  if (plot.cursor.idx === null) plot.setLegend({ idx: plot.data[0].length - 1 });
}

function since(seconds, step) {
  if (seconds === null) return "";
  const at = day(seconds);
  const first = `${at.getUTCFullYear()}年${at.getUTCMonth() + 1}月`;
  return step === "month" ? first : `${first}${at.getUTCDate()}日起一周`;
}

function value(number, unit) {
  return number === null || number === undefined ? "—" : `${number}${unit === "%" ? "%" : ` ${unit}`}`;
}

function axis() {
  return { stroke: colour("--ink-2"), grid: { stroke: colour("--rule"), width: 1 }, ticks: { show: false }, font: "12px sans-serif" };
}

/** A rate lives between its own lowest tenth and all; a count begins at nothing. */
function range(unit) {
  return (_, low, high) => (unit === "%" ? [Math.max(Math.floor((low ?? 0) / 10) * 10 - 10, 0), 100] : [0, Math.max(high ?? 0, 4) * 1.1]);
}

function draw(figure) {
  const { name, step, unit, on, series } = JSON.parse(figure.dataset.trend);
  const options = {
    width: figure.clientWidth,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(day(seconds), "Etc/UTC"),
    cursor: { sync: { key: cursor.key }, y: false, drag: { x: false, y: false } },
    hooks: { ready: [rest], setCursor: [rest] },
    scales: { y: { range: range(unit) } },
    axes: [
      { ...axis(), size: 28, splits: months, values: (_, marks) => marks.map(month) },
      { ...axis(), size: 52, values: (_, marks) => marks.map((mark) => (unit === "%" ? `${mark}%` : mark)) },
    ],
    series: [
      { label: step === "month" ? "月份" : "周", value: (_, at) => since(at, step) },
      ...series.map((one, n) => ({
        label: one.name,
        stroke: colour(LINES[n]),
        width: 2,
        dash: DASHES[n],
        points: { show: on.length < 30, size: 5 },
        value: (_, number) => value(number, unit),
      })),
    ],
  };
  const columns = [on.map((one) => Date.parse(one) / SECOND), ...series.map((one) => one.values)];
  const plot = new uPlot(options, columns, figure);
  plot.root.setAttribute("role", "img");
  plot.root.setAttribute("aria-label", `${name}的曲线，数字在下面的表里`);
  return plot;
}

function redraw() {
  for (const plot of drawn) plot.destroy();
  drawn = figures.map(draw);
}

function fit() {
  drawn.forEach((plot, n) => plot.setSize({ width: figures[n].clientWidth, height: HEIGHT }));
}

redraw();
addEventListener("resize", fit);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
