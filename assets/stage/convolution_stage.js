// The convolution stage: a picture, one or two filters, their feature maps; edited, traced, stepped, painted.

import { convolve, laid, border, outputShape, outputsFedBy, traceOutput } from "./arithmetic.js";
import { Board } from "./board.js";
import { Chooser } from "./chooser.js";
import { button, group, rename, speedSlider } from "./controls.js";
import { Conversation } from "./conversation.js";
import { element, say } from "./elements.js";
import { cellAt } from "./grid.js";
import { History } from "./history.js";
import { KernelEditor } from "./kernel_editor.js";
import { boardHeight, layout } from "./layout.js";
import { numberField } from "./number_field.js";
import { written } from "./numbers.js";
import { stroke } from "./painting.js";
import { isDark, largest, palette } from "./palette.js";
import { Stepper } from "./stepping.js";
import { showSum } from "./sum_line.js";

const FIXED_RANGE = 3; // three fully lit pixels under weights of one
const RELIGHT = 140; // ms for a new picture or filter
const RECTIFY = 450; // ms for ReLU: long enough to see the blue go
const MOST_ZOOM = 4;
const CLICK = 4; // pixels a press may move and still be a click

const STAGES = new WeakMap();

const asMap = (rows) => ({ rows: rows.length, columns: rows[0].length, values: Float64Array.from(rows.flat()) });
const asRows = ({ columns, values }) => Array.from({ length: values.length / columns }, (_, r) => Array.from(values.slice(r * columns, (r + 1) * columns)));
const unpacked = (text) => Array.from(atob(text), (letter) => letter.charCodeAt(0));
const lit = ({ rows, columns, levels }) => ({ rows, columns, values: Float64Array.from(levels, (level) => level / 255) });
const same = (kernel, other) => kernel.rows === other.rows && kernel.columns === other.columns && kernel.values.every((value, i) => Math.abs(value - other.values[i]) < 1e-9);

const pinned = (target) => target && { on: target.on, filter: target.filter ?? 0, row: target.row, column: target.column, pinned: true };

class ConvolutionStage {
  constructor(parent) {
    this.parent = parent;
    this.root = parent.querySelector(".stage");
    this.root.replaceChildren();
    this.talk = new Conversation();
    this.history = new History();
    this.editors = [];
    this.tool = "pen";
    this.hover = null;
    this.stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.stepper = new Stepper({
      visit: (index) => this.#visit(index),
      finished: () => this.#sweepEnds(),
      changed: () => this.#refresh(),
    });
    this.#build();
    this.onresize = () => this.invalidate();
    this.observer = new ResizeObserver(this.onresize);
    this.observer.observe(this.root);
    window.addEventListener("resize", this.onresize);
    this.themes = new MutationObserver(this.onresize);
    this.themes.observe(parent.host ?? parent, { attributes: true });
  }

  close() {
    this.stepper.pause();
    this.talk.flush();
    this.observer.disconnect();
    this.themes.disconnect();
    window.removeEventListener("resize", this.onresize);
  }

  // --- the parts of the page -------------------------------------------------------------------------------------

