// Undo and redo: what the content was before each gesture, and what was taken back.

const LONGEST_TIMELINE = 100;

export class Timeline {
  past = [];
  future = [];

  remember(content) {
    this.past.push(structuredClone(content));
    if (this.past.length > LONGEST_TIMELINE) this.past.shift();
    this.future = [];
  }

  // Each gives the content to show in place of `now`, or null.
  back(now) {
    return this.#travel(this.past, this.future, now);
  }

  forward(now) {
    return this.#travel(this.future, this.past, now);
  }

  #travel(from, to, now) {
    if (!from.length) return null;
    to.push(structuredClone(now));
    return from.pop();
  }
}
