// A picture with channels as the browser holds it: { key, rows, columns, channels, levels }, levels interleaved, 0 to 255.

import { css, largest } from "./palette.js";

// A channel is light: from black to its own colour, so that it is never taken for a number below zero.
const DARKNESS = [22, 24, 28];
const LIGHTS = [[246, 84, 84], [66, 205, 108], [92, 140, 255], [236, 238, 240]];
export const CHANNELS = { 1: ["Grey"], 3: ["Red", "Green", "Blue"], 4: ["Red", "Green", "Blue", "Light"] };

// The channels as maps from 0 to 1; brightness, the mean of the three, is a fourth one where a layer wants it.
export function planesOf({ rows, columns, channels, levels }, withBrightness) {
  const planes = Array.from({ length: channels }, (_, channel) => ({ rows, columns, values: Float64Array.from({ length: rows * columns }, (_, at) => levels[at * channels + channel] / 255) }));
  if (withBrightness && channels === 3) planes.push({ rows, columns, values: planes[0].values.map((red, at) => Math.round(((red + planes[1].values[at] + planes[2].values[at]) * 255) / 3) / 255) });
  return planes;
}

export const channelColours = (channel, channels, colours) => ({ ...colours, zero: DARKNESS, positive: LIGHTS[channels === 1 ? 3 : channel], faint: "#8B939B" });

// The colour of cell `at` of a picture.
export const cellColour = ({ channels, levels }) => (at) => {
  const first = at * channels;
  return channels === 1 ? css([levels[first], levels[first], levels[first]]) : css([levels[first], levels[first + 1], levels[first + 2]]);
};

export function drawPicture(context, picture, view, colours) {
  const colour = cellColour(picture);
  const inset = view.cell > 7 ? 1 : 0;
  context.fillStyle = colours.ring;
  context.fillRect(view.x, view.y, view.cell * view.columns, view.cell * view.rows);
  for (let i = 0; i < view.rows; i++) {
    for (let j = 0; j < view.columns; j++) {
      const [row, column] = [i + view.top, j + view.left];
      if (row < 0 || row >= picture.rows || column < 0 || column >= picture.columns) continue;
      context.fillStyle = colour(row * picture.columns + column);
      context.fillRect(view.x + j * view.cell, view.y + i * view.cell, view.cell - inset + (inset ? 0 : 0.4), view.cell - inset + (inset ? 0 : 0.4));
    }
  }
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.strokeRect(view.x - 0.5, view.y - 0.5, view.cell * view.columns + 0.5, view.cell * view.rows + 0.5);
}

// A filter as a picture of what it likes: grey is 0, each slice pulls its own light up or down.
export function filterTint({ slices }) {
  const most = Math.max(...slices.map(({ values }) => largest(values)));
  const level = (slice, at) => Math.round(127.5 * (1 + (most ? slice.values[at] / most : 0)));
  return (at) => css([0, 1, 2].map((channel) => level(slices[Math.min(channel, slices.length - 1)], at)));
}


// Maps that are kept apart as one picture: each is the light of its channel.
export function mapsTint(maps) {
  const most = Math.max(...maps.map(({ values }) => largest(values)));
  return (at) => css([0, 1, 2].map((channel) => Math.round((255 * Math.abs(maps[Math.min(channel, maps.length - 1)].values[at])) / (most || 1))));
}