  #build() {
    const choosers = element("div", { class: "choosers" });
    this.digits = new Chooser(choosers, "Picture", (option) => this.#choosePicture(option));
    this.another = button("Another hand", "again", () => this.#gesture(() => (this.content.another += 1)));
    choosers.append(this.another);
    this.presets = new Chooser(choosers, "Filter", (option) => this.#choosePreset(option));
    this.choosers = choosers;

    this.canvas = element("canvas", { role: "application", tabindex: 0, "aria-label": "Convolution stage", "aria-describedby": "stage-keys" });
    this.paper = element("div", { class: "paper" });
    this.captions = element("div", { class: "captions" });
    this.board = element("div", { class: "board" }, this.canvas, this.paper, this.captions);
    this.sum = element("div", { class: "sum", role: "status", "aria-live": "polite" });
    this.message = element("div", { class: "message", role: "alert" });
    this.painter = new Board(this.canvas);
    this.#listen();
    this.#buildControls();
    const keys = element("p", {
      id: "stage-keys", class: "unseen",
      text: "Arrow keys step over the feature map, space plays, Enter pins, Escape lets go, I moves over the picture, X paints a pixel, R switches ReLU, F takes the next filter, Z zooms, a number chooses a digit, Control Z undoes.",
    });
    this.root.append(choosers, this.board, this.sum, this.controls, this.message, keys);
  }

  #buildControls() {
    this.back = button("Step back", "back", () => this.#step(-1));
    this.playing = button("Play", "play", () => this.#play());
    this.forward = button("Step forward", "forward", () => this.#step(1));
    this.relu = button("Negative sums become 0", null, () => this.#switchRelu(), "ReLU");
    this.pen = button("Pen: drag on the picture to draw", "pen", () => this.#take("pen"));
    this.rubber = button("Eraser: drag on the picture to erase", "rubber", () => this.#take("rubber"));
    this.clear = button("Clear the picture", null, () => this.#clear(), "Clear");
    this.undo = button("Undo", "undo", () => this.#undo());
    this.closer = button("Zoom in, to read the numbers", "closer", () => this.#zoom(1));
    this.farther = button("Zoom out", "farther", () => this.#zoom(-1));
    this.second = button("A second filter beside the first", "second", () => this.#toggleSecond(), "Compare");
    this.copy = button("Copy a link to exactly this", "link", () => this.#copyLink(), "Copy link");
    this.walk = group("Walk", this.back, this.playing, this.forward, speedSlider(this.stepper.speed, (speed) => (this.stepper.speed = speed)));
    this.more = [
      group("Activation", this.relu),
      group("Draw", this.pen, this.rubber, this.clear, this.undo),
      group("Zoom", this.farther, this.closer),
      group("Filters", this.second),
      group("Share", this.copy),
    ];
    this.controls = element("div", { class: "controls" }, this.walk, ...this.more);
  }

  // --- what Python says ------------------------------------------------------------------------------------------

  update({ data, setStateValue }) {
    const before = this.data;
    this.data = data;
    const adopt = this.talk.hear(data, (state) => setStateValue("edits", state));
    if (adopt) this.#adopt(data.content);
    const settingsMoved = before && JSON.stringify([before.settings, before.view]) !== JSON.stringify([data.settings, data.view]);
    if (adopt || settingsMoved) this.#recompute(before && before.content.activation !== data.content.activation ? RECTIFY : RELIGHT);
    this.root.classList.toggle("presenting", data.presenting);
    this.root.classList.toggle("compact", data.compact);
    this.choosers.hidden = data.compact;
    this.more.forEach((part) => (part.hidden = data.compact));
    this.#refresh();
    if (data.compact && !before && !this.stillness.matches) {
      this.stepper.speed = 12;
      this.stepper.play();
    }
  }

  #adopt(content) {
    this.content = { ...structuredClone(content), picture: { ...content.picture, levels: unpacked(content.picture.levels) }, filters: content.filters.map(({ kernel, bias }) => ({ kernel: asMap(kernel), bias })) };
    this.target = content.trace;
    this.stepper.index = -1;
    this.sweeping = false;
    this.active = Math.min(this.active ?? 0, content.filters.length - 1);
  }

  #told() {
    const { picture } = this.content;
    return { ...this.content, picture: { ...picture, levels: btoa(String.fromCharCode(...picture.levels)) }, trace: this.target, filters: this.content.filters.map(({ kernel, bias }) => ({ kernel: asRows(kernel), bias })) };
  }

  #tell(quiet) {
    this.talk.tell(() => this.#told(), quiet);
    this.root.dataset.settled = "false";
  }

  // --- what a person does ----------------------------------------------------------------------------------------

  #remember() {
    this.history.remember({ ...this.content, target: this.target });
  }

  // One thing done at once: remembered for undo, computed, painted, told to Python.
  #gesture(act, fade = RELIGHT) {
    this.#remember();
    act();
    this.sweeping = false;
    this.#recompute(fade);
    this.#refresh();
    this.#tell();
  }

  #undo() {
    const past = this.history.back();
    if (!past) return;
    const { target, ...content } = past;
    this.content = content;
    this.target = target;
    this.active = Math.min(this.active, content.filters.length - 1);
    this.#recompute(RELIGHT);
    this.#refresh();
    this.#tell();
  }

  #choosePicture(option) {
    this.#gesture(() => (this.content.picture = { key: option.key, rows: option.map.rows, columns: option.map.columns, levels: Array.from(option.map.values, (v) => Math.round(v * 255)) }));
  }

  #choosePreset(option) {
    this.#gesture(() => (this.content.filters[this.active].kernel = { ...option.map, values: option.map.values.slice() }));
  }

  #switchRelu() {
    this.#gesture(() => (this.content.activation = this.content.activation === "relu" ? "none" : "relu"), RECTIFY);
  }

  #toggleSecond() {
    this.#gesture(() => {
      if (this.content.filters.length > 1) this.content.filters.length = 1;
      else this.content.filters.push({ kernel: this.presetOptions.find(({ map }) => !same(map, this.content.filters[0].kernel) && map.rows === 3 && map !== this.presetOptions[0].map).map, bias: 0 });
      this.active = this.content.filters.length - 1;
      if (this.target?.filter > this.active) this.target = null;
    });
  }

  #clear() {
    this.#gesture(() => (this.content.picture = { ...this.content.picture, key: "own", levels: this.content.picture.levels.map(() => 0) }));
  }

  #take(tool) {
    this.tool = tool;
    this.#refresh();
  }

