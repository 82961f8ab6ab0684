// What the two stages about one pooled map share: an input on the left, its largest numbers and its means on the right,
// and something in between that each of them draws in its own way.
//
// A stage extends PoolingBase and says, besides what stage.js asks for:
//   sourceNames()        key -> title of what can be pooled
//   middles()            { rows, columns } of what stands before each pooled map
//   scene()              what its board shows besides grids and window (pooling_board.js)
//   words(narrow)        { input, found, outputs }: what stands above the input, below what is in between, above the outputs
//   speak(target)        fills the line below the board
//   twoLines(width)      whether that line needs the height of two

import { convolve } from "./arithmetic.js";
import { Chooser } from "./chooser.js";
import { button, group } from "./controls.js";
import { element } from "./elements.js";
import { asMap, asRows, cellAt, fineCell, lit, packed, sameMap, unpacked } from "./grid.js";
import { boardHeight, layout } from "./layout.js";
import { isDark, largest, palette } from "./palette.js";
import { chosenPicture, pictureOptions } from "./picture_options.js";
import { KINDS, poolBorder, pooledShape, poolMap, tracePool, windowsOver } from "./pooling_arithmetic.js";
import { PoolingBoard } from "./pooling_board.js";
import { Stage } from "./stage.js";

const TALLEST = 0.56; // of the width: beyond it the two rows of pooled maps would only drift apart
const NO_ROOM = "The pool or its stride is larger than the map: take a smaller one.";

export class PoolingBase extends Stage {
  build() {
    this.marks = element("canvas", { class: "marks", "aria-hidden": "true" });
    this.painter = new PoolingBoard(this.canvas, this.marks);
    this.sources = Object.entries(this.sourceNames()).map(([key, title]) => [key, button(title, null, () => this.chooseSource(key), title)]);
    this.choosers.append(group("Input", ...this.sources.map(([, node]) => node)));
    this.pictures = new Chooser(this.choosers, "Picture", (option) => this.choosePicture(option));
    this.another = button("Another hand", "again", () => this.gesture(() => (this.content.another += 1)));
    this.choosers.append(this.another);
    this.presets = new Chooser(this.choosers, "Filter", ({ map }) => this.gesture(() => (this.content.filter = { ...this.content.filter, kernel: map })));
    this.clear = button("Clear the picture", null, () => this.gesture(() => this.repaint(({ levels }) => levels.fill(0))), "Clear");
    this.board.append(this.marks);
  }

  // --- content -----------------------------------------------------------------------------------------------------

  adopt(content) {
    const { trace, ...kept } = content;
    this.content = {
      ...kept,
      picture: { ...content.picture, levels: unpacked(content.picture.levels) },
      filter: { ...content.filter, kernel: asMap(content.filter.kernel) },
    };
  }

  told() {
    const { picture, filter } = this.content;
    return { ...this.content, picture: { ...picture, levels: packed(picture.levels) }, filter: { ...filter, kernel: asRows(filter.kernel) } };
  }

  chooseSource(source) {
    this.gesture(() => {
      this.content.source = source;
      this.target = null;
    });
  }

  choosePicture(option) {
    this.gesture(() => (this.content.picture = chosenPicture(option)));
  }

  // The frame's own shortcut I means the middle of the picture; here it means that of what is pooled.
  pin(target) {
    const { rows, columns } = this.input;
    super.pin(target?.on === "input" && !this.fits(target) ? { on: "input", row: rows >> 1, column: columns >> 1 } : target);
  }

  repaint(change, fade) {
    if (this.paintable()) super.repaint(change, fade);
  }

  paintable() {
    return this.content.source === "picture";
  }

  keyed(event, letter) {
    if (!/^\d$/.test(letter) || this.content.source === "numbers" || this.pictureOptions.length <= Number(letter)) return false;
    this.choosePicture(this.pictureOptions[Number(letter)]);
    return true;
  }

  // --- computing ---------------------------------------------------------------------------------------------------

  recompute(fade) {
    const { pool } = this.data.settings;
    this.input = { ...this.mapOf(this.content.picture), hollow: true };
    this.outputs = this.pooled(this.input);
    this.border = this.input.values.length ? poolBorder(this.input, pool) : [0, 0, 0, 0];
    const nothing = this.outputs[0].values.length === 0;
    if (nothing || this.message.textContent === NO_ROOM) this.announce(nothing ? NO_ROOM : "");
    if (fade) this.painter.fade(fade);
  }

  // What is pooled when the picture is this one.
  mapOf(picture) {
    const { source, filter } = this.content;
    return source === "map" ? convolve(lit(picture), filter.kernel, this.data.settings.convolution, filter.bias) : lit(picture);
  }

