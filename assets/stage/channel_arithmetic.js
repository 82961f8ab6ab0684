// The browser's half of core/ops/layers.py: filters with a slice for each channel, and how the slices' maps come together.
//
// Settings are those of arithmetic.js and { kind, groups }: "summed", "apart", "grouped" or "transposed".
// A filter is { slices: [{ rows, columns, values }, …], bias }.

import { activate, convolve, outputsFedBy, traceOutput } from "./arithmetic.js";

const bare = (settings) => ({ ...settings, activation: "none" });

// Whether filter number `index` of `count` has a slice for this channel that counts.
export function sees(index, count, channel, channels, { kind, groups }) {
  return kind !== "grouped" || Math.floor((index * groups) / count) === Math.floor((channel * groups) / channels);
}

// [cells cut off before, cells that stay] of a transposed convolution along one axis.
export function trimmed(size, kernel, { stride, padding, dilation }) {
  const reach = dilation * (kernel - 1) + 1;
  const beyond = Math.max(reach - stride, 0);
  if (padding === "same") return [Math.floor(beyond / 2), stride * size];
  if (padding === "valid") return [0, stride * size + beyond];
  return [padding, Math.max(stride * (size - 1) + reach - 2 * padding, 0)];
}

// Every pixel stamps the slice, times its own value; the stamps add up.
export function stamped(plane, slice, settings) {
  const [top, rows] = trimmed(plane.rows, slice.rows, settings);
  const [left, columns] = trimmed(plane.columns, slice.columns, settings);
  const values = new Float64Array(rows * columns);
  plane.values.forEach((pixel, at) => {
    const [y, x] = [Math.floor(at / plane.columns) * settings.stride - top, (at % plane.columns) * settings.stride - left];
    for (let i = 0; i < slice.rows; i++) {
      const row = y + i * settings.dilation;
      if (row < 0 || row >= rows) continue;
      for (let j = 0; j < slice.columns; j++) {
        const column = x + j * settings.dilation;
        if (column >= 0 && column < columns) values[row * columns + column] += pixel * slice.values[i * slice.columns + j];
      }
    }
  });
  return { rows, columns, values };
}

// What one slice adds to the map, before bias and activation.
export const sliceMap = (plane, slice, settings) => (settings.kind === "transposed" ? stamped(plane, slice, settings) : convolve(plane, slice, bare(settings), 0));

// { parts, maps }: what each slice adds (null where the filter does not see the channel), and what the filter gives:
// one map, or one for each channel where they are kept apart.
export function filterMaps(planes, { slices, bias }, index, count, settings) {
  const parts = planes.map((plane, channel) => (sees(index, count, channel, planes.length, settings) ? sliceMap(plane, slices[channel], settings) : null));
  const finished = (sum) => activate(sum + bias, settings.activation);
  if (settings.kind === "apart") return { parts, maps: parts.map((part) => ({ ...part, values: part.values.map(finished) })) };
  const seen = parts.filter(Boolean);
  const { rows, columns } = seen[0];
  const values = new Float64Array(rows * columns);
  for (let at = 0; at < values.length; at++) {
    let sum = 0;
    for (const part of seen) sum += part.values[at];
    values[at] = finished(sum);
  }
  return { parts, maps: [{ rows, columns, values }] };
}

// What one slice puts into one cell: as traceOutput. Of a transposed convolution rows and columns hold null where no
// pixel's stamp lies that way; such a place counts as 0.
export function traceSlice(plane, slice, settings, row, column) {
  if (settings.kind !== "transposed") return traceOutput(plane, slice, bare(settings), 0, row, column);
  const along = (place, size, kernel) => {
    const [cut] = trimmed(size, kernel, settings);
    return Array.from({ length: kernel }, (_, i) => {
      const pixel = (place + cut - i * settings.dilation) / settings.stride;
      return Number.isInteger(pixel) && pixel >= 0 && pixel < size ? pixel : null;
    });
  };
  const rows = along(row, plane.rows, slice.rows);
  const columns = along(column, plane.columns, slice.columns);
  const pixels = Float64Array.from(rows.flatMap((y) => columns.map((x) => (y === null || x === null ? 0 : plane.values[y * plane.columns + x]))));
  const products = pixels.map((pixel, at) => pixel * slice.values[at]);
  return { rows, columns, pixels, weights: slice.values, products, sum: products.reduce((total, product) => total + product, 0) };
}

// The cells that one pixel goes into, as [row, column] pairs.
export function fedBy(plane, slice, settings, row, column) {
  if (settings.kind !== "transposed") return outputsFedBy(plane, slice, settings, row, column);
  const along = (place, size, kernel) => {
    const [cut, cells] = trimmed(size, kernel, settings);
    return Array.from({ length: kernel }, (_, i) => place * settings.stride + i * settings.dilation - cut).filter((cell) => cell >= 0 && cell < cells);
  };
  const columns = along(column, plane.columns, slice.columns);
  return along(row, plane.rows, slice.rows).flatMap((r) => columns.map((c) => [r, c]));
}

// The pixels that a trace looks at as one box { row, column, rows, columns }; null where there are none.
export function windowOf({ rows, columns }) {
  const [down, across] = [rows, columns].map((places) => places.filter((place) => place !== null));
  if (!down.length || !across.length) return null;
  const [top, left] = [Math.min(...down), Math.min(...across)];
  return { row: top, column: left, rows: Math.max(...down) - top + 1, columns: Math.max(...across) - left + 1 };
}