  #zoom(by) {
    this.content.zoom = Math.min(Math.max(this.content.zoom + by, 1), MOST_ZOOM);
    this.target = this.target ?? pinned(this.#shownTarget());
    this.hover = null;
    this.#refresh();
    this.#tell();
  }

  async #copyLink() {
    this.talk.flush();
    const patience = performance.now() + 2000;
    while (!this.talk.settled && performance.now() < patience) await new Promise((done) => setTimeout(done, 30));
    const link = window.location.href;
    try {
      await navigator.clipboard.writeText(link);
      this.#announce("Link copied. Whoever opens it sees exactly this.");
    } catch {
      this.#announce(`Copy this link: ${link}`);
    }
  }

  #announce(text) {
    say(this.message, text);
    this.message.classList.toggle("full", text !== "");
  }

  // --- walking -----------------------------------------------------------------------------------------------------

  #step(by) {
    this.#ready();
    this.stepper.step(by);
  }

  #play() {
    this.#ready();
    this.stepper.toggle();
  }

  #ready() {
    const output = this.outputs[this.walking];
    this.stepper.count = output.rows * output.columns;
    if (!this.sweeping) this.stepper.index = this.target?.on === "output" && this.target.pinned ? this.target.row * output.columns + this.target.column : -1;
  }

  get walking() {
    return this.target?.on === "output" ? this.target.filter : 0;
  }

  #visit(index) {
    const filter = this.walking;
    const { columns } = this.outputs[filter];
    this.sweeping = true;
    this.hover = null;
    this.target = pinned({ on: "output", filter, row: Math.floor(index / columns), column: index % columns });
    this.#refresh();
    if (!this.data.compact && !this.stepper.playing) this.#tell(500);
  }

  #sweepEnds() {
    this.sweeping = false;
    if (this.data.compact && this.root.isConnected) {
      this.stepper.index = -1;
      setTimeout(() => this.root.isConnected && this.stepper.play(), 1200);
    } else this.#tell();
  }

  #pin(target) {
    this.stepper.pause();
    const held = target && JSON.stringify(pinned(target)) === JSON.stringify(this.target);
    this.target = target && !held ? pinned(target) : null;
    this.sweeping = false;
    this.hover = null;
    this.#refresh();
    this.#tell();
  }

  // --- pointer and keys --------------------------------------------------------------------------------------------

  #listen() {
    const place = (event) => {
      const { left, top } = this.canvas.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    };
    const onPicture = ([x, y]) => this.painter.pictureView && cellAt(this.painter.pictureView, x, y);
    const under = (point) => {
      const pixel = onPicture(point);
      if (pixel && this.#inside(pixel)) return { on: "input", row: pixel[0], column: pixel[1], hover: true };
      for (const [filter, view] of (this.painter.outputViews ?? []).entries()) {
        const cell = cellAt(view, ...point);
        if (cell) return { on: "output", filter, row: cell[0], column: cell[1], hover: true };
      }
      return null;
    };
    const fine = ([x, y]) => {
      const view = this.painter.pictureView;
      return [(y - view.y) / view.cell + view.top, (x - view.x) / view.cell + view.left];
    };
    const ours = (event) => event.target === this.canvas || event.target === this.paper;

    this.board.onpointerdown = (event) => {
      if (!ours(event) || event.button !== 0) return;
      const point = place(event);
      this.canvas.focus({ preventScroll: true });
      if (onPicture(point)) {
        this.drawing = { start: point, last: fine(point), moved: false };
        event.target.setPointerCapture(event.pointerId);
      } else this.#pin(under(point));
    };
    this.board.onpointermove = (event) => {
      if (this.drawing) {
        this.#draw(place(event), fine);
        return;
      }
      const next = ours(event) && !this.stepper.playing ? under(place(event)) : null;
      if (JSON.stringify(next) === JSON.stringify(this.hover)) return;
      this.hover = next;
      this.#refresh();
    };
    this.board.onpointerup = (event) => {
      if (!this.drawing) return;
      const { moved, start } = this.drawing;
      this.drawing = null;
      if (moved) this.#tell();
      else this.#pin(under(start));
      if (event.pointerType === "touch") this.hover = null;
    };
    this.board.onpointercancel = () => (this.drawing = null);
    this.board.onpointerleave = () => {
      this.hover = null;
      this.#refresh();
    };
    this.canvas.onkeydown = (event) => this.#key(event);
  }

  #draw(point, fine) {
    const { start } = this.drawing;
    if (!this.drawing.moved) {
      if (Math.hypot(point[0] - start[0], point[1] - start[1]) < CLICK) return;
      this.drawing.moved = true;
      this.#remember();
      this.sweeping = false;
      this.content.picture = { ...this.content.picture, key: "own", levels: this.content.picture.levels.slice() };
    }
    const to = fine(point);
    stroke(this.content.picture, this.drawing.last, to, this.tool);
    this.drawing.last = to;
    this.hover = null;
    this.#recompute(0);
    this.#paint();
  }

  #key(event) {
    const columns = this.outputs[this.walking]?.columns ?? 1;
    const onInput = this.target?.on === "input";
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -Infinity, End: Infinity };
    const moves = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
    const letter = event.key.toLowerCase();
    if (letter === "z" && (event.ctrlKey || event.metaKey)) this.#undo();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (onInput && moves[event.key]) this.#moveOnPicture(...moves[event.key]);
    else if (event.key in steps) this.#step(steps[event.key]);
    else if (event.key === " ") this.#play();
    else if (event.key === "Enter") this.#pin(this.#shownTarget());
    else if (event.key === "Escape") this.#pin(null);
    else if (letter === "i") this.#pin(onInput ? null : { on: "input", row: this.picture.rows >> 1, column: this.picture.columns >> 1 });
    else if (letter === "x" && onInput) this.#togglePixel();
    else if (letter === "r") this.#switchRelu();
    else if (letter === "z") this.#zoom(this.content.zoom < MOST_ZOOM ? 1 : 1 - MOST_ZOOM);
    else if (letter === "f" && this.presetOptions.length) this.#choosePreset(this.presetOptions[(this.presetOptions.findIndex(({ map }) => same(map, this.content.filters[this.active].kernel)) + 1) % this.presetOptions.length]);
    else if (/^\d$/.test(event.key) && this.digitOptions.length > Number(event.key)) this.#choosePicture(this.digitOptions[Number(event.key)]);
    else return;
    event.preventDefault();
  }

  #moveOnPicture(down, right) {
    const [row, column] = [this.target.row + down, this.target.column + right];
    if (!this.#inside([row, column])) return;
    this.target = pinned({ on: "input", row, column });
    this.#refresh();
    this.#tell(500);
  }

  #togglePixel() {
    this.#gesture(() => {
      const at = this.target.row * this.content.picture.columns + this.target.column;
      const levels = this.content.picture.levels.slice();
      levels[at] = levels[at] > 127 ? 0 : 255;
      this.content.picture = { ...this.content.picture, key: "own", levels };
    }, 0);
  }

  #inside([row, column]) {
    return row >= 0 && column >= 0 && row < this.picture.rows && column < this.picture.columns;
  }

  // --- computing ---------------------------------------------------------------------------------------------------

  #recompute(fade) {
    const settings = (this.settings = { ...this.data.settings, activation: this.content.activation });
    this.picture = lit(this.content.picture);
    this.outputs = this.content.filters.map(({ kernel, bias }) => convolve(this.picture, kernel, settings, bias));
    const { rows, columns } = this.content.filters.reduce((most, { kernel }) => ({ rows: Math.max(most.rows, kernel.rows), columns: Math.max(most.columns, kernel.columns) }), { rows: 1, columns: 1 });
    this.border = [...border(this.picture.rows, rows, settings), ...border(this.picture.columns, columns, settings)];
    const nothing = this.content.filters.some(({ kernel }) => outputShape(this.picture, kernel, settings).includes(0));
    if (nothing) this.#announce("The filter is larger than the picture with its border: take a smaller filter, less dilation or more padding.");
    else if (this.message.textContent.startsWith("The filter is larger")) this.#announce("");
    if (fade) this.painter.fade(fade);
  }

  // What is traced: where the pointer is, else what is pinned, else the place where the map answers most.
  #shownTarget() {
    const fits = (target) => target && (target.on === "input" ? this.#inside([target.row, target.column]) : target.row < (this.outputs[target.filter]?.rows ?? 0) && target.column < this.outputs[target.filter].columns);
    if (fits(this.hover)) return this.hover;
    if (fits(this.target)) return this.target;
    const { values, columns } = this.outputs[0];
    if (!values.length) return null;
    let best = 0;
    values.forEach((value, i) => Math.abs(value) > Math.abs(values[best]) && (best = i));
    return { on: "output", filter: 0, row: Math.floor(best / columns), column: best % columns };
  }

  // --- drawing -----------------------------------------------------------------------------------------------------

  invalidate() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (this.root.isConnected && this.data) this.#paint();
    });
  }

  #refresh() {
    this.#paint();
    const { content, data } = this;
    this.presetOptions = data.presets.map(({ name, title, kernel }) => ({ key: name, title, map: asMap(kernel) }));
    this.digitOptions = data.digits.map(({ key, title, rows, columns, levels }) => ({ key, title, map: lit({ rows, columns, levels: unpacked(levels) }) }));
    const chosen = this.presetOptions.find(({ map }) => same(map, content.filters[this.active].kernel));
    this.digits.show(this.digitOptions, content.picture.key, this.colours);
    this.presets.show(this.presetOptions, chosen?.key, this.colours);
    this.another.hidden = !data.another;
    rename(this.playing, this.stepper.playing ? "Pause" : "Play", this.stepper.playing ? "pause" : "play");
    this.relu.setAttribute("aria-pressed", content.activation === "relu");
    this.pen.setAttribute("aria-pressed", this.tool === "pen");
    this.rubber.setAttribute("aria-pressed", this.tool === "rubber");
    this.second.setAttribute("aria-pressed", content.filters.length > 1);
    this.undo.disabled = this.history.past.length === 0;
    this.closer.disabled = content.zoom === MOST_ZOOM;
    this.farther.disabled = content.zoom === 1;
    this.sum.setAttribute("aria-live", this.stepper.playing ? "off" : "polite");
    this.root.dataset.settled = this.talk.settled;
  }

  #paint() {
    const { content, data, root } = this;
    const width = this.board.clientWidth;
    if (!width) return;
    const colours = (this.colours = palette(data.view.palette, isDark(root)));
    root.style.setProperty("--zero", `rgb(${colours.zero.join(" ")})`);
    const below = data.compact ? 150 : this.sum.offsetHeight + this.controls.offsetHeight + 34;
    const height = boardHeight(this.board, below, data.compact ? 380 : 1000);
    const large = data.presenting;
    const places = layout(width, height, content.filters.map(({ kernel }) => kernel), large);
    const target = this.#shownTarget();
    const output = target?.on === "output" ? target.filter : -1;
    const { kernel, bias } = content.filters[output] ?? {};
    const trace = kernel ? traceOutput(this.picture, kernel, this.settings, bias, target.row, target.column) : null;
    const fed = target?.on === "input" ? content.filters.map((filter) => outputsFedBy(this.picture, filter.kernel, this.settings, target.row, target.column)) : null;
    const ranges = this.outputs.map(({ values }) => (data.view.range === "fixed" ? FIXED_RANGE : largest(values)));
    const reached = this.sweeping ? this.stepper.index : Infinity;
    const veil = this.sweeping ? (i) => (row, column) => (i !== this.walking || row * this.outputs[i].columns + column <= reached ? 1 : 0.08) : null;
    const font = getComputedStyle(root).getPropertyValue("--st-code-font") || "monospace";
    const scene = { width, places, picture: this.picture, border: this.border, filters: content.filters.map((filter, i) => ({ ...filter, output: this.outputs[i] })), target, trace, fed, ranges, zoom: content.zoom, colours, font, veil, still: this.stillness.matches, large };
    if (this.painter.paint(scene)) this.invalidate();
    this.#paintFilters(places, output, trace, colours);
    this.#paintCaptions(places);
    if (trace) showSum(this.sum, trace, bias, this.settings.activation, colours, { range: ranges[output] });
    else this.#sayFed(target, fed);
    this.canvas.dataset.painted = Number(this.canvas.dataset.painted ?? 0) + 1;
  }

  #sayFed(target, fed) {
    delete this.sum.dataset.text;
    if (!target) return say(this.sum, "");
    const pixel = this.picture.values[target.row * this.picture.columns + target.column];
    const cells = fed[0].length;
    say(this.sum, `This pixel is ${written(pixel)}. It feeds ${cells} output ${cells === 1 ? "cell" : "cells"}${cells > 1 ? ", each time under another number of the filter" : ""}.`);
  }

  #paintFilters(places, traced, trace, colours) {
    const { filters } = this.content;
    while (this.editors.length > filters.length) {
      const { editor, bias } = this.editors.pop();
      editor.remove();
      bias.label.remove();
    }
    while (this.editors.length < filters.length) this.editors.push(this.#editor(this.editors.length));
    filters.forEach(({ kernel, bias }, i) => {
      const place = places.rows[i].kernel;
      const pixels = traced === i ? laid({ ...kernel, values: trace.pixels }, this.settings).values : null;
      this.editors[i].editor.show(kernel, place, colours, pixels, this.data.presenting);
      this.editors[i].bias.number.show(bias);
      Object.assign(this.editors[i].bias.label.style, { left: `${place.column.x}px`, width: `${place.column.width}px`, top: `${place.y + place.height + 8}px` });
    });
  }

  #editor(i) {
    const edit = (act) => {
      act(this.content.filters[i]);
      this.sweeping = false;
      this.#recompute(0);
      this.#paint();
    };
    const hooks = {
      begin: () => this.#remember(),
      end: () => {
        this.#refresh();
        this.#tell();
      },
      refuse: (message) => this.#announce(message),
      focus: () => {
        this.active = i;
        this.#refresh();
      },
    };
    const change = (at, value) => edit((filter) => {
      const values = filter.kernel.values.slice();
      values[at] = value;
      filter.kernel = { ...filter.kernel, values };
    });
    const number = numberField(`Bias of filter ${i + 1}`, { ...hooks, change: (value) => edit((filter) => (filter.bias = value)) });
    const label = element("label", { class: "bias" }, element("span", { text: "bias" }), number.field);
    this.board.append(label);
    return { editor: new KernelEditor(this.board, `Filter ${i + 1}`, { ...hooks, change }), bias: { number, label } };
  }

  #paintCaptions({ picture, rows, narrow }) {
    const { filters } = this.content;
    const named = (kernel) => this.presetOptions?.find(({ map }) => same(map, kernel))?.title ?? "Your filter";
    const { pictureView, outputViews } = this.painter;
    const captions = [{ x: picture.x, y: pictureView.y, width: picture.width, text: `Picture ${this.picture.rows}×${this.picture.columns}` }];
    rows.forEach(({ kernel, output }, i) => {
      const { x, width } = kernel.column;
      captions.push({ x: narrow ? x : x - 34, y: kernel.y, width: narrow ? width : width + 68, text: named(filters[i].kernel), middle: true, active: filters.length > 1 && i === this.active });
      captions.push({ x: output.x, y: outputViews[i].y, width: output.width, text: `Feature map ${this.outputs[i].rows}×${this.outputs[i].columns}` });
    });
    const text = JSON.stringify(captions);
    if (text === this.captioned) return;
    this.captioned = text;
    this.captions.replaceChildren(...captions.map(({ x, y, width, text, middle, active }) => element("span", { class: `caption${middle ? " middle" : ""}${active ? " active" : ""}`, style: `left:${x}px;top:${y - 26}px;width:${width}px`, text })));
    Object.assign(this.paper.style, { left: `${picture.x}px`, top: `${picture.y}px`, width: `${picture.width}px`, height: `${picture.height}px` });
  }
}

export default function (component) {
  const { parentElement } = component;
  if (!STAGES.has(parentElement)) STAGES.set(parentElement, new ConvolutionStage(parentElement));
  STAGES.get(parentElement).update(component);
  return () => {
    STAGES.get(parentElement)?.close();
    STAGES.delete(parentElement);
  };
}
