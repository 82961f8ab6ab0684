// Draws the board of the channels stage: the picture, its channels, the products, the partial maps and what they make.

import { windowOf } from "./channel_arithmetic.js";
import { channelColours, CHANNELS, drawPicture } from "./channel_picture.js";
import { canvasContext } from "./elements.js";
import { drawGrid, placed, rectangle } from "./grid.js";
import { written } from "./numbers.js";
import { AMBER, css, mix, textOn } from "./palette.js";
import { factor } from "./sum_line.js";
import { Fade, Glide, ribbon } from "./tracing.js";

const SMALLEST_TILE = 8; // CSS pixels of type
const SMALLEST_ANSWER = 10; // likewise in the maps, where figures stand side by side
const UNSEEN = 0.15; // how faint a channel is that the filter does not see
const DECK = 0.13; // how far each map of a deck stands behind the one before it, in sides of the box

export class ChannelsBoard {
  constructor(canvas) {
    this.canvas = canvas;
    this.inputs = document.createElement("canvas"); // the picture and its channels, which most edits leave as they are
    this.fading = new Fade();
    this.window = new Glide();
  }

  fade(duration) {
    this.fading.begin(duration);
  }

  // scene: { width, places (channel_layout.js), content picture, planes, border, seen, parts, sum (null: kept apart),
  // target, traces, fed, ranges: { product, part, sum }, zoom, colours, font, veil, still, large }.
  // Returns true while something moves.
  paint(scene) {
    const { places, width } = scene;
    const context = canvasContext(this.canvas, width, places.height);
    context.clearRect(0, 0, width, places.height);
    this.#place(scene);
    this.#paintInputs(context, scene);
    const moving = this.#paintMaps(context, scene);
    this.#paintSigns(context, scene);
    if (scene.target?.on === "input") this.#paintFed(context, scene);
    else if (scene.target) return this.#paintTrace(context, scene) || moving;
    return moving;
  }

