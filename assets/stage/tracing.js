// What moves on a board: the window glides to its next place, faint ribbons tie boxes together, new numbers fade in.

import { AMBER } from "./palette.js";

const GLIDE = 120; // ms

export class Glide {
  constructor() {
    this.forget();
  }

  // The next place is gone to at once.
  forget() {
    this.at = this.goal = null;
  }

  // Goes on towards goal, an object of numbers: this.at is where it stands now. Returns true while it moves.
  towards(goal, still) {
    const same = this.goal && Object.keys(goal).every((key) => goal[key] === this.goal[key]);
    if (!same) {
      this.departure = { ...(this.at ?? goal), time: performance.now() };
      this.goal = goal;
    }
    const passed = still || !this.at ? 1 : Math.min((performance.now() - this.departure.time) / GLIDE, 1);
    const eased = 1 - (1 - passed) ** 3;
    this.at = Object.fromEntries(Object.entries(goal).map(([key, to]) => [key, this.departure[key] + (to - this.departure[key]) * eased]));
    return passed < 1;
  }
}

// Maps that pass from what is shown to their new numbers.
export class Fade {
  constructor() {
    this.shown = [];
  }

  // From now on, in so many ms.
  begin(duration) {
    this.fading = { from: this.shown, start: performance.now(), duration };
  }

  // What of maps is to be shown now; this.moving tells whether that is still to change.
  towards(maps, still) {
    const passed = this.fading && !still ? (performance.now() - this.fading.start) / this.fading.duration : 1;
    this.shown = maps.map((map, i) => {
      const from = passed < 1 && this.fading.from[i];
      if (!from || from.values.length !== map.values.length || from.columns !== map.columns) return map;
      return { ...map, values: map.values.map((value, at) => from.values[at] + (value - from.values[at]) * passed) };
    });
    this.moving = passed < 1;
    if (!this.moving) this.fading = null;
    return this.shown;
  }
}

// A faint ribbon from one box to the next, to its right or below it.
export function ribbon(context, from, to, below = to.y > from.y + from.height && to.x < from.x + from.width) {
  const edges = below
    ? [[[from.x, from.y + from.height], [to.x, to.y]], [[from.x + from.width, from.y + from.height], [to.x + to.width, to.y]]]
    : [[[from.x + from.width, from.y], [to.x, to.y]], [[from.x + from.width, from.y + from.height], [to.x, to.y + to.height]]];
  context.fillStyle = `${AMBER}1F`;
  context.strokeStyle = `${AMBER}B0`;
  context.lineWidth = 1;
  context.beginPath();
  [edges[0][0], edges[0][1], edges[1][1], edges[1][0]].forEach(([x, y]) => context.lineTo(x, y));
  context.fill();
  for (const [start, end] of edges) {
    context.beginPath();
    context.moveTo(...start);
    context.lineTo(...end);
    context.stroke();
  }
}
