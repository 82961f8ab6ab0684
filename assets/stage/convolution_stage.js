// The convolution stage: a picture, one or two filters, their feature maps; edited, traced, stepped, painted.

import { border, convolve, laid, outputsFedBy, traceOutput } from "./arithmetic.js";
import { Board } from "./board.js";
import { Chooser } from "./chooser.js";
import { button, group } from "./controls.js";
import { element, say } from "./elements.js";
import { asMap, asRows, cellAt, fineCell, lit, packed, sameMap, unpacked } from "./grid.js";
import { KernelEditor } from "./kernel_editor.js";
import { boardHeight, layout } from "./layout.js";
import { numberField } from "./number_field.js";
import { written } from "./numbers.js";
import { stroke } from "./painting.js";
import { isDark, largest, palette } from "./palette.js";
import { mounted, pinned, RELIGHT, Stage } from "./stage.js";
import { showSum } from "./sum_line.js";

const FIXED_RANGE = 3; // as in core/stage/convolution_stage.py: three fully lit pixels under weights of one
const RECTIFY = 450; // ms for ReLU: long enough to see the blue go
const MOST_ZOOM = 4;
const KEYS =
  "Arrow keys step over the feature map, space plays, Enter pins, Escape lets go, I moves over the picture and X paints a pixel there, " +
  "R switches ReLU, F takes the next filter, Z zooms, a number chooses a digit, Control Z undoes.";
const TOO_LARGE = "The filter is larger than the picture with its border: take a smaller filter, less dilation or more padding.";

const narrowMap = ({ width }) => width < 250;

class ConvolutionStage extends Stage {
  constructor(parent) {
    super(parent, { name: "Convolution stage", keys: KEYS });
    this.painter = new Board(this.canvas);
    this.editors = [];
    this.active = 0;
  }

  build() {
    this.digits = new Chooser(this.choosers, "Picture", (option) => this.choosePicture(option));
    this.another = button("Another hand", "again", () => this.gesture(() => (this.content.another += 1)));
    this.choosers.append(this.another);
    this.presets = new Chooser(this.choosers, "Filter", (option) => this.choosePreset(option));
    this.clear = button("Clear the picture", null, () => this.gesture(() => this.repaint(({ levels }) => levels.fill(0))), "Clear");
    this.hand = button("Point: click a pixel to hold it", "hand", () => this.take("hand"));
    this.relu = button("Negative sums become 0", null, () => this.switchRelu(), "ReLU");
    this.closer = button("Zoom in, to read the numbers", "closer", () => this.zoom(1));
    this.farther = button("Zoom out", "farther", () => this.zoom(-1));
    this.second = button("A second filter beside the first", "second", () => this.toggleSecond(), "Compare");
    this.drawTools = group("Draw", this.hand, this.pen, this.rubber, this.clear, this.undoing);
    this.more = [
      group("Activation", this.relu),
      this.drawTools,
      group("Zoom", this.farther, this.closer),
      group("Filters", this.second),
      group("Share", this.copy),
    ];
  }

  // --- content -----------------------------------------------------------------------------------------------------

  adopt(content) {
    const { trace, ...kept } = content;
    this.content = {
      ...kept,
      picture: { ...content.picture, levels: unpacked(content.picture.levels) },
      filters: content.filters.map(({ kernel, bias }) => ({ kernel: asMap(kernel), bias })),
    };
    this.active = Math.min(this.active, content.filters.length - 1);
  }

  told() {
    const { picture, filters } = this.content;
    return {
      ...this.content,
      picture: { ...picture, levels: packed(picture.levels) },
      filters: filters.map(({ kernel, bias }) => ({ kernel: asRows(kernel), bias })),
    };
  }

  fadeFor(before, data) {
    return before && before.content.activation !== data.content.activation ? RECTIFY : RELIGHT;
  }

  choosePicture({ key, map }) {
    this.gesture(() => (this.content.picture = { key, rows: map.rows, columns: map.columns, levels: Array.from(map.values, (value) => Math.round(value * 255)) }));
    this.recentre();
  }

  choosePreset({ map }) {
    this.gesture(() => (this.content.filters[this.active].kernel = map));
    this.recentre();
  }

  // While zoomed in, another picture or filter is looked at where it answers most.
  recentre() {
    if (this.content.zoom === 1) return;
    this.target = pinned(this.best());
    this.refresh();
  }

  clickPixel(point) {
    if (this.tool === "hand") return super.clickPixel(point);
    const at = this.pixelAt(point);
    this.gesture(() => this.repaint((picture) => stroke(picture, at, at, this.tool), 0), 0);
  }

  switchRelu() {
    this.gesture(() => (this.content.activation = this.content.activation === "relu" ? "none" : "relu"), RECTIFY);
  }

