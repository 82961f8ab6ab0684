// The browser's half of core/nets and core/ops/receptive_field.py: shapes, parameters, fields and multiply-adds, so that
// an edit shows at once. tests/browser/test_architecture_arithmetic.py holds the two against each other.
//
// A network is { name, input_shape: [rows, columns, channels], layers: [{ kind, …settings }] }.

import { border, outputSize } from "./arithmetic.js";

const axisSettings = (stride, padding) => ({ stride, padding, dilation: 1 });
const numbersIn = (shape) => shape.reduce((product, n) => product * n, 1);
export const withCommas = (number) => number.toLocaleString("en-US");

class NetworkFault extends Error {}

// --- windows and fields along one axis ---

function windowOn(size, [kernel, stride, padding]) {
  const [before, after] = border(size, kernel, axisSettings(stride, padding));
  if (stride > before + size + after) throw new NetworkFault("A stride must fit inside the padded picture: this one jumps over all of it.");
  return { kernel, stride, before, size };
}

function sizeThrough(size, chain) {
  const windows = [];
  for (const link of chain) {
    windows.push(windowOn(size, link));
    size = outputSize(size, link[0], axisSettings(link[1], link[2]));
  }
  return [size, windows];
}

const wholeOf = (size) => [[{ kernel: size, stride: 1, before: 0, size }]];

const fieldAfter = (field, window) => ({
  size: field.size + (window.kernel - 1) * field.step,
  step: field.step * window.stride,
  start: field.start - window.before * field.step,
});

function fieldThrough(field, paths) {
  const ends = paths.map((path) => path.reduce(fieldAfter, field));
  const start = Math.min(...ends.map((end) => end.start));
  return { size: Math.max(...ends.map((end) => end.start + end.size)) - start, step: ends[0].step, start };
}

function cellsBefore(cells, paths) {
  const found = new Set();
  for (const path of paths) {
    let wanted = cells;
    for (const window of [...path].reverse()) {
      const seen = new Set();
      for (const cell of wanted)
        for (let i = 0; i < window.kernel; i++) {
          const at = cell * window.stride - window.before + i;
          if (at >= 0 && at < window.size) seen.add(at);
        }
      wanted = seen;
    }
    wanted.forEach((cell) => found.add(cell));
  }
  return found;
}

// --- layers ---

const NEEDS_MAPS = new Set(["Conv2D", "MaxPool2D", "AveragePool2D", "Residual", "GlobalAveragePool", "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomBrightness"]);

const chainOf = (layer) => {
  if (layer.kind === "Conv2D") return [layer.kernel, layer.stride, layer.padding];
  return [layer.size, layer.stride ?? layer.size, layer.padding];
};

// The sum of one number over all rows of a reading.
export const totalOf = (rows, name) => rows.reduce((total, row) => total + row[name], 0);

export const channelsOf = (layer) => (layer.bottleneck ? 4 * layer.filters : layer.filters);

// [filters, kernel, stride] of the convolutions on the long way of a residual block.
function longWay(layer) {
  if (layer.bottleneck) return [[layer.filters, 1, layer.stride], [layer.filters, 3, 1], [channelsOf(layer), 1, 1]];
  return [[layer.filters, 3, layer.stride], [layer.filters, 3, 1]];
}

function mapSize(shape, chain) {
  const [kernel, , padding] = chain;
  const zeros = typeof padding === "number" ? 2 * padding : 0;
  if (padding !== "same" && kernel > Math.min(shape[0], shape[1]) + zeros)
    throw new NetworkFault(`Nothing would be left: a ${kernel}×${kernel} window does not fit on maps of ${shape[0]}×${shape[1]}.`);
  return [sizeThrough(shape[0], [chain])[0], sizeThrough(shape[1], [chain])[0]];
}

function outputOf(layer, shape, title) {
  if (NEEDS_MAPS.has(layer.kind) && shape.length !== 3)
    throw new NetworkFault(`${title} works on maps, and here only a flat list of numbers is left: it belongs before the Flatten.`);
  if (layer.kind === "Conv2D") return [...mapSize(shape, chainOf(layer)), layer.filters];
  if (layer.kind === "MaxPool2D" || layer.kind === "AveragePool2D") return [...mapSize(shape, chainOf(layer)), shape[2]];
  if (layer.kind === "Residual") return [...mapSize(shape, [1, layer.stride, "same"]), channelsOf(layer)];
  if (layer.kind === "Flatten") return [numbersIn(shape)];
  if (layer.kind === "GlobalAveragePool") return [shape[2]];
  if (layer.kind !== "Dense") return shape;
  if (shape.length !== 1)
    throw new NetworkFault("Dense takes a flat list of numbers, and here there are still maps: put a Flatten or a Global average pool before it.");
  return [layer.units];
}

// All convolutions of a residual block with the shape that comes in, the short way's last.
function convolutionsOf(layer, shape) {
  let maps = shape;
  const found = longWay(layer).map(([filters, kernel, stride]) => {
    const link = { filters, kernel, stride, shape: maps };
    maps = [...mapSize(maps, [kernel, stride, "same"]), filters];
    return { ...link, output: maps };
  });
  const changed = layer.stride > 1 || shape[2] !== channelsOf(layer);
  if (changed) found.push({ filters: channelsOf(layer), kernel: 1, stride: layer.stride, shape, output: [maps[0], maps[1], channelsOf(layer)] });
  return found;
}

