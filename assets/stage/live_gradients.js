// How large the gradient is in each layer: bars on a logarithmic scale.

import { element, say } from "./elements.js";
import { superscript } from "./learning_words.js";
import { written } from "./numbers.js";

const DECADES = 5; // from the largest down
const SCALE = ["1/10⁴", "1/10³", "1/100", "1/10", "largest"]; // at the end of each decade

const small = (value) => {
  if (!value) return "0";
  const power = Math.floor(Math.log10(value));
  return power >= -2 ? written(value, 3) : `${written(value / 10 ** power, 1)}·10${superscript(power)}`;
};

export class GradientBars {
  constructor(host) {
    this.note = element("p", { class: "live-note" });
    this.bars = element("div", { class: "gradients", role: "list" });
    this.scale = element("div", { class: "gradient", "aria-hidden": "true" }, element("span", {}), element("span", { class: "gradient-scale" }, ...SCALE.map((text) => element("span", { text }))));
    host.append(this.note, this.bars, this.scale);
    this.made = "";
  }

  // gradients: [{ layer, size }] from the first layer to the last
  show(gradients) {
    const names = gradients.map(({ layer }) => layer).join("\n");
    if (names !== this.made) {
      this.rows = gradients.map(({ layer }) => {
        const [fill, number] = [element("span", { class: "gradient-fill" }), element("span", { class: "gradient-number" })];
        return { fill, number, row: element("div", { class: "gradient", role: "listitem" }, element("span", { class: "gradient-name", text: layer }), element("span", { class: "gradient-bar" }, fill), number) };
      });
      this.bars.replaceChildren(...this.rows.map(({ row }) => row));
      this.made = names;
    }
    const most = Math.max(...gradients.map(({ size }) => size), 1e-12);
    gradients.forEach(({ size }, at) => {
      const share = size > 0 ? Math.max(1 + Math.log10(size / most) / DECADES, 0.01) : 0;
      this.rows[at].fill.style.width = `${100 * share}%`;
      say(this.rows[at].number, small(size));
    });
    say(this.note, this.#words(gradients));
  }

  #words(gradients) {
    if (gradients.length < 2) return "";
    const [first, last] = [gradients[0].size, gradients.at(-1).size];
    if (!(first > 0 && last > 0)) return "A layer whose gradient is 0 does not learn.";
    const ratio = first / last;
    const words = ratio >= 1 ? `${written(ratio, 1)} times as large as` : `1/${written(1 / ratio, 1)} of`;
    return `Length of the loss’s gradient, layer by layer, on a logarithmic scale. The first layer’s is ${words} the last’s.`;
  }
}
