// Accuracy and loss over the epochs: training against validation, each named at the end of its line.
//
// A curve: { fine: [[epoch, value], …] as the batches come, training: [value, …] and validation: [value, …] one an epoch,
// share: of the last epoch that was done }. Epochs count as they pass: 2.5 is the middle of the third. The mean over an
// epoch stands in its middle, what was measured at its end stands there.

import { AMBER, css } from "./palette.js";
import { written } from "./numbers.js";

const LABEL_GAP = 1.2; // lines of text between two labels
const LABEL_INDENT = 14; // CSS pixels from the last point, which may have a ring
const TICKS = [1, 2, 5];
const [TINY, LARGE] = [1e-4, 1e4]; // a loss beyond is written with a power of ten: its digits have no room

// Rounded as Python rounds it beside this, a half upwards: toFixed makes 81.8 of 81.85, which a float holds as 81.8499….
export function percent(share) {
  const decimals = share > 0.995 && share < 1 ? 2 : 1;
  return `${written(Math.floor(100 * share * 10 ** decimals + 0.5 + 1e-6) / 10 ** decimals, decimals)} %`;
}

// 1.5·10⁸.
function powered(value) {
  const [digits, power] = value.toExponential(1).split("e");
  return `${digits.replace(".0", "")}·10${power.replace("+", "").replace("-", "⁻").replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit])}`;
}

export function lossText(value) {
  if (value >= LARGE || (value > 0 && value < TINY)) return powered(value);
  return value >= 0.1 ? written(value, 2) : value.toPrecision(2);
}

// The least "round" step that gives at most `most` parts.
export function roundStep(span, most) {
  const rough = Math.max(span, 1e-9) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  return (TICKS.find((tick) => tick * power >= rough * 0.999) ?? 10) * power;
}

// How many epochs the axis shows: all that are planned where they are few, else room for half as many again.
export const epochsShown = (done, planned) => (planned <= 12 ? planned : Math.min(planned, Math.max(12, Math.ceil((done * 1.5) / 5) * 5)));

// The steep first epochs may leave the chart, so that it shows where the two lines part.
const later = (values) => values.slice(Math.floor(values.length / 4));

// From which accuracy on: all at first, later close enough to see two lines part.
export function accuracyFloor({ training, validation }) {
  const known = [...later(training), ...later(validation)].filter(Number.isFinite);
  if (known.length < 2) return 0;
  const least = Math.min(...known);
  const room = Math.max((1 - least) * 0.35, 0.004);
  const step = roundStep(1 - Math.max(least - room, 0), 5);
  return Math.max(Math.floor((least - room) / step) * step, 0);
}

export function lossCeiling({ fine, training, validation }) {
  const known = [...later(training), ...later(validation)].filter(Number.isFinite);
  if (known.length >= 2) return Math.max(...known) * 1.25;
  const first = fine.map(([, value]) => value).filter(Number.isFinite);
  return first.length ? Math.max(...first.slice(0, 40)) * 1.05 : 2.5;
}

// What is drawn in one chart. kind: "accuracy" or "loss".
export function chart(kind, box, curve, epochs, large) {
  const low = kind === "accuracy" ? accuracyFloor(curve) : 0;
  const high = kind === "accuracy" ? 1 : lossCeiling(curve);
  return { kind, curve, epochs, low, high, ...frame(box, large) };
}

function frame({ x, y, width, height }, large) {
  const size = large ? 18 : 13;
  return { size, left: x + size * 4.2, right: x + width - size * 8.6, top: y + size * 1.7, bottom: y + height - size * 1.7 };
}

const placeX = (view, epoch) => view.left + ((view.right - view.left) * epoch) / view.epochs;
const placeY = (view, value) => {
  const share = (value - view.low) / (view.high - view.low);
  return view.bottom - (view.bottom - view.top) * share;
};

export const epochAt = (view, x) => ((x - view.left) / (view.right - view.left)) * view.epochs;

