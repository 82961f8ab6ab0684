// What the learning stage says: one step of one weight with its numbers put in, a cell's error, how the guess is doing.
// A sentence is a list of parts { text, as }: as "tile" or "result" for a number, left out for what stands between.

import { equals, rounded, written } from "./numbers.js";

const MOMENTUM = 0.9; // as in core/ops/optimisers.py
const ROUNDING = 1e-12; // an error below it is the rounding of numbers that arrive in single precision

export const superscript = (power) => String(power).replace(/./g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);

// A number that may be very small, with two digits or three: 0.42, 3.2·10⁻⁵.
export function significant(value) {
  if (Math.abs(value) < ROUNDING) return "0";
  const power = Math.floor(Math.log10(Math.abs(value)));
  if (power < -3 || power > 4) return `${written(value / 10 ** power, 1)}·10${superscript(power)}`;
  return written(value, Math.max(2 - power, 0) - (power < 0 ? 1 : 0));
}

const tile = (text) => ({ text, as: "tile" });
const result = (text) => ({ text, as: "result" });
const plain = (text) => ({ text });
const inBrackets = (value, decimals) => (value < 0 ? `(${written(value, decimals)})` : written(value, decimals));
const sign = (exact, shown) => ` ${equals(exact, shown)} `;
const placeOf = ({ row, column }) => `row ${row + 1}, column ${column + 1}`;

// Where a slope comes from. cells: in all outputs that it was taken over.
export function slopeParts({ at, gradient, cells }) {
  const blame = (gradient * cells) / 2;
  const equation = sign((2 / cells) * rounded(blame), rounded(gradient, 3));
  return [plain(`${placeOf(at)}: error × pixel, over ${cells} cells, adds up to `), tile(written(blame)), plain(`; slope 2/${cells} × `), tile(inBrackets(blame)), plain(equation), result(written(gradient, 3))];
}

// One step of one weight. weight, next, last: before this step, after it, and before the step before.
export function updateParts({ at, weight, next, last, gradient, optimiser, rate }) {
  const parts = [plain(`${placeOf(at)}: `)];
  const slope = rounded(gradient, 3);
  const [before, after] = [rounded(weight), rounded(next)];
  if (optimiser === "plain") return [...parts, tile(written(weight)), plain(` − ${rate} × `), tile(inBrackets(gradient, 3)), plain(sign(before - rate * slope, after)), result(written(next))];
  if (optimiser === "adam") {
    const share = (weight - next) / rate;
    return [...parts, tile(written(weight)), plain(` − ${rate} × `), tile(inBrackets(share)), plain(sign(before - rate * rounded(share), after)), result(written(next)), plain(" (averaged slope over its usual size)")];
  }
  const [rolled, move] = [weight - last, next - weight];
  const exact = MOMENTUM * rounded(rolled, 3) - rate * slope;
  return [
    ...parts, plain("0.9 × "), tile(inBrackets(rolled, 3)), plain(` − ${rate} × `), tile(inBrackets(gradient, 3)), plain(sign(exact, rounded(move, 3))), tile(written(move, 3)),
    plain(" → "), tile(written(weight)), plain(" + "), tile(inBrackets(move, 3)), plain(sign(before + rounded(move, 3), after)), result(written(next)),
  ];
}

export function cellParts({ at, output, target, mine }) {
  const equation = equals(rounded(output) - rounded(target), rounded(output - target));
  return [plain(`${placeOf(at)}: ${mine} `), tile(written(output)), plain(" − hidden filter’s "), tile(inBrackets(target)), plain(` ${equation} error `), result(written(output - target))];
}

export const stepParts = (step, loss) => [plain(`Step ${step}: mean squared error `), result(significant(loss)), plain(". Click or drag to go there.")];

// overtaken: the first step at which the machine is better than the guess, or null.
export function guessParts({ loss, overtaken, at, gradient }) {
  const parts = [plain("Your error "), result(significant(loss))];
  if (loss < 1e-9) return [...parts, plain(": you found it!")];
  parts.push(plain(overtaken === null ? ": better than the machine ever gets. " : `: the machine is better from step ${overtaken} on. `));
  const hint = Math.abs(gradient) < 5e-4 ? "leave it" : gradient < 0 ? "raise it" : "lower it";
  return [...parts, plain(`Hint, ${placeOf(at)}: slope `), tile(written(gradient, 3)), plain(`, so ${hint}.`)];
}
