// The browser's half of core/ops: same rules, so that an edit repaints within one frame.
// tests/browser/test_arithmetic.py holds the two against each other.
//
// A map is { rows, columns, values } with values row by row.
// Settings are { stride, padding ("valid", "same" or a number), dilation, flip, activation }.

export function border(size, kernel, { stride, padding, dilation }) {
  const reach = dilation * (kernel - 1) + 1;
  if (padding === "valid") return [0, 0];
  if (padding === "same") {
    const total = Math.max((Math.ceil(size / stride) - 1) * stride + reach - size, 0);
    const before = Math.floor(total / 2);
    return [before, total - before];
  }
  return [padding, padding];
}

export function outputSize(size, kernel, settings) {
  const [before, after] = border(size, kernel, settings);
  const reach = settings.dilation * (kernel - 1) + 1;
  return Math.max(Math.floor((size + before + after - reach) / settings.stride) + 1, 0);
}

export function outputShape(image, kernel, settings) {
  return [outputSize(image.rows, kernel.rows, settings), outputSize(image.columns, kernel.columns, settings)];
}

export function activate(value, activation) {
  if (activation === "relu") return Math.max(value, 0);
  return activation === "abs" ? Math.abs(value) : value;
}

// The kernel as it is laid on the picture: turned by 180° for the mathematicians' convolution.
export function laid(kernel, settings) {
  return settings.flip ? { ...kernel, values: Float64Array.from(kernel.values).reverse() } : kernel;
}

export function convolve(image, kernel, settings, bias) {
  const [rows, columns] = outputShape(image, kernel, settings);
  const [top] = border(image.rows, kernel.rows, settings);
  const [left] = border(image.columns, kernel.columns, settings);
  const weights = laid(kernel, settings).values;
  const { stride, dilation } = settings;
  const before = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let sum = 0;
      for (let i = 0; i < kernel.rows; i++) {
        const y = r * stride + i * dilation - top;
        if (y < 0 || y >= image.rows) continue;
        for (let j = 0; j < kernel.columns; j++) {
          const x = c * stride + j * dilation - left;
          if (x >= 0 && x < image.columns) sum += weights[i * kernel.columns + j] * image.values[y * image.columns + x];
        }
      }
      before[r * columns + c] = sum + bias;
    }
  }
  const after = before.map((value) => activate(value, settings.activation));
  return { rows, columns, before, values: after };
}

// What one output cell is made of: window rows and columns in the picture's own coordinates (outside it: padding, 0).
export function traceOutput(image, kernel, settings, bias, row, column) {
  const [top] = border(image.rows, kernel.rows, settings);
  const [left] = border(image.columns, kernel.columns, settings);
  const weights = laid(kernel, settings).values;
  const rows = Array.from({ length: kernel.rows }, (_, i) => row * settings.stride + i * settings.dilation - top);
  const columns = Array.from({ length: kernel.columns }, (_, j) => column * settings.stride + j * settings.dilation - left);
  const pixels = new Float64Array(weights.length);
  rows.forEach((y, i) => columns.forEach((x, j) => {
    const inside = y >= 0 && y < image.rows && x >= 0 && x < image.columns;
    pixels[i * kernel.columns + j] = inside ? image.values[y * image.columns + x] : 0;
  }));
  const products = pixels.map((pixel, i) => pixel * weights[i]);
  const sum = products.reduce((total, product) => total + product, 0);
  return { rows, columns, pixels, weights, products, sum, before: sum + bias, after: activate(sum + bias, settings.activation) };
}

// The output cells whose window holds one input cell, as [row, column] pairs.
export function outputsFedBy(image, kernel, settings, row, column) {
  const along = (position, size, kernelSize) => {
    const [before] = border(size, kernelSize, settings);
    const places = [];
    for (let i = 0; i < kernelSize; i++) {
      const place = (position + before - i * settings.dilation) / settings.stride;
      if (Number.isInteger(place) && place >= 0 && place < outputSize(size, kernelSize, settings)) places.push(place);
    }
    return places.reverse();
  };
  const columns = along(column, image.columns, kernel.columns);
  return along(row, image.rows, kernel.rows).flatMap((r) => columns.map((c) => [r, c]));
}
