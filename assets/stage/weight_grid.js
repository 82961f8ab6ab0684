// A small filter drawn for reading: its numbers as large as its cells allow.

import { written } from "./numbers.js";
import { css, mix, textOn } from "./palette.js";

const LEAST_FIGURE = { normal: 11, large: 17.5 }; // CSS pixels of figures, below which one decimal has to do

// map: null stands for a secret of the view's rows and columns. view: as in grid.js. large: presenter mode.
export function drawWeights(context, map, view, range, colours, font, large) {
  const { cell, x, y } = view;
  const size = (decimals) => Math.min(cell * 0.46, (cell * (large ? 0.96 : 0.88)) / (Math.max(...Array.from(map.values, (value) => written(value, decimals).length), 3) * 0.6));
  const decimals = map && size(2) < LEAST_FIGURE[large ? "large" : "normal"] ? 1 : 2;
  Object.assign(context, { textAlign: "center", textBaseline: "middle", font: `${map ? size(decimals) : cell * 0.5}px ${font}` });
  for (let i = 0; i < view.rows; i++) {
    for (let j = 0; j < view.columns; j++) {
      const value = map?.values[i * view.columns + j];
      const colour = mix(map ? value : 0, range, colours);
      context.fillStyle = map ? css(colour) : colours.ring;
      context.fillRect(x + j * cell, y + i * cell, cell - 1, cell - 1);
      context.fillStyle = map ? textOn(colour) : colours.faint;
      context.fillText(map ? written(value, decimals) : "?", x + (j + 0.5) * cell, y + (i + 0.52) * cell);
    }
  }
  Object.assign(context, { strokeStyle: colours.line, lineWidth: 1 });
  context.strokeRect(x - 0.5, y - 0.5, cell * view.columns + 0.5, cell * view.rows + 0.5);
}
