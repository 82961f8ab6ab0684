// The translation stage: a digit that is dragged over a field, seen by one dense unit and by one filter.

import { convolve } from "./arithmetic.js";
import { Chooser } from "./chooser.js";
import { button, group } from "./controls.js";
import { canvasContext, element, say } from "./elements.js";
import { cellAt, drawGrid, fineCell, lit, packed, placed, rectangle, unpacked } from "./grid.js";
import { boardHeight } from "./layout.js";
import { AMBER, css, isDark, mix, palette } from "./palette.js";
import { PANEL_GAP, panels, panelsHeight } from "./panels.js";
import { chosenPicture, pictureOptions } from "./picture_options.js";
import { mounted, Stage } from "./stage.js";
import { fieldOf, pieceFilter, piecePlace, reach, template, within } from "./translation.js";

const KEYS = "Arrow keys move the digit, with Shift five cells; Home puts it back to its start, space plays a tour, a number chooses a digit, Control Z undoes.";
const SETTINGS = { stride: 1, padding: "same", dilation: 1, flip: false, activation: "relu" };
const TOUR = 64; // places of the tour that Play takes the digit on
const STRIDE_KEYS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

class TranslationStage extends Stage {
  constructor(parent) {
    super(parent, { name: "Translation stage", keys: KEYS });
    this.paper.classList.add("movable");
    this.sum.classList.add("words");
    this.board.after(this.answers);
  }

  build() {
    this.digits = new Chooser(this.choosers, "Picture", (option) => this.choosePicture(option));
    this.another = button("Another hand", "again", () => this.gesture(() => (this.content.another += 1)));
    this.choosers.append(this.another);
    this.home = button("Put the digit back to where it started", null, () => this.moveTo([0, 0]), "Back to the start");
    this.more = [group("Digit", this.home, this.undoing), group("Share", this.copy)];
    this.place = element("b", { class: "answer-moved" });
    this.dense = answer("Dense unit");
    this.filter = element("canvas", { class: "answer-filter" });
    this.convolution = answer("Best match", this.filter);
    const moved = element("div", { class: "answer" }, element("span", { class: "answer-name", text: "Moved" }), this.place);
    this.answers = element("div", { class: "answers" }, moved, this.dense.box, this.convolution.box);
  }

  // --- content -----------------------------------------------------------------------------------------------------

  adopt(content) {
    const { trace, ...kept } = content;
    this.content = { ...kept, picture: { ...content.picture, levels: unpacked(content.picture.levels) } };
  }

  told() {
    const { picture } = this.content;
    return { ...this.content, picture: { ...picture, levels: packed(picture.levels) } };
  }

  choosePicture(option) {
    this.gesture(() => (this.content.picture = chosenPicture(option)), 0);
  }

  moveTo(move, quiet) {
    this.stepper.pause();
    this.remember();
    this.content.move = within(move, this.bounds);
    this.sweeping = false;
    this.recompute();
    this.refresh();
    this.tell(quiet);
  }

  drag(from, to) {
    this.stepper.pause();
    this.drawing.origin ??= { move: this.content.move, from };
    const { move, from: start } = this.drawing.origin;
    this.content.move = within([Math.round(move[0] + to[0] - start[0]), Math.round(move[1] + to[1] - start[1])], this.bounds);
    this.recompute();
  }

  // The tour: once around the field, starting where the digit started.
  tour() {
    const { up, down, left, right } = this.bounds;
    return Array.from({ length: TOUR }, (_, i) => {
      const turn = ((i + 1) / TOUR) * 2 * Math.PI;
      const [y, x] = [Math.sin(2 * turn), Math.sin(turn)];
      return [Math.round(0.8 * y * (y < 0 ? up : down)), Math.round(0.9 * x * (x < 0 ? left : right))];
    });
  }

  walked() {
    return { rows: 1, columns: TOUR };
  }

  visit(index) {
    this.sweeping = true;
    this.content.move = this.tour()[index];
    this.recompute();
    this.refresh();
    if (!this.stepper.playing) this.tell(500);
  }

  taken(event) {
    if (event.key === "Home") this.moveTo([0, 0]);
    else if (STRIDE_KEYS[event.key]) {
      const by = STRIDE_KEYS[event.key].map((cells) => cells * (event.shiftKey ? 5 : 1));
      this.moveTo([this.content.move[0] + by[0], this.content.move[1] + by[1]], 500);
    } else return ["End", "Enter", "Escape", "i", "I"].includes(event.key);
    return true;
  }

  keyed(event, letter) {
    if (!/^\d$/.test(letter) || Number(letter) >= this.options.length) return false;
    this.choosePicture(this.options[Number(letter)]);
    return true;
  }

  // Nothing is pinned here: a press that does not drag leaves all as it is.
  pin() {}

  fits() {
    return false;
  }

  best() {
    return null;
  }

  cellUnder() {
    return null;
  }

  pixelAt([x, y], beyond = false) {
    const view = this.views?.[0];
    return view && (beyond || cellAt(view, x, y)) ? fineCell(view, x, y) : null;
  }

  // --- computing ---------------------------------------------------------------------------------------------------

  recompute() {
    const { picture } = this.content;
    if (picture !== this.made) {
      this.made = picture;
      this.start = fieldOf(picture);
      this.piece = piecePlace(this.start);
      this.bounds = reach(this.start, this.piece);
      this.kernel = pieceFilter(this.start, this.piece);
      this.template = template(this.start);
    }
    this.content.move = within(this.content.move, this.bounds);
    this.field = lit(fieldOf(picture, this.content.move));
    this.products = { ...this.template, values: this.template.values.map((weight, at) => weight * this.field.values[at]) };
    this.denseAnswer = this.products.values.reduce((sum, product) => sum + product, 0);
    this.map = convolve(this.field, this.kernel, SETTINGS, 0);
    const at = this.map.values.reduce((best, value, i) => (value > this.map.values[best] ? i : best), 0);
    this.peak = { row: Math.floor(at / this.map.columns), column: at % this.map.columns, value: this.map.values[at] };
  }

