// What stands above the grids of the channels board.

const BESIDE = 18; // how far a filter's name may reach beyond its column

// places: as from channelLayout. views: the painter, for where picture and map really begin.
export function channelCaptions({ picture, rows, sum, narrow }, { pictureView, sumView }, { picture: shown, map, apart, title, products }) {
  const [{ plane, slice, tiles, part }] = rows;
  const y = plane.y;
  const size = `${shown.rows}×${shown.columns}`;
  const captions = [
    { x: plane.x, y, width: plane.width, text: picture ? "Channels" : `Picture ${size}` },
    { x: slice.x + slice.width / 2 - plane.width / 2 - BESIDE, y, width: plane.width + 2 * BESIDE, text: title, middle: true },
    { x: tiles.x, y, width: tiles.width + BESIDE, text: `${products} products` },
    { x: part.x, y, width: part.width + BESIDE, text: apart ? `${rows.length} maps` : `Partial map${rows.length > 1 ? "s" : ""}` },
    { x: sum.x, y: sumView?.y ?? sum.y, width: sum.width, text: apart ? "Kept apart" : `Feature map ${map.rows}×${map.columns}` },
  ];
  if (picture) captions.push({ x: picture.x, y: pictureView.y, width: picture.width + (narrow ? 0 : BESIDE), text: `Picture ${size}×${shown.channels}` });
  return captions;
}