// The charts of this moment on their way from those of the moment before, so that an axis glides to its new range.
export const between = (before, after, share) => ({ ...after, low: before.low + (after.low - before.low) * share, high: before.high + (after.high - before.high) * share, epochs: before.epochs + (after.epochs - before.epochs) * share });

function axes(context, view, colours, font) {
  const { left, right, top, bottom, low, high, size, epochs } = view;
  Object.assign(context, { font: `${size}px ${font}`, fillStyle: colours.faint, strokeStyle: colours.line, lineWidth: 1, textAlign: "right", textBaseline: "middle" });
  const step = roundStep(high - low, Math.max(Math.floor((bottom - top) / (size * 2.2)), 2));
  for (let value = Math.ceil(low / step - 1e-6) * step; value <= high + step * 1e-6; value += step) {
    const y = placeY(view, value);
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(right, y);
    context.stroke();
    const text = view.kind === "accuracy" ? `${written(100 * value, step < 0.01 ? 1 : 0)} %` : value >= LARGE ? powered(value) : written(value, step < 0.1 ? 2 : 1);
    context.fillText(text, left - 6, y);
  }
  Object.assign(context, { textAlign: "center", textBaseline: "top" });
  const every = Math.max(Math.round(roundStep(epochs, Math.max((right - left) / (size * 4), 2))), 1);
  for (let epoch = 0; epoch <= epochs + 1e-6; epoch += every) context.fillText(String(epoch), placeX(view, epoch), bottom + 5);
}

function title(context, view, colours, font) {
  Object.assign(context, { font: `600 ${view.size + 1}px ${font}`, fillStyle: colours.ink, textAlign: "left", textBaseline: "bottom" });
  context.fillText(view.kind === "accuracy" ? "Accuracy" : "Loss", view.left, view.top - 5);
  context.font = `${view.size}px ${font}`;
  context.fillStyle = colours.faint;
  const after = view.left + view.size * 6;
  if (view.kind === "accuracy" && view.curve.fine.length) context.fillText("grey: as the batches come", after, view.top - 5);
  Object.assign(context, { textAlign: "right", textBaseline: "top" });
  context.fillText("epoch", view.left - 10, view.bottom + 7);
}

function path(context, view, points, style) {
  Object.assign(context, { lineJoin: "round", ...style });
  context.beginPath();
  points.forEach(([epoch, value]) => Number.isFinite(value) && context.lineTo(placeX(view, epoch), placeY(view, value)));
  context.stroke();
}

function dots(context, view, points, radius, colour) {
  context.fillStyle = colour;
  for (const [epoch, value] of points) {
    if (!Number.isFinite(value)) continue;
    context.beginPath();
    context.arc(placeX(view, epoch), placeY(view, value), radius, 0, 2 * Math.PI);
    context.fill();
  }
}

// Where epoch i, from 1, ends and where its middle is: the last may have been stopped in it.
const endOf = (i, { training, share }) => (i === training.length ? i - 1 + share : i);
const middles = (curve) => curve.training.map((value, i) => [(i + endOf(i + 1, curve)) / 2, value]);
const ends = (curve) => curve.validation.map((value, i) => [endOf(i + 1, curve), value]);

function labels(context, view, colours, font, shown) {
  const text = view.kind === "accuracy" ? percent : lossText;
  const lines = [
    { name: "training", value: shown.training, colour: colours.ink },
    { name: "validation", value: shown.validation, colour: css(colours.positive) },
  ].filter(({ value }) => Number.isFinite(value));
  const gap = view.size * LABEL_GAP;
  const within = (y, least, most) => Math.min(Math.max(y, view.top + least), view.bottom - most);
  lines.forEach((line) => (line.y = within(placeY(view, line.value), 0, gap / 2)));
  lines.sort((one, other) => one.y - other.y);
  if (lines.length === 2 && lines[1].y - lines[0].y < gap * 2) {
    const middle = within((lines[0].y + lines[1].y) / 2, gap * 0.6, gap * 1.4);
    [lines[0].y, lines[1].y] = [middle - gap, middle + gap];
  }
  Object.assign(context, { textAlign: "left", textBaseline: "middle" });
  for (const { name, value, colour, y } of lines) {
    context.fillStyle = colour;
    context.font = `${view.size}px ${font}`;
    context.fillText(name, view.right + LABEL_INDENT, y - view.size * 0.55);
    context.font = `600 ${view.size + 2}px ${font}`;
    context.fillText(text(value), view.right + LABEL_INDENT, y + view.size * 0.6);
  }
}

