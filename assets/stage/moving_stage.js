// The moving stage: a stroke is moved by whole pixels. Its map moves along; the pooled maps tell how much they noticed.

import { button, group } from "./controls.js";
import { element } from "./elements.js";
import { cellAt, fineCell, placed, rectangle } from "./grid.js";
import { AMBER } from "./palette.js";
import { chosenPicture } from "./picture_options.js";
import { alike, changedCells, movedPicture, roomToMove } from "./pooling_arithmetic.js";
import { PoolingBase } from "./pooling_base.js";
import { mounted } from "./stage.js";

const MOVING_KEYS =
  "Arrow keys move the stroke by one pixel, space plays through all places, Home goes to the first place, " +
  "a number chooses a picture, Control Z undoes.";

const PLACES = { rows: 4, columns: 4 }; // the grid of places is as large as that many cells of a window

class MovingStage extends PoolingBase {
  constructor(parent) {
    super(parent, { name: "Moving stage", keys: MOVING_KEYS });
  }

  build() {
    super.build();
    this.tool = "hand";
    this.hand = button("Hand: drag the stroke, one pixel at a time", "hand", () => this.take("hand"));
    this.start = button("Back to the start", null, () => this.moveTo({ down: 0, right: 0 }), "Start");
    this.sliders = Object.fromEntries(["right", "down"].map((way) => [way, this.slider(way)]));
    const labelled = (way) => element("label", { class: "slider" }, element("span", { text: way }), this.sliders[way]);
    this.drawTools = group("Hand and pen", this.hand, this.pen, this.rubber, this.clear);
    this.more = [group("Move", labelled("right"), labelled("down"), this.start), this.drawTools, group("Undo", this.undoing), group("Share", this.copy)];
  }

  slider(way) {
    const slider = element("input", { type: "range", step: 1, "aria-label": `Pixels moved ${way}`, title: `Pixels moved ${way}` });
    slider.onpointerdown = () => this.remember();
    slider.oninput = () => {
      this.content.shift = { ...this.content.shift, [way]: Number(slider.value) };
      this.recompute(0);
      this.refresh();
    };
    slider.onchange = () => this.tell();
    slider.onkeydown = (event) => event.stopPropagation();
    return slider;
  }

  sourceNames() {
    return { picture: "The stroke itself", map: "Its feature map" };
  }

  adopt(content) {
    super.adopt(content);
    if (content.source === "numbers") this.content.source = "picture";
  }

  // --- moving ------------------------------------------------------------------------------------------------------

  choosePicture(option) {
    this.gesture(() => Object.assign(this.content, { picture: chosenPicture(option), shift: { down: 0, right: 0 } }));
  }

  chooseSource(source) {
    if (source !== "picture") this.tool = "hand";
    super.chooseSource(source);
  }

  moveTo(shift) {
    const { down, right } = this.content.shift;
    const next = this.#within(shift);
    if (next.down !== down || next.right !== right) this.gesture(() => (this.content.shift = next), 0);
  }

