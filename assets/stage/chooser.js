// A strip of small pictures to choose from: digits, filters. One tab stop; arrow keys move within it.

import { canvasContext, element } from "./elements.js";
import { css, largest, mix } from "./palette.js";

// options: [{ key, title, map }], map as in grid.js; a key stands for one picture. Rebuilds only what changed.
// tint(at): the colour of a cell that is not lit by value. stamp: another one under the same key means another picture.
export class Chooser {
  constructor(host, label, choose) {
    this.choose = choose;
    this.options = [];
    this.buttons = [];
    this.strip = element("div", { class: "chooser", role: "radiogroup", "aria-label": label, onkeydown: (event) => this.#key(event) });
    host.append(this.strip);
  }

  show(options, chosen, colours) {
    const same = options.length === this.options.length && options.every((option, i) => option.key === this.options[i].key);
    if (!same) {
      this.buttons = options.map((option) =>
        element("button", { class: "thumb", type: "button", role: "radio", "aria-label": option.title, title: option.title, onclick: () => this.choose(option) }, element("canvas")),
      );
      this.strip.replaceChildren(...this.buttons);
    }
    const repainted = !same || this.ink !== colours.ink || this.lit !== colours.positive;
    options.forEach((option, i) => (repainted || option.stamp !== this.options[i].stamp) && this.#draw(this.buttons[i].firstChild, option, colours));
    Object.assign(this, { options, ink: colours.ink, lit: colours.positive });
    const at = options.findIndex((option) => option.key === chosen);
    this.buttons.forEach((button, i) => {
      button.setAttribute("aria-checked", i === at);
      button.tabIndex = i === Math.max(at, 0) ? 0 : -1;
    });
  }

  #draw(canvas, { map, tint }, colours) {
    const side = 28;
    const context = canvasContext(canvas, side, side);
    const range = largest(map.values);
    const cell = side / Math.max(map.rows, map.columns);
    const [x, y] = [(side - cell * map.columns) / 2, (side - cell * map.rows) / 2];
    context.clearRect(0, 0, side, side);
    map.values.forEach((value, at) => {
      context.fillStyle = tint ? tint(at) : css(mix(value, range, colours));
      context.fillRect(x + (at % map.columns) * cell, y + Math.floor(at / map.columns) * cell, cell + 0.5, cell + 0.5);
    });
  }

  #key(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const at = this.buttons.findIndex((button) => button === this.strip.getRootNode().activeElement);
    const next = (at + by + this.buttons.length) % this.buttons.length;
    this.buttons[next].focus();
    this.choose(this.options[next]);
  }
}
