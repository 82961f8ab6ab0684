// The pictures that Python offers, as a Chooser takes them, and the one chosen, as a stage keeps it.

import { lit, unpacked } from "./grid.js";

export const pictureOptions = (digits) => digits.map(({ key, title, ...picture }) => ({ key, title, map: lit({ ...picture, levels: unpacked(picture.levels) }) }));

export const chosenPicture = ({ key, map }) => ({ key, rows: map.rows, columns: map.columns, levels: Array.from(map.values, (value) => Math.round(value * 255)) });
