// Where things stand on the board: the picture left, filters in the middle, their feature maps right, one row a filter.

export const CAPTION = 26; // CSS pixels above each grid
const FRAME = 2; // the frames of the outermost grids
const SIGN = 34; // room for × and =
const ROW_GAP = 14;
const BIAS = 44; // below a filter
const NARROW = 540; // below this width the feature maps go under the picture

// Sizes in CSS pixels. shapes: the filters' { rows, columns }; large: presenter mode.
export function layout(width, height, shapes, large) {
  const most = { rows: Math.max(...shapes.map((s) => s.rows)), columns: Math.max(...shapes.map((s) => s.columns)) };
  return width < NARROW ? stacked(width, shapes, most) : sideBySide(width, height, shapes, most, large);
}

function sideBySide(width, height, shapes, most, large) {
  const rowHeight = (height - ROW_GAP * (shapes.length - 1)) / shapes.length;
  const cell = Math.min(large ? 76 : 62, (Math.min(rowHeight, 520) - CAPTION - BIAS) / most.rows, (0.3 * width) / most.columns);
  const middle = Math.max(cell * most.columns, large ? 170 : 132);
  const room = (width - 2 * FRAME - middle - 2 * SIGN) / 2;
  const picture = Math.min(room, height - CAPTION);
  const output = Math.min(room, rowHeight - CAPTION);
  const left = Math.max((width - picture - middle - output - 2 * SIGN) / 2, FRAME);
  const column = { x: left + picture + SIGN, width: middle };
  const rows = shapes.map((shape, i) => {
    const top = i * (rowHeight + ROW_GAP) + (shapes.length > 1 ? 0 : Math.max(picture - output, 0) / 2);
    const [w, h] = [cell * shape.columns, cell * shape.rows];
    const y = Math.max(top + CAPTION + (output - h - BIAS) / 2, top + CAPTION);
    return {
      kernel: { x: column.x + (middle - w) / 2, y, width: w, height: h, cell, column },
      output: { x: column.x + middle + SIGN, y: top + CAPTION, width: output, height: output },
    };
  });
  const box = { x: left, y: CAPTION, width: picture, height: picture };
  return { narrow: false, picture: box, rows, height: bottom(box, rows) };
}

function stacked(width, shapes, most) {
  const middle = Math.max(28 * most.columns, 132);
  const cell = Math.min(62, middle / most.columns);
  const side = width - middle - SIGN - 2 * FRAME;
  const column = { x: FRAME + side + SIGN, width: middle };
  const wide = shapes.length > 1 ? (width - 2 * FRAME - ROW_GAP) / 2 : side;
  let y = CAPTION;
  const kernels = shapes.map((shape) => {
    const kernel = { x: column.x, y, width: cell * shape.columns, height: cell * shape.rows, cell, column };
    y += kernel.height + BIAS + CAPTION;
    return kernel;
  });
  const top = Math.max(side + CAPTION, y - CAPTION) + CAPTION;
  const rows = kernels.map((kernel, i) => ({ kernel, output: { x: FRAME + i * (wide + ROW_GAP), y: top, width: wide, height: wide } }));
  const box = { x: FRAME, y: CAPTION, width: side, height: side };
  return { narrow: true, picture: box, rows, height: bottom(box, rows) };
}

const bottom = (picture, rows) =>
  Math.ceil(Math.max(picture.y + picture.height, ...rows.map(({ kernel, output }) => Math.max(kernel.y + kernel.height + BIAS, output.y + output.height)))) + 2;

// The tallest board that leaves room for what stands below it on the first screen.
export function boardHeight(board, below, most) {
  const scroller = board.getRootNode().host?.closest('[data-testid="stMain"]');
  const top = board.getBoundingClientRect().top + (scroller?.scrollTop ?? 0);
  return Math.max(Math.min(window.innerHeight - top - below, most), 230);
}