function mark(context, view, epoch, words, colours, font) {
  const x = placeX(view, epoch);
  Object.assign(context, { strokeStyle: AMBER, lineWidth: 2, fillStyle: colours.ink, font: `${view.size}px ${font}`, textBaseline: "bottom" });
  context.setLineDash([6, 4]);
  context.beginPath();
  context.moveTo(x, view.top);
  context.lineTo(x, view.bottom);
  context.stroke();
  context.setLineDash([]);
  if (!words) return;
  context.textAlign = x > (view.left + view.right) / 2 ? "right" : "left";
  context.fillText(words, x + (context.textAlign === "right" ? -6 : 6), view.top - 4);
}

// The epoch whose network is kept: a ring around its validation, with its name in the chart of the accuracy.
function ring(context, view, [epoch, value], colours, font) {
  const [x, y] = [placeX(view, epoch), placeY(view, value)];
  if (!Number.isFinite(y) || y > view.bottom) return;
  Object.assign(context, { strokeStyle: AMBER, lineWidth: 3 });
  context.beginPath();
  context.arc(x, y, 8, 0, 2 * Math.PI);
  context.stroke();
  if (view.kind !== "accuracy") return;
  const place = ["best", Math.min(x, view.right - view.size), y + 12];
  Object.assign(context, { fillStyle: colours.ink, strokeStyle: colours.paper, lineWidth: 4, lineJoin: "round", font: `${view.size}px ${font}`, textBaseline: "top", textAlign: "center" });
  context.strokeText(...place);
  context.fillText(...place);
}

// turn: the epoch from which validation gets worse, kept: the best one, pointed: the one under the pointer; or null.
export function paintChart(context, view, { turn, kept, pointed }, colours, font) {
  const { curve } = view;
  axes(context, view, colours, font);
  title(context, view, colours, font);
  context.save();
  context.beginPath();
  context.rect(view.left - 6, view.top - 4, view.right - view.left + 12, view.bottom - view.top + 8);
  context.clip();
  path(context, view, curve.fine, { strokeStyle: colours.faint, lineWidth: 1.2, globalAlpha: 0.6 });
  context.globalAlpha = 1;
  dots(context, view, curve.fine.slice(-1), 3.5, colours.faint); // where the run is now
  path(context, view, middles(curve), { strokeStyle: colours.ink, lineWidth: 2.5 });
  dots(context, view, middles(curve), 3, colours.ink);
  path(context, view, ends(curve), { strokeStyle: css(colours.positive), lineWidth: 2.5 });
  dots(context, view, ends(curve), 4, css(colours.positive));
  context.restore();
  if (kept !== null) ring(context, view, [endOf(kept, curve), curve.validation[kept - 1]], colours, font);
  if (turn !== null && turn <= view.epochs) mark(context, view, turn, view.kind === "loss" ? "validation turns" : "", colours, font);
  if (pointed !== null) mark(context, view, endOf(pointed, curve), "", colours, font);
  const at = pointed === null ? -1 : Math.min(Math.max(Math.ceil(pointed), 1), Math.max(curve.training.length, curve.validation.length)) - 1;
  const now = curve.fine.at(-1)?.[1];
  const last = { training: curve.training.at(-1) ?? now, validation: curve.validation.at(-1) };
  labels(context, view, colours, font, at < 0 ? last : { training: curve.training[at], validation: curve.validation[at] });
}