  pooled(map) {
    const nothing = { rows: 0, columns: 0, values: new Float64Array() };
    const fits = map.values.length > 0 && pooledShape(map, this.data.settings.pool).every((n) => n > 0);
    const maps = fits ? poolMap(map, this.data.settings.pool) : { max: nothing, average: nothing };
    return KINDS.map((kind) => maps[kind]);
  }

  walked() {
    return this.outputs[0];
  }

  fits({ on, row, column }) {
    const map = on === "input" ? this.input : this.outputs[0];
    return row >= 0 && column >= 0 && row < map.rows && column < map.columns;
  }

  pixelAt([x, y], beyond = false) {
    const view = this.painter.inputView;
    if (!this.paintable() || !view) return null;
    const cell = cellAt(view, x, y);
    return beyond || (cell && this.fits({ on: "input", row: cell[0], column: cell[1] })) ? fineCell(view, x, y) : null;
  }

  cellUnder([x, y]) {
    const views = [[this.painter.inputView, { on: "input", filter: 0 }], ...this.painter.outputViews.map((view, filter) => [view, { on: "output", filter }])];
    for (const [view, kind] of views) {
      const cell = cellAt(view, x, y);
      const target = cell && { ...kind, row: cell[0], column: cell[1] };
      if (target && this.fits(target)) return target;
    }
    return null;
  }

  // --- drawing -----------------------------------------------------------------------------------------------------

  reflect() {
    const { content, data } = this;
    this.presetOptions = data.presets.map(({ name, title, kernel }) => ({ key: name, title, map: asMap(kernel) }));
    this.pictureOptions = pictureOptions(data.digits);
    const chosen = this.presetOptions.find(({ map }) => sameMap(map, content.filter.kernel));
    this.pictures.show(this.pictureOptions, content.picture.key, this.colours);
    this.presets.show(this.presetOptions, chosen?.key, this.colours);
    this.sources.forEach(([key, node]) => node.setAttribute("aria-pressed", key === content.source));
    this.pictures.strip.hidden = content.source === "numbers";
    this.another.hidden = content.source === "numbers" || !data.another;
    this.presets.strip.hidden = content.source !== "map";
  }

  draw() {
    const { data, root } = this;
    const width = this.board.clientWidth;
    if (!width) return;
    this.colours = palette(data.view.palette, isDark(root));
    this.font = getComputedStyle(root).getPropertyValue("--st-code-font") || "monospace";
    root.style.setProperty("--zero", `rgb(${this.colours.zero.join(" ")})`);
    this.sum.classList.toggle("double", this.twoLines(width));
    const height = boardHeight(this.board, this.sum.offsetHeight + this.walk.parentElement.offsetHeight + 34, Math.max(TALLEST * width, 420));
    const places = layout(width, height, this.middles(), data.presenting);
    const target = this.shownTarget();
    const { pool } = data.settings;
    this.trace = target?.on === "output" ? tracePool(this.input, pool, target.row, target.column) : null;
    this.fed = target?.on === "input" ? windowsOver(this.input, pool, target.row, target.column) : null;
    this.range = largest(this.input.values);
    const { input, outputs, border, trace, fed, range, colours, font } = this;
    const veil = this.veil(outputs[0].columns);
    const still = this.stillness.matches;
    const moving = this.painter.paint({ width, places, target, input, outputs, border, trace, fed, range, colours, font, veil, still, ...this.scene() });
    if (moving) this.invalidate();
    this.showCaptions(this.#captions(places));
    this.showPaper(this.paintable() ? places.picture : { x: 0, y: 0, width: 0, height: 0 });
    this.speak(target);
    this.canvas.dataset.painted = Number(this.canvas.dataset.painted ?? 0) + 1;
  }

  #captions({ picture, rows, narrow }) {
    const { inputView, outputViews } = this.painter;
    const words = this.words(narrow);
    const captions = [{ x: picture.x, y: inputView.y, width: picture.width, text: words.input }];
    rows.forEach(({ kernel, output }, i) => {
      const { x, width } = kernel.column;
      const column = { x: narrow ? x : x - 34, width: narrow ? width : width + 68, middle: true };
      captions.push({ ...column, y: kernel.y, text: ["Max pooling", "Average pooling"][i] });
      captions.push({ ...column, y: kernel.y + kernel.height + 32, text: words.found[i] });
      captions.push({ x: output.x, y: outputViews[i].y, width: output.width, text: words.outputs[i] });
    });
    return captions;
  }

  inputName() {
    const { source, filter } = this.content;
    if (source !== "map") return "Picture";
    const preset = this.data.presets.find(({ kernel }) => sameMap(asMap(kernel), filter.kernel));
    return `Feature map, ${preset ? preset.title.toLowerCase() : "your filter"},`;
  }
}
