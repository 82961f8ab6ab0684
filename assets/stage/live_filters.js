// The first layer at work: each filter beside the feature map that it makes of the chosen picture.

import { canvasContext } from "./elements.js";
import { AMBER, css, largest, mix } from "./palette.js";

const TILE_GAP = 10;
const PAIR_GAP = 3;
const MOST_TILES = 16; // at once

// Where `count` tiles of this width and height, in sides of a grid, stand so that they are as large as the room allows.
export function tiling(count, { width, height }, across, most) {
  let best = { side: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const side = Math.min((width - TILE_GAP * (columns - 1)) / columns / across, (height - TILE_GAP * (rows - 1)) / rows, most);
    if (side > best.side) best = { side, columns, rows };
  }
  return best;
}

// A filter's channels in one square: one grid, or two by two for the channels of a colour picture.
function drawKernel(context, kernel, { x, y, side }, range, colours) {
  const { rows, columns, channels, values } = kernel;
  const across = Math.ceil(Math.sqrt(channels));
  const part = side / across;
  const cell = part / Math.max(rows, columns);
  for (let channel = 0; channel < channels; channel++) {
    const left = x + part * (channel % across);
    const top = y + part * Math.floor(channel / across);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        context.fillStyle = css(mix(values[(row * columns + column) * channels + channel], range, colours));
        context.fillRect(left + column * cell, top + row * cell, cell - (cell > 6 ? 1 : 0.25), cell - (cell > 6 ? 1 : 0.25));
      }
    }
  }
}

const inks = new Map(); // palette and theme -> 256 colours from nothing to fully lit

function ink(colours) {
  const name = JSON.stringify([colours.zero, colours.positive]);
  if (!inks.has(name)) inks.set(name, Array.from({ length: 256 }, (_, level) => mix(level, 255, colours)));
  return inks.get(name);
}

const shelf = new WeakMap(); // canvas -> a small canvas that maps are laid on before they are enlarged

// map: { rows, columns, levels }, 0 to 255 of the layer's largest number.
function drawMap(context, { rows, columns, levels }, { x, y, side }, colours) {
  const small = shelf.get(context.canvas) ?? document.createElement("canvas");
  shelf.set(context.canvas, small);
  if (small.width !== columns || small.height !== rows) Object.assign(small, { width: columns, height: rows });
  const onto = small.getContext("2d", { willReadFrequently: true });
  const pixels = onto.createImageData(columns, rows);
  const lights = ink(colours);
  for (let i = 0; i < rows * columns; i++) {
    const [r, g, b] = lights[Math.round(levels[i])];
    pixels.data.set([r, g, b, 255], 4 * i);
  }
  onto.putImageData(pixels, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, x, y, side, side);
}

function frameOf(context, { x, y, side }, colour, width = 1) {
  Object.assign(context, { strokeStyle: colour, lineWidth: width });
  context.strokeRect(x - 0.5, y - 0.5, side + 1, side + 1);
}

// Which of the filters and maps stand on a page of them, [first, end), and how many there are.
export function onPage({ kernels, maps }, page) {
  const count = Math.min(kernels?.count ?? Infinity, maps?.count ?? Infinity, kernels || maps ? Infinity : 0);
  const pages = Math.max(Math.ceil(count / MOST_TILES), 1);
  const at = Math.min(page, pages - 1);
  return { first: at * MOST_TILES, end: Math.min((at + 1) * MOST_TILES, count), count, pages, page: at };
}

export const pageOf = (number) => Math.floor(number / MOST_TILES);

// What the canvas shows: a page of kernels and maps (either may be null), chosen: a filter's number or null,
// frozen: the numbers of the filters that do not learn. Returns where each tile stands.
export function paintFilters(canvas, width, height, { kernels, maps, chosen, frozen, page }, colours) {
  const context = canvasContext(canvas, width, height);
  context.clearRect(0, 0, width, height);
  const { first, end, pages } = onPage({ kernels, maps }, page);
  if (first === end) return [];
  const across = kernels && maps ? 2 : 1;
  const room = pages > 1 ? MOST_TILES : end; // tiles are as large on a last page that is not full
  const { side, columns } = tiling(room, { width: width - 4, height: height - 4 }, across, 118);
  const range = kernels ? largest(kernels.values) : 0;
  return Array.from({ length: end - first }, (_, at) => {
    const number = first + at;
    const x = 2 + (at % columns) * (side * across + TILE_GAP);
    const y = 2 + Math.floor(at / columns) * (side + TILE_GAP);
    const half = side - PAIR_GAP;
    if (kernels) {
      const box = { x, y, side: half };
      drawKernel(context, kernelOf(kernels, number), box, range, colours);
      frameOf(context, box, frozen.includes(number) ? colours.ink : colours.line, frozen.includes(number) ? 2.5 : 1);
    }
    if (maps) {
      const box = { x: x + side * (across - 1), y, side: half };
      drawMap(context, mapOf(maps, number), box, colours);
      frameOf(context, box, colours.line);
    }
    const tile = { number, x, y, width: side * across - PAIR_GAP, height: half };
    if (number === chosen) {
      Object.assign(context, { strokeStyle: AMBER, lineWidth: 3 });
      context.strokeRect(x - 2, y - 2, tile.width + 4, tile.height + 4);
    }
    return tile;
  });
}

// kernels: { rows, columns, channels, count, values } with values in the order (row, column, channel, filter).
export function kernelOf({ rows, columns, channels, count, values }, number) {
  return { rows, columns, channels, values: Float32Array.from({ length: rows * columns * channels }, (_, i) => values[i * count + number]) };
}

// maps: { rows, columns, count, levels } with levels in the order (row, column, filter).
function mapOf({ rows, columns, count, levels }, number) {
  return { rows, columns, levels: Float32Array.from({ length: rows * columns }, (_, i) => levels[i * count + number]) };
}

// The numbers on their way from one moment to the next; the newer ones where the two do not match.
export function onTheWay(before, after, share, name) {
  if (!before || !after || share >= 1 || before[name].length !== after[name].length) return after;
  return { ...after, [name]: Float32Array.from(after[name], (value, i) => before[name][i] + (value - before[name][i]) * share) };
}

// A picture enlarged: one channel lit like everywhere in the house, three as the colours that they are.
export function paintPicture(canvas, { rows, columns, channels, levels }, width, colours) {
  const height = Math.round((width * rows) / columns);
  const context = canvasContext(canvas, width, height);
  const small = document.createElement("canvas");
  Object.assign(small, { width: columns, height: rows });
  const onto = small.getContext("2d");
  const pixels = onto.createImageData(columns, rows);
  const lights = ink(colours);
  for (let i = 0; i < rows * columns; i++) {
    const colour = channels === 3 ? levels.slice(3 * i, 3 * i + 3) : lights[levels[i * channels]];
    pixels.data.set([...colour, 255], 4 * i);
  }
  onto.putImageData(pixels, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, width, height);
}
