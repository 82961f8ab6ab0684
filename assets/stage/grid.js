// A grid of numbers lit by value, like a spreadsheet with conditional formatting, drawn on a canvas.
//
// A view says where it stands and which part of the map it shows:
// { x, y, cell, top, left, rows, columns }: cell in CSS pixels; top, left, rows, columns count cells. top and left are
// negative where a padded border is shown. smallest: figures that would be smaller, in CSS pixels, are left out.

import { css, mix, textOn } from "./palette.js";
import { written } from "./numbers.js";

const SMALLEST_FIGURE = 8;

// --- maps: { rows, columns, values }, values row by row. Pictures: { rows, columns, levels }, levels from 0 to 255. ---

export const asMap = (rows) => ({ rows: rows.length, columns: rows[0].length, values: Float64Array.from(rows.flat()) });

export const asRows = ({ columns, values }) => Array.from({ length: values.length / columns }, (_, r) => Array.from(values.slice(r * columns, (r + 1) * columns)));

export const sameMap = (one, other) => one.rows === other.rows && one.columns === other.columns && one.values.every((value, i) => Math.abs(value - other.values[i]) < 1e-9);

export const lit = ({ rows, columns, levels }) => ({ rows, columns, values: Float64Array.from(levels, (level) => level / 255) });

export const packed = (levels) => btoa(String.fromCharCode(...levels));

export const unpacked = (text) => Array.from(atob(text), (letter) => letter.charCodeAt(0));

// --- views ---

export function placed(box, map, { border = [0, 0, 0, 0], zoom = 1, centre = null, cell = null } = {}) {
  const [above, below, before, after] = border;
  const allRows = map.rows + above + below;
  const allColumns = map.columns + before + after;
  const rows = Math.min(allRows, Math.max(Math.ceil(allRows / zoom), 3));
  const columns = Math.min(allColumns, Math.max(Math.ceil(allColumns / zoom), 3));
  const size = Math.min(cell ?? Infinity, box.width / columns, box.height / rows);
  const start = (middle, shown, all, first) => Math.min(Math.max(Math.round(middle - shown / 2), first), first + all - shown);
  return {
    cell: size,
    rows,
    columns,
    top: start(centre ? centre[0] + 0.5 : 0, rows, allRows, -above),
    left: start(centre ? centre[1] + 0.5 : 0, columns, allColumns, -before),
    x: box.x,
    y: box.y + Math.max((box.height - size * rows) / 2, 0),
  };
}

export function cellAt(view, x, y) {
  const row = Math.floor((y - view.y) / view.cell);
  const column = Math.floor((x - view.x) / view.cell);
  if (row < 0 || column < 0 || row >= view.rows || column >= view.columns) return null;
  return [row + view.top, column + view.left];
}

// [row, column] with fractions, also outside the view.
export const fineCell = (view, x, y) => [(y - view.y) / view.cell + view.top, (x - view.x) / view.cell + view.left];

// The rectangle of cells (row, column) to (row + rows, column + columns), cut to what the view shows.
export function rectangle(view, row, column, rows = 1, columns = 1) {
  const clamp = (value, most) => Math.min(Math.max(value, 0), most);
  const y0 = clamp(row - view.top, view.rows);
  const x0 = clamp(column - view.left, view.columns);
  const y1 = clamp(row + rows - view.top, view.rows);
  const x1 = clamp(column + columns - view.left, view.columns);
  return { x: view.x + x0 * view.cell, y: view.y + y0 * view.cell, width: (x1 - x0) * view.cell, height: (y1 - y0) * view.cell };
}

// Figures as large as the cells allow, with one decimal where two do not fit; null where none can be read.
export function figures(map, view) {
  if (view.cell * 0.46 < SMALLEST_FIGURE) return null;
  for (const decimals of [2, 1]) {
    let longest = 1;
    for (const value of map.values) longest = Math.max(longest, written(value, decimals).length);
    const size = Math.min(view.cell * 0.46, (view.cell * 0.9) / (longest * 0.6));
    if (size >= (view.smallest ?? SMALLEST_FIGURE)) return { size, decimals };
  }
  return null;
}

// map.hollow: what lies outside it is nothing, not zeros.
// veil(row, column) from 0 (hidden) to 1: cells that a sweep has not reached yet are drawn faintly.
export function drawGrid(context, map, view, range, colours, font, veil = null) {
  const { cell } = view;
  const text = figures(map, view);
  context.fillStyle = colours.ring;
  context.fillRect(view.x, view.y, cell * view.columns, cell * view.rows);
  if (text) {
    context.font = `${text.size}px ${font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
  }
  const inset = cell > 7 ? 1 : 0.5;
  for (let i = 0; i < view.rows; i++) {
    const row = i + view.top;
    for (let j = 0; j < view.columns; j++) {
      const column = j + view.left;
      const inside = row >= 0 && row < map.rows && column >= 0 && column < map.columns;
      const value = inside ? map.values[row * map.columns + column] : 0;
      const x = view.x + j * cell;
      const y = view.y + i * cell;
      const lit = mix(value, range, colours);
      context.globalAlpha = veil ? veil(row, column) : 1;
      if (inside) {
        context.fillStyle = css(lit);
        context.fillRect(x, y, cell - inset, cell - inset);
      }
      if (text && (inside || !map.hollow)) {
        context.fillStyle = inside ? textOn(lit) : colours.faint;
        if (inside && value === 0) context.fillStyle = colours.faint;
        context.fillText(written(value, text.decimals), x + (cell - inset) / 2, y + cell / 2);
      }
    }
  }
  context.globalAlpha = 1;
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.strokeRect(view.x - 0.5, view.y - 0.5, cell * view.columns + 0.5, cell * view.rows + 0.5);
}
