// Draws the board of a convolution: grids, the window, and the threads that tie window, filter and output cell together.

import { canvasContext } from "./elements.js";
import { drawGrid, placed, rectangle } from "./grid.js";
import { AMBER, css, mix } from "./palette.js";
import { written } from "./numbers.js";
import { Fade, Glide, ribbon } from "./tracing.js";

export class Board {
  constructor(canvas) {
    this.canvas = canvas;
    this.fading = new Fade();
    this.window = new Glide();
  }

  // From the next paint on, the feature maps pass from what is shown to their new values in so many ms.
  fade(duration) {
    this.fading.begin(duration);
  }

  // scene: { width, places (layout.js), picture, border, outputs, target, trace, fed, ranges, zoom,
  // colours, font, veils, still, large }. Returns true while something moves.
  paint(scene) {
    const { places, colours, width } = scene;
    const context = canvasContext(this.canvas, width, places.height);
    context.clearRect(0, 0, width, places.height);
    this.#place(scene);
    drawGrid(context, scene.picture, this.pictureView, 1, colours, scene.font);
    const moving = this.#paintOutputs(context, scene);
    this.#paintSigns(context, scene);
    if (!scene.target) return moving;
    if (scene.target.on === "input") this.#paintFed(context, scene);
    else return this.#paintTrace(context, scene) || moving;
    return moving;
  }

  #place({ places, picture, border, outputs, target, trace, zoom }) {
    const centreIn = !target ? null : target.on === "input" ? [target.row, target.column] : trace && [trace.rows[trace.rows.length >> 1], trace.columns[trace.columns.length >> 1]];
    const held = zoom > 1 && target?.hover ? this.centres : { input: centreIn, output: target?.on === "output" ? [target.row, target.column] : centreIn };
    this.centres = held;
    this.pictureView = placed(places.picture, picture, { border, zoom, centre: held?.input });
    this.outputViews = outputs.map((output, i) => {
      const nearly = Math.abs(output.rows - this.pictureView.rows) < 12 && zoom === 1;
      return placed(places.rows[i].output, output, { zoom, centre: held?.output, cell: nearly ? this.pictureView.cell : null });
    });
  }

  #paintOutputs(context, { outputs, ranges, colours, font, veils, still }) {
    this.fading.towards(outputs, still).forEach((map, i) => drawGrid(context, map, this.outputViews[i], ranges[i], colours, font, veils[i]));
    return this.fading.moving;
  }

  #paintSigns(context, { places, colours, font, ranges, large }) {
    context.textBaseline = "middle";
    places.rows.forEach(({ kernel, output }, i) => {
      const y = kernel.y + kernel.height / 2;
      Object.assign(context, { font: `26px ${font}`, fillStyle: colours.faint, textAlign: "center" });
      if (i === 0 || !places.narrow) context.fillText("×", places.picture.x + places.picture.width + 17, y);
      if (!places.narrow) context.fillText("=", output.x - 17, y);
      const view = this.outputViews[i];
      const most = written(ranges[i], 1);
      const room = view.columns * view.cell >= (large ? 230 : 180);
      if (room && ranges[i]) this.#paintScale(context, view, [-1, 1], [`−${most}`, most], colours, font, large);
    });
    const room = this.pictureView.columns * this.pictureView.cell >= (large ? 400 : 320);
    if (room) this.#paintScale(context, this.pictureView, [0, 1], ["dark 0", "1 bright"], colours, font, large);
  }

  // A colour scale right of a grid's caption, from one number to another, with what stands at its ends.
  #paintScale(context, view, [from, to], [first, last], colours, font, large) {
    const [length, thick] = [56, 8];
    const [y, end] = [view.y - 13, view.x + view.columns * view.cell];
    Object.assign(context, { font: `${large ? 18 : 13}px ${font}`, textAlign: "right", fillStyle: colours.faint });
    const right = end - context.measureText(last).width - 6;
    context.fillText(last, end, y);
    context.fillText(first, right - length - 6, y);
    for (let i = 0; i < length; i++) {
      context.fillStyle = css(mix(from + ((to - from) * i) / (length - 1), 1, colours));
      context.fillRect(right - length + i, y - thick / 2, 1.5, thick);
    }
    context.strokeStyle = colours.line;
    context.lineWidth = 1;
    context.strokeRect(right - length - 0.5, y - thick / 2 - 0.5, length + 1, thick + 1);
  }

  #paintTrace(context, { places, target, trace, colours, still }) {
    const view = this.outputViews[target.filter];
    const goal = { row: trace.rows[0], column: trace.columns[0], outRow: target.row, outColumn: target.column };
    const moving = this.window.towards(goal, still);
    const { at } = this.window;
    const [tall, wide] = [trace.rows.at(-1) - trace.rows[0] + 1, trace.columns.at(-1) - trace.columns[0] + 1];
    const window = rectangle(this.pictureView, at.row, at.column, tall, wide);
    const cell = rectangle(view, at.outRow, at.outColumn);
    const { kernel } = places.rows[target.filter];
    ribbon(context, window, kernel);
    if (!places.narrow) ribbon(context, kernel, cell);
    context.strokeStyle = AMBER;
    context.lineWidth = 3;
    context.strokeRect(window.x - 1, window.y - 1, window.width + 1, window.height + 1);
    context.strokeRect(kernel.x - 1.5, kernel.y - 1.5, kernel.width + 3, kernel.height + 3);
    context.strokeRect(cell.x - 1, cell.y - 1, cell.width + 1, cell.height + 1);
    if (target.pinned) {
      Object.assign(context, { strokeStyle: colours.ink, lineWidth: 1.5 });
      context.strokeRect(cell.x - 3.5, cell.y - 3.5, cell.width + 6, cell.height + 6);
      context.strokeStyle = AMBER;
    }
    const dilated = trace.rows.length > 1 ? trace.rows[1] - trace.rows[0] > 1 : trace.columns[1] - trace.columns[0] > 1;
    if (dilated && !moving) {
      context.lineWidth = 1.5;
      trace.rows.forEach((row) => trace.columns.forEach((column) => {
        const tap = rectangle(this.pictureView, row, column);
        context.strokeRect(tap.x, tap.y, tap.width - 1, tap.height - 1);
      }));
    }
    return moving;
  }

  #paintFed(context, { target, fed, colours }) {
    this.window.forget();
    context.strokeStyle = AMBER;
    context.lineWidth = 3;
    const pixel = rectangle(this.pictureView, target.row, target.column);
    context.strokeRect(pixel.x - 1, pixel.y - 1, pixel.width + 1, pixel.height + 1);
    fed.forEach((cells, i) => {
      if (!cells.length) return;
      context.fillStyle = `${AMBER}59`;
      context.lineWidth = 1.5;
      for (const [row, column] of cells) {
        const spot = rectangle(this.outputViews[i], row, column);
        context.fillRect(spot.x, spot.y, spot.width - 1, spot.height - 1);
        context.strokeStyle = AMBER;
        context.strokeRect(spot.x, spot.y, spot.width - 1, spot.height - 1);
      }
    });
    context.strokeStyle = colours.line;
  }
}