  #within({ down, right }) {
    const between = (value, least, most) => Math.min(Math.max(value, -least), most);
    return { down: between(down, this.room.up, this.room.down), right: between(right, this.room.left, this.room.right) };
  }

  drag(from, to) {
    if (this.tool !== "hand") return super.drag(from, to);
    this.drawing.shift ??= this.content.shift;
    const [row, column] = this.pixelAt(this.drawing.start, true);
    const { down, right } = this.drawing.shift;
    this.content.shift = this.#within({ down: down + Math.round(to[0] - row), right: right + Math.round(to[1] - column) });
    this.recompute(0);
  }

  // Where it is painted on, the picture starts anew.
  repaint(change, fade) {
    this.content.picture = movedPicture(this.content.picture, this.content.shift);
    this.content.shift = { down: 0, right: 0 };
    super.repaint(change, fade);
  }

  pixelAt([x, y], beyond = false) {
    const view = this.painter.inputView;
    if (!view || (this.tool !== "hand" && !this.paintable())) return null;
    return beyond || cellAt(view, x, y) ? fineCell(view, x, y) : null;
  }

  // A click on a place goes there; there is nothing to hold.
  pin(target) {
    if (target?.on === "place") this.moveTo({ down: target.row - this.room.up, right: target.column - this.room.left });
  }

  best() {
    return null;
  }

  fits(target) {
    if (target.on === "place") return true;
    return target.on === "output" && super.fits(target);
  }

  cellUnder(point) {
    const { rows, columns } = this.walked();
    for (const view of this.placeViews ?? []) {
      const cell = cellAt(view, ...point);
      if (cell && cell[0] < rows && cell[1] < columns) return { on: "place", filter: 0, row: cell[0], column: cell[1] };
    }
    return super.cellUnder(point);
  }

  taken({ key }) {
    const ways = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
    if (!ways[key]) return false;
    const { down, right } = this.content.shift;
    this.stepper.pause();
    this.moveTo({ down: down + ways[key][0], right: right + ways[key][1] });
    return true;
  }

  // --- walking over the places -------------------------------------------------------------------------------------

  walked() {
    const { up, down, left, right } = this.room;
    return { rows: up + down + 1, columns: left + right + 1 };
  }

  step(by) {
    this.#atPlace();
    super.step(by);
  }

  play() {
    this.#atPlace();
    super.play();
  }

  #atPlace() {
    const { rows, columns } = this.walked();
    const { down, right } = this.content.shift;
    this.stepper.count = rows * columns;
    this.stepper.index = (down + this.room.up) * columns + right + this.room.left;
    this.sweeping = true; // the frame keeps the index of a sweep that is under way
  }

  visit(index) {
    const { columns } = this.walked();
    this.hover = null;
    this.sweeping = false;
    this.content.shift = { down: Math.floor(index / columns) - this.room.up, right: (index % columns) - this.room.left };
    this.recompute(0);
    this.refresh();
    if (!this.stepper.playing) this.tell(500);
  }

  veil() {
    return null;
  }

  // --- computing ---------------------------------------------------------------------------------------------------

  recompute(fade) {
    this.#everywhere();
    this.content.shift = this.#within(this.content.shift);
    super.recompute(fade);
    const [max, average] = this.outputs;
    this.same = [max, average].map((now, kind) => this.places.map((maps) => maps.length > 0 && alike(maps[kind], now)));
    const marked = (map, start) => ({ columns: map.columns, cells: changedCells(map, start) });
    this.changed = [marked(this.input, this.atStart.input), ...this.outputs.map((map, i) => marked(map, this.atStart.outputs[i]))];
  }

  // The pooled maps of every place; worked out anew only where the picture or the settings changed.
  #everywhere() {
    const { picture, source, filter } = this.content;
    const key = JSON.stringify([picture.rows, picture.levels, source, [...filter.kernel.values], filter.kernel.columns, filter.bias, this.data.settings]);
    if (key === this.placesKey) return;
    this.placesKey = key;
    this.room = roomToMove(picture);
    const { rows, columns } = this.walked();
    this.places = Array.from({ length: rows * columns }, (_, at) => {
      const shift = { down: Math.floor(at / columns) - this.room.up, right: (at % columns) - this.room.left };
      return this.pooled(super.mapOf(movedPicture(picture, shift)));
    });
    const input = super.mapOf(picture);
    this.atStart = { input, outputs: this.pooled(input) };
  }

  mapOf(picture) {
    return super.mapOf(movedPicture(picture, this.content.shift));
  }

  // --- drawing -----------------------------------------------------------------------------------------------------

  reflect() {
    super.reflect();
    const { shift } = this.content;
    this.whole.hidden = true; // moving hides nothing that could be shown again
    this.hand.setAttribute("aria-pressed", this.tool === "hand");
    this.pen.disabled = this.rubber.disabled = this.clear.disabled = this.content.source !== "picture";
    this.start.disabled = !shift.down && !shift.right;
    for (const [way, [least, most]] of Object.entries({ right: [this.room.left, this.room.right], down: [this.room.up, this.room.down] })) {
      Object.assign(this.sliders[way], { min: -least, max: most, value: shift[way], disabled: least + most === 0 });
    }
  }

  draw() {
    super.draw();
    const view = this.painter.inputView;
    if (!view) return;
    const held = this.tool === "hand" || this.paintable();
    this.showPaper(held ? { x: view.x, y: view.y, width: view.columns * view.cell, height: view.rows * view.cell } : { x: 0, y: 0, width: 0, height: 0 });
    this.paper.classList.toggle("movable", this.tool === "hand");
  }

  twoLines() {
    return true;
  }

  middles() {
    return [PLACES, PLACES];
  }

  // Each place as a small square: full where the pooled map is the one shown now.
  scene() {
    const { rows, columns } = this.walked();
    const { shift } = this.content;
    const { colours } = this;
    this.placeViews = [];
    const between = (context, kind, box) => {
      const view = (this.placeViews[kind] = placed(box, { rows, columns }));
      const gap = view.cell > 8 ? 2 : 1;
      this.same[kind].forEach((same, at) => {
        const spot = rectangle(view, Math.floor(at / columns), at % columns);
        context.fillStyle = same ? AMBER : colours.line;
        context.fillRect(spot.x, spot.y, spot.width - gap, spot.height - gap);
      });
      const now = rectangle(view, shift.down + this.room.up, shift.right + this.room.left);
      context.strokeStyle = colours.ink;
      context.lineWidth = 2;
      context.strokeRect(now.x - 1, now.y - 1, now.width + 2 - gap, now.height + 2 - gap);
    };
    return { between, loupes: false, changed: this.changed };
  }

  words(narrow) {
    const { input, outputs, changed, places } = this;
    const noticed = ({ cells }) => (cells.length ? `${cells.length} changed` : "unchanged");
    const kinds = narrow ? ["Max ", "Average "] : ["", ""];
    return {
      input: `${this.content.source === "map" ? this.inputName() : "Map"} ${input.rows}×${input.columns}`,
      found: outputs.map((_, i) => `${narrow ? "" : "same in "}${this.#alikes(i)} of ${places.length} places`),
      outputs: outputs.map(({ rows, columns }, i) => `${kinds[i]}${rows}×${columns}: ${noticed(changed[i + 1])}`),
    };
  }

  #alikes(kind) {
    return this.same[kind].filter(Boolean).length;
  }

  speak() {
    const lines = [this.#movedWords(), this.#lostWords()];
    const text = lines.join(" ");
    if (this.sum.dataset.text === text) return;
    this.sum.dataset.text = text;
    const [moved, lost] = lines.map((words) => element("span", { class: "line", text: words }));
    this.sum.replaceChildren(moved, element("span", { class: "unseen", text: " " }), lost);
  }

  #movedWords() {
    const { down, right } = this.content.shift;
    if (!down && !right) return "Drag the stroke by one pixel, or press an arrow key. What changed since the start gets an amber frame.";
    const way = (by, one, other) => (by ? [`${Math.abs(by)} ${by > 0 ? one : other}`] : []);
    const where = [...way(down, "down", "up"), ...way(right, "right", "left")].join(", ");
    const [map, max, average] = [this.input, ...this.outputs].map(({ values }, i) => `${this.changed[i].cells.length} of ${values.length}`);
    return `Moved ${where}: ${map} numbers changed, ${max} after max pooling, ${average} after average pooling.`;
  }

  #lostWords() {
    if (this.places.length === 1) return "There is no room to move: choose a stroke above, or draw one.";
    const [max, average] = [this.#alikes(0), this.#alikes(1)];
    return `Exactly this max map comes out in ${max} of ${this.places.length} places, exactly this average map in ${average}. ${unsure(max, average)}`;
  }
}

// What the pooled maps still tell about the place, when each of them comes out in so many places.
function unsure(max, average) {
  if (max > 1 && average > 1) return "From neither of them can anybody tell which place it was.";
  if (max === 1 && average === 1) return "So each of them still tells the place.";
  const [kind, count] = max > 1 ? ["max", max] : ["average", average];
  return `From the ${kind} map alone, nobody can tell which of the ${count} it was.`;
}

export default mounted(MovingStage);
