// Undo: what the content was before each gesture, newest last.

const DEPTH = 60;

export class History {
  past = [];

  remember(content) {
    this.past.push(structuredClone(content));
    if (this.past.length > DEPTH) this.past.shift();
  }

  back() {
    return this.past.pop() ?? null;
  }
}