const convolutionPart = (kernel, channels, filters, bias) => {
  const weights = `${kernel}·${kernel}·${channels}`;
  return { text: `${bias ? `(${weights} + 1)` : weights}·${filters}`, learnt: (kernel * kernel * channels + (bias ? 1 : 0)) * filters, frozen: 0 };
};

const normPart = (channels) => ({ text: `4·${channels}`, learnt: 2 * channels, frozen: 2 * channels });

function partsOf(layer, shape) {
  if (layer.kind === "Conv2D") return [convolutionPart(layer.kernel, shape[2], layer.filters, layer.bias)];
  if (layer.kind === "BatchNorm") return [normPart(shape.at(-1))];
  if (layer.kind === "Dense") {
    const inside = layer.bias ? `(${withCommas(shape[0])} + 1)` : withCommas(shape[0]);
    return [{ text: `${inside}·${layer.units}`, learnt: (shape[0] + (layer.bias ? 1 : 0)) * layer.units, frozen: 0 }];
  }
  if (layer.kind !== "Residual") return [];
  return convolutionsOf(layer, shape).flatMap((c) => [convolutionPart(c.kernel, c.shape[2], c.filters, layer.conv_bias), normPart(c.filters)]);
}

function multiplyAddsOf(layer, shape, output) {
  if (layer.kind === "Conv2D") return numbersIn(output) * layer.kernel ** 2 * shape[2];
  if (layer.kind === "Dense") return shape[0] * layer.units;
  if (layer.kind !== "Residual") return 0;
  return convolutionsOf(layer, shape).reduce((sum, c) => sum + numbersIn(c.output) * c.kernel ** 2 * c.shape[2], 0);
}

function pathsOf(layer, shape, cells) {
  if (layer.kind === "Dense") return cells.map(wholeOf);
  if (layer.kind === "GlobalAveragePool") return [wholeOf(shape[0]), wholeOf(shape[1])];
  let chains = [[]];
  if (layer.kind === "Residual") chains = [longWay(layer).map(([, kernel, stride]) => [kernel, stride, "same"]), layer.stride > 1 ? [[1, layer.stride, "same"]] : []];
  else if (["Conv2D", "MaxPool2D", "AveragePool2D"].includes(layer.kind)) chains = [[chainOf(layer)]];
  return [0, 1].map((axis) => chains.map((chain) => (chain.length ? sizeThrough(shape[axis], chain)[1] : [])));
}

// --- the network ---

export function layerNames(layers) {
  const seen = {};
  return layers.map(({ kind }) => {
    const name = kind.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
    seen[name] = (seen[name] ?? 0) + 1;
    return `${name}_${seen[name]}`;
  });
}

// { rows, fault }: a row for each layer up to the first that cannot work on what comes in, and { place, message } there.
export function readNetwork(network, titles) {
  const names = layerNames(network.layers);
  const rows = [];
  let shape = network.input_shape;
  let cells = shape.slice(0, 2);
  let fields = [0, 1].map(() => ({ size: 1, step: 1, start: 0 }));
  for (const [place, layer] of network.layers.entries()) {
    let output, paths;
    try {
      output = outputOf(layer, shape, titles[layer.kind]);
      paths = pathsOf(layer, shape, cells);
    } catch (fault) {
      if (!(fault instanceof NetworkFault)) throw fault;
      return { rows, fault: { place, message: fault.message } };
    }
    fields = fields.map((field, axis) => fieldThrough(field, paths[axis]));
    const parts = partsOf(layer, shape);
    const learnt = parts.reduce((sum, part) => sum + part.learnt, 0);
    const parameters = learnt + parts.reduce((sum, part) => sum + part.frozen, 0);
    if (output.length === 3) cells = output.slice(0, 2);
    else if (layer.kind === "Dense" || layer.kind === "GlobalAveragePool") cells = [1, 1];
    rows.push({
      layer, name: names[place], input: shape, output, parameters, trainable: learnt, fields, paths, cells,
      formula: parts.length ? `${parts.map((part) => part.text).join(" + ")} = ${withCommas(parameters)}` : "0",
      multiplyAdds: multiplyAddsOf(layer, shape, output),
    });
    shape = output;
  }
  return { rows, fault: null };
}

// For each layer from `place` back to the picture (place -1): the cells [rows, columns], as arrays in order, that cell
// [row, column] after layer `place` depends on. Index 0 is the picture, index i + 1 what layer i puts out.
export function cellsBehind(rows, place, cell) {
  const found = Array.from({ length: place + 2 });
  let sets = cell.map((at) => new Set([at]));
  for (let at = place; at >= -1; at--) {
    const empty = sets.some((set) => set.size === 0);
    found[at + 1] = sets.map((set) => (empty ? [] : [...set].sort((a, b) => a - b)));
    if (at >= 0) sets = sets.map((set, axis) => cellsBefore(set, rows[at].paths[axis]));
  }
  return found;
}
