// Draws a stack of maps, its slices side by side, each with its pooled map below it at the same size of cell.

import { canvasContext } from "./elements.js";
import { drawGrid, rectangle } from "./grid.js";
import { CAPTION } from "./layout.js";
import { AMBER } from "./palette.js";

const HEAD = 44; // CSS pixels for the line with the shapes
const SLICE_GAP = 14;
const STACK_EDGE = 3; // room for a frame around the outermost cells
const BETWEEN = 34; // room for the arrow
const FEWER_BELOW = 700; // CSS pixels of width, below which the slices stand in two rows

// { slices: [{ input, output }] (views as in grid.js), height } on a board of this size.
export function stackPlaces(width, height, inputs, outputs) {
  const across = width < FEWER_BELOW ? inputs.length / 2 : inputs.length;
  const lines = inputs.length / across;
  const [{ rows, columns }, output] = [inputs[0], outputs[0]];
  const tall = rows + output.rows;
  const room = [(width - 2 * STACK_EDGE - SLICE_GAP * (across - 1)) / across / columns, (height - HEAD - lines * (CAPTION + BETWEEN)) / lines / tall];
  const cell = Math.max(Math.min(...room), 2);
  const pitch = (width - 2 * STACK_EDGE + SLICE_GAP) / across;
  const line = CAPTION + BETWEEN + cell * tall;
  const slices = inputs.map((_, i) => {
    const [x, y] = [STACK_EDGE + (i % across) * pitch, HEAD + CAPTION + Math.floor(i / across) * line];
    const view = (map, top) => ({ x, y: top, cell, top: 0, left: 0, rows: map.rows, columns: map.columns });
    return { input: view(inputs[i], y), output: view(outputs[i], y + cell * rows + BETWEEN) };
  });
  return { slices, height: Math.ceil(HEAD + lines * line) + 2 };
}

export function paintStack(canvas, { width, places, inputs, outputs, ranges, colours, font, target, trace, fed, veil }) {
  const context = canvasContext(canvas, width, places.height);
  context.clearRect(0, 0, width, places.height);
  places.slices.forEach(({ input, output }, i) => {
    drawGrid(context, inputs[i], input, ranges[i], colours, font);
    if (!outputs[i].values.length) return;
    drawGrid(context, outputs[i], output, ranges[i], colours, font, veil);
    Object.assign(context, { font: `20px ${font}`, fillStyle: colours.faint, textAlign: "center", textBaseline: "middle" });
    context.fillText("↓", output.x + (output.cell * output.columns) / 2, output.y - BETWEEN / 2);
  });
  if (!target) return;
  context.strokeStyle = AMBER;
  places.slices.forEach(({ input, output }, i) => {
    const own = i === target.filter;
    context.lineWidth = own ? 3 : 1.5;
    context.globalAlpha = own ? 1 : 0.55;
    const frame = ({ x, y, width: wide, height: tall }) => context.strokeRect(x - 1, y - 1, wide + 1, tall + 1);
    if (trace) {
      frame(rectangle(input, trace.rows[0], trace.columns[0], trace.rows.length, trace.columns.length));
      frame(rectangle(output, target.row, target.column));
    } else if (own) {
      frame(rectangle(input, target.row, target.column));
      fed.forEach(({ row, column }) => frame(rectangle(output, row, column)));
    }
  });
  context.globalAlpha = 1;
}
