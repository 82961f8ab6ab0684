// Where things stand on the learning board. Wide: picture × filter = output − target = error in one row, below it the
// slope, the hidden filter, the difference and the loss curve. Narrow: three columns, the curve below them.

import { CAPTION } from "./layout.js";

const BOX_GAP = 16;
export const TIGHT = 760; // below this width the board is narrow
const FRAME_ROOM = 3; // CSS pixels left and right, for the frame around a marked cell
const MOST_CURVE = 320; // CSS pixels high

// Boxes { x, y, width, height } in CSS pixels, by name; signs: [text, x, y]; height: of the whole board.
// shape: the filter's { rows, columns }; large: presenter mode.
export function learningLayout(width, height, shape, large) {
  return width < TIGHT ? narrow(width, shape) : wide(width, height, shape, large);
}

const square = (x, y, side) => ({ x, y, width: side, height: side });

// A filter's cells in the middle of a square of this side.
function filterBox({ x, y, width }, { rows, columns }) {
  const cell = width / Math.max(rows, columns);
  return { x: x + (width - cell * columns) / 2, y: y + (width - cell * rows) / 2, width: cell * columns, height: cell * rows, cell };
}

function wide(width, height, shape, large) {
  const sign = large ? 34 : 28;
  width -= 2 * FRAME_ROOM;
  const kernel = Math.min(large ? 264 : 0.2 * width, (large ? 0.62 : 0.56) * height - CAPTION);
  const map = Math.min((width - kernel - 4 * sign) / 4, 0.58 * height - CAPTION);
  const row = Math.max(kernel, map);
  const middle = CAPTION + row / 2;
  const boxes = {};
  const signs = [];
  let x = FRAME_ROOM + (width - 4 * map - kernel - 4 * sign) / 2;
  [["picture", map, "×"], ["kernel", kernel, "="], ["output", map, "−"], ["target", map, "="], ["error", map, ""]].forEach(([name, side, after]) => {
    boxes[name] = square(x, middle - side / 2, side);
    if (after) signs.push([after, x + side + sign / 2, middle]);
    x += side + sign;
  });
  const top = CAPTION + row + (large ? 2 : BOX_GAP) + CAPTION;
  const small = Math.min(height - top - 2, large ? 176 : 0.19 * width);
  ["gradient", "hidden", "difference"].forEach((name, i) => (boxes[name] = square(boxes.picture.x + i * (small + BOX_GAP), top, small)));
  const left = boxes.picture.x + 3 * (small + BOX_GAP) + BOX_GAP;
  boxes.curve = { x: left, y: top, width: boxes.error.x + map - left, height: Math.min(height - top - 2, MOST_CURVE) };
  return finished(boxes, signs, shape);
}

function narrow(width, shape) {
  const side = (width - 2 * FRAME_ROOM - 2 * BOX_GAP) / 3;
  const boxes = {};
  [["output", "target", "error"], ["picture", "kernel", "gradient"], ["hidden", "difference"]].forEach((names, row) =>
    names.forEach((name, column) => (boxes[name] = square(FRAME_ROOM + column * (side + BOX_GAP), CAPTION + row * (side + CAPTION + BOX_GAP), side))),
  );
  boxes.curve = { ...boxes.gradient, y: boxes.hidden.y };
  if (side < 200) boxes.curve = { x: 0, y: boxes.hidden.y + side + CAPTION + BOX_GAP, width, height: 180 };
  return finished(boxes, [], shape);
}

function finished(boxes, signs, shape) {
  for (const name of ["kernel", "gradient", "hidden", "difference"]) boxes[name] = filterBox(boxes[name], shape);
  const height = Math.ceil(Math.max(...Object.values(boxes).map((box) => box.y + box.height))) + 2;
  return { boxes, signs, height };
}
