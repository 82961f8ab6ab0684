// The stack stage: eight feature maps of one picture, pooled slice by slice; or only their sizes, pooled again and again.

import { convolve } from "./arithmetic.js";
import { Chooser } from "./chooser.js";
import { button, group } from "./controls.js";
import { element, say } from "./elements.js";
import { asMap, cellAt, lit, packed, unpacked } from "./grid.js";
import { boardHeight } from "./layout.js";
import { isDark, largest, palette } from "./palette.js";
import { chosenPicture, pictureOptions } from "./picture_options.js";
import { showCalculations } from "./pooled_sums.js";
import { KINDS, pooledShape, poolMap, tracePool, windowsOver } from "./pooling_arithmetic.js";
import { paintSizes, percentage, sizesWalked } from "./shape_walk.js";
import { paintStack, stackPlaces } from "./stack_board.js";
import { mounted, Stage } from "./stage.js";

const STACK_KEYS =
  "Arrow keys step over the pooled maps, space plays, Enter pins, Escape lets go, P changes the kind of pooling, " +
  "a number chooses a digit, Control Z undoes.";
const KIND_TITLES = { max: "Max", average: "Average" };
const grouped = (number) => number.toLocaleString("en-US");

class StackStage extends Stage {
  constructor(parent) {
    super(parent, { name: "Stack stage", keys: STACK_KEYS });
  }

  build() {
    const choice = (key, title, choose) => [key, button(title, null, choose, title)];
    this.shown = [choice("maps", "Eight feature maps", () => this.show("maps")), choice("sizes", "224×224×64", () => this.show("sizes"))];
    this.kinds = KINDS.map((kind) => choice(kind, KIND_TITLES[kind], () => this.takeKind(kind)));
    this.choosers.append(group("Stack", ...this.shown.map(([, node]) => node)), group("Pooling", ...this.kinds.map(([, node]) => node)));
    this.pictures = new Chooser(this.choosers, "Picture", (option) => this.gesture(() => (this.content.picture = chosenPicture(option))));
    this.another = button("Another hand", "again", () => this.gesture(() => (this.content.another += 1)));
    this.choosers.append(this.another);
    this.shape = element("div", { class: "shape-line" });
    this.board.append(this.shape);
    this.more = [group("Undo", this.undoing), group("Share", this.copy)];
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

  show(shown) {
    this.gesture(() => {
      this.content.shown = shown;
      this.target = null;
    });
  }

  takeKind(kind) {
    this.gesture(() => (this.content.kind = kind));
  }

  keyed(event, letter) {
    if (letter === "p") this.takeKind(KINDS[1 - KINDS.indexOf(this.content.kind)]);
    else if (/^\d$/.test(letter) && this.pictureOptions.length > Number(letter)) this.gesture(() => (this.content.picture = chosenPicture(this.pictureOptions[Number(letter)])));
    else return false;
    return true;
  }

  get sizesOnly() {
    return this.content.shown === "sizes";
  }

  // --- computing ---------------------------------------------------------------------------------------------------

  recompute() {
    const { pool, convolution } = this.data.settings;
    const picture = lit(this.content.picture);
    this.inputs = this.data.presets.map(({ kernel }) => ({ ...convolve(picture, asMap(kernel), convolution, 0), hollow: true }));
    const fits = pooledShape(this.inputs[0], pool).every((n) => n > 0);
    this.outputs = this.inputs.map((map) => (fits ? poolMap(map, pool)[this.content.kind] : { rows: 0, columns: 0, values: new Float64Array() }));
    this.ranges = this.inputs.map(({ values }) => largest(values));
    this.sizes = sizesWalked(this.data.block, pool);
    this.content.poolings = Math.min(this.content.poolings, this.sizes.length - 1);
  }

  walked() {
    return this.sizesOnly ? { rows: 1, columns: this.sizes.length } : this.outputs[0];
  }

  step(by) {
    this.#atPooling();
    super.step(by);
  }

  play() {
    this.#atPooling();
    super.play();
  }

  #atPooling() {
    if (!this.sizesOnly) return;
    this.stepper.index = this.content.poolings;
    this.sweeping = true; // the frame keeps the index of a sweep that is under way
  }

  visit(index) {
    if (!this.sizesOnly) return super.visit(index);
    this.sweeping = false;
    this.content.poolings = index;
    this.refresh();
    if (!this.stepper.playing) this.tell(500);
  }

  fits({ on, row, column }) {
    const map = (on === "input" ? this.inputs : this.outputs)[0];
    return !this.sizesOnly && row >= 0 && column >= 0 && row < map.rows && column < map.columns;
  }

  // Where the first map answers most.
  best() {
    const [{ values, columns }] = this.outputs;
    if (this.sizesOnly || !values.length) return null;
    const at = values.indexOf(values.reduce((most, value) => Math.max(most, value), -Infinity));
    return { on: "output", filter: 0, row: Math.floor(at / columns), column: at % columns };
  }

