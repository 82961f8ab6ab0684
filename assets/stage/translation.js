// The browser's half of core/explain/translation.py: a digit on a larger field, and the two detectors made from it.
// tests/browser/test_why_convolutions.py holds the two against each other.

const PIECE = 7; // rows and columns of the filter, as in core/explain/translation.py
const LEAST_MARGIN = 6;

// The picture { rows, columns, levels } on its field, `move` = [down, right] from the middle: { rows, columns, levels }.
export function fieldOf(picture, move = [0, 0]) {
  const margin = Math.max(Math.floor((3 * Math.max(picture.rows, picture.columns)) / 7), LEAST_MARGIN);
  const [rows, columns] = [picture.rows + 2 * margin, picture.columns + 2 * margin];
  const levels = new Array(rows * columns).fill(0);
  for (let r = 0; r < picture.rows; r++) {
    for (let c = 0; c < picture.columns; c++) {
      const level = picture.levels[r * picture.columns + c];
      if (level) levels[(r + margin + move[0]) * columns + c + margin + move[1]] = level;
    }
  }
  return { rows, columns, levels };
}

// [row, column] of the window with the most contrast, in whole numbers so that equals are equal on both sides.
export function piecePlace({ rows, columns, levels }) {
  let best = [0, 0];
  let most = -1;
  for (let r = 0; r + PIECE <= rows; r++) {
    for (let c = 0; c + PIECE <= columns; c++) {
      let [sum, squares] = [0, 0];
      for (let i = 0; i < PIECE; i++) {
        for (let j = 0; j < PIECE; j++) {
          const level = levels[(r + i) * columns + c + j];
          sum += level;
          squares += level * level;
        }
      }
      const contrast = PIECE * PIECE * squares - sum * sum;
      if (contrast > most) [best, most] = [[r, c], contrast];
    }
  }
  return best;
}

// The window less its mean, scaled to answer 1 at its own place.
export function pieceFilter(field, [row, column]) {
  const pixels = Array.from({ length: PIECE * PIECE }, (_, i) => field.levels[(row + Math.floor(i / PIECE)) * field.columns + column + (i % PIECE)] / 255);
  const mean = pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length;
  const centred = pixels.map((pixel) => pixel - mean);
  const norm = centred.reduce((sum, value) => sum + value * value, 0) || 1;
  return { rows: PIECE, columns: PIECE, values: Float64Array.from(centred, (value) => value / norm) };
}

// The weights of the dense unit: one for each pixel of the field.
export function template({ rows, columns, levels }) {
  const squares = levels.reduce((sum, level) => sum + (level / 255) ** 2, 0) || 1;
  return { rows, columns, values: Float64Array.from(levels, (level) => level / 255 / squares) };
}

// How far the digit may go before ink, or the piece that is the filter, leaves the field.
export function reach({ rows, columns, levels }, [row, column]) {
  const kept = { up: row, down: rows - row - PIECE, left: column, right: columns - column - PIECE };
  levels.forEach((level, at) => {
    if (!level) return;
    const [r, c] = [Math.floor(at / columns), at % columns];
    kept.up = Math.min(kept.up, r);
    kept.down = Math.min(kept.down, rows - 1 - r);
    kept.left = Math.min(kept.left, c);
    kept.right = Math.min(kept.right, columns - 1 - c);
  });
  return kept;
}

export function within([down, right], bounds) {
  const between = (value, least, most) => Math.min(Math.max(value, least), most);
  return [between(down, -bounds.up, bounds.down), between(right, -bounds.left, bounds.right)];
}
