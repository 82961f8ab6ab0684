// Colour follows value: nothing is tinted, positive goes to the lit colour, negative to its opposite.

const LIT = { "red-blue": [[229, 72, 77], [62, 99, 221]], "orange-blue": [[213, 94, 0], [0, 114, 178]] };
export const AMBER = "#FFB224";

export function isDark(element) {
  const channels = (getComputedStyle(element).getPropertyValue("--st-background-color").match(/\w\w/g) || ["ff"]).map((x) => parseInt(x, 16));
  return channels[0] < 128;
}

export function palette(name, dark) {
  const [positive, negative] = LIT[name];
  return {
    positive,
    negative,
    zero: dark ? [29, 33, 37] : [255, 255, 255],
    ink: dark ? "#ECEEF0" : "#1B1F24",
    line: dark ? "#2C3136" : "#E3E5E8",
    faint: dark ? "#8B939B" : "#6B737B",
    ring: dark ? "#181B1F" : "#F3F3F1",
    paper: dark ? "#14171A" : "#FCFCFB",
  };
}

export function mix(value, range, colours) {
  const share = range > 0 ? Math.min(Math.abs(value) / range, 1) : 0;
  const end = value < 0 ? colours.negative : colours.positive;
  return colours.zero.map((from, i) => Math.round(from + (end[i] - from) * share));
}

export const css = ([r, g, b]) => `rgb(${r} ${g} ${b})`;

// Relative luminance as in WCAG 2, to choose dark or light figures on a cell.
function luminance(colour) {
  const [r, g, b] = colour.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export const textOn = (colour) => (luminance(colour) > 0.3 ? "#1B1F24" : "#FFFFFF");

export function largest(values) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
