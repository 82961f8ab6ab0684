// Draws the board of pooling: a map, what stands between, the two pooled maps, and the window that ties them together.
// Grids go on one canvas and what marks them on a second one above it, so that fields for numbers fit in between.

import { canvasContext } from "./elements.js";
import { drawGrid, placed, rectangle } from "./grid.js";
import { AMBER } from "./palette.js";
import { Fade, Glide, ribbon } from "./tracing.js";

export class PoolingBoard {
  constructor(canvas, marks) {
    Object.assign(this, { canvas, marks, fading: new Fade(), window: new Glide() });
  }

  fade(duration) {
    this.fading.begin(duration);
  }

  // scene: { width, places (layout.js), input, border, outputs (max, average), range, target, trace, fed, changed,
  // between(context, i, place), loupes, colours, font, veil, still }. Returns true while something moves.
  paint(scene) {
    const { places, colours, width, input, border, outputs, font, range, still } = scene;
    const context = canvasContext(this.canvas, width, places.height);
    context.clearRect(0, 0, width, places.height);
    this.inputView = placed(places.picture, input, { border });
    const wanted = outputs[0].rows * this.inputView.cell > places.rows[0].output.height ? null : this.inputView.cell;
    this.outputViews = outputs.map((output, i) => placed(places.rows[i].output, output, { cell: wanted }));
    drawGrid(context, input, this.inputView, range, colours, font);
    this.fading.towards(outputs, still).forEach((map, i) => drawGrid(context, map, this.outputViews[i], range, colours, font, scene.veil));
    places.rows.forEach(({ kernel, output }, i) => {
      scene.between(context, i, kernel);
      if (places.narrow) return;
      Object.assign(context, { font: `26px ${font}`, fillStyle: colours.faint, textAlign: "center", textBaseline: "middle" });
      context.fillText("→", output.x - 17, kernel.y + kernel.height / 2);
    });
    return this.#mark(scene) || this.fading.moving;
  }

  #mark({ width, places, target, trace, fed, changed, loupes, still }) {
    const context = canvasContext(this.marks, width, places.height);
    context.clearRect(0, 0, width, places.height);
    context.strokeStyle = AMBER;
    if (changed) this.#paintChanged(context, changed);
    if (trace) return this.#paintTrace(context, { places, target, trace, loupes, still });
    this.window.forget();
    if (fed) this.#paintFed(context, target, fed);
    return false;
  }

  #paintTrace(context, { places, target, trace, loupes, still }) {
    const moving = this.window.towards({ row: trace.rows[0], column: trace.columns[0], outRow: target.row, outColumn: target.column }, still);
    const { at } = this.window;
    const size = trace.rows.length;
    const window = rectangle(this.inputView, at.row, at.column, size, size);
    this.outputViews.forEach((view, i) => {
      const { kernel } = places.rows[i];
      const cell = rectangle(view, at.outRow, at.outColumn);
      if (loupes) {
        this.#ribbonFromInput(context, window, kernel);
        if (!places.narrow) ribbon(context, kernel, cell);
        this.#frame(context, kernel, 3);
      } else if (!places.narrow) this.#ribbonFromInput(context, window, cell);
      this.#frame(context, cell, 3);
    });
    this.#frame(context, window, 3);
    if (!loupes || moving) return moving;
    trace.winners.forEach(({ row, column }) => {
      const { kernel } = places.rows[0];
      const inLoupe = { x: kernel.x + (column - trace.columns[0]) * kernel.cell, y: kernel.y + (row - trace.rows[0]) * kernel.cell, width: kernel.cell, height: kernel.cell };
      this.#ring(context, inLoupe);
      this.#ring(context, rectangle(this.inputView, row, column));
    });
    return false;
  }

  // Faint where it passes over the input's numbers.
  #ribbonFromInput(context, window, to) {
    const { x, y, cell, rows, columns } = this.inputView;
    const { canvas } = context;
    context.save();
    context.globalAlpha = 0.3;
    ribbon(context, window, to, false);
    context.globalAlpha = 1;
    context.beginPath();
    context.rect(0, 0, canvas.width, canvas.height);
    context.rect(x, y, cell * columns, cell * rows);
    context.clip("evenodd");
    ribbon(context, window, to, false);
    context.restore();
  }

  #paintFed(context, target, fed) {
    this.#frame(context, rectangle(this.inputView, target.row, target.column), 3);
    this.outputViews.forEach((view, i) => {
      for (const { row, column, wins } of fed) {
        const spot = rectangle(view, row, column);
        const counts = i === 1 || wins;
        context.fillStyle = `${AMBER}${counts ? "59" : "1F"}`;
        context.fillRect(spot.x, spot.y, spot.width, spot.height);
        context.setLineDash(counts ? [] : [4, 4]);
        this.#frame(context, spot, counts ? 3 : 1.5);
        context.setLineDash([]);
      }
    });
  }

  #paintChanged(context, changed) {
    [this.inputView, ...this.outputViews].forEach((view, i) => {
      const inset = view.cell > 12 ? 2 : 1;
      context.lineWidth = inset;
      for (const at of changed[i].cells) {
        const spot = rectangle(view, Math.floor(at / changed[i].columns), at % changed[i].columns);
        context.strokeRect(spot.x + inset / 2, spot.y + inset / 2, spot.width - inset - 1, spot.height - inset - 1);
      }
    });
  }

  #frame(context, { x, y, width, height }, thick) {
    context.lineWidth = thick;
    context.strokeRect(x - 1, y - 1, width + 1, height + 1);
  }

  // The winner wears a ring inside its cell.
  #ring(context, { x, y, width, height }) {
    const radius = Math.min(width, height) / 2;
    context.lineWidth = radius > 9 ? 2.5 : 1.5;
    context.beginPath();
    context.roundRect(x + radius * 0.14, y + radius * 0.14, width - radius * 0.28 - 1, height - radius * 0.28 - 1, radius * 0.5);
    context.stroke();
  }
}
