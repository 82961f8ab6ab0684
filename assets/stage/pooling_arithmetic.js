// The browser's half of core/ops/pooling.py and core/explain/moving.py: same rules, so that an edit repaints within one
// frame. tests/browser/test_pooling_arithmetic.py holds the two against each other.
//
// A map is { rows, columns, values } with values row by row. A pool is { size, stride, padding ("valid" or "same") }.

import { border, outputSize } from "./arithmetic.js";

export const REACH = 6; // pixels to each side that a picture is moved at most, as in core/explain/moving.py
const SAME = 1e-9; // as there

export const KINDS = ["max", "average"];

const geometry = ({ stride, padding }) => ({ stride, padding, dilation: 1 });

// A stride that jumps over the whole map, border and all, fits no more than a pool that is larger than it.
export const pooledShape = (map, pool) =>
  [map.rows, map.columns].map((n) => {
    const [before, after] = border(n, pool.size, geometry(pool));
    return pool.stride > before + n + after ? 0 : outputSize(n, pool.size, geometry(pool));
  });

export const poolBorder = (map, pool) => [map.rows, map.columns].flatMap((n) => border(n, pool.size, geometry(pool)));

// Rows and columns under the window of an output cell; outside the map where the border is.
function under(map, pool, row, column) {
  const [top, , left] = poolBorder(map, pool);
  const along = (place, before) => Array.from({ length: pool.size }, (_, i) => place * pool.stride - before + i);
  return [along(row, top), along(column, left)];
}

// The maps of the largest numbers and of the means: { max, average }. What a border adds is no number.
export function poolMap(map, pool) {
  const [rows, columns] = pooledShape(map, pool);
  const [top, , left] = poolBorder(map, pool);
  const max = new Float64Array(rows * columns);
  const average = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    const [y0, y1] = [Math.max(r * pool.stride - top, 0), Math.min(r * pool.stride - top + pool.size, map.rows)];
    for (let c = 0; c < columns; c++) {
      const [x0, x1] = [Math.max(c * pool.stride - left, 0), Math.min(c * pool.stride - left + pool.size, map.columns)];
      let [largest, sum] = [-Infinity, 0];
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          const value = map.values[y * map.columns + x];
          if (value > largest) largest = value;
          sum += value;
        }
      }
      max[r * columns + c] = largest;
      average[r * columns + c] = sum / ((y1 - y0) * (x1 - x0));
    }
  }
  return { max: { rows, columns, values: max }, average: { rows, columns, values: average } };
}

// How one cell of both pooled maps came about; cells: { row, column, value } inside the map, row by row.
export function tracePool(map, pool, row, column) {
  const [rows, columns] = under(map, pool, row, column);
  const cells = [];
  for (const r of rows) for (const c of columns) {
    if (r >= 0 && c >= 0 && r < map.rows && c < map.columns) cells.push({ row: r, column: c, value: map.values[r * map.columns + c] });
  }
  const max = Math.max(...cells.map(({ value }) => value));
  const sum = cells.reduce((total, { value }) => total + value, 0);
  return { rows, columns, cells, winners: cells.filter(({ value }) => value === max), max, sum, average: sum / cells.length };
}

// The output cells whose window holds one cell of the map: { row, column, wins }, wins where it is the largest there.
export function windowsOver(map, pool, row, column) {
  const [rows, columns] = pooledShape(map, pool);
  const [top, , left] = poolBorder(map, pool);
  const along = (position, before, count) =>
    Array.from({ length: count }, (_, place) => place).filter((place) => position >= place * pool.stride - before && position < place * pool.stride - before + pool.size);
  const value = map.values[row * map.columns + column];
  return along(row, top, rows).flatMap((r) => along(column, left, columns).map((c) => ({ row: r, column: c, wins: tracePool(map, pool, r, c).max === value })));
}

// --- moving: pictures { rows, columns, levels } ---

export function movedPicture(picture, { down, right }) {
  const { rows, columns, levels } = picture;
  const result = Array(levels.length).fill(0);
  for (let r = Math.max(down, 0); r < rows + Math.min(down, 0); r++) {
    for (let c = Math.max(right, 0); c < columns + Math.min(right, 0); c++) result[r * columns + c] = levels[(r - down) * columns + c - right];
  }
  return { ...picture, levels: result };
}

// How far a picture can be moved with all its ink still on it: { up, down, left, right }, each 0 to REACH.
export function roomToMove({ rows, columns, levels }) {
  let [top, bottom, left, right] = [rows, -1, columns, -1];
  levels.forEach((level, at) => {
    if (!level) return;
    const [r, c] = [Math.floor(at / columns), at % columns];
    [top, bottom, left, right] = [Math.min(top, r), Math.max(bottom, r), Math.min(left, c), Math.max(right, c)];
  });
  if (bottom < 0) return { up: 0, down: 0, left: 0, right: 0 };
  const far = (n) => Math.min(n, REACH);
  return { up: far(top), down: far(rows - 1 - bottom), left: far(left), right: far(columns - 1 - right) };
}

export const alike = (one, other) => one.values.length === other.values.length && one.values.every((value, i) => Math.abs(value - other.values[i]) < SAME);

export const changedCells = (one, other) => Array.from(one.values.keys()).filter((i) => Math.abs(one.values[i] - other.values[i]) >= SAME);
