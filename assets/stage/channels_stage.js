// The channels stage: a picture in colour, filters that are cubes, their partial maps and the maps that these add up to.

import { activate, border } from "./arithmetic.js";
import { fedBy, filterMaps, sees, traceSlice, windowOf } from "./channel_arithmetic.js";
import { channelCaptions } from "./channel_captions.js";
import { channelLayout } from "./channel_layout.js";
import { cellColour, CHANNELS, filterTint, mapsTint, planesOf } from "./channel_picture.js";
import { ChannelsBoard } from "./channels_board.js";
import { showChannelSum } from "./channel_sum.js";
import { Chooser } from "./chooser.js";
import { button, group } from "./controls.js";
import { element, say } from "./elements.js";
import { asMap, asRows, cellAt, fineCell, packed, sameMap, unpacked } from "./grid.js";
import { KernelEditor } from "./kernel_editor.js";
import { boardHeight } from "./layout.js";
import { numberField } from "./number_field.js";
import { written } from "./numbers.js";
import { isDark, largest, palette } from "./palette.js";
import { mounted, pinned, RELIGHT, Stage } from "./stage.js";

const MOST_FILTERS = 10; // as in core/stage/channels_stage.py
const CLOSEST = 4;
const NEARLY = 0.01; // how much a slice's answer counts where the slices cancel
const TOO_SMALL = "The filter does not fit into the picture with its border: take a smaller one, less dilation or more padding.";
const CHANNEL_KEYS =
  "Arrow keys step over the feature map, space plays, Enter pins, Escape lets go, I moves over the picture and X paints a pixel there, " +
  "R switches ReLU, F takes the next filter of the stack, Plus adds one, Minus removes it, Z zooms, Control Z undoes.";

const asSlices = (cube) => cube.map(asMap);
const sameCube = (one, other) => one.length === other.length && one.every((slice, i) => sameMap(slice, other[i]));
const inGrey = ({ slices }) => slices.every((slice) => sameMap(slice, slices[0]));
// As core/ops/colour_filters.with_channels: the first slices, or all and the last one repeated.
const withSlices = (slices, channels) => Array.from({ length: channels }, (_, i) => slices[Math.min(i, slices.length - 1)]);

class ChannelsStage extends Stage {
  constructor(parent) {
    super(parent, { name: "Channels stage", keys: CHANNEL_KEYS });
    this.painter = new ChannelsBoard(this.canvas);
    this.editors = [];
    this.brush = null;
  }

  build() {
    this.pictures = new Chooser(this.choosers, "Picture", (option) => this.gesture(() => (this.content.picture = option.picture)));
    this.bank = new Chooser(this.choosers, "Filter to try", ({ slices }) => this.gesture(() => this.editFilter(() => ({ slices: withSlices(slices, this.planes.length) }))));
    this.clear = button("Turn all lights off", null, () => this.gesture(() => this.paintAll(0)), "Clear");
    this.relu = button("Negative sums become 0", null, () => this.gesture(() => (this.content.activation = this.content.activation === "relu" ? "none" : "relu")), "ReLU");
    this.closer = button("Zoom in, to read the numbers", "closer", () => this.zoom(1));
    this.farther = button("Zoom out", "farther", () => this.zoom(-1));
    this.bias = numberField("Bias of the filter", { ...this.editing(), change: (bias) => this.edit(() => ({ bias })) });
    this.added = button("Add a filter to the stack", "second", () => this.add());
    this.removed = button("Remove this filter", "without", () => this.remove());
    this.title = element("span", { class: "stack-title" });
    this.stack = element("div", { class: "stack" }, element("label", { class: "stack-bias" }, element("span", { text: "bias" }), this.bias.field), element("div", { class: "stack-row" }, this.title, this.added, this.removed));
    this.maps = new Chooser(this.stack, "Filters of the stack", ({ index }) => this.choose(index));
    this.board.append(this.stack);
    this.more = [group("Activation", this.relu), group("Draw", this.pen, this.rubber, this.clear, this.undoing), group("Zoom", this.farther, this.closer), group("Share", this.copy)];
  }

