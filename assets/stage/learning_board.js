// Draws the learning board: the maps, the small filters with their numbers, and what ties a marked cell together.

import { canvasContext } from "./elements.js";
import { drawGrid, placed, rectangle } from "./grid.js";
import { paintCurve } from "./loss_curve.js";
import { AMBER } from "./palette.js";
import { ribbon } from "./tracing.js";
import { drawWeights } from "./weight_grid.js";

export const MAPS = ["picture", "output", "target", "error"];
export const WEIGHTS = ["kernel", "gradient", "hidden", "difference"];

export class LearningBoard {
  constructor(canvas) {
    this.canvas = canvas;
    this.views = {};
  }

  // scene: { width, places (learning_layout.js), colours, font, large, maps: { name: map }, ranges: { name: number },
  // curve (loss_curve.js), marked, mine: the person's own filter stands over the learner's }. A weight map that is null is shown as a secret.
  paint(scene) {
    const { width, places, colours, font, large, maps, ranges } = scene;
    const { boxes, signs, height } = places;
    const context = canvasContext(this.canvas, width, height);
    context.clearRect(0, 0, width, height);
    for (const name of MAPS) {
      this.views[name] = placed(boxes[name], maps[name], name === "picture" ? {} : { cell: this.views.picture.cell });
      drawGrid(context, maps[name], this.views[name], ranges[name], colours, font);
    }
    for (const name of WEIGHTS) {
      this.views[name] = { ...placed(boxes[name], maps.kernel), cell: boxes[name].cell };
      drawWeights(context, maps[name], this.views[name], ranges[name], colours, font, large);
    }
    Object.assign(context, { font: `26px ${font}`, fillStyle: colours.faint, textAlign: "center", textBaseline: "middle" });
    signs.forEach(([text, x, y]) => context.fillText(text, x, y));
    context.font = `${large ? 18 : 13}px ${font}`;
    paintCurve(context, scene.curve, colours, font, large);
    this.#mark(context, scene);
  }

  #mark(context, { marked, maps, mine }) {
    Object.assign(context, { strokeStyle: AMBER, lineWidth: 3 });
    const frame = ({ x, y, width, height }) => context.strokeRect(x - 1, y - 1, width + 1, height + 1);
    const { kernel, output } = maps;
    if (marked.on === "output") {
      const window = rectangle(this.views.picture, marked.row, marked.column, kernel.rows, kernel.columns);
      const filter = rectangle(this.views.kernel, 0, 0, kernel.rows, kernel.columns);
      const cells = ["output", "target", "error"].map((name) => rectangle(this.views[name], marked.row, marked.column));
      if (filter.x > window.x + window.width && cells[0].x > filter.x) {
        ribbon(context, window, filter);
        ribbon(context, filter, cells[0]);
      }
      Object.assign(context, { strokeStyle: AMBER, lineWidth: 3 });
      [window, filter, ...cells].forEach(frame);
      return;
    }
    if (marked.on === "curve") return;
    WEIGHTS.filter((name) => maps[name] && !(mine && name === "kernel")).forEach((name) => frame(rectangle(this.views[name], marked.row, marked.column)));
    if (marked.on === "slope") {
      // The slope of a weight is the error, cell for cell, times the pixels that this weight was laid on.
      frame(rectangle(this.views.picture, marked.row, marked.column, output.rows, output.columns));
      frame(rectangle(this.views.error, 0, 0, output.rows, output.columns));
    }
  }
}
