// Where things stand on the channels board: a row for each channel, from its light over its slice to its partial map,
// the picture before them, the map that they add up to behind them.

import { CAPTION } from "./layout.js";

const ROW_SPACE = 12;
const TAG = 24; // the channel's name before its grid
const MARK = 26; // room for ×, =, Σ
const TILES = { normal: 1.4, large: 1.8 }; // width of the nine products, in heights of a row; large: presenter mode
const LEAST_PICTURE = 0.8; // width of the picture, likewise
const LEAST_MAP = 1.9;
const BEFORE = 18; // between the picture and its channels
const UNDER = 152; // below the map: bias and stack
const MOST_CELL = 84; // of a slice
const SLIM = 700; // below this width the map goes under the rows

// Sizes in CSS pixels. kernel: { rows, columns }; colourful: whether there is a picture in colour to show.
export function channelLayout(width, height, { channels, kernel, colourful, large }) {
  return width < SLIM ? below(width, channels, kernel, colourful) : beside(width, height, channels, kernel, colourful, TILES[large ? "large" : "normal"]);
}

function beside(width, height, channels, kernel, colourful, tiles) {
  const least = colourful ? LEAST_PICTURE : 0;
  const taken = TAG + 4 * MARK + BEFORE * (least > 0);
  const sideOf = (count, picture) => Math.min((height - CAPTION - ROW_SPACE * (count - 1)) / count, (width - TAG - 4 * MARK - BEFORE * (picture > 0)) / (picture + 3 + tiles + LEAST_MAP));
  const heightOf = (count, cells) => cells * count + ROW_SPACE * (count - 1);
  const side = sideOf(channels, least);
  // A board for one channel is as high as one for three, so that nothing below it jumps.
  const usual = channels > 3 ? heightOf(channels, side) : heightOf(3, sideOf(3, LEAST_PICTURE));
  const rest = width - taken - side * (3 + tiles);
  const sum = Math.max(Math.min(rest - least * side, usual - UNDER), Math.min(side, usual - UNDER));
  const picture = colourful ? Math.min(rest - sum, 1.5 * side) : 0;
  const left = Math.max((width - taken - side * (3 + tiles) - sum - picture) / 2, 0);
  const tall = heightOf(channels, side);
  const full = Math.max(usual, sum + UNDER);
  const first = left + (colourful ? picture + BEFORE : 0) + TAG;
  const rows = rowsFrom(first, CAPTION + (full - tall) / 2, side, channels, kernel, tiles);
  const y = CAPTION + (full - sum - UNDER) / 2;
  const box = { x: rows[0].part.x + side + MARK, y, width: sum, height: sum };
  return {
    narrow: false,
    side,
    rows,
    picture: colourful ? { x: left, y: CAPTION + (full - picture) / 2, width: picture, height: picture } : null,
    sum: box,
    stack: { x: box.x, y: y + sum + 8, width: sum },
    height: Math.ceil(CAPTION + full) + 2,
  };
}

function below(width, channels, kernel, colourful) {
  const side = (width - TAG - 3 * MARK) / (3 + TILES.normal);
  const rows = rowsFrom(TAG, CAPTION, side, channels, kernel, TILES.normal);
  const y = 2 * CAPTION + (side + ROW_SPACE) * channels;
  const share = (width - BEFORE) / 2;
  const picture = colourful ? { x: 0, y, width: Math.min(share, 200), height: Math.min(share, 200) } : null;
  const box = { x: share + BEFORE, y, width: share, height: share };
  const stack = { x: 0, y: y + (picture ? picture.height : 0) + 8, width: share };
  return { narrow: true, side, rows, picture, sum: box, stack, height: Math.ceil(Math.max(y + share, stack.y + UNDER)) + 2 };
}

function rowsFrom(x, y, side, channels, kernel, share) {
  const cell = Math.min(side / kernel.rows, side / kernel.columns, MOST_CELL);
  const [wide, tall] = [cell * kernel.columns, cell * kernel.rows];
  return Array.from({ length: channels }, (_, channel) => {
    const top = y + channel * (side + ROW_SPACE);
    const slice = { x: x + side + MARK + (side - wide) / 2, y: top + (side - tall) / 2, width: wide, height: tall, cell };
    const tiles = { x: x + 2 * (side + MARK) + ((side - wide) * share) / 2, y: slice.y, width: wide * share, height: tall };
    return {
      plane: { x, y: top, width: side, height: side },
      slice,
      tiles,
      part: { x: x + (2 + share) * side + 3 * MARK, y: top, width: side, height: side },
    };
  });
}
