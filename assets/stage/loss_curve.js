// The loss over the steps, on a logarithmic scale: where the run is, where it has been, and how good the person's guess is.

import { AMBER } from "./palette.js";
import { significant, superscript } from "./learning_words.js";

const LOSS_FLOOR = 1e-6; // below it a loss is as good as 0: outputs that are a thousandth off

const exponent = (value) => Math.log10(Math.max(value, LOSS_FLOOR));

// Where steps and losses stand inside the box. values: all losses that are to be seen.
export function curveScale(box, steps, values, large) {
  const low = Math.floor(exponent(Math.min(...values)) + 1e-9);
  const high = Math.max(Math.ceil(exponent(Math.max(...values)) - 1e-9), low + 1);
  const left = box.x + (large ? 58 : 42);
  const bottom = box.y + box.height - (large ? 26 : 20);
  const [right, top] = [box.x + box.width - 8, box.y + 6];
  const limit = (place, a, b) => Math.min(Math.max(place, a), b);
  return {
    left, right, top, bottom, low, high, steps,
    x: (step) => left + ((right - left) * step) / steps,
    y: (loss) => limit(bottom - ((bottom - top) * (exponent(loss) - low)) / (high - low), top, bottom),
    step: (x) => limit(Math.round(((x - left) / (right - left)) * steps), 0, steps),
  };
}

function axes(context, scale, colours, font, large) {
  const { left, right, bottom, low, high } = scale;
  const size = large ? 18 : 13;
  Object.assign(context, { font: `${size}px ${font}`, fillStyle: colours.faint, strokeStyle: colours.line, lineWidth: 1, textAlign: "right", textBaseline: "middle" });
  const every = Math.max(Math.ceil(((high - low) * size * 1.5) / (bottom - scale.top)), 1);
  for (let power = low; power <= high; power++) {
    if ((high - power) % every) continue;
    const y = scale.y(10 ** power);
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(right, y);
    context.stroke();
    context.fillText(power === 0 ? "1" : power === 1 ? "10" : `10${superscript(power)}`, left - 6, y);
  }
  Object.assign(context, { textAlign: "center", textBaseline: "alphabetic" });
  const ticks = right - left > (large ? 420 : 330) ? 4 : 2;
  for (let i = 0; i <= ticks; i++) {
    const step = Math.round((scale.steps * i) / ticks);
    const text = i === ticks ? `${step} steps` : String(step);
    context.textAlign = i === ticks ? "right" : "center";
    context.fillText(text, i === ticks ? right + 6 : scale.x(step), bottom + size + 4);
  }
}

function line(context, scale, losses, from, to, style) {
  Object.assign(context, style);
  context.beginPath();
  for (let step = from; step <= Math.min(to, losses.length - 1); step++) context.lineTo(scale.x(step), scale.y(losses[step]));
  context.stroke();
}

function level(context, scale, loss, text, colours, dash) {
  const y = scale.y(loss);
  Object.assign(context, { strokeStyle: colours.ink, fillStyle: colours.ink, lineWidth: 1.5, textAlign: "right", textBaseline: y - scale.top < 24 ? "top" : "bottom" });
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(scale.left, y);
  context.lineTo(scale.right, y);
  context.stroke();
  context.setLineDash([]);
  context.fillText(text, scale.right, y + (context.textBaseline === "top" ? 3 : -3));
}

// curve: { scale, losses, step, reached, before (losses of the run before, or null), guess, noise (losses, or null), pointed }
export function paintCurve(context, { scale, losses, step, reached, before, guess, noise, pointed }, colours, font, large) {
  axes(context, scale, colours, font, large);
  if (before) line(context, scale, before, 0, before.length - 1, { strokeStyle: colours.faint, lineWidth: 1, globalAlpha: 0.6 });
  context.globalAlpha = 1;
  if (noise !== null) level(context, scale, noise, "the noise itself", colours, [2, 4]);
  if (guess !== null) level(context, scale, guess, `you ${significant(guess)}`, colours, [7, 5]);
  line(context, scale, losses, step, reached, { strokeStyle: colours.faint, lineWidth: 2 });
  line(context, scale, losses, 0, step, { strokeStyle: colours.ink, lineWidth: 3, lineJoin: "round" });
  if (pointed !== null) {
    Object.assign(context, { strokeStyle: AMBER, lineWidth: 1.5 });
    context.strokeRect(scale.x(pointed), scale.top, 0.01, scale.bottom - scale.top);
  }
  Object.assign(context, { fillStyle: AMBER, strokeStyle: colours.ink, lineWidth: 1.5 });
  context.beginPath();
  context.arc(scale.x(step), scale.y(losses[step]), large ? 8 : 6, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}