  // The second filter starts as the first preset that is neither the first filter nor the one at the head of the list.
  toggleSecond() {
    this.gesture(() => {
      const { filters } = this.content;
      const other = this.presetOptions.slice(1).find(({ map }) => !sameMap(map, filters[0].kernel));
      this.content.filters = filters.length > 1 ? [filters[0]] : [filters[0], { kernel: other.map, bias: 0 }];
      this.active = this.content.filters.length - 1;
      if (this.target?.filter > this.active) this.target = null;
    });
  }

  zoom(by) {
    this.content.zoom = Math.min(Math.max(this.content.zoom + by, 1), MOST_ZOOM);
    this.target = this.target ?? pinned(this.shownTarget());
    this.hover = null;
    this.refresh();
    this.tell();
  }

  keyed(event, letter) {
    const { kernel } = this.content.filters[this.active];
    if (letter === "r") this.switchRelu();
    else if (letter === "z") this.zoom(this.content.zoom < MOST_ZOOM ? 1 : 1 - MOST_ZOOM);
    else if (letter === "f" && this.presetOptions.length) {
      const at = this.presetOptions.findIndex(({ map }) => sameMap(map, kernel));
      this.choosePreset(this.presetOptions[(at + 1) % this.presetOptions.length]);
    } else if (/^\d$/.test(letter) && this.digitOptions.length > Number(letter)) this.choosePicture(this.digitOptions[Number(letter)]);
    else return false;
    return true;
  }

  // --- computing ---------------------------------------------------------------------------------------------------

  recompute(fade) {
    const { picture, filters, activation } = this.content;
    this.active = Math.min(this.active, filters.length - 1);
    this.settings = { ...this.data.settings, activation };
    this.picture = lit(picture);
    this.outputs = filters.map(({ kernel, bias }) => convolve(this.picture, kernel, this.settings, bias));
    const most = (side) => Math.max(...filters.map(({ kernel }) => kernel[side]));
    this.border = [...border(picture.rows, most("rows"), this.settings), ...border(picture.columns, most("columns"), this.settings)];
    const nothing = this.outputs.some(({ values }) => values.length === 0);
    if (nothing || this.message.textContent === TOO_LARGE) this.announce(nothing ? TOO_LARGE : "");
    if (fade) this.painter.fade(fade);
  }

  walked() {
    return this.outputs[this.target?.on === "output" ? this.target.filter : 0] ?? this.outputs[0];
  }

  fits({ on, filter, row, column }) {
    const map = on === "input" ? this.picture : this.outputs[filter];
    return Boolean(map) && row >= 0 && column >= 0 && row < map.rows && column < map.columns;
  }

  // The place where the map answers most.
  best() {
    const { values, columns } = this.outputs[0];
    let at = 0;
    values.forEach((value, i) => Math.abs(value) > Math.abs(values[at]) && (at = i));
    return values.length ? { on: "output", filter: 0, row: Math.floor(at / columns), column: at % columns } : null;
  }

  pixelAt([x, y], beyond = false) {
    const view = this.painter.pictureView;
    return view && (beyond || cellAt(view, x, y)) ? fineCell(view, x, y) : null;
  }

  cellUnder([x, y]) {
    const views = [[this.painter.pictureView, { on: "input", filter: 0 }], ...this.painter.outputViews.map((view, filter) => [view, { on: "output", filter }])];
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
    this.digitOptions = data.digits.map(({ key, title, ...picture }) => ({ key, title, map: lit({ ...picture, levels: unpacked(picture.levels) }) }));
    const chosen = this.presetOptions.find(({ map }) => sameMap(map, content.filters[this.active].kernel));
    this.digits.show(this.digitOptions, content.picture.key, this.colours);
    this.presets.show(this.presetOptions, chosen?.key, this.colours);
    this.another.hidden = !data.another;
    this.hand.setAttribute("aria-pressed", this.tool === "hand");
    this.relu.setAttribute("aria-pressed", content.activation === "relu");
    this.second.setAttribute("aria-pressed", content.filters.length > 1);
    this.closer.disabled = content.zoom === MOST_ZOOM;
    this.farther.disabled = content.zoom === 1;
  }

