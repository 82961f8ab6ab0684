// Draws one filter three times over: as a grid between picture and output, as a neuron, and as rows of a big matrix.

import { canvasContext } from "./elements.js";
import { drawGrid, placed, rectangle } from "./grid.js";
import { written } from "./numbers.js";
import { AMBER, css, largest, mix, textOn } from "./palette.js";
import { ribbon } from "./tracing.js";
import { drawWeights } from "./weight_grid.js";

const LARGE_FIGURE = 17.5; // CSS pixels: smaller ones cannot be read from the last row

const frameOf = (context) => ({ x, y, width, height }) => context.strokeRect(x - 1, y - 1, width + 1, height + 1);

// Where the k-th input of the neuron stands, its sum and its output.
export function neuronPlaces({ x, y, width, height }, count, large) {
  const pitch = height / count;
  const [w, h] = [large ? 62 : 46, Math.min(pitch - 4, large ? 28 : 24)];
  const inputs = Array.from({ length: count }, (_, k) => ({ x, y: y + k * pitch + (pitch - h) / 2, width: w, height: h }));
  const radius = large ? 30 : 24;
  const sum = { x: x + 0.66 * width, y: y + height / 2, radius };
  return { inputs, pitch, sum, output: { x: x + width - 1.2 * w, y: sum.y - 18, width: 1.2 * w, height: 36 } };
}

export class NeuronBoard {
  constructor(canvas) {
    this.canvas = canvas;
    this.views = {};
  }

  // scene: { width, places (neuron_layout.js), colours, font, large, maps: { picture, kernel, output }, matrix: rows of
  // weight numbers or −1, trace (of the shown output cell), mark: { place, weight, pixel }, any but place may be null }
  paint(scene) {
    const { width, places, colours, font, large, maps } = scene;
    const { boxes, height } = places;
    const context = canvasContext(this.canvas, width, height);
    context.clearRect(0, 0, width, height);
    this.ranges = { picture: 1, kernel: largest(maps.kernel.values), output: largest(maps.output.values) };
    for (const name of ["picture", "kernel", "output"]) {
      this.views[name] = { ...placed(boxes[name], maps[name]), ...(large ? { smallest: LARGE_FIGURE } : {}) };
      const draw = name === "kernel" ? drawWeights : drawGrid;
      draw(context, maps[name], this.views[name], this.ranges[name], colours, font, large && name === "kernel");
    }
    Object.assign(context, { font: `24px ${font}`, fillStyle: colours.faint, textAlign: "center", textBaseline: "middle" });
    const between = (one, other) => (one.x + one.width + other.x) / 2;
    const middle = boxes.picture.y + boxes.picture.height / 2;
    context.fillText("×", between(boxes.picture, boxes.kernel), middle);
    context.fillText("=", between(boxes.kernel, boxes.output), middle);
    this.#paintNeuron(context, scene);
    this.#paintMatrix(context, scene);
    this.#paintMarks(context, scene);
  }

