// The pooling stage: one map, its largest numbers and its means, window by window.

import { button, group } from "./controls.js";
import { say } from "./elements.js";
import { asMap, asRows, drawGrid } from "./grid.js";
import { KernelEditor } from "./kernel_editor.js";
import { written } from "./numbers.js";
import { showCalculations } from "./pooled_sums.js";
import { tracePool, windowsOver } from "./pooling_arithmetic.js";
import { PoolingBase } from "./pooling_base.js";
import { mounted } from "./stage.js";

const POOLING_KEYS =
  "Arrow keys step over the pooled maps, space plays, Enter pins, Escape lets go, I moves over the input, " +
  "a number chooses a digit, Control Z undoes.";
const LOSER = 0.4; // how strongly the numbers that did not win are drawn in the window of max pooling
const ROOM_FOR_LINE = 900; // CSS pixels, from which both calculations of a 2×2 window stand on one line

class PoolingStage extends PoolingBase {
  constructor(parent) {
    super(parent, { name: "Pooling stage", keys: POOLING_KEYS });
  }

  build() {
    super.build();
    this.editor = this.numbersEditor();
    this.board.append(this.marks);
    this.dice = group("Numbers", button("New numbers", "again", () => this.gesture(() => this.rollNumbers()), "New numbers"));
    this.drawTools = group("Draw", this.pen, this.rubber, this.clear);
    this.more = [this.dice, this.drawTools, group("Undo", this.undoing), group("Share", this.copy)];
  }

  sourceNames() {
    return { numbers: "Numbers", picture: "Digit", map: "Feature map" };
  }

  numbersEditor() {
    const editor = new KernelEditor(this.board, "Input", {
      begin: () => this.remember(),
      change: (at, value) => this.changeNumber(at, value),
      end: () => {
        this.refresh();
        this.tell();
      },
      refuse: (message) => this.announce(message),
      focus: () => this.stepper.pause(),
    });
    editor.grid.onpointermove = (event) => {
      event.stopPropagation();
      if (event.buttons) return;
      const { left, top } = this.canvas.getBoundingClientRect();
      const cell = this.cellUnder([event.clientX - left, event.clientY - top]);
      const next = cell && { ...cell, hover: true };
      if (JSON.stringify(next) === JSON.stringify(this.hover)) return;
      this.hover = next;
      this.refresh();
    };
    return editor;
  }

  // --- content -----------------------------------------------------------------------------------------------------

  adopt(content) {
    super.adopt(content);
    this.content.numbers = asMap(content.numbers);
  }

  told() {
    return { ...super.told(), numbers: asRows(this.content.numbers) };
  }

  // A window that holds the number stays in sight while it is edited.
  changeNumber(at, value) {
    const { numbers } = this.content;
    this.content.numbers = { ...numbers, values: numbers.values.with(at, value) };
    this.sweeping = false;
    this.recompute(0);
    const [first] = windowsOver(this.input, this.data.settings.pool, Math.floor(at / numbers.columns), at % numbers.columns);
    this.hover = first ? { on: "output", filter: 0, row: first.row, column: first.column, hover: true } : null;
    this.draw();
  }

  // Whole numbers from −4 to 9, a few of them 0 as after ReLU.
  rollNumbers() {
    const number = () => (Math.random() < 0.25 ? 0 : Math.floor(Math.random() * 14) - 4);
    this.content.numbers = { ...this.content.numbers, values: Float64Array.from(this.content.numbers.values, number) };
  }

  mapOf(picture) {
    return this.content.source === "numbers" ? this.content.numbers : super.mapOf(picture);
  }

  // The place where the largest number and the mean differ most.
  best() {
    const [{ values, columns }, mean] = this.outputs;
    let at = 0;
    values.forEach((value, i) => value - mean.values[i] > values[at] - mean.values[at] && (at = i));
    return values.length ? { on: "output", filter: 0, row: Math.floor(at / columns), column: at % columns } : null;
  }

  // --- drawing -----------------------------------------------------------------------------------------------------

  reflect() {
    super.reflect();
    this.drawTools.hidden = !this.paintable();
    this.dice.hidden = this.content.source !== "numbers";
  }

  draw() {
    super.draw();
    const { source, numbers } = this.content;
    this.editor.grid.hidden = source !== "numbers";
    if (source !== "numbers" || !this.painter.inputView) return;
    const { x, y, cell, top, left } = this.painter.inputView;
    const place = { x: x - left * cell, y: y - top * cell, width: numbers.columns * cell - 1, height: numbers.rows * cell - 1, cell };
    this.editor.show(numbers, place, this.colours, undefined, this.data.presenting);
  }

  twoLines(width) {
    return this.data.settings.pool.size > 2 || width < ROOM_FOR_LINE || this.data.presenting;
  }

  middles() {
    const { size } = this.data.settings.pool;
    return [{ rows: size, columns: size }, { rows: size, columns: size }];
  }

  // The window whose numbers stand large: the one that is traced, or the only one that holds the cell pointed at.
  #lens() {
    const { trace, fed, input } = this;
    return trace ?? (fed?.length === 1 ? tracePool(input, this.data.settings.pool, fed[0].row, fed[0].column) : null);
  }

  // The window under a lens, twice: who wins, and all that count.
  scene() {
    const { input, range, colours, font } = this;
    const { size } = this.data.settings.pool;
    const lens = this.#lens();
    const between = (context, i, { x, y, cell }) => {
      const [top, left] = lens ? [lens.rows[0], lens.columns[0]] : [-size, -size];
      const wins = (row, column) => lens?.winners.some((winner) => winner.row === row && winner.column === column);
      drawGrid(context, input, { x, y, cell, top, left, rows: size, columns: size }, range, colours, font, (row, column) => (i === 1 || wins(row, column) ? 1 : LOSER));
    };
    return { between, loupes: true };
  }

  words() {
    const { input, outputs } = this;
    const lens = this.#lens();
    const name = this.content.source === "numbers" ? "Numbers" : this.inputName();
    return {
      input: `${name} ${input.rows}×${input.columns}`,
      found: lens ? [`largest: ${written(lens.max)}`, `mean: ${written(lens.average)}`] : ["", ""],
      outputs: outputs.map(({ rows, columns }, i) => `${["Largest", "Means"][i]} ${rows}×${columns}`),
    };
  }

  speak(target) {
    if (this.trace) return showCalculations(this.sum, this.trace, this.colours, this.range);
    delete this.sum.dataset.text;
    say(this.sum, target ? this.#fedWords(target) : "");
  }

  #fedWords({ row, column }) {
    const value = written(this.input.values[row * this.input.columns + column]);
    const [windows, wins] = [this.fed.length, this.fed.filter((window) => window.wins).length];
    if (!windows) return `${value} stands in no window: the stride jumps over it.`;
    const among = windows === 1 ? "one window" : `${windows} windows`;
    const all = windows === 1 ? "It is the largest there" : "It is the largest in each of them";
    const some = wins ? `It is the largest in ${wins}` : "It is never the largest, so max pooling forgets it";
    return `${value} stands in ${among}. ${wins === windows ? all : some}; the mean counts it.`;
  }
}

export default mounted(PoolingStage);
