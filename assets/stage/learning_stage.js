// The learning stage: a hidden filter's outputs, a learner that looks for the filter, and the loss on its way down.
// Python computed the run of the machine; here it is played, forward and back. The person's guess is scored live.

import { convolve } from "./arithmetic.js";
import { Chooser } from "./chooser.js";
import { button, group } from "./controls.js";
import { element } from "./elements.js";
import { asMap, asRows, cellAt, lit, unpacked } from "./grid.js";
import { KernelEditor } from "./kernel_editor.js";
import { boardHeight } from "./layout.js";
import { floats, lossAndGradient } from "./learning_arithmetic.js";
import { LearningBoard, WEIGHTS } from "./learning_board.js";
import { learningLayout, TIGHT } from "./learning_layout.js";
import { cellParts, guessParts, significant, slopeParts, stepParts, updateParts } from "./learning_words.js";
import { curveScale } from "./loss_curve.js";
import { isDark, largest, palette } from "./palette.js";
import { mounted, Stage } from "./stage.js";

const SPEEDS = { least: 2, most: 60, usual: 20 }; // steps a second
const SETTINGS_ROW = 84; // CSS pixels for the learning rate and its neighbours, which stay on the first screen
const KEYS =
  "Arrow right and left go one step forward and back, down and up ten, space plays, Enter pins a number, Escape lets go, " +
  "M switches between the machine and you, R reveals the hidden filter, N takes new random numbers, a number chooses a picture, Control Z undoes.";

class LearningStage extends Stage {
  constructor(parent) {
    super(parent, { name: "Learning stage", keys: KEYS });
    this.painter = new LearningBoard(this.canvas);
    this.stepper.speed = SPEEDS.usual;
    this.editor = new KernelEditor(this.board, "Your filter", {
      begin: () => this.remember(),
      change: (at, value) => this.guessed(at, value),
      end: () => {
        this.refresh();
        this.tell();
      },
      refuse: (message) => this.announce(message),
      focus: () => {},
    });
  }

  build() {
    this.pictures = new Chooser(this.choosers, "Picture", (option) => this.gesture(() => (this.content.look = option.at)));
    this.another = button("Ten pictures in another hand", "again", () => this.gesture(() => (this.content.hand += 1)));
    this.choosers.append(this.another);
    Object.assign(this.speed, { min: SPEEDS.least, max: SPEEDS.most, value: SPEEDS.usual, title: "Speed: 2 to 60 steps a second" });
    this.speed.setAttribute("aria-label", "Speed, steps a second");
    this.machine = button("The machine’s filter at work", null, () => this.hand("machine"), "Machine");
    this.you = button("Your own filter at work: drag its numbers", null, () => this.hand("you"), "You");
    this.reveal = button("Show the hidden filter", null, () => this.gesture(() => (this.content.revealed = !this.content.revealed)), "Reveal");
    this.hiding = button("Hide your filter, for others to find", null, () => this.hideMine(), "Hide mine");
    this.restart = button("Start from other random numbers", "again", () => this.gesture(() => this.startAnew()), "New start");
    this.neuron = button("The same filter as a neuron, and as rows of a matrix", null, () => this.leave(), "As a neuron");
    this.more = [group("Whose filter", this.machine, this.you), group("The secret", this.reveal, this.hiding), group("Start", this.restart, this.undoing), group("Share", this.copy), group("Go on", this.neuron)];
  }

  // --- content -----------------------------------------------------------------------------------------------------

  adopt({ trace, ...content }) {
    this.content = { ...content, guess: asMap(content.guess) };
  }

  told() {
    return { ...this.content, guess: asRows(this.content.guess) };
  }

  gesture(act, fade) {
    this.announce("");
    super.gesture(act, fade);
  }

  hand(holder) {
    this.stepper.pause();
    if (holder !== this.content.holder) this.gesture(() => (this.content.holder = holder));
  }

  startAnew() {
    this.stepper.pause();
    Object.assign(this.content, { seed: this.content.seed + 1, step: 0, holder: "machine" });
  }