  // --- content -----------------------------------------------------------------------------------------------------

  adopt({ trace, picture, filters, ...kept }) {
    const levels = unpacked(picture.levels);
    this.content = { ...kept, picture: { ...picture, levels }, filters: filters.map(({ cube, bias }) => ({ slices: asSlices(cube), bias })) };
  }

  told() {
    const { picture, filters } = this.content;
    return { ...this.content, picture: { ...picture, levels: packed(picture.levels) }, filters: filters.map(({ slices, bias }) => ({ cube: slices.map(asRows), bias })) };
  }

  get chosen() {
    return this.content.filters[this.content.chosen];
  }

  editFilter(changed) {
    const { filters, chosen } = this.content;
    this.content.filters = filters.map((filter, i) => (i === chosen ? { ...filter, ...changed(filter) } : filter));
  }

  // While a number is dragged or typed: at once, told when the hand lets go.
  edit(changed) {
    this.editFilter(changed);
    this.sweeping = false;
    this.recompute(0);
    this.draw();
  }

  editing() {
    const end = () => {
      this.refresh();
      this.tell();
    };
    return { begin: () => this.remember(), end, refuse: (message) => this.announce(message), focus: () => {} };
  }

  choose(index) {
    this.content.chosen = index;
    this.recompute(RELIGHT);
    this.refresh();
    this.tell();
  }

  // A new filter is the first one of the bank that is not in the stack yet. Groups grow by one filter each.
  add() {
    const { groups, kind } = this.data.settings;
    this.gesture(() => {
      for (let i = 0; i < (kind === "grouped" ? groups : 1) && this.content.filters.length < MOST_FILTERS; i++) {
        const missing = this.offeredFilters.find(({ slices }) => !this.content.filters.some((filter) => sameCube(withSlices(slices, this.planes.length), filter.slices)));
        const { slices } = missing ?? this.chosen;
        this.content.filters = [...this.content.filters, { slices: withSlices(slices, this.planes.length), bias: 0 }];
      }
      this.content.chosen = this.content.filters.length - 1;
    });
  }

  removeAt(index) {
    this.content.filters = this.content.filters.toSpliced(index, 1);
    this.content.chosen = Math.min(this.content.chosen, this.content.filters.length - 1);
  }

  remove() {
    const { groups, kind } = this.data.settings;
    const fewest = kind === "grouped" ? groups : 1;
    if (this.content.filters.length <= fewest) return;
    this.gesture(() => {
      for (let i = 0; i < fewest; i++) this.removeAt(this.content.chosen);
    });
  }

  zoom(by) {
    this.content.zoom = Math.min(Math.max(this.content.zoom + by, 1), CLOSEST);
    this.target = this.target ?? pinned(this.shownTarget());
    this.hover = null;
    this.refresh();
    this.tell();
  }

  // What is drawn on one channel is light of that colour; on the picture it is white.
  repaint(change, fade = RELIGHT) {
    const { rows, columns, channels, levels } = this.content.picture;
    const fresh = levels.slice();
    for (let channel = 0; channel < channels; channel++) {
      if (this.brush !== null && this.brush !== channel) continue;
      const plane = { rows, columns, levels: Array.from({ length: rows * columns }, (_, at) => levels[at * channels + channel]) };
      change(plane);
      plane.levels.forEach((level, at) => (fresh[at * channels + channel] = level));
    }
    this.content.picture = { ...this.content.picture, key: "own", levels: fresh };
    this.recompute(fade);
  }

  paintAll(level) {
    this.brush = null;
    this.repaint(({ levels }) => levels.fill(level));
  }

  keyed(event, letter) {
    const { filters, chosen, zoom } = this.content;
    if (letter === "r") this.relu.click();
    else if (letter === "z") this.zoom(zoom < CLOSEST ? 1 : 1 - CLOSEST);
    else if (letter === "f") this.choose((chosen + 1) % filters.length);
    else if (letter === "+") this.added.click();
    else if (letter === "-") this.removed.click();
    else return false;
    return true;
  }

