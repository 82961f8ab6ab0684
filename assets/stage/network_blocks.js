// A network drawn to scale: a block is as tall and as deep as its maps have rows and columns, and as long as there are
// maps. What a cell sees is marked on every block before it.

import { canvasContext } from "./elements.js";
import { AMBER } from "./palette.js";
import { blockWords, shapeWords } from "./network_words.js";

const SLANT = 0.42; // of a side, seen from aside
const AIR = 16; // between blocks
const LITTLE_AIR = 4; // in a small drawing
const THINNEST = 2; // CSS pixels a block is long
const LONGEST_BLOCK = 150;
const THIN_BLOCK = 14; // the longest block is never thinner
const BAR = 9; // width of a list of numbers
const FAULT_RED = "#E5484D";
const NAME_GAP = 6; // CSS pixels between two blocks' names

// The blocks to draw: { places, shape, kind: "picture" | "maps" | "list" | "fault", title, times, input, … }. Layers that
// keep the shape (norms, activations, dropout) belong to the block before them; equal residual blocks are one.
export function blocksOf(network, { rows, fault }) {
  const blocks = [{ places: [-1], shape: network.input_shape, kind: "picture", title: "picture", words: "picture", followers: [], times: 1, parameters: 0, multiplyAdds: 0 }];
  rows.forEach((row, place) => {
    const last = blocks.at(-1);
    const words = blockWords(row.layer);
    const again = row.layer.kind === "Residual" && last.layer?.kind === "Residual" && String(row.output) === String(last.shape) && row.layer.bottleneck === last.layer.bottleneck;
    if (words && !again) {
      blocks.push({ places: [], shape: row.output, kind: row.output.length === 3 ? "maps" : "list", layer: row.layer, words, input: row.input, followers: [], times: 0, parameters: 0, multiplyAdds: 0 });
    }
    const block = blocks.at(-1);
    block.places.push(place);
    block.parameters += row.parameters;
    block.multiplyAdds += row.multiplyAdds;
    if (words) block.times += 1;
    else block.followers.push(row.layer.kind);
  });
  if (fault) blocks.push({ places: [fault.place], shape: [], kind: "fault", words: "does not fit", times: 1 });
  return blocks;
}

// Where each block stands: the blocks with x, y (top left of its long side), long, tall, slant, slot. type: how captions
// are set; null for a small drawing without any.
export function placeBlocks(blocks, width, height, type) {
  const maps = blocks.filter(({ kind }) => kind === "picture" || kind === "maps");
  const tallest = Math.max(...maps.map(({ shape }) => shape[0] + SLANT * shape[1]));
  const most = Math.max(...maps.map(({ shape }) => shape[2]));
  const lines = type ? captionLines(blocks, width, type) : 0;
  const room = height - lines * (type?.line ?? 0) - 6;
  const placed = fitting(blocks, width, room / tallest, most, type, lines);
  const middle = room / 2 + 3;
  const spare = Math.max(width - placed.total, 0);
  const wider = type ? Math.min(spare / blocks.length, 30) : spare / blocks.length;
  let x = (spare - wider * blocks.length) / 2;
  const found = blocks.map((block, i) => {
    const { long, tall, slant, slot } = placed.slots[i];
    const at = { ...block, long, tall, slant, slot: slot + wider, x: x + Math.max((slot + wider - long - slant) / 2, 0), y: middle - tall / 2 + slant / 2, left: x };
    x += slot + wider;
    return at;
  });
  return { blocks: found, base: room + 6, lines, middle };
}

// As tall as there is room; then as long as there is room; smaller only where even thin blocks do not fit.
function fitting(blocks, width, tallestScale, most, type, lines) {
  let placed = null;
  for (let scale = tallestScale; scale > tallestScale / 12; scale *= 0.94) {
    const start = Math.min(type ? LONGEST_BLOCK : width / 4, most * scale);
    for (let longest = start; longest >= Math.min(THIN_BLOCK, start); longest *= 0.8) {
      placed = spread(blocks, scale, longest / most, type, lines);
      if (placed.total <= width) return placed;
    }
  }
  return placed;
}

