// A soft round pen on a picture of levels 0 to 255. Points are in cells, [row, column], fractions allowed.

const PEN_RADIUS = 0.011; // of the picture's side, in ink that is full; its soft edge is one cell wide
const RUBBER_RADIUS = 0.04;

function distance([y, x], [y0, x0], [y1, x1]) {
  const [dy, dx] = [y1 - y0, x1 - x0];
  const length = dy * dy + dx * dx;
  const t = length ? Math.min(Math.max(((y - y0) * dy + (x - x0) * dx) / length, 0), 1) : 0;
  return Math.hypot(y - y0 - t * dy, x - x0 - t * dx);
}

// Lays one straight piece of a stroke on the picture, in place. tool: "pen" or "rubber".
export function stroke(picture, from, to, tool) {
  const side = Math.max(picture.rows, picture.columns);
  const radius = side * (tool === "pen" ? PEN_RADIUS : RUBBER_RADIUS);
  for (let row = 0; row < picture.rows; row++) {
    for (let column = 0; column < picture.columns; column++) {
      const far = distance([row + 0.5, column + 0.5], from, to);
      const ink = Math.round(255 * Math.min(Math.max(radius + 1 - far, 0), 1));
      const at = row * picture.columns + column;
      if (tool === "pen") picture.levels[at] = Math.max(picture.levels[at], ink);
      else picture.levels[at] = Math.min(picture.levels[at], 255 - ink);
    }
  }
}
