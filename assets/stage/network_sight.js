// The picture with what a cell sees lit, and the map that the cell stands on.

import { canvasContext } from "./elements.js";
import { AMBER } from "./palette.js";

const SMALLEST_CELL = 4; // CSS pixels: below that no lines between cells
const DARKENED = 0.62; // what is not seen

// The picture of a choice on a canvas of its own, one pixel a cell.
export function pictureCanvas({ rows, columns, channels, levels }) {
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows);
  for (let at = 0; at < rows * columns; at++) {
    for (let light = 0; light < 3; light++) image.data[4 * at + light] = levels[at * channels + (channels === 3 ? light : 0)];
    image.data[4 * at + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

// Where a grid of rows and columns stands in a square: { x, y, cell }.
export function gridIn(side, [rows, columns]) {
  const cell = side / Math.max(rows, columns);
  return { x: (side - cell * columns) / 2, y: (side - cell * rows) / 2, cell, width: cell * columns, height: cell * rows };
}

// seen: [rows, columns] of the picture that the cell depends on; what lies elsewhere is darkened.
export function paintPictureSeen(canvas, side, shape, picture, seen, colours) {
  const context = canvasContext(canvas, side, side);
  const { x, y, cell, width, height } = gridIn(side, shape);
  context.clearRect(0, 0, side, side);
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, x, y, width, height);
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  if (!seen) return;
  const [rows, columns] = seen;
  context.fillStyle = colours.paper;
  context.globalAlpha = DARKENED;
  const dark = (top, left, bottom, right) => {
    const [x0, y0, x1, y1] = [x + left * cell, y + top * cell, x + right * cell, y + bottom * cell].map(Math.round);
    context.fillRect(x0, y0, x1 - x0, y1 - y0);
  };
  runs(rows, shape[0]).forEach(([top, bottom, lit]) => {
    if (!lit) dark(top, 0, bottom, shape[1]);
    else runs(columns, shape[1]).forEach(([left, right, seenToo]) => !seenToo && dark(top, left, bottom, right));
  });
  context.globalAlpha = 1;
  if (!rows.length) return;
  context.strokeStyle = AMBER;
  context.lineWidth = 3;
  context.strokeRect(x + columns[0] * cell + 1, y + rows[0] * cell + 1, Math.max((columns.at(-1) - columns[0] + 1) * cell - 2, 1), Math.max((rows.at(-1) - rows[0] + 1) * cell - 2, 1));
}

// [from, to, whether they are among `cells`] of runs that together are 0 to size.
function runs(cells, size) {
  const among = new Set(cells);
  const found = [];
  for (let at = 0; at < size; at++) {
    const lit = among.has(at);
    if (found.at(-1)?.[2] === lit) found.at(-1)[1] = at + 1;
    else found.push([at, at + 1, lit]);
  }
  return found;
}

// The map of a layer with the cell that is followed back. label: what stands in it when it is a list.
export function paintMapCells(canvas, side, cells, cell, colours, label, font) {
  const context = canvasContext(canvas, side, side);
  const grid = gridIn(side, cells);
  context.clearRect(0, 0, side, side);
  context.fillStyle = colours.ring;
  context.fillRect(grid.x, grid.y, grid.width, grid.height);
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  if (grid.cell >= SMALLEST_CELL)
    for (let axis = 0; axis < 2; axis++)
      for (let i = 1; i < cells[axis]; i++) {
        context.beginPath();
        const at = (axis ? grid.x : grid.y) + i * grid.cell;
        context.moveTo(axis ? at : grid.x, axis ? grid.y : at);
        context.lineTo(axis ? at : grid.x + grid.width, axis ? grid.y + grid.height : at);
        context.stroke();
      }
  context.strokeStyle = colours.faint;
  context.strokeRect(grid.x + 0.5, grid.y + 0.5, grid.width - 1, grid.height - 1);
  const [row, column] = cell;
  const least = Math.max(grid.cell, 5);
  context.fillStyle = AMBER;
  context.fillRect(grid.x + column * grid.cell - (least - grid.cell) / 2, grid.y + row * grid.cell - (least - grid.cell) / 2, least, least);
  if (!label) return;
  context.fillStyle = "#1B1F24";
  context.font = font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(label, side / 2, side / 2);
}