  // --- computing ---------------------------------------------------------------------------------------------------

  recompute(fade) {
    const { content, data } = this;
    const { picture } = content;
    // One channel cannot be split into groups; the page says so as soon as it has heard of the picture.
    const kind = data.settings.kind === "grouped" && picture.channels === 1 ? "summed" : data.settings.kind;
    this.settings = { ...data.settings, kind, activation: content.activation };
    const grouped = this.settings.kind === "grouped";
    const fresh = this.known !== picture || this.knownSettings !== JSON.stringify(this.settings);
    if (fresh) this.planes = planesOf(picture, grouped);
    content.filters = content.filters.map((filter) => (filter.slices.length === this.planes.length ? filter : { ...filter, slices: withSlices(filter.slices, this.planes.length) }));
    // An edit changes one filter; what the others answer stays. In groups it depends on their places too.
    const known = fresh || grouped ? new Map() : this.results;
    const count = content.filters.length;
    this.answers = content.filters.map((filter, i) => known.get(filter) ?? filterMaps(this.planes, filter, i, count, this.settings));
    this.results = new Map(content.filters.map((filter, i) => [filter, this.answers[i]]));
    Object.assign(this, { known: picture, knownSettings: JSON.stringify(this.settings) });
    const [kernel] = this.chosen.slices;
    this.border = this.settings.kind === "transposed" ? [0, 0, 0, 0] : [...border(picture.rows, kernel.rows, this.settings), ...border(picture.columns, kernel.columns, this.settings)];
    const nothing = this.map.values.length === 0;
    if (nothing || this.message.textContent === TOO_SMALL) this.announce(nothing ? TOO_SMALL : "");
    if (fade) this.painter.fade(fade);
  }

  get answer() {
    return this.answers[this.content.chosen];
  }

  // The map that is walked over: the first one of the chosen filter.
  get map() {
    return this.answer.maps[0];
  }

  get apart() {
    return this.settings.kind === "apart";
  }

  walked() {
    return this.map;
  }

  fits({ on, row, column }) {
    const map = on === "input" ? this.content.picture : this.map;
    return row >= 0 && column >= 0 && row < map.rows && column < map.columns;
  }

  // The place where a map answers most; where all are dark, where the slices come nearest to it.
  best() {
    const { columns, values: first } = this.map;
    const lit = this.answer.maps.map(({ values }) => values).reduce((one, other) => (largest(other) > largest(one) ? other : one));
    const near = (at) => this.answer.parts.reduce((sum, part) => sum + (part ? part.values[at] + NEARLY * Math.abs(part.values[at]) : 0), 0);
    const dark = largest(lit) === 0;
    const scores = dark ? first.map((_, at) => near(at)) : lit.map(Math.abs);
    let at = 0;
    scores.forEach((score, i) => score > scores[at] && (at = i));
    return scores.length ? { on: "output", filter: 0, row: Math.floor(at / columns), column: at % columns } : null;
  }

  pixelAt([x, y], beyond = false) {
    const views = [this.painter.pictureView, ...this.painter.planeViews.slice(0, this.content.picture.channels)];
    if (!beyond) {
      const at = views.findIndex((view) => view && cellAt(view, x, y));
      if (at < 0) return null;
      this.brush = at === 0 ? null : at - 1;
      this.brushed = views[at];
    }
    return fineCell(this.brushed, x, y);
  }

  cellUnder([x, y]) {
    const { pictureView, planeViews, partViews, sumView } = this.painter;
    const inputs = [pictureView, ...planeViews].map((view) => [view, "input"]);
    const outputs = [...partViews, sumView].map((view) => [view, "output"]);
    for (const [view, on] of [...inputs, ...outputs]) {
      const cell = view && cellAt(view, x, y);
      const target = cell && { on, filter: 0, row: cell[0], column: cell[1] };
      if (target && this.fits(target)) return target;
    }
    return null;
  }