  // --- drawing -----------------------------------------------------------------------------------------------------

  reflect() {
    this.options = pictureOptions(this.data.digits);
    this.digits.show(this.options, this.content.picture.key, this.colours);
    this.another.hidden = !this.data.another;
    this.home.disabled = this.content.move.every((cells) => cells === 0);
  }

  draw() {
    const { data, root, field, map, peak, kernel } = this;
    const width = this.board.clientWidth;
    if (!width) return;
    const colours = (this.colours = palette(data.view.palette, isDark(root)));
    root.style.setProperty("--zero", `rgb(${colours.zero.join(" ")})`);
    const below = this.answers.offsetHeight + this.sum.offsetHeight + this.walk.parentElement.offsetHeight + 40;
    const boxes = panels(width, boardHeight(this.board, below, 1000), 3);
    const context = canvasContext(this.canvas, width, panelsHeight(boxes));
    const font = getComputedStyle(root).getPropertyValue("--st-code-font") || "monospace";
    const seen = placed(boxes[0], field);
    const weighed = placed(boxes[1], field);
    const answered = placed(boxes[2], field);
    this.views = [seen, weighed, answered];

    context.clearRect(0, 0, width, panelsHeight(boxes));
    drawGrid(context, field, seen, 1, colours, font);
    this.#ghost(context, seen, field, colours);
    drawGrid(context, this.products, weighed, this.template.values.reduce((most, value) => Math.max(most, value), 0), colours, font);
    this.#ghost(context, weighed, field, colours);
    drawGrid(context, map, answered, 1, colours, font);
    const window = [peak.row - (kernel.rows >> 1), peak.column - (kernel.columns >> 1)];
    this.#found(context, rectangle(seen, ...window, kernel.rows, kernel.columns), rectangle(answered, peak.row, peak.column));
    const isStacked = boxes[1].y > boxes[0].y;
    this.answers.classList.toggle("stacked", isStacked);
    this.answers.style.setProperty("--inset", isStacked ? "0" : `${boxes[1].x - (width + PANEL_GAP) / 3}px`);
    this.#answer(colours, boxes);
    this.showPaper(boxes[0]);
    this.canvas.dataset.painted = Number(this.canvas.dataset.painted ?? 0) + 1;
  }

  // Where the digit stood at its start, grey where no ink is now: what the dense unit remembers.
  #ghost(context, view, field, colours) {
    context.fillStyle = colours.ink;
    const { columns, levels } = this.start;
    levels.forEach((level, at) => {
      if (!level) return;
      const spot = rectangle(view, Math.floor(at / columns), at % columns);
      context.globalAlpha = (level / 255) * 0.22 * (1 - field.values[at]);
      context.fillRect(spot.x, spot.y, spot.width, spot.height);
    });
    context.globalAlpha = 1;
  }

  // The window that answers most, on the field, and its cell on the map.
  #found(context, window, cell) {
    if (!this.peak.value) return;
    Object.assign(context, { strokeStyle: AMBER, lineWidth: 3 });
    context.strokeRect(window.x - 1, window.y - 1, window.width + 1, window.height + 1);
    context.beginPath();
    context.arc(cell.x + cell.width / 2, cell.y + cell.height / 2, Math.max(cell.width, 9), 0, 2 * Math.PI);
    context.stroke();
  }

  #answer(colours, [seen, weighed, answered]) {
    const [down, right] = this.content.move;
    const where = [way(down, "down", "up"), way(right, "right", "left")].filter(Boolean).join(", ");
    say(this.place, where || "not yet");
    this.dense.show(this.denseAnswer, colours);
    this.convolution.show(this.peak.value, colours);
    const context = canvasContext(this.filter, 49, 49);
    drawGrid(context, this.kernel, placed({ x: 1, y: 1, width: 47, height: 47 }, this.kernel), Math.max(...this.kernel.values), colours, "monospace");
    say(this.sum, this.#sentence(where));
    this.showCaptions([
      { ...seen, text: where ? "Grey: where it started, the dense weights" : "The digit" },
      { ...weighed, text: `Dense unit: ${this.field.rows}×${this.field.columns} = ${(this.field.rows * this.field.columns).toLocaleString("en")} weights` },
      { ...answered, text: `Filter: ${this.kernel.values.length} weights, positive answers only` },
    ]);
  }

  #sentence(where) {
    if (!this.peak.value) return "There is nothing on this picture: choose a digit.";
    if (!where) return "The digit is where both learnt it, so both answer 1. Move it.";
    return `The dense unit's weights stayed where the digit was: ${this.denseAnswer.toFixed(2)}. The filter's best match moved ${where} with it, and is still ${this.peak.value.toFixed(2)}.`;
  }
}

const way = (cells, one, other) => cells && `${Math.abs(cells)} ${cells > 0 ? one : other}`;

// A named number from 0 to 1 with its bar; picture: what stands before the name.
function answer(name, picture = null) {
  const number = element("b", { class: "answer-number" });
  const bar = element("span", { class: "answer-fill" });
  const words = element("span", { class: "answer-name", text: name });
  const box = element("div", { class: "answer" }, picture, words, number, element("span", { class: "answer-bar" }, bar));
  const show = (value, colours) => {
    say(number, value.toFixed(2));
    Object.assign(bar.style, { width: `${Math.min(Math.max(value, 0), 1) * 100}%`, background: css(mix(1, 1, colours)) });
  };
  return { box, show };
}

export default mounted(TranslationStage);
