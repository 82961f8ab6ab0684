// The filter in big cells, each a number that can be edited, with the pixel under it while a window is traced.

import { element, say } from "./elements.js";
import { numberField } from "./number_field.js";
import { css, largest, mix, textOn } from "./palette.js";
import { written } from "./numbers.js";

const ROOM_FOR_PIXEL = { normal: 46, large: 64 }; // CSS pixels of a cell, below which the weight alone is shown

export class KernelEditor {
  constructor(host, title, hooks) {
    this.title = title;
    this.hooks = hooks;
    this.grid = element("div", { class: "kernel", role: "group", "aria-label": title, onfocusin: () => hooks.focus() });
    this.shape = "";
    host.append(this.grid);
  }

  #build({ rows, columns }) {
    this.cells = Array.from({ length: rows * columns }, (_, at) => {
      const [row, column] = [Math.floor(at / columns), at % columns];
      const number = numberField(`${this.title}, row ${row + 1}, column ${column + 1}`, {
        ...this.hooks,
        change: (value) => this.hooks.change(at, value),
        move: (down, right) => this.cells[(row + down) * columns + column + right]?.number.field.focus(),
      });
      const pixel = element("span", { class: "pixel", "aria-hidden": "true" });
      return { number, pixel, cell: element("div", { class: "kernel-cell" }, number.field, pixel) };
    });
    this.grid.replaceChildren(...this.cells.map(({ cell }) => cell));
    this.grid.style.gridTemplateColumns = `repeat(${columns}, 1fr)`;
  }

  // pixels: what lies under the filter as it is laid, in the filter's own order; null when nothing is traced,
  // undefined where numbers stand by themselves.
  // range: the number that is fully lit; several slices of one filter share theirs.
  show(kernel, { x, y, width, height, cell }, colours, pixels, large, range = largest(kernel.values)) {
    const shape = `${kernel.rows}×${kernel.columns}`;
    if (shape !== this.shape) this.#build(kernel);
    this.shape = shape;
    const longest = Math.max(...Array.from(kernel.values, (value) => written(value, 4).length), 2);
    const roomy = pixels !== undefined && cell >= ROOM_FOR_PIXEL[large ? "large" : "normal"];
    const size = Math.max(Math.min(cell * (roomy ? 0.46 : 0.62), (cell * 0.86) / (longest * 0.6)), 9);
    Object.assign(this.grid.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px`, fontSize: `${size}px` });
    this.grid.classList.toggle("roomy", roomy);
    this.cells.forEach(({ number, pixel, cell: node }, at) => {
      const colour = mix(kernel.values[at], range, colours);
      number.show(kernel.values[at]);
      node.style.background = css(colour);
      node.style.color = textOn(colour);
      say(pixel, roomy && pixels ? `× ${written(pixels[at])}` : "");
    });
  }

  remove() {
    this.grid.remove();
  }
}