  #place({ places, picture, planes, border, parts, sum, target, window, zoom }) {
    const inside = window && [window.row + (window.rows >> 1), window.column + (window.columns >> 1)];
    const here = target && [target.row, target.column];
    const fresh = target?.on === "input" ? { input: here, output: here } : { input: inside, output: here };
    const held = (this.centres = zoom > 1 && target?.hover ? this.centres : fresh);
    const view = (box, map, centre, edge) => placed(box, map, { border: edge, zoom, centre });
    this.pictureView = places.picture && view(places.picture, picture, held?.input, border);
    this.planeViews = planes.map((plane, i) => view(places.rows[i].plane, plane, held?.input, border));
    const answers = (box, map) => ({ ...view(box, map, held?.output), smallest: SMALLEST_ANSWER });
    this.partViews = parts.map((part, i) => answers(places.rows[i].part, part));
    this.sumView = sum && answers(places.sum, sum);
  }

  #paintInputs(context, { width, places, picture, planes, seen, colours, font }) {
    const stamp = JSON.stringify([width, places.height, window.devicePixelRatio, this.pictureView, this.planeViews, seen, colours.ink]);
    if (this.painted !== planes || this.stamp !== stamp) {
      const inputs = canvasContext(this.inputs, width, places.height);
      inputs.clearRect(0, 0, width, places.height);
      if (this.pictureView) drawPicture(inputs, picture, this.pictureView, colours);
      planes.forEach((plane, i) => drawGrid(inputs, plane, this.planeViews[i], 1, channelColours(i, planes.length, colours), font, seen[i] ? null : () => UNSEEN));
    }
    Object.assign(this, { painted: planes, stamp });
    context.drawImage(this.inputs, 0, 0, width, places.height);
  }

  #paintMaps(context, scene) {
    const { places, seen, parts, sum, ranges, colours, font, veil } = scene;
    const shown = this.fading.towards(sum ? [...parts, sum] : parts, scene.still);
    parts.forEach((_, i) => {
      drawGrid(context, shown[i], this.partViews[i], ranges.part, colours, font, seen[i] ? veil : () => UNSEEN);
      if (seen[i] && scene.traces) paintTiles(context, scene.traces[i], places.rows[i].tiles, ranges.product, colours, font);
    });
    if (sum) drawGrid(context, shown.at(-1), this.sumView, ranges.sum, colours, font, veil);
    else this.#paintDeck(context, shown, scene);
    return this.fading.moving;
  }

  // Maps that nobody adds up: one behind the other, the first in front.
  #paintDeck(context, maps, { places, ranges, colours, font, veil }) {
    const side = places.sum.width * (1 - DECK * (maps.length - 1));
    const step = places.sum.width * DECK;
    for (let i = maps.length - 1; i >= 0; i--) {
      const box = { x: places.sum.x + i * step, y: places.sum.y + (maps.length - 1 - i) * step, width: side, height: side };
      drawGrid(context, maps[i], placed(box, maps[i]), ranges.part, colours, font, veil);
    }
  }

  #paintSigns(context, { places, planes, seen, sum, colours, font, large }) {
    const names = CHANNELS[planes.length];
    Object.assign(context, { fillStyle: colours.faint, textAlign: "center", textBaseline: "middle" });
    places.rows.forEach(({ plane, slice, tiles, part }, i) => {
      const y = plane.y + plane.height / 2;
      context.font = `600 ${large ? 20 : 15}px ${font}`;
      context.fillStyle = colours.ink;
      if (planes.length > 1) context.fillText(names[i][0], plane.x - 13, y);
      context.fillStyle = colours.faint;
      context.font = `${large ? 26 : 22}px ${font}`;
      if (!seen[i]) return;
      const between = (left, right) => (left.x + left.width + right.x) / 2;
      context.fillText("×", between(plane, slice), y);
      context.fillText("=", between(slice, tiles), y);
      context.fillText("Σ", between(tiles, part), y);
      if (sum && seen.indexOf(true) !== i) context.fillText("+", part.x + part.width + 13, y);
      if (sum && planes.length === 1) context.fillText("=", part.x + part.width + 13, y);
    });
  }

  #paintTrace(context, { places, target, traces, window, seen, still }) {
    const goal = { outRow: target.row, outColumn: target.column, ...(window ?? { row: 0, column: 0, rows: 0, columns: 0 }) };
    const moving = this.window.towards(goal, still);
    const { at } = this.window;
    const views = this.planeViews.filter((_, i) => seen[i]);
    const boxes = views.map((view) => rectangle(view, at.row, at.column, at.rows, at.columns));
    const cells = this.partViews.filter((_, i) => seen[i]).map((view) => rectangle(view, at.outRow, at.outColumn));
    const rows = places.rows.filter((_, i) => seen[i]);
    const sumCell = this.sumView && rectangle(this.sumView, at.outRow, at.outColumn);
    rows.forEach(({ slice, tiles }, i) => {
      ribbon(context, boxes[i], slice);
      ribbon(context, tiles, cells[i]);
    });
    if (sumCell) around(context, this.sumView, () => cells.forEach((cell) => ribbon(context, cell, sumCell)));
    const outlined = [...boxes, ...cells];
    if (this.pictureView) outlined.push(rectangle(this.pictureView, at.row, at.column, at.rows, at.columns));
    if (sumCell) outlined.push(sumCell);
    context.strokeStyle = AMBER;
    context.lineWidth = 2.5;
    outlined.forEach(({ x, y, width, height }) => width && context.strokeRect(x - 1, y - 1, width + 1, height + 1));
    rows.forEach(({ slice: { x, y, width, height } }) => context.strokeRect(x - 1.5, y - 1.5, width + 3, height + 3));
    const { rows: taps, columns } = traces.find(Boolean);
    const spread = taps.some((row, i) => i && row !== null && taps[i - 1] !== null && Math.abs(row - taps[i - 1]) > 1);
    if (spread && !moving) views.forEach((view) => this.#paintTaps(context, view, taps, columns));
    return moving;
  }

  #paintTaps(context, view, taps, columns) {
    context.lineWidth = 1.5;
    taps.forEach((row) => columns.forEach((column) => {
      const tap = rectangle(view, row, column);
      context.strokeRect(tap.x, tap.y, tap.width - 1, tap.height - 1);
    }));
  }

  #paintFed(context, { target, fed, seen }) {
    this.window.forget();
    context.strokeStyle = AMBER;
    context.lineWidth = 2.5;
    for (const view of [this.pictureView, ...this.planeViews].filter(Boolean)) {
      const pixel = rectangle(view, target.row, target.column);
      context.strokeRect(pixel.x - 1, pixel.y - 1, pixel.width + 1, pixel.height + 1);
    }
    context.lineWidth = 1.5;
    const views = [...this.partViews.filter((_, i) => seen[i]), this.sumView].filter(Boolean);
    for (const view of views) {
      for (const [row, column] of fed) {
        const spot = rectangle(view, row, column);
        context.fillStyle = `${AMBER}59`;
        context.fillRect(spot.x, spot.y, spot.width - 1, spot.height - 1);
        context.strokeRect(spot.x, spot.y, spot.width - 1, spot.height - 1);
      }
    }
  }
}

// Draws with what lies over the view left out: ribbons end at its edge, so that its numbers can be read.
function around(context, view, draw) {
  context.save();
  context.beginPath();
  context.rect(0, 0, context.canvas.width, context.canvas.height);
  context.rect(view.x, view.y, view.cell * view.columns, view.cell * view.rows);
  context.clip("evenodd");
  draw();
  context.restore();
}

// A slice's products as tiles: lit by the product, with its factors where there is room for them.
function paintTiles(context, { weights, pixels, products, columns }, box, range, colours, font) {
  const [across, down] = [columns.length, products.length / columns.length];
  const [wide, tall] = [box.width / across, box.height / down];
  const factors = Array.from(weights, (weight, i) => `${written(weight)}×${factor(pixels[i])}`);
  const results = Array.from(products, (product) => written(product));
  const sizeOf = (texts) => Math.min(tall * 0.44, 22, (wide * 0.92) / (0.6 * Math.max(...texts.map((text) => text.length))));
  const texts = sizeOf(factors) >= SMALLEST_TILE ? factors : results;
  const size = sizeOf(texts);
  Object.assign(context, { font: `${size}px ${font}`, textAlign: "center", textBaseline: "middle" });
  products.forEach((product, i) => {
    const [x, y] = [box.x + (i % across) * wide, box.y + Math.floor(i / across) * tall];
    const lit = mix(product, range, colours);
    context.fillStyle = css(lit);
    context.fillRect(x, y, wide - 1, tall - 1);
    context.fillStyle = product === 0 ? colours.faint : textOn(lit);
    if (size >= SMALLEST_TILE) context.fillText(texts[i], x + wide / 2, y + tall / 2);
  });
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 0.5, box.height + 0.5);
}
