// Square panels side by side, each in the middle of its share of the width; in a narrow window the first one on top.

import { CAPTION } from "./layout.js";

export const PANEL_GAP = 28; // as in stage.css, .answers
const NARROW_PANELS = 540; // below this width the first panel has a row of its own
const TOP_PANEL = 340;

// Boxes { x, y, width, height } for `count` panels on a board of this size.
export function panels(width, height, count) {
  if (width < NARROW_PANELS && count > 2) {
    const side = Math.min(width - 2, TOP_PANEL);
    const share = (width - PANEL_GAP * (count - 2)) / (count - 1) - 2;
    const rest = Array.from({ length: count - 1 }, (_, i) => ({ x: i * (share + 2 + PANEL_GAP) + 1, y: 2 * CAPTION + side, width: share, height: share }));
    return [{ x: 1, y: CAPTION, width: side, height: side }, ...rest];
  }
  const share = (width - (count - 1) * PANEL_GAP) / count;
  const side = Math.min(share - 2, height - CAPTION);
  return Array.from({ length: count }, (_, i) => ({ x: i * (share + PANEL_GAP) + (share - side) / 2, y: CAPTION, width: side, height: side }));
}

export const panelsHeight = (boxes) => Math.ceil(Math.max(...boxes.map(({ y, height }) => y + height))) + 2;
