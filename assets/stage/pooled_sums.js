// The arithmetic of one window, twice: its largest number, and its mean written out as a sum.

import { element } from "./elements.js";
import { css, mix, textOn } from "./palette.js";
import { equals, rounded, written } from "./numbers.js";

const MOST_NUMBERS = 9;

// The cells that are written: all of a small window; of a large one the largest, in reading order.
function writtenOut(cells) {
  if (cells.length <= MOST_NUMBERS) return cells;
  const heaviest = cells.slice().sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, MOST_NUMBERS - 1);
  return cells.filter((cell) => heaviest.includes(cell));
}

// Both calculations as pieces { text, value }, value where a piece is a number on a tile of its own.
function calculations(trace) {
  const { cells, winners, max, average, sum } = trace;
  const joined = (numbers, sign) => numbers.flatMap((piece, i) => (i ? [{ text: sign }, piece] : [piece]));
  const result = (value) => ({ text: written(value), value, result: true });
  const number = ({ value }) => ({ text: written(value), value });
  const won = writtenOut(cells.map((cell) => ({ ...cell, wins: winners.includes(cell) })));
  const smaller = cells.length - won.length;
  const candidates = won.some(({ wins }) => wins) ? won : [...won, { ...winners[0], wins: true }];
  const largest = candidates.map((cell) => ({ ...number(cell), wins: cell.wins, silent: !cell.wins }));
  if (smaller) largest.push({ text: `${smaller} more` });

  const added = writtenOut(cells);
  const rest = sum - added.reduce((total, { value }) => total + value, 0);
  const terms = added.map(number);
  if (smaller) terms.push({ text: `${written(rest)} (sum of ${smaller} more)` });
  const byHand = (added.reduce((total, { value }) => total + rounded(value), 0) + (smaller ? rounded(rest) : 0)) / cells.length;
  return {
    max: [{ text: "max(" }, ...joined(largest, ", "), { text: ") = " }, result(max)],
    average: [{ text: "(" }, ...joined(terms, " + "), { text: `) / ${cells.length} ${equals(byHand, rounded(average))} ` }, result(average)],
  };
}

const spelled = (pieces) => pieces.map(({ text }) => text).join("");

// Both calculations side by side, or the one of this kind.
export function showCalculations(line, trace, colours, range, kinds = ["max", "average"]) {
  const parts = kinds.map((kind) => calculations(trace)[kind]);
  const text = parts.map(spelled).join("; ");
  if (line.dataset.text === text && line.dataset.dark === colours.ink) return;
  Object.assign(line.dataset, { text, dark: colours.ink });
  const piece = ({ text: content, value, result, wins, silent }) => {
    if (value === undefined) return element("span", { class: "sign", text: content });
    const colour = mix(value, range, colours);
    const kind = result || wins ? "tile result" : silent ? "tile silent" : "tile";
    const node = element("span", { class: kind, text: content });
    Object.assign(node.style, { background: css(colour), color: textOn(colour) });
    return node;
  };
  const part = (pieces) => element("span", { class: "calculation" }, ...pieces.map(piece));
  line.replaceChildren(...parts.flatMap((pieces, i) => (i ? [element("span", { class: "unseen", text: "; " }), part(pieces)] : [part(pieces)])));
}