  // --- drawing -----------------------------------------------------------------------------------------------------

  offer() {
    const { pictures, bank } = this.data;
    if (this.offered === pictures) return;
    this.offered = pictures;
    this.pictureOptions = pictures.map(({ key, title, ...picture }) => {
      const whole = { ...picture, key, levels: unpacked(picture.levels) };
      return { key, title, picture: whole, map: planesOf(whole)[0], tint: cellColour(whole) };
    });
    this.bankOptions = bank.map(({ name, title, cube }) => ({ key: name, title, slices: asSlices(cube), map: asMap(cube[0]), tint: filterTint({ slices: asSlices(cube) }) }));
  }

  // With one channel only filters that do not compare colours mean what they are called.
  get offeredFilters() {
    return this.planes.length > 1 ? this.bankOptions : this.bankOptions.filter(inGrey);
  }

  get named() {
    return this.offeredFilters.find(({ slices }) => sameCube(withSlices(slices, this.planes.length), this.chosen.slices));
  }

  reflect() {
    const { content, data, colours } = this;
    this.pictures.show(this.pictureOptions, content.picture.key, colours);
    this.bank.show(this.offeredFilters, this.named?.key, colours);
    this.relu.setAttribute("aria-pressed", content.activation === "relu");
    this.closer.disabled = content.zoom === CLOSEST;
    this.farther.disabled = content.zoom === 1;
    this.removed.disabled = content.filters.length <= (this.settings.kind === "grouped" ? data.settings.groups : 1);
    this.added.disabled = content.filters.length >= MOST_FILTERS;
  }

  // What is under the pointer or pinned, as the board and the line below it show it.
  look() {
    const { chosen, planes, settings } = this;
    const { chosen: index, filters } = this.content;
    const target = (this.lookedAt = this.shownTarget());
    this.seen = planes.map((_, channel) => sees(index, filters.length, channel, planes.length, settings));
    const each = (ask) => planes.map((plane, channel) => (this.seen[channel] ? ask(plane, chosen.slices[channel]) : null));
    this.traces = target?.on === "output" ? each((plane, slice) => traceSlice(plane, slice, settings, target.row, target.column)) : null;
    this.fed = target?.on === "input" ? fedBy(planes[0], chosen.slices[0], settings, target.row, target.column) : null;
    const parts = this.apart ? this.answer.maps : this.answer.parts.map((part) => part ?? { rows: this.map.rows, columns: this.map.columns, values: new Float64Array(this.map.values.length) });
    const most = (maps) => Math.max(...maps.map(({ values }) => largest(values)), 0);
    const product = this.traces ? Math.max(...this.traces.map((trace) => (trace ? largest(trace.products) : 0))) : 0;
    const fixed = this.data.view.range === "fixed" ? 3 : null;
    const ranges = { product, part: fixed ?? most(parts), sum: fixed ?? largest(this.map.values) };
    return { target, parts, ranges };
  }

  draw() {
    const { content, data, root } = this;
    const width = this.board.clientWidth;
    if (!width) return;
    this.offer();
    const colours = (this.colours = palette(data.view.palette, isDark(root)));
    root.style.setProperty("--zero", `rgb(${colours.zero.join(" ")})`);
    const height = boardHeight(this.board, this.sum.offsetHeight + this.walk.parentElement.offsetHeight + 34, 1000);
    const colourful = content.picture.channels > 1;
    const places = channelLayout(width, height, { channels: this.planes.length, kernel: this.chosen.slices[0], colourful, large: data.presenting });
    const { target, parts, ranges } = this.look();
    const traced = this.traces?.find(Boolean);
    const moving = this.painter.paint({
      width, places, target, parts, ranges, colours,
      picture: content.picture,
      planes: this.planes,
      border: this.border,
      seen: this.seen,
      sum: this.apart ? null : this.map,
      traces: this.traces,
      window: traced ? windowOf(traced) : null,
      fed: this.fed,
      zoom: content.zoom,
      veil: this.veil(this.map.columns),
      font: getComputedStyle(root).getPropertyValue("--st-code-font") || "monospace",
      still: this.stillness.matches,
      large: data.presenting,
    });
    if (moving) this.invalidate();
    this.showSlices(places, colours);
    this.showStack(places, colours);
    this.caption(places);
    const first = places.picture ?? places.rows[0].plane;
    const end = places.rows.at(-1).plane;
    if (places.narrow) this.showPaper({ ...places.rows[0].plane, height: end.y + end.height - places.rows[0].plane.y });
    else this.showPaper({ x: first.x, y: places.rows[0].plane.y, width: end.x + end.width - first.x, height: end.y + end.height - places.rows[0].plane.y });
    this.sum.classList.toggle("two-lines", places.narrow || (this.apart && this.chosen.bias !== 0));
    this.saySum(target, ranges, colours);
    this.canvas.dataset.painted = Number(this.canvas.dataset.painted ?? 0) + 1;
  }