  draw() {
    const { content, data, root } = this;
    const width = this.board.clientWidth;
    if (!width) return;
    const colours = (this.colours = palette(data.view.palette, isDark(root)));
    root.style.setProperty("--zero", `rgb(${colours.zero.join(" ")})`);
    const below = data.compact ? 150 : this.sum.offsetHeight + this.walk.parentElement.offsetHeight + 34;
    const height = boardHeight(this.board, below, data.compact ? 380 : 1000);
    const places = layout(width, height, content.filters.map(({ kernel }) => kernel), data.presenting);
    const target = this.shownTarget();
    const traced = target?.on === "output" ? target.filter : -1;
    const { kernel, bias } = content.filters[traced] ?? {};
    const trace = (this.trace = kernel ? traceOutput(this.picture, kernel, this.settings, bias, target.row, target.column) : null);
    const fed = (this.fed = target?.on === "input" ? content.filters.map((filter) => outputsFedBy(this.picture, filter.kernel, this.settings, target.row, target.column)) : null);
    const ranges = this.outputs.map(({ values }) => (data.view.range === "fixed" ? FIXED_RANGE : largest(values)));
    const moving = this.painter.paint({
      width, places, target, trace, fed, ranges, colours,
      picture: this.picture,
      border: this.border,
      outputs: this.outputs,
      zoom: content.zoom,
      veils: this.outputs.map(({ columns }) => this.veil(columns)),
      font: getComputedStyle(root).getPropertyValue("--st-code-font") || "monospace",
      still: this.stillness.matches,
      large: data.presenting,
    });
    if (moving) this.invalidate();
    this.showFilters(places, traced, trace, colours);
    this.caption(places, target);
    this.showPaper(places.picture);
    if (trace) showSum(this.sum, trace, bias, this.settings.activation, colours, ranges[traced]);
    else this.sayFed(target, fed);
    this.canvas.dataset.painted = Number(this.canvas.dataset.painted ?? 0) + 1;
  }

  sayFed(target, fed) {
    delete this.sum.dataset.text;
    if (!target) return say(this.sum, "");
    const pixel = this.picture.values[target.row * this.picture.columns + target.column];
    const cells = fed[0].length;
    const each = cells > 1 ? ", each time under another number of the filter" : "";
    say(this.sum, `This pixel is ${written(pixel)}. It feeds ${cells} output ${cells === 1 ? "cell" : "cells"}${each}.`);
  }

  showFilters(places, traced, trace, colours) {
    const { filters } = this.content;
    while (this.editors.length > filters.length) {
      const { editor, label } = this.editors.pop();
      editor.remove();
      label.remove();
    }
    while (this.editors.length < filters.length) this.editors.push(this.filterEditor(this.editors.length));
    filters.forEach(({ kernel, bias }, i) => {
      const place = places.rows[i].kernel;
      const pixels = traced === i ? laid({ ...kernel, values: trace.pixels }, this.settings).values : null;
      const { editor, number, label } = this.editors[i];
      editor.show(kernel, place, colours, pixels, this.data.presenting);
      number.show(bias);
      Object.assign(label.style, { left: `${place.column.x}px`, width: `${place.column.width}px`, top: `${place.y + place.height + 8}px` });
    });
  }

  filterEditor(i) {
    const edit = (changed) => {
      this.content.filters = this.content.filters.map((filter, at) => (at === i ? { ...filter, ...changed(filter) } : filter));
      this.sweeping = false;
      this.recompute(0);
      this.draw();
    };
    const hooks = {
      begin: () => this.remember(),
      end: () => {
        this.refresh();
        this.tell();
      },
      refuse: (message) => this.announce(message),
      focus: () => {
        this.active = i;
        this.refresh();
      },
    };
    const change = (at, value) => edit(({ kernel }) => ({ kernel: { ...kernel, values: kernel.values.with(at, value) } }));
    const number = numberField(`Bias of filter ${i + 1}`, { ...hooks, change: (bias) => edit(() => ({ bias })) });
    const label = element("label", { class: "bias" }, element("span", { text: "bias" }), number.field);
    this.board.append(label);
    return { editor: new KernelEditor(this.board, `Filter ${i + 1}`, { ...hooks, change }), number, label };
  }

  caption({ picture, rows, narrow }, target) {
    const { filters } = this.content;
    const { pictureView, outputViews } = this.painter;
    const named = (kernel) => this.data.presets.find((preset) => sameMap(asMap(preset.kernel), kernel))?.title ?? "Your filter";
    const place = (view, i) => (view.columns * view.cell > 400 && target?.on === "output" && target.filter === i ? `: row ${target.row + 1}, column ${target.column + 1}` : "");
    const captions = [{ x: picture.x, y: pictureView.y, width: picture.width, text: `Picture ${this.picture.rows}×${this.picture.columns}` }];
    rows.forEach(({ kernel, output }, i) => {
      const { x, width } = kernel.column;
      const active = filters.length > 1 && i === this.active;
      captions.push({ x: narrow ? x : x - 34, y: kernel.y, width: narrow ? width : width + 68, text: named(filters[i].kernel), middle: true, active });
      captions.push({ x: output.x, y: outputViews[i].y, width: output.width, text: `${narrowMap(output) ? "Map" : "Feature map"} ${this.outputs[i].rows}×${this.outputs[i].columns}${place(outputViews[i], i)}` });
    });
    this.showCaptions(captions);
  }
}

export default mounted(ConvolutionStage);