  pixelAt() {
    return null;
  }

  pin(target) {
    if (!this.sizesOnly) super.pin(target);
  }

  cellUnder([x, y]) {
    if (this.sizesOnly) return null;
    const all = this.places.slices.flatMap(({ input, output }, filter) => [[input, { on: "input", filter }], [output, { on: "output", filter }]]);
    for (const [view, kind] of all) {
      const cell = view && cellAt(view, x, y);
      const target = cell && { ...kind, row: cell[0], column: cell[1] };
      if (target && this.fits(target)) return target;
    }
    return null;
  }

  // --- drawing -----------------------------------------------------------------------------------------------------

  reflect() {
    const { content, data } = this;
    this.pictureOptions = pictureOptions(data.digits);
    this.pictures.show(this.pictureOptions, content.picture.key, this.colours);
    this.pictures.strip.hidden = this.another.hidden = this.whole.hidden = this.sizesOnly;
    this.shown.forEach(([key, node]) => node.setAttribute("aria-pressed", key === content.shown));
    this.kinds[0][1].parentElement.hidden = this.sizesOnly;
    this.kinds.forEach(([key, node]) => node.setAttribute("aria-pressed", key === content.kind));
  }

  draw() {
    const { data, root, content } = this;
    const width = this.board.clientWidth;
    if (!width) return;
    const colours = (this.colours = palette(data.view.palette, isDark(root)));
    const font = getComputedStyle(root).getPropertyValue("--st-code-font") || "monospace";
    root.style.setProperty("--zero", `rgb(${colours.zero.join(" ")})`);
    this.sum.classList.toggle("double", data.settings.pool.size > 2 || width < 700);
    const height = boardHeight(this.board, this.sum.offsetHeight + this.walk.parentElement.offsetHeight + 34, 1000);
    if (this.sizesOnly) this.#drawSizes(width, height, colours);
    else this.#drawMaps(width, height, colours, font);
    this.canvas.dataset.painted = Number(this.canvas.dataset.painted ?? 0) + 1;
    this.root.dataset.kind = content.kind;
  }

  #drawMaps(width, height, colours, font) {
    const { inputs, outputs, ranges, content, data } = this;
    const { pool } = data.settings;
    const target = this.shownTarget();
    this.trace = target?.on === "output" ? tracePool(inputs[target.filter], pool, target.row, target.column) : null;
    this.fed = target?.on === "input" ? windowsOver(inputs[target.filter], pool, target.row, target.column) : [];
    this.places = stackPlaces(width, height, inputs, outputs);
    const { places, trace, fed } = this;
    paintStack(this.canvas, { width, places, inputs, outputs, ranges, colours, font, target, trace, fed, veil: this.veil(outputs[0].columns) });
    this.showCaptions(this.places.slices.map(({ input }, i) => ({ x: input.x, y: input.y, width: input.cell * input.columns, text: data.presets[i].title })));
    this.#sayShape([inputs[0].rows, inputs[0].columns, inputs.length], [outputs[0].rows, outputs[0].columns, outputs.length]);
    if (this.trace) return showCalculations(this.sum, this.trace, colours, ranges[target.filter], [content.kind]);
    delete this.sum.dataset.text;
    const windows = this.fed.length === 1 ? "one window" : `${this.fed.length} windows`;
    say(this.sum, target ? `This cell is in ${windows} of its own slice, and in none of the others.` : "");
  }

  #drawSizes(width, height, colours) {
    const { sizes, content } = this;
    delete this.sum.dataset.text;
    const captions = paintSizes(this.canvas, { width, height, walk: sizes, shown: content.poolings + 1, colours, large: this.data.presenting });
    this.showCaptions(captions);
    const from = sizes[Math.max(content.poolings - 1, 0)];
    const to = sizes[content.poolings];
    this.#sayShape(sizes[0], to);
    const count = (shape) => shape.reduce((product, n) => product * n, 1);
    const written = (shape) => `${shape.join("·")} = ${grouped(count(shape))}`;
    const pooled = `${written(from)} numbers → ${written(to)}: ${share(count(to) / count(from))} is left.`;
    say(this.sum, content.poolings ? pooled : `${written(to)} numbers. Step forward to pool them.`);
  }

  #sayShape(from, to) {
    const count = (shape) => shape.reduce((product, n) => product * n, 1);
    const text = `${from.join("×")} → ${to.join("×")}`;
    const kept = `${grouped(count(from))} → ${grouped(count(to))} numbers (${share(count(to) / count(from))})`;
    if (this.shape.dataset.text === text + kept) return;
    this.shape.dataset.text = text + kept;
    this.shape.replaceChildren(element("strong", { text }), element("span", { text: kept }));
  }
}

function share(part) {
  if (part === 1) return "all";
  return Math.abs(part - 0.25) < 1e-9 ? "a quarter" : percentage(part);
}

export default mounted(StackStage);
