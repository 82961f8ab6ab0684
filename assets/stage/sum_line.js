// One line with the arithmetic of a cell: the products as small tiles, their sum, the bias, the activation.

import { element } from "./elements.js";
import { css, largest, mix, textOn } from "./palette.js";
import { equals, rounded, written } from "./numbers.js";

const MOST_TILES = 9;
const WIDE = 700; // CSS pixels; below it there is room for two lines
const SMALLEST = 11; // CSS pixels
export const ACTIVATION = { relu: "ReLU", abs: "|x|", none: null };

// The products that get a tile of their own: all of a small filter; of a large one the heaviest, in reading order.
function chosen(products) {
  const order = Array.from(products.keys());
  if (order.length <= MOST_TILES) return order;
  return order.sort((a, b) => Math.abs(products[b]) - Math.abs(products[a])).slice(0, MOST_TILES - 1).sort((a, b) => a - b);
}

export const factor = (value) => (value < 0 ? `(${written(value)})` : written(value));

// The whole calculation in words and numbers, for screen readers and tests.
export function sentence(trace, bias, activation) {
  const shown = chosen(trace.products);
  const terms = shown.map((i) => `${written(trace.weights[i])}×${factor(trace.pixels[i])}`);
  const others = trace.products.length - shown.length;
  const rest = trace.sum - shown.reduce((sum, i) => sum + trace.products[i], 0);
  if (others) terms.push(`${written(rest)} (sum of ${others} more)`);
  if (bias) terms.push(`${written(bias)} (bias)`);
  const byHand = shown.reduce((sum, i) => sum + rounded(trace.weights[i]) * rounded(trace.pixels[i]), rounded(rest) * (others > 0) + rounded(bias));
  const result = `${terms.join(" + ")} ${equals(byHand, rounded(trace.before))} ${written(trace.before)}`;
  return ACTIVATION[activation] ? `${result} → ${ACTIVATION[activation]} → ${written(trace.after)}` : result;
}

// On a wide stage the sum stays on one line whatever its numbers, so that nothing below it moves: longer means smaller.
// In em: a figure is 0.6 wide, a tile has 0.9 of padding and border, and plus signs draw together.
function fitting(width, figures, parts) {
  if (width < WIDE) return "";
  return `min(var(--tile), max(${SMALLEST}px, ${(width / (0.6 * figures + 0.5 * parts)).toFixed(2)}px))`;
}

export function showSum(line, trace, bias, activation, colours, outputRange) {
  const text = sentence(trace, bias, activation);
  if (line.dataset.text === text && line.dataset.dark === colours.ink) return;
  line.dataset.text = text;
  line.dataset.dark = colours.ink;
  const range = largest(trace.products);
  const tile = (content, colour, kind = "tile") => {
    const node = element("span", { class: kind, text: content });
    if (colour) Object.assign(node.style, { background: css(colour), color: textOn(colour) });
    return node;
  };
  // The tiles are cut from the sentence, so that what is seen and what is read out are one text.
  const [sum, ...after] = text.split(" → ");
  const at = Math.max(sum.lastIndexOf(" = "), sum.lastIndexOf(" ≈ "));
  const shown = chosen(trace.products);
  const nodes = sum.slice(0, at).split(" + ").flatMap((term, i) => {
    const product = i < shown.length ? trace.products[shown[i]] : null;
    const plus = i ? [element("span", { class: "plus", text: " + " })] : [];
    const silent = product === 0 ? "tile silent" : "tile";
    return [...plus, tile(term, product === null ? null : mix(product, range, colours), silent)];
  });
  const result = (content, value) => tile(content, mix(value, outputRange, colours), "tile result");
  nodes.push(element("span", { class: "plus", text: sum.slice(at, at + 3) }), result(sum.slice(at + 3), trace.before));
  if (after.length) nodes.push(element("span", { class: "plus", text: ` → ${after[0]} → ` }), result(after[1], trace.after));
  line.style.fontSize = fitting(line.clientWidth, text.length, nodes.length);
  line.replaceChildren(...nodes);
}
