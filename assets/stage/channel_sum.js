// The line with the arithmetic of a cell: what each slice adds, the bias, the activation; the 27 products are the tiles on
// the board, and here in words for screen readers.

import { element } from "./elements.js";
import { equals, rounded, written } from "./numbers.js";
import { css, mix, textOn } from "./palette.js";
import { ACTIVATION, factor } from "./sum_line.js";

const products = ({ weights, pixels, sum }) => `${Array.from(weights, (weight, i) => `${written(weight)}×${factor(pixels[i])}`).join(" + ")} = ${written(sum)}`;

// Fills the line. traces: null where a channel is not seen. apart: no sum across channels, each goes on for itself.
export function showChannelSum(line, { names, traces, bias, activation, activate, apart, colours, partRange, sumRange }) {
  const terms = traces.flatMap((trace, i) => (trace ? [{ name: names[i], sum: trace.sum, spelt: products(trace) }] : []));
  const tile = (text, value, range, kind = "tile") => {
    const node = element("span", { class: kind, text });
    const colour = mix(value, range, colours);
    Object.assign(node.style, { background: css(colour), color: textOn(colour) });
    return node;
  };
  const sign = (text) => element("span", { class: "plus", text });
  const together = (...nodes) => element("span", { class: "together" }, ...nodes); // stands on one line
  const plain = (text) => element("span", { class: "tile", text });
  const added = bias ? [sign(" + "), plain(`${written(bias)} (bias)`)] : [];
  const result = (before, range) => {
    const after = activate(before);
    const first = tile(written(before), before, range, "tile result");
    return ACTIVATION[activation] ? [first, sign(` → ${ACTIVATION[activation]} → `), tile(written(after), after, range, "tile result")] : [first];
  };
  const part = ({ name, sum }) => tile(`${name} ${written(sum)}`, sum, partRange);
  // What a slice by itself comes to: with no bias its sum stands there already.
  const alone = ({ sum }) => {
    const [before, ...after] = result(sum + bias, partRange);
    return bias ? [...added.map((node) => node.cloneNode(true)), sign(` ${equals(rounded(sum) + rounded(bias), rounded(sum + bias))} `), before, ...after] : after;
  };
  const total = terms.reduce((sum, term) => sum + term.sum, bias);
  const byHand = terms.reduce((sum, term) => sum + rounded(term.sum), rounded(bias));
  const nodes = apart
    ? terms.flatMap((term, i) => [...(i ? [sign(" , ")] : []), part(term), ...alone(term)])
    : [...terms.flatMap((term, i) => [...(i ? [sign(" + ")] : []), part(term)]), ...added, together(sign(` ${equals(byHand, rounded(total))} `), ...result(total, sumRange))];
  const spelt = element("span", { class: "unseen", text: terms.map((term) => `${term.name}: ${term.spelt}. `).join("") });
  const text = [spelt, ...nodes].map((node) => node.textContent).join("");
  const stamp = `${text}|${colours.ink}|${partRange}|${sumRange}`;
  if (line.dataset.text === stamp) return;
  line.dataset.text = stamp;
  line.replaceChildren(spelt, ...nodes);
}