  saySum(target, ranges, colours) {
    const names = CHANNELS[this.planes.length];
    if (this.traces) {
      const { activation } = this.settings;
      return showChannelSum(this.sum, {
        names, activation, colours,
        traces: this.traces,
        bias: this.chosen.bias,
        activate: (value) => activate(value, activation),
        apart: this.apart,
        partRange: ranges.part,
        sumRange: ranges.sum,
      });
    }
    delete this.sum.dataset.text;
    if (!target) return say(this.sum, "");
    const at = target.row * this.content.picture.columns + target.column;
    const light = this.planes.map((plane, i) => `${i ? names[i].toLowerCase() : names[i]} ${written(plane.values[at])}`).join(", ");
    say(this.sum, `${light}. This pixel goes into ${this.fed.length} ${this.fed.length === 1 ? "cell" : "cells"} of the map.`);
  }

  showSlices(places, colours) {
    const { slices } = this.chosen;
    const names = CHANNELS[this.planes.length];
    while (this.editors.length > slices.length) this.editors.pop().remove();
    while (this.editors.length < slices.length) this.editors.push(this.sliceEditor(this.editors.length, names[this.editors.length]));
    const range = Math.max(...slices.map(({ values }) => largest(values)));
    slices.forEach((slice, i) => {
      const editor = this.editors[i];
      editor.grid.hidden = !this.seen[i];
      editor.show(slice, places.rows[i].slice, colours, this.traces?.[i]?.pixels ?? null, this.data.presenting, range);
    });
  }

  sliceEditor(channel, name) {
    const changed = (at, value) => (slice, i) => (i === channel ? { ...slice, values: slice.values.with(at, value) } : slice);
    const change = (at, value) => this.edit(({ slices }) => ({ slices: slices.map(changed(at, value)) }));
    return new KernelEditor(this.board, `${name} slice`, { ...this.editing(), change });
  }

  showStack({ stack }, colours) {
    const { filters, chosen } = this.content;
    Object.assign(this.stack.style, { left: `${stack.x}px`, top: `${stack.y}px`, width: `${stack.width}px` });
    this.bias.show(this.chosen.bias);
    const depth = filters.length * this.answer.maps.length;
    say(this.title, `Stack ${this.map.rows}×${this.map.columns}×${depth}`);
    const options = this.answers.map((answer, index) => ({ key: `filter ${index + 1}`, title: `Filter ${index + 1}`, index, map: answer.maps[0], tint: this.apart && mapsTint(answer.maps), stamp: answer }));
    this.maps.show(options, `filter ${chosen + 1}`, colours);
  }

  caption(places) {
    const { picture, chosen, filters } = this.content;
    const title = this.named?.title ?? "Your filter";
    this.showCaptions(channelCaptions(places, this.painter, {
      picture,
      map: this.map,
      apart: this.apart,
      title: filters.length > 1 ? `${chosen + 1}: ${title}` : title,
      products: this.chosen.slices[0].values.length * this.seen.filter(Boolean).length,
    }));
  }
}

export default mounted(ChannelsStage);