  #paintNeuron(context, { places, colours, font, large, maps, trace, mark, activation }) {
    const { inputs, pitch, sum, output } = (this.neuron = neuronPlaces(places.boxes.neuron, trace.weights.length, large));
    const size = large ? 18 : 13;
    const readable = pitch >= size + 3;
    const heaviest = largest(maps.kernel.values);
    const number = (value, box, colour, shown = true) => {
      context.fillStyle = css(colour);
      context.fillRect(box.x, box.y, box.width, box.height);
      Object.assign(context, { strokeStyle: colours.faint, lineWidth: 1 });
      context.strokeRect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1);
      context.fillStyle = textOn(colour);
      if (shown) context.fillText(written(value), box.x + box.width / 2, box.y + box.height / 2 + 1);
    };
    Object.assign(context, { font: `${size}px ${font}`, textAlign: "center", textBaseline: "middle" });
    inputs.forEach((box, k) => {
      const weight = trace.weights[k];
      const end = { x: sum.x - sum.radius, y: sum.y + ((k + 0.5) / inputs.length - 0.5) * sum.radius };
      const start = { x: box.x + box.width, y: box.y + box.height / 2 };
      context.strokeStyle = mark.weight === k ? AMBER : css(mix(weight || 0.05 * heaviest, heaviest, colours));
      context.lineWidth = (mark.weight === k ? 3 : 0) + 1 + (5 * Math.abs(weight)) / (heaviest || 1);
      context.beginPath();
      context.moveTo(start.x, start.y);
      context.lineTo(end.x, end.y);
      context.stroke();
      if (readable) {
        const text = `×${written(weight)}`;
        const half = context.measureText(text).width / 2 + 3;
        const share = (half + 14) / (end.x - start.x);
        const at = { x: start.x + half + 14, y: start.y + share * (end.y - start.y) };
        context.fillStyle = colours.paper;
        context.fillRect(at.x - half, at.y - size / 2 - 1, 2 * half, size + 2);
        context.fillStyle = colours.ink;
        context.fillText(text, at.x, at.y + 1);
      }
      number(trace.pixels[k], box, mix(trace.pixels[k], 1, colours), readable);
    });
    Object.assign(context, { strokeStyle: colours.ink, fillStyle: colours.paper, lineWidth: 2 });
    context.beginPath();
    context.moveTo(sum.x + sum.radius, sum.y);
    context.lineTo(output.x, sum.y);
    context.stroke();
    context.beginPath();
    context.arc(sum.x, sum.y, sum.radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
    Object.assign(context, { fillStyle: colours.ink, lineWidth: 1, font: `${large ? 26 : 20}px ${font}` });
    context.fillText("Σ", sum.x, sum.y + 1);
    context.font = `${size}px ${font}`;
    if (activation !== "none") context.fillText("ReLU", (sum.x + sum.radius + output.x) / 2, sum.y - size);
    number(trace.after, output, mix(trace.after, this.ranges.output, colours));
  }

  #paintMatrix(context, { places, colours, maps, matrix, mark }) {
    const { matrix: box, pixels, sums } = places.boxes;
    const { cell } = box;
    const tile = (x, y, width, height, colour) => {
      context.fillStyle = colour;
      context.fillRect(x, y, width - 1, height - 1);
    };
    const range = largest(maps.kernel.values);
    matrix.forEach((row, r) =>
      row.forEach((k, c) => {
        const weight = k < 0 ? null : maps.kernel.values[k];
        context.globalAlpha = mark.weight === null || mark.weight === k || k < 0 ? 1 : 0.22;
        tile(box.x + c * cell, box.y + r * cell, cell, cell, weight === null ? colours.ring : css(mix(weight, range, colours)));
        if (weight !== null) {
          Object.assign(context, { strokeStyle: colours.faint, lineWidth: 0.75 });
          context.strokeRect(box.x + c * cell + 0.5, box.y + r * cell + 0.5, cell - 2, cell - 2);
        }
      }),
    );
    context.globalAlpha = 1;
    maps.picture.values.forEach((value, c) => tile(pixels.x + c * cell, pixels.y, cell, pixels.height, css(mix(value, 1, colours))));
    maps.output.values.forEach((value, r) => tile(sums.x, sums.y + r * cell, sums.width, cell, css(mix(value, this.ranges.output, colours))));
    Object.assign(context, { strokeStyle: colours.line, lineWidth: 1 });
    [box, pixels, sums].forEach((one) => context.strokeRect(one.x - 0.5, one.y - 0.5, one.width, one.height));
  }

  #paintMarks(context, { places, maps, matrix, mark }) {
    const { boxes } = places;
    const { cell } = boxes.matrix;
    const frame = frameOf(context);
    const { output, kernel, picture } = maps;
    const [row, column] = [Math.floor(mark.place / output.columns), mark.place % output.columns];
    Object.assign(context, { strokeStyle: AMBER, lineWidth: 3 });
    const line = { x: boxes.matrix.x, y: boxes.matrix.y + mark.place * cell, width: boxes.matrix.width, height: cell };
    if (mark.pixel !== null) {
      const spot = { x: boxes.matrix.x + mark.pixel * cell, width: cell };
      frame(rectangle(this.views.picture, Math.floor(mark.pixel / picture.columns), mark.pixel % picture.columns));
      frame({ ...spot, y: boxes.pixels.y, height: boxes.pixels.height });
      frame({ ...spot, y: boxes.matrix.y, height: boxes.matrix.height });
      matrix.forEach((weights, r) => {
        if (weights[mark.pixel] < 0) return;
        frame({ ...boxes.sums, y: boxes.sums.y + r * cell, height: cell });
        frame(rectangle(this.views.output, Math.floor(r / output.columns), r % output.columns));
      });
      return;
    }
    if (mark.weight !== null) {
      const [i, j] = [Math.floor(mark.weight / kernel.columns), mark.weight % kernel.columns];
      frame(rectangle(this.views.kernel, i, j));
      frame(this.neuron.inputs[mark.weight]);
      context.lineWidth = 2;
      matrix.forEach((weights, r) => frame({ x: boxes.matrix.x + weights.indexOf(mark.weight) * cell, y: boxes.matrix.y + r * cell, width: cell - 1, height: cell - 1 }));
      context.lineWidth = 1.5;
      frame(rectangle(this.views.picture, row + i, column + j));
      frame(line);
      return;
    }
    const window = rectangle(this.views.picture, row, column, kernel.rows, kernel.columns);
    const grid = rectangle(this.views.kernel, 0, 0, kernel.rows, kernel.columns);
    const result = rectangle(this.views.output, row, column);
    ribbon(context, window, grid);
    ribbon(context, grid, result);
    Object.assign(context, { strokeStyle: AMBER, lineWidth: 3 });
    [window, grid, result, line, this.neuron.output, { ...boxes.sums, y: line.y, height: cell }].forEach(frame);
    context.lineWidth = 1.5;
    matrix[mark.place].forEach((k, c) => k >= 0 && frame({ x: boxes.pixels.x + c * cell, y: boxes.pixels.y, width: cell - 1, height: boxes.pixels.height - 1 }));
  }
}
