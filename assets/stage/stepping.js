// A walk over the cells of a map, row by row: one step, back, or played at so many places a second.

export class Stepper {
  // visit(index): the walk is at this cell. finished(): it went past the last one. changed(): it started or stopped.
  constructor({ visit, finished, changed }) {
    Object.assign(this, { visit, finished, changed, index: -1, count: 0, speed: 8, timer: null });
  }

  get playing() {
    return this.timer !== null;
  }

  go(index) {
    if (this.count === 0) return;
    this.index = Math.min(Math.max(index, 0), this.count - 1);
    this.visit(this.index);
  }

  step(by) {
    this.pause();
    this.go(this.index + by);
  }

  play() {
    if (this.playing || this.count === 0) return;
    if (this.index >= this.count - 1) this.index = -1;
    this.#tick();
    this.changed();
  }

  pause() {
    if (!this.playing) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.changed();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  #tick() {
    if (this.index >= this.count - 1) {
      this.timer = null;
      this.finished();
      this.changed();
      return;
    }
    this.timer = setTimeout(() => this.#tick(), 1000 / this.speed);
    this.go(this.index + 1);
  }
}
