// What stands above the grids of the channels board.

const BESIDE = 18; // how far a filter's name may reach beyond its column
const NAME = 22; // room for the name of a channel before it
const MIDDLE = 14; // from a caption's middle to what it stands on
const ALL_LIGHT = "light of all three"; // what the fourth channel is

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
  const light = picture && rows.length > shown.channels ? rows.at(-1).plane : null;
  if (picture && narrow) captions.push({ x: picture.x, y: pictureView.y, width: sum.x - BESIDE, text: `Picture ${size}×${shown.channels}${light ? `, L: ${ALL_LIGHT}` : ""}` });
  else if (picture) captions.push({ x: picture.x, y: pictureView.y, width: picture.width + BESIDE, text: `Picture ${size}×${shown.channels}` });
  if (light && !narrow) captions.push({ x: picture.x, y: light.y + light.height / 2 + MIDDLE, width: light.x - picture.x - NAME, text: ALL_LIGHT });
  return captions;
}