function captionLines(blocks, width, type) {
  const needed = blocks.reduce((sum, block) => sum + captionWidth(block, type), 0);
  return Math.min(Math.ceil(needed / width), 3) + 1;
}

const captionWidth = (block, type) => type.measure(shapeWords(block.shape)) + 12;

function spread(blocks, scale, each, type, lines) {
  const air = type ? AIR : LITTLE_AIR;
  const slots = blocks.map((block) => {
    const list = block.kind === "list" || block.kind === "fault";
    const long = list ? (type ? BAR : BAR / 3) : Math.max(block.shape[2] * each, type ? THINNEST : 1);
    const tall = list ? barHeight(block.shape[0] ?? 1) * (type ? 1 : 0.3) : block.shape[0] * scale;
    const slant = list ? 0 : SLANT * scale * block.shape[1];
    const caption = type ? captionWidth(block, type) / Math.max(lines - 1, 1) : 0;
    return { long, tall, slant, slot: Math.max(long + slant + air, caption) };
  });
  return { slots, total: slots.reduce((sum, { slot }) => sum + slot, 0) };
}

// Lists are no maps and not to scale: twice the numbers, a little taller.
const barHeight = (numbers) => 10 + 10 * Math.log2(Math.max(numbers, 1));

// The point of a map, down and across from 0 to 1, on the side of a block that is turned to us.
const onSide = ({ x, y, long, tall, slant }, down, across) => [x + long + slant * across, y + tall * down - slant * across];

// { block, cell: [row, column] or null } under a point; null beside all blocks.
export function blockAt(placed, px, py) {
  for (const block of [...placed.blocks].reverse()) {
    if (block.kind === "fault") continue;
    const { x, y, long, tall, slant, shape } = block;
    const across = slant ? (px - x - long) / slant : 0;
    const down = (py - y + slant * across) / tall;
    if (slant && across >= 0 && across < 1 && down >= 0 && down < 1) return { block, cell: [Math.floor(down * shape[0]), Math.floor(across * shape[1])] };
    if (px >= block.left && px < block.left + block.slot && py > y - slant - 8) return { block, cell: null };
  }
  return null;
}

// look: { colours, font, type, picture (a canvas) , chosen (a place), behind (as from cellsBehind), walked (index or null) }
export function paintBlocks(canvas, width, height, placed, look) {
  const context = canvasContext(canvas, width, height);
  context.clearRect(0, 0, width, height);
  const chosen = placed.blocks.findIndex(({ places, kind }) => kind !== "fault" && places.includes(look.chosen));
  placed.blocks.forEach((block, i) => {
    context.globalAlpha = veil(i, look);
    if (block.kind === "fault") paintFault(context, block, placed.middle);
    else if (block.kind === "list") paintBar(context, block, i === chosen, look.colours);
    else paintBlock(context, block, i === chosen, look);
    if (look.type) paintShape(context, block, i, placed, look, i === chosen, width);
  });
  context.globalAlpha = 1;
  if (look.type) paintNames(context, placed, look, chosen, width);
  if (look.behind) paintSight(context, placed.blocks.slice(0, chosen + 1), look.behind, look.chosen);
}

// How much is seen of what a walk has not come to yet.
const veil = (i, { walked }) => (walked !== null && walked !== undefined && i > walked ? 0.16 : 1);

function polygon(context, points) {
  context.beginPath();
  points.forEach(([px, py]) => context.lineTo(px, py));
  context.closePath();
}

function paintBlock(context, block, chosen, { colours, picture }) {
  const { x, y, long, tall, slant } = block;
  const faces = [
    [[x, y], [x + long, y], [x + long, y + tall], [x, y + tall]],
    [[x, y], [x + slant, y - slant], [x + long + slant, y - slant], [x + long, y]],
    [onSide(block, 0, 0), onSide(block, 0, 1), onSide(block, 1, 1), onSide(block, 1, 0)],
  ];
  const shades = [colours.line, colours.ring, colours.paper];
  faces.forEach((face, i) => {
    polygon(context, face);
    context.fillStyle = shades[i];
    context.fill();
    if (i === 2 && block.kind === "picture" && picture) paintOnSide(context, block, picture);
    polygon(context, face);
    context.strokeStyle = chosen ? AMBER : colours.faint;
    context.lineWidth = chosen ? 2 : 0.8;
    context.stroke();
  });
}

