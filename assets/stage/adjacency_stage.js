// The adjacency stage: a digit and the same digit with its pixels in one fixed new order; point at one, see both.

import { Chooser } from "./chooser.js";
import { button, group } from "./controls.js";
import { canvasContext, say } from "./elements.js";
import { cellAt, drawGrid, fineCell, lit, packed, placed, rectangle, unpacked } from "./grid.js";
import { boardHeight } from "./layout.js";
import { AMBER, isDark, palette } from "./palette.js";
import { panels, panelsHeight } from "./panels.js";
import { chosenPicture, pictureOptions } from "./picture_options.js";
import { mounted, Stage } from "./stage.js";

const KEYS =
  "Arrow keys step over the shuffled picture, space plays, Enter pins, Escape lets go, I moves over the straight picture and X paints a pixel there, " +
  "a number chooses a digit, Control Z undoes.";

class AdjacencyStage extends Stage {
  constructor(parent) {
    super(parent, { name: "Adjacency stage", keys: KEYS });
    this.sum.classList.add("words");
  }

  build() {
    this.digits = new Chooser(this.choosers, "Picture", (option) => this.gesture(() => (this.content.picture = chosenPicture(option))));
    this.another = button("Another hand", "again", () => this.gesture(() => (this.content.another += 1)));
    this.choosers.append(this.another);
    this.clear = button("Clear the picture", null, () => this.gesture(() => this.repaint(({ levels }) => levels.fill(0))), "Clear");
    this.more = [group("Draw", this.pen, this.rubber, this.clear, this.undoing), group("Share", this.copy)];
  }

  adopt(content) {
    const { trace, ...kept } = content;
    this.content = { ...kept, picture: { ...content.picture, levels: unpacked(content.picture.levels) } };
  }

  told() {
    const { picture } = this.content;
    return { ...this.content, picture: { ...picture, levels: packed(picture.levels) } };
  }

  // The order of a picture's pixels once they are shuffled, and where each of them went.
  recompute() {
    const { picture } = this.content;
    this.orders = { ...this.orders, ...this.data.orders }; // undo may go back to a size that Python no longer sends
    this.order = this.orders[`${picture.rows}×${picture.columns}`];
    this.went = new Array(this.order.length);
    this.order.forEach((from, to) => (this.went[from] = to));
    this.straight = lit(picture);
    this.shuffled = { ...this.straight, values: Float64Array.from(this.order, (from) => this.straight.values[from]) };
  }

  walked() {
    return this.shuffled;
  }

  fits({ row, column }) {
    return row >= 0 && column >= 0 && row < this.straight.rows && column < this.straight.columns;
  }

  // The brightest pixel whose neighbours are brightest too: somewhere on the stroke.
  best() {
    let best = { row: 0, column: 0, ink: -1 };
    for (let row = 0; row < this.straight.rows; row++) {
      for (let column = 0; column < this.straight.columns; column++) {
        const ink = this.#neighbours({ row, column }).reduce((sum, at) => sum + this.straight.values[at], 0);
        if (ink > best.ink) best = { row, column, ink };
      }
    }
    return { on: "input", filter: 0, row: best.row, column: best.column };
  }

  // The places, counted row by row, of a pixel and of those around it.
  #neighbours({ row, column }) {
    const places = [];
    for (let r = row - 1; r <= row + 1; r++) for (let c = column - 1; c <= column + 1; c++) if (this.fits({ row: r, column: c })) places.push(r * this.straight.columns + c);
    return places;
  }

  pixelAt([x, y], beyond = false) {
    const view = this.views?.[0];
    return view && (beyond || cellAt(view, x, y)) ? fineCell(view, x, y) : null;
  }

  cellUnder([x, y]) {
    const cells = this.views.map((view) => cellAt(view, x, y));
    const on = cells.findIndex(Boolean);
    return on < 0 ? null : { on: ["input", "output"][on], filter: 0, row: cells[on][0], column: cells[on][1] };
  }

  keyed(event, letter) {
    if (!/^\d$/.test(letter) || Number(letter) >= this.options.length) return false;
    this.gesture(() => (this.content.picture = chosenPicture(this.options[Number(letter)])));
    return true;
  }

  reflect() {
    this.options = pictureOptions(this.data.digits);
    this.digits.show(this.options, this.content.picture.key, this.colours);
    this.another.hidden = !this.data.another;
  }

  draw() {
    const { data, root, straight, shuffled } = this;
    const width = this.board.clientWidth;
    if (!width) return;
    const colours = (this.colours = palette(data.view.palette, isDark(root)));
    root.style.setProperty("--zero", `rgb(${colours.zero.join(" ")})`);
    const below = this.sum.offsetHeight + this.walk.parentElement.offsetHeight + 34;
    const boxes = panels(width, boardHeight(this.board, below, 1000), 2);
    const context = canvasContext(this.canvas, width, panelsHeight(boxes));
    const font = getComputedStyle(root).getPropertyValue("--st-code-font") || "monospace";
    this.views = [placed(boxes[0], straight), placed(boxes[1], shuffled)];
    context.clearRect(0, 0, width, panelsHeight(boxes));
    drawGrid(context, straight, this.views[0], 1, colours, font);
    drawGrid(context, shuffled, this.views[1], 1, colours, font, this.veil(shuffled.columns));
    this.#tie(context);
    this.showPaper(boxes[0]);
    this.showCaptions([
      { ...boxes[0], text: `Straight: ${straight.rows}×${straight.columns} pixels` },
      { ...boxes[1], text: "Shuffled: the same pixels" },
    ]);
    this.canvas.dataset.painted = Number(this.canvas.dataset.painted ?? 0) + 1;
  }

  // The nine neighbours around what is pointed at, in one box on their picture and scattered on the other.
  #tie(context) {
    const target = this.shownTarget();
    const { columns } = this.straight;
    const here = this.#neighbours(target);
    const [on, other, places] = target.on === "input" ? [0, 1, this.went] : [1, 0, this.order];
    const there = here.map((at) => places[at]);
    const cell = (view, at) => rectangle(view, Math.floor(at / columns), at % columns);
    const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
    const [from, to] = [here.map((at) => cell(this.views[on], at)), there.map((at) => cell(this.views[other], at))];
    const window = rectangle(this.views[on], target.row - 1, target.column - 1, 3, 3);
    Object.assign(context, { strokeStyle: `${AMBER}B0`, lineWidth: 1.5 });
    from.forEach((box, i) => {
      context.beginPath();
      context.moveTo(...middle(box));
      context.lineTo(...middle(to[i]));
      context.stroke();
    });
    Object.assign(context, { strokeStyle: AMBER, lineWidth: 3 });
    context.strokeRect(window.x - 1, window.y - 1, window.width + 1, window.height + 1);
    to.forEach(({ x, y, width, height }) => context.strokeRect(x - 1.5, y - 1.5, width + 2, height + 2));
    this.#saySpread(target, there.map((at) => [Math.floor(at / columns), at % columns]));
  }

  #saySpread(target, places) {
    let far = 0;
    for (const [r, c] of places) for (const [row, column] of places) far = Math.max(far, Math.abs(r - row), Math.abs(c - column));
    const straight = target.on === "input";
    const count = `These ${places.length} neighbours`;
    say(this.sum, straight ? `${count} end up as far as ${far} pixels apart.` : `${count} come from as far as ${far} pixels apart in the digit.`);
  }
}

export default mounted(AdjacencyStage);
