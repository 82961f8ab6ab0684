// Where things stand on the neuron board: the grids and the neuron on the left, the matrix on the right or, in a narrow
// window, below.

import { CAPTION } from "./layout.js";

const MATRIX_GAP = 28;
const NARROW_BOARD = 700;
const MATRIX_EDGE = 4; // CSS pixels around the matrix, for its frames
const STRIP_CELLS = 1.6; // height of the strip of pixels above the matrix, in its cells

// shapes: { picture, kernel, output, places: { rows, columns } of the matrix }. Boxes as { x, y, width, height, cell }.
export function neuronLayout(width, height, { picture, kernel, output, places }, large) {
  const narrow = width < NARROW_BOARD;
  const left = narrow ? width : 0.42 * width;
  const right = (narrow ? width : width - left - MATRIX_GAP) - 2 * MATRIX_EDGE;
  const room = narrow ? 460 : height;
  const neuronHeight = Math.min(Math.max(0.5 * room, large ? 250 : 220), room - 2 * CAPTION - 110);
  const top = Math.min(room - neuronHeight - 2 * CAPTION - 8, (left - 40) / 2.4);
  const box = (x, y, map, cell) => ({ x, y, width: cell * map.columns, height: cell * map.rows, cell });
  const grid = top / picture.rows;
  const small = Math.min(grid, top / output.rows);
  const weight = Math.min(((large ? 1 : 0.75) * top) / kernel.rows, large ? 62 : 46);
  const free = left - grid * picture.columns - weight * kernel.columns - small * output.columns;
  const middle = (map, cell) => CAPTION + (top - map.rows * cell) / 2;
  const boxes = {
    picture: box(MATRIX_EDGE, CAPTION, picture, grid),
    kernel: box(grid * picture.columns + free / 2, middle(kernel, weight), kernel, weight),
    output: box(left - small * output.columns - MATRIX_EDGE, middle(output, small), output, small),
    neuron: { x: MATRIX_EDGE, y: CAPTION + top + CAPTION + 8, width: left - 2 * MATRIX_EDGE, height: neuronHeight },
  };
  const startX = narrow ? MATRIX_EDGE : left + MATRIX_GAP + MATRIX_EDGE;
  const startY = narrow ? boxes.neuron.y + neuronHeight + CAPTION + 8 : CAPTION;
  const cell = Math.min(right / (places.columns + 2), narrow ? Infinity : (room - CAPTION - 30) / (places.rows + STRIP_CELLS + 0.6));
  const y = startY + cell * (STRIP_CELLS + 0.6) + (narrow ? 0 : Math.max((room - CAPTION - cell * (places.rows + STRIP_CELLS + 0.6)) / 2 - 30, 0));
  boxes.matrix = box(startX, y, places, cell);
  boxes.pixels = { x: startX, y: y - cell * (STRIP_CELLS + 0.4), width: boxes.matrix.width, height: cell * STRIP_CELLS, cell };
  boxes.sums = { x: startX + boxes.matrix.width + 0.4 * cell, y, width: 1.6 * cell, height: boxes.matrix.height, cell };
  return { boxes, height: Math.ceil(Math.max(...Object.values(boxes).map((one) => one.y + one.height))) + 30 };
}