function paintOnSide(context, { x, y, long, tall, slant }, picture) {
  context.save();
  context.transform(slant / picture.width, -slant / picture.width, 0, tall / picture.height, x + long, y);
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, 0, 0);
  context.restore();
}

function paintBar(context, { x, y, long, tall }, chosen, colours) {
  context.fillStyle = colours.ring;
  context.fillRect(x, y, long, tall);
  context.strokeStyle = chosen ? AMBER : colours.faint;
  context.lineWidth = chosen ? 2 : 0.8;
  context.strokeRect(x, y, long, tall);
}

function paintFault(context, { x }, middle) {
  context.strokeStyle = FAULT_RED;
  context.lineWidth = 3;
  for (const by of [-1, 1]) {
    context.beginPath();
    context.moveTo(x - 5, middle - 10 * by);
    context.lineTo(x + 15, middle + 10 * by);
    context.stroke();
  }
}

const shapeRows = (lines) => Math.max(lines - 1, 1);

// Where a text of the canvas's font starts that stands under the middle of a block, but within the drawing.
function textStart(context, text, { left, slot }, width) {
  const wide = context.measureText(text).width;
  return { wide, start: Math.max(Math.min(left + slot / 2 - wide / 2, width - wide), 0) };
}

function paintShape(context, block, i, { base, lines }, { colours, type }, chosen, width) {
  if (block.kind === "fault") return;
  Object.assign(context, { textAlign: "left", textBaseline: "top", fillStyle: colours.ink, font: `${chosen ? 600 : 400} ${type.size}px ${type.mono}` });
  const text = shapeWords(block.shape);
  context.fillText(text, textStart(context, text, block, width).start, base + (i % shapeRows(lines)) * type.line);
}

// What the blocks are, in one line: the chosen one's name first, then each that does not touch another.
function paintNames(context, { blocks, base, lines }, look, chosen, width) {
  const { colours, type } = look;
  Object.assign(context, { textAlign: "left", textBaseline: "top", font: `${type.size}px ${type.sans}` });
  const taken = [];
  const order = [...blocks.keys()].sort((one, other) => (other === chosen) - (one === chosen) || (blocks[other].kind === "fault") - (blocks[one].kind === "fault"));
  for (const i of order) {
    const block = blocks[i];
    const words = block.times > 1 ? `${block.words} ×${block.times}` : block.words;
    const { start, wide } = textStart(context, words, block, width);
    if (taken.some(([from, to]) => start < to + NAME_GAP && start + wide > from - NAME_GAP)) continue;
    taken.push([start, start + wide]);
    context.fillStyle = block.kind === "fault" ? FAULT_RED : i === chosen ? colours.ink : colours.faint;
    context.globalAlpha = veil(i, look);
    context.fillText(words, start, base + shapeRows(lines) * type.line);
  }
  context.globalAlpha = 1;
}

// On each block the cells that the chosen one depends on, and the lines between them.
function paintSight(context, blocks, behind, chosen) {
  let before = null;
  for (const block of blocks) {
    if (block.kind === "list") continue;
    const place = Math.min(block.places.at(-1), chosen);
    const [rows, columns] = behind[place + 1];
    if (!rows.length) continue;
    const [down, across] = [[rows[0] / block.shape[0], (rows.at(-1) + 1) / block.shape[0]], [columns[0] / block.shape[1], (columns.at(-1) + 1) / block.shape[1]]];
    const corners = [[0, 0], [0, 1], [1, 1], [1, 0]].map(([r, c]) => onSide(block, down[r], across[c]));
    if (before) {
      context.strokeStyle = AMBER;
      context.globalAlpha = 0.55;
      context.lineWidth = 1;
      corners.forEach((corner, i) => {
        context.beginPath();
        context.moveTo(...before[i]);
        context.lineTo(...corner);
        context.stroke();
      });
    }
    context.globalAlpha = 0.5;
    polygon(context, corners);
    context.fillStyle = AMBER;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = AMBER;
    context.lineWidth = 1.5;
    context.stroke();
    before = corners;
  }
}
