// The neuron stage: one filter as a grid, as a neuron with a wire for each number, and as rows of a dense layer's matrix.

import { convolve, traceOutput } from "./arithmetic.js";
import { group } from "./controls.js";
import { say } from "./elements.js";
import { asMap, cellAt } from "./grid.js";
import { boardHeight } from "./layout.js";
import { NeuronBoard } from "./neuron_board.js";
import { neuronLayout } from "./neuron_layout.js";
import { written } from "./numbers.js";
import { isDark, palette } from "./palette.js";
import { mounted, pinned, Stage } from "./stage.js";
import { showSum } from "./sum_line.js";

const KEYS = "Arrow keys step over the output, space plays, W marks one number of the filter after the other, Enter pins, Escape lets go.";

class NeuronStage extends Stage {
  constructor(parent) {
    super(parent, { name: "Neuron stage", keys: KEYS });
    this.painter = new NeuronBoard(this.canvas);
    this.sum.classList.add("tall");
  }

  build() {
    this.leaving = button("Back to the filter that learns", null, () => this.leave(), "Back to learning");
    this.more = [group("Share", this.copy), group("Go on", this.leaving)];
  }

  adopt({ leave }) {
    this.content = { leave };
  }

  told() {
    return this.content;
  }

  leave() {
    this.stepper.pause();
    this.content.leave = true;
    this.tell();
    this.talk.flush();
  }

  recompute() {
    const { picture, kernel, places, activation } = this.data.settings;
    this.layer = { stride: 1, padding: "valid", dilation: 1, flip: false, activation };
    this.matrix = places;
    const maps = { picture: asMap(picture), kernel: asMap(kernel) };
    this.maps = { ...maps, output: convolve(maps.picture, maps.kernel, this.layer, 0) };
  }

  walked() {
    return this.maps.output;
  }

  // --- pointing: { on: "output" | "weight" | "pixel", row, column }, or an "entry" of the matrix -------------------

  fits({ on, row, column }) {
    const map = { output: this.maps.output, weight: this.maps.kernel, pixel: this.maps.picture, entry: { rows: this.matrix.length, columns: this.matrix[0].length } }[on];
    return Boolean(map) && row >= 0 && column >= 0 && row < map.rows && column < map.columns;
  }

  best() {
    const { values, columns } = this.maps.output;
    const at = values.reduce((most, value, i) => (Math.abs(value) > Math.abs(values[most]) ? i : most), 0);
    return { on: "output", row: Math.floor(at / columns), column: at % columns };
  }

  pixelAt() {
    return null;
  }

  cellUnder([x, y]) {
    const { views, neuron } = this.painter;
    const { boxes } = this.places;
    const inside = (box) => x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
    const found = (on, row, column) => ({ on, filter: 0, row, column });
    for (const [name, on] of [["picture", "pixel"], ["kernel", "weight"], ["output", "output"]]) {
      const cell = cellAt(views[name], x, y);
      if (cell) return found(on, ...cell);
    }
    const { columns } = this.maps.kernel;
    const { cell } = boxes.matrix;
    const [r, c] = [Math.floor((y - boxes.matrix.y) / cell), Math.floor((x - boxes.matrix.x) / cell)];
    if (inside(boxes.matrix)) return found("entry", r, c);
    if (inside(boxes.sums)) return found("output", Math.floor(r / this.maps.output.columns), r % this.maps.output.columns);
    if (inside(boxes.pixels)) return found("pixel", Math.floor(c / this.maps.picture.columns), c % this.maps.picture.columns);
    const k = Math.floor((y - boxes.neuron.y) / neuron.pitch);
    if (inside({ ...boxes.neuron, width: 0.5 * boxes.neuron.width })) return found("weight", Math.floor(k / columns), k % columns);
    return null;
  }

  taken({ key }) {
    return key.toLowerCase() === "i";
  }

