// The arithmetic of the verdict board: what size, how hot, how a number is written. Nothing here touches the page.

const WIDE = 0.56; // of the type's size: what a letter takes on average
const LARGEST_TYPE = { large: 132, usual: 72 };
const SMALLEST_TYPE = { large: 40, usual: 28 };

// The size of type at which the words fill the width on one line, or on two where they are long.
export function typeSize(words, width, large) {
  const kind = large ? "large" : "usual";
  const longest = Math.max(...words.split(" ").map((word) => word.length), 1);
  const onOne = width / (WIDE * Math.max(words.length, 1));
  const onTwo = width / (WIDE * Math.max(longest, Math.ceil(words.length / 1.7)));
  const size = onOne >= SMALLEST_TYPE[kind] * 1.4 ? onOne : onTwo;
  return Math.round(Math.min(LARGEST_TYPE[kind], Math.max(SMALLEST_TYPE[kind], size)));
}

export const percent = (share) => (share <= 0.005 ? "<1%" : share >= 0.995 ? ">99%" : `${Math.round(share * 100)}%`);

// A heat of 0 to 1 as one pixel: lit red, the hotter the less the picture shows through it.
export function heatPixel(heat, lit) {
  const strength = Math.min(Math.max(heat, 0), 1);
  return [...lit, Math.round(190 * strength ** 1.2)];
}

// Base64 of bytes -> heats of 0 to 1.
export const heats = (text) => Float32Array.from(atob(text), (letter) => letter.charCodeAt(0) / 255);
