// What a network's parts are called and what is said about them.

import { totalOf, withCommas } from "./network_arithmetic.js";

const ACTIVATION_WORDS = { none: "", relu: "ReLU", sigmoid: "sigmoid", softmax: "softmax" };

export const shapeWords = (shape) => (shape.length > 1 ? shape.join("×") : shape.map(withCommas).join());

// A large number in three digits: 12.3 million.
export function shortNumber(number) {
  for (const [size, word] of [[1e9, "billion"], [1e6, "million"]]) if (number >= size) return `${Number((number / size).toPrecision(3))} ${word}`;
  return withCommas(number);
}

export const percentWords = (part) => `${Number((100 * part).toPrecision(2))}%`;

const listed = (...parts) => parts.filter(Boolean).join(", ");

function paddingWords(padding) {
  if (padding === "valid") return "";
  return padding === "same" ? "padding same" : `padding ${padding}`;
}

// Its settings in a few words.
export function layerWords(layer) {
  const stride = layer.stride > 1 ? `stride ${layer.stride}` : "";
  switch (layer.kind) {
    case "Conv2D":
      return listed(`${withCommas(layer.filters)} filters ${layer.kernel}×${layer.kernel}`, stride, paddingWords(layer.padding), ACTIVATION_WORDS[layer.activation], layer.bias ? "" : "no bias");
    case "MaxPool2D":
    case "AveragePool2D":
      return listed(`${layer.size}×${layer.size}`, layer.stride !== null && layer.stride !== layer.size ? `stride ${layer.stride}` : "", paddingWords(layer.padding));
    case "Residual":
      return listed(`${withCommas(layer.filters)} filters`, layer.bottleneck ? "bottleneck" : "", stride);
    case "Dense":
      return listed(`${withCommas(layer.units)} units`, ACTIVATION_WORDS[layer.activation], layer.bias ? "" : "no bias");
    case "Activation":
      return ACTIVATION_WORDS[layer.activation] || "none";
    case "Dropout":
      return `${percentWords(layer.rate)} to 0, in training only`;
    case "Rescaling":
      return `× ${Math.abs(1 / layer.scale - Math.round(2 / layer.scale) / 2) < 1e-9 && layer.scale < 1 ? `1/${Number((1 / layer.scale).toFixed(1))}` : layer.scale}${layer.offset ? ` ${layer.offset < 0 ? "−" : "+"} ${Math.abs(layer.offset)}` : ""}`;
    case "RandomFlip":
      return `${layer.mode.replaceAll("_", " ")}, in training only`;
    case "RandomRotation":
      return `up to ±${Number((360 * layer.factor).toPrecision(3))}°, in training only`;
    case "RandomZoom":
    case "RandomTranslation":
    case "RandomBrightness":
      return `up to ±${percentWords(layer.factor)}, in training only`;
    default:
      return "";
  }
}

// The short name under a block.
export function blockWords(layer) {
  if (layer.kind === "Conv2D") return `conv ${layer.kernel}×${layer.kernel}`;
  return { MaxPool2D: "max pool", AveragePool2D: "avg pool", Residual: "residual", Flatten: "flatten", GlobalAveragePool: "average", Dense: "dense" }[layer.kind];
}

// How wide a receptive field is: one number where both ways agree.
export function fieldWords([down, across], [rows, columns]) {
  const size = `${withCommas(down.size)}×${withCommas(across.size)}`;
  const all = (field, pixels) => field.start <= 0 && field.start + field.size >= pixels;
  return all(down, rows) && all(across, columns) ? `${size} (all)` : size;
}

const rangeWords = (cells) => (cells.length === 1 ? `${cells[0]}` : `${cells[0]}–${cells.at(-1)}`);

// What a cell sees, in one sentence. seen: its rows and columns on the picture; fields: its span, padding included.
export function sightWords(row, cell, [rows, columns], fields, isList) {
  const who = isList ? `Every number of ${row.name}` : `Cell (${cell[0]}, ${cell[1]}) of ${row.name}`;
  if (!rows.length) return `${who} sees nothing but padding.`;
  if (rows.length === 1 && columns.length === 1) return `${who} sees one pixel: row ${rows[0]}, column ${columns[0]}.`;
  const many = `${rows.at(-1) - rows[0] + 1}×${columns.at(-1) - columns[0] + 1}`;
  const cut = fields.some((field, axis) => [rows, columns][axis].at(-1) - [rows, columns][axis][0] + 1 < field.size);
  const gaps = rows.length < rows.at(-1) - rows[0] + 1 || columns.length < columns.at(-1) - columns[0] + 1;
  return `${who} sees ${many} pixels: rows ${rangeWords(rows)}, columns ${rangeWords(columns)}${gaps ? ", with gaps" : ""}${cut ? `; its field of ${fields[0].size}×${fields[1].size} reaches over the edge` : ""}.`;
}

// What stands where nothing is said of a preset or a step: a network of one's own, from its rows in the reading.
export function ownWords(layers, { rows, fault }) {
  const count = `${layers.length} ${layers.length === 1 ? "layer" : "layers"}`;
  if (fault) return `Your own network: ${count}, and one does not fit.`;
  return `Your own network: ${count}, ${withCommas(totalOf(rows, "parameters"))} parameters, ${shortNumber(totalOf(rows, "multiplyAdds"))} multiply-adds a picture.`;
}

// One step of the walk: what a group of layers makes of what comes in.
export function stepWords({ title, followers, times, input, output, parameters, multiplyAdds }) {
  const cost = [parameters && `${withCommas(parameters)} parameters`, multiplyAdds && `${shortNumber(multiplyAdds)} multiply-adds`].filter(Boolean).join(", ");
  const all = [title, ...new Set(followers)].join(" + ");
  return `${all}${times > 1 ? ` × ${times}` : ""}: ${shapeWords(input)} → ${shapeWords(output)}. ${cost ? `${cost}.` : "Nothing to learn here."}`;
}