  keyed(event, letter) {
    if (letter !== "w") return false;
    const { rows, columns } = this.maps.kernel;
    const at = this.target?.on === "weight" ? (this.target.row * columns + this.target.column + 1) % (rows * columns) : 0;
    this.pin(pinned({ on: "weight", row: Math.floor(at / columns), column: at % columns }));
    return true;
  }

  // What a target marks: the place of the filter, one of its weights, a pixel; null where it marks none.
  #mark({ on, row, column }) {
    const home = this.best();
    const place = home.row * this.maps.output.columns + home.column;
    if (on === "output") return { place: row * this.maps.output.columns + column, weight: null, pixel: null };
    if (on === "pixel") return { place, weight: null, pixel: row * this.maps.picture.columns + column };
    if (on === "weight") return { place, weight: row * this.maps.kernel.columns + column, pixel: null };
    const weight = this.matrix[row][column];
    return { place: row, weight: weight < 0 ? null : weight, pixel: null };
  }

  // --- drawing -----------------------------------------------------------------------------------------------------

  reflect() {}

  draw() {
    const { data, root, maps, matrix } = this;
    const width = this.board.clientWidth;
    if (!width) return;
    const colours = (this.colours = palette(data.view.palette, isDark(root)));
    root.style.setProperty("--zero", `rgb(${colours.zero.join(" ")})`);
    const height = boardHeight(this.board, this.sum.offsetHeight + this.walk.parentElement.offsetHeight + 70, 640);
    const shapes = { ...maps, places: { rows: matrix.length, columns: matrix[0].length } };
    this.places = neuronLayout(width, height, shapes, data.presenting);
    const target = this.shownTarget();
    const mark = this.#mark(target);
    const { columns } = maps.output;
    const trace = traceOutput(maps.picture, maps.kernel, this.layer, 0, Math.floor(mark.place / columns), mark.place % columns);
    this.painter.paint({
      width, colours, maps, matrix, trace, mark,
      places: this.places,
      activation: this.layer.activation,
      font: getComputedStyle(root).getPropertyValue("--st-code-font") || "monospace",
      large: data.presenting,
    });
    this.caption(this.places.boxes);
    if (target.on === "output") showSum(this.sum, trace, 0, this.layer.activation, colours, this.painter.ranges.output);
    else {
      delete this.sum.dataset.text;
      say(this.sum, this.#words(target, mark));
    }
    this.canvas.dataset.painted = Number(this.canvas.dataset.painted ?? 0) + 1;
  }

  #words({ on, row, column }, { weight, pixel }) {
    const { kernel, picture } = this.maps;
    const rows = this.matrix.length;
    if (on === "pixel") {
      const seen = this.matrix.filter((weights) => weights[pixel] >= 0).length;
      return `This pixel is ${written(picture.values[pixel])}. ${seen} of the ${rows} outputs see it; in all other rows its column is 0.`;
    }
    if (weight === null) return `0: output ${row + 1} does not see pixel ${column + 1}. A dense layer would have a weight of its own here.`;
    const name = `row ${Math.floor(weight / kernel.columns) + 1}, column ${(weight % kernel.columns) + 1}`;
    return `${written(kernel.values[weight])} (${name}) is one wire of the neuron, and stands in all ${rows} rows of the matrix: learnt once, used everywhere.`;
  }

  caption(boxes) {
    const { matrix } = this;
    const entries = matrix.length * matrix[0].length;
    const cells = matrix[0].filter((weight) => weight >= 0).length;
    const texts = [
      ["picture", "Picture", 0],
      ["kernel", this.data.settings.title, 60],
      ["output", "Output", 0],
      ["neuron", `A neuron with ${cells} inputs: those in the window`, 0],
      ["pixels", `A dense layer: ${matrix.length}×${matrix[0].length} = ${entries} weights, ${matrix.length * cells} not 0, ${cells} different`, 60],
    ];
    this.showCaptions(texts.map(([name, text, extra]) => ({ x: boxes[name].x - (name === "kernel" ? extra / 2 : 0), y: boxes[name].y, width: Math.max(boxes[name].width, 90) + extra, text, middle: name === "kernel" })));
  }
}

export default mounted(NeuronStage);
