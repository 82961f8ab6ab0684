// A block of numbers pooled again and again, drawn to scale: sides shrink, the depth stays.

import { canvasContext } from "./elements.js";
import { AMBER } from "./palette.js";
import { pooledShape } from "./pooling_arithmetic.js";

const TOP = 44; // CSS pixels for the line with the shapes
const LABELS = { normal: 62, large: 84 };
const GAP = 22;
const DEEP = 0.14; // of the tallest side: how far the depth of 64 slices runs to the back

// The shapes [rows, columns, slices], from the first on, as long as the pool fits and makes them smaller.
export function sizesWalked([rows, columns, slices], pool) {
  const walk = [[rows, columns, slices]];
  for (;;) {
    const [r, c] = walk.at(-1);
    const smaller = pooledShape({ rows: r, columns: c }, pool);
    if (smaller.some((n) => n < 1) || smaller[0] >= r || walk.length > 6) return walk;
    walk.push([...smaller, slices]);
  }
}

// A part of a whole, in two digits.
export const percentage = (part) => `${Number((100 * part).toPrecision(2))}%`;

// How wide each block's place is when the first is so many pixels wide.
const slots = (walk, side, least) => walk.map(([, columns], i) => Math.max((side * columns) / walk[0][1] + DEEP * side + GAP, i ? least : 0));

// Draws the first `shown` blocks of a walk, sized so that all of them will fit. Returns the captions under them.
export function paintSizes(canvas, { width, height, walk, shown, colours, large }) {
  const context = canvasContext(canvas, width, height);
  context.clearRect(0, 0, width, height);
  const labels = LABELS[large ? "large" : "normal"];
  const least = large ? 130 : Math.min(104, width / walk.length);
  let side = Math.max((height - TOP - labels - 14) / (1 + DEEP), 60);
  while (side > 60 && slots(walk, side, least).reduce((sum, slot) => sum + slot, 0) > width) side -= 4;
  const base = TOP + side * (1 + DEEP) + 6;
  const captions = [];
  let x = 2;
  slots(walk, side, least).slice(0, shown).forEach((slot, i) => {
    const [rows, columns, slices] = walk[i];
    const latest = i === shown - 1 && i > 0;
    block(context, x, base, (columns / walk[0][1]) * side, (rows / walk[0][0]) * side, DEEP * side, latest ? AMBER : colours.ink, colours);
    const part = (rows * columns) / (walk[0][0] * walk[0][1]);
    const lines = [`${rows}×${columns}×${slices}`, (rows * columns * slices).toLocaleString("en-US"), i ? percentage(part) : "numbers"];
    const step = large ? 26 : 20;
    lines.forEach((text, line) => captions.push({ x, y: base + 34 + line * step, width: Math.max(slot - 8, least - 4), text, active: latest && line === 0 }));
    x += slot;
  });
  return captions;
}

// A box seen from the front, its depth running up and to the right.
function block(context, x, base, wide, tall, deep, ink, colours) {
  const y = base - tall;
  const faces = [
    [[x, y], [x + wide, y], [x + wide, base], [x, base]],
    [[x, y], [x + deep, y - deep], [x + wide + deep, y - deep], [x + wide, y]],
    [[x + wide, y], [x + wide + deep, y - deep], [x + wide + deep, base - deep], [x + wide, base]],
  ];
  faces.forEach((corners, i) => {
    context.beginPath();
    corners.forEach(([px, py]) => context.lineTo(px, py));
    context.closePath();
    context.fillStyle = i ? colours.line : colours.ring;
    context.fill();
    context.strokeStyle = ink;
    context.lineWidth = ink === AMBER ? 2 : 1;
    context.stroke();
  });
}
