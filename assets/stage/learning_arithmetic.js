// The browser's half of core/ops/gradient.py: how far a guess is off, and which way each of its numbers should go.
// tests/browser/test_learning_stage.py holds the two against each other.

import { activate } from "./arithmetic.js";

// Numbers as core/stage/learning_stage.py packs them.
export const floats = (text) => new Float32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);

const slope = (sum, activation) => (activation === "none" || sum > 0 ? 1 : activation === "abs" && sum < 0 ? -1 : 0);

// pictures, targets: maps as in grid.js, one target for each picture. Returns { loss, gradient }, gradient like kernel.
export function lossAndGradient(pictures, targets, kernel, activation) {
  const gradient = new Float64Array(kernel.values.length);
  let [squares, cells] = [0, 0];
  pictures.forEach(({ columns, values }, n) => {
    const target = targets[n];
    cells += target.values.length;
    target.values.forEach((wanted, at) => {
      const corner = Math.floor(at / target.columns) * columns + (at % target.columns);
      let sum = 0;
      for (let i = 0; i < gradient.length; i++) sum += kernel.values[i] * values[corner + Math.floor(i / kernel.columns) * columns + (i % kernel.columns)];
      const error = activate(sum, activation) - wanted;
      const blame = error * slope(sum, activation);
      squares += error * error;
      if (blame === 0) return;
      for (let i = 0; i < gradient.length; i++) gradient[i] += blame * values[corner + Math.floor(i / kernel.columns) * columns + (i % kernel.columns)];
    });
  });
  return { loss: squares / cells, gradient: { ...kernel, values: gradient.map((sum) => (2 / cells) * sum) } };
}