  hideMine() {
    this.gesture(() => (this.content.hide = asRows(this.content.guess)));
    this.announce("Hidden. Copy the link: whoever opens it sees its outputs, not its numbers.");
  }

  leave() {
    this.stepper.pause();
    this.content.neuron = true;
    this.tell();
    this.talk.flush();
  }

  guessed(at, value) {
    const { guess } = this.content;
    this.content.guess = { ...guess, values: guess.values.with(at, value) };
    this.recompute();
    this.draw();
  }

  // --- the run -----------------------------------------------------------------------------------------------------

  get last() {
    return this.run.losses.length - 1;
  }

  get at() {
    return Math.min(this.content.step, this.last);
  }

  #read({ settings, run, pictures, hidden }) {
    const [rows, columns] = [hidden.length, hidden[0].length];
    const cut = (values, shape) => Array.from({ length: values.length / (shape.rows * shape.columns) }, (_, i) => ({ ...shape, values: values.subarray(i * shape.rows * shape.columns, (i + 1) * shape.rows * shape.columns) }));
    this.options = pictures.map(({ key, title, ...picture }, at) => ({ key, title, at, stamp: picture.levels, map: lit({ ...picture, levels: unpacked(picture.levels) }) }));
    const [{ map }] = this.options;
    const same = this.run && this.run.about === JSON.stringify([hidden, pictures]);
    this.run = {
      id: settings.run,
      about: JSON.stringify([hidden, pictures]),
      before: same ? this.run.losses : null, // the run before this one, where it looked for the same filter
      losses: floats(run.losses),
      kernels: cut(floats(run.kernels), { rows, columns }),
      gradients: cut(floats(run.gradients), { rows, columns }),
      targets: cut(floats(run.targets), { rows: map.rows - rows + 1, columns: map.columns - columns + 1 }),
      batches: run.batches,
      diverged: run.diverged,
      end: run.end,
    };
    this.hidden = asMap(hidden);
    this.reached = this.at;
  }

  recompute() {
    if (this.run?.id !== this.data.settings.run) this.#read(this.data);
    const { guess } = this.content;
    this.tried = guess.values.some((value) => value !== 0);
    this.score = lossAndGradient(this.options.map(({ map }) => map), this.run.targets, guess, this.data.settings.activation);
  }

  walked() {
    return { rows: this.last / 10, columns: 10 };
  }

  step(by) {
    this.#ready();
    this.stepper.step(by);
  }

  play() {
    this.#ready();
    this.stepper.toggle();
  }

  #ready() {
    this.stepper.count = this.last + 1;
    if (!this.stepper.playing) this.stepper.index = this.at;
  }

  visit(index) {
    Object.assign(this.content, { step: index, holder: "machine" });
    this.reached = Math.max(this.reached, index);
    this.hover = this.hover?.on === "curve" ? null : this.hover;
    this.refresh();
    if (!this.stepper.playing) this.tell(400);
  }

  sweepEnds() {}

  // --- pointing ----------------------------------------------------------------------------------------------------

  get kernel() {
    return this.content.holder === "you" ? this.content.guess : this.run.kernels[this.at];
  }

  get gradient() {
    return this.content.holder === "you" ? this.score.gradient : this.run.gradients[this.at];
  }

  fits({ on, row, column }) {
    if (on === "curve") return column <= this.last;
    const map = on === "output" ? this.run.targets[0] : this.hidden;
    return row >= 0 && column >= 0 && row < map.rows && column < map.columns;
  }

  // The weight that the error pulls at most; for the machine the one at the start, so that the mark stays while it plays.
  best() {
    const { values, columns } = this.content.holder === "you" ? this.gradient : this.run.gradients[0];
    const at = values.reduce((most, value, i) => (Math.abs(value) > Math.abs(values[most]) ? i : most), 0);
    return { on: "weight", row: Math.floor(at / columns), column: at % columns };
  }

  // The loss curve is dragged along; no picture is painted here.
  pixelAt([x, y], beyond = false) {
    const { scale } = this.curve ?? {};
    const inside = scale && x >= scale.left - 8 && x <= scale.right + 8 && y >= scale.top && y <= scale.bottom + 20;
    return scale && (beyond || inside) ? [0, scale.step(x)] : null;
  }

  drag(from, [, step]) {
    this.stepper.pause();
    this.visit(Math.min(step, this.last));
  }

  cellUnder(point) {
    const place = this.pixelAt(point);
    if (place) return { on: "curve", filter: 0, row: 0, column: Math.min(place[1], this.last) };
    for (const [name, view] of Object.entries(this.painter.views)) {
      const cell = name === "picture" ? null : cellAt(view, ...point);
      const on = name === "gradient" ? "slope" : WEIGHTS.includes(name) ? "weight" : "output";
      if (cell) return { on, filter: 0, row: cell[0], column: cell[1] };
    }
    return null;
  }

  pin(target) {
    if (target?.on === "curve") {
      this.stepper.pause();
      this.visit(target.column);
    } else super.pin(target);
  }

  // I and X would paint on a picture.
  taken({ key }) {
    return key.toLowerCase() === "i";
  }

  keyed(event, letter) {
    if (letter === "m") this.hand(this.content.holder === "you" ? "machine" : "you");
    else if (letter === "r") this.reveal.click();
    else if (letter === "n") this.restart.click();
    else if (/^\d$/.test(letter) && this.options[letter]) this.gesture(() => (this.content.look = Number(letter)));
    else return false;
    return true;
  }

  // --- drawing -----------------------------------------------------------------------------------------------------

  reflect() {
    const { content } = this;
    const mine = content.holder === "you";
    this.pictures.show(this.options, this.options[this.looked].key, this.colours);
    const batch = this.run.batches[this.at] ?? [];
    const few = batch.length < this.options.length && !mine;
    this.pictures.buttons.forEach((thumb, i) => thumb.classList.toggle("in-batch", few && batch.includes(i)));
    this.machine.setAttribute("aria-pressed", !mine);
    this.you.setAttribute("aria-pressed", mine);
    this.reveal.setAttribute("aria-pressed", content.revealed);
    this.hiding.disabled = !mine || !this.tried;
    this.editor.grid.hidden = !mine;
    this.playing.classList.toggle("invite", this.at === 0 && !this.stepper.playing && !mine);
  }

  get looked() {
    return Math.min(this.content.look, this.options.length - 1);
  }

  draw() {
    const { content, data, root } = this;
    const width = this.board.clientWidth;
    if (!width) return;
    const colours = (this.colours = palette(data.view.palette, isDark(root)));
    this.sum.classList.toggle("tall", width < TIGHT);
    root.style.setProperty("--zero", `rgb(${colours.zero.join(" ")})`);
    const below = this.sum.offsetHeight + this.walk.parentElement.offsetHeight + 34 + (data.presenting ? 0 : SETTINGS_ROW);
    const places = learningLayout(width, boardHeight(this.board, below, 760), this.hidden, data.presenting);
    this.maps = this.#maps();
    this.curve = this.#curve(places.boxes.curve);
    const marked = this.shownTarget();
    this.painter.paint({
      width, places, colours, marked,
      mine: content.holder === "you",
      maps: this.maps,
      ranges: this.#ranges(),
      curve: this.curve,
      font: getComputedStyle(root).getPropertyValue("--st-code-font") || "monospace",
      large: data.presenting,
    });
    this.editor.show(content.guess, places.boxes.kernel, colours, undefined, data.presenting);
    this.caption(places.boxes);
    this.showPaper(places.boxes.curve);
    this.sayParts(this.#words(marked));
    this.canvas.dataset.painted = Number(this.canvas.dataset.painted ?? 0) + 1;
  }

  #maps() {
    const { kernel, hidden, content } = this;
    const picture = this.options[this.looked].map;
    const target = this.run.targets[this.looked];
    const settings = { stride: 1, padding: "valid", dilation: 1, flip: false, activation: this.data.settings.activation };
    const output = convolve(picture, kernel, settings, 0);
    const less = (one, other) => ({ rows: one.rows, columns: one.columns, values: Float64Array.from(one.values, (value, i) => value - other.values[i]) });
    return {
      picture, kernel, output, target,
      gradient: this.gradient,
      error: less(output, target),
      hidden: content.revealed ? hidden : null,
      difference: content.revealed ? less(kernel, hidden) : null,
    };
  }

  // One range for the maps and one for the filters, so that what is alike looks alike and what shrinks pales.
  #ranges() {
    const light = largest(this.maps.target.values);
    const ends = largest(this.run.kernels[this.last].values);
    const weights = this.run.diverged ? largest(this.kernel.values) : Math.max(ends, 0.5);
    const pull = largest(this.run.gradients[0].values);
    return { picture: 1, output: light, target: light, error: light, kernel: weights, hidden: weights, difference: weights, gradient: pull };
  }

  #curve(box) {
    const { losses, before } = this.run;
    const { noise, steps } = this.data.settings;
    const guess = this.tried ? this.score.loss : null;
    const seen = [...losses, ...(guess === null ? [] : [guess])];
    return {
      losses, before, guess,
      scale: curveScale(box, steps, seen, this.data.presenting),
      step: this.at,
      reached: this.reached,
      noise: noise ? noise ** 2 : null,
      pointed: this.hover?.on === "curve" ? this.hover.column : null,
    };
  }

  #words(marked) {
    const { run, at, content, data } = this;
    const { rows, columns } = this.run.targets[0];
    if (marked.on === "curve") return stepParts(marked.column, run.losses[marked.column]);
    const cell = marked.row * (marked.on === "output" ? columns : this.hidden.columns) + marked.column;
    if (marked.on === "output") return cellParts({ at: marked, output: this.maps.output.values[cell], target: this.maps.target.values[cell], mine: content.holder === "you" ? "yours" : "the learner’s" });
    const gradient = this.gradient.values[cell];
    const whole = content.holder === "you" || at === this.last;
    if (marked.on === "slope") return slopeParts({ at: marked, gradient, cells: (whole ? this.options.length : data.settings.batch) * rows * columns });
    if (content.holder === "you") {
      const better = run.losses.findIndex((loss) => loss < this.score.loss);
      return guessParts({ loss: this.score.loss, overtaken: better < 0 ? null : better, at: marked, gradient });
    }
    if (at === this.last) return [{ text: run.end }];
    const weight = (step) => run.kernels[Math.max(step, 0)].values[cell];
    return updateParts({ ...data.settings, at: marked, weight: weight(at), next: weight(at + 1), last: weight(at - 1), gradient });
  }

  sayParts(parts) {
    const text = parts.map((part) => part.text).join("");
    if (text === this.sum.dataset.text) return;
    this.sum.dataset.text = text;
    this.sum.replaceChildren(...parts.map(({ text: words, as }) => element("span", { class: as ? `tile ${as}` : "plus words", text: words })));
  }

  caption(boxes) {
    const { content, run, at } = this;
    const mine = content.holder === "you";
    const texts = {
      picture: "Picture",
      kernel: mine ? "Your filter" : `Learner, step ${at}`,
      output: mine ? "Your output" : "Its output",
      target: "Hidden filter’s output",
      error: "Error",
      gradient: "Slope (gradient)",
      hidden: "Hidden filter",
      difference: "Difference",
      curve: `Mean squared error: ${mine || this.tried ? `you ${significant(this.score.loss)}, machine ` : ""}${significant(run.losses[at])}`,
    };
    this.showCaptions(Object.entries(texts).map(([name, text]) => ({ x: boxes[name].x - (name === "kernel" ? 20 : 0), y: boxes[name].y, width: boxes[name].width + (name === "kernel" ? 40 : 6), text, middle: name === "kernel" })));
  }
}

export default mounted(LearningStage);
