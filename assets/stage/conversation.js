// What passes between a stage and Python. The stage owns what a person edits; Python may replace it (a preset, a link).
//
// Python sends { revision, seen, content, … }: content counts only when its revision is new, so that an answer that was
// on its way while the person went on editing never undoes an edit. The stage sends { revision, seq, content }.

export class Conversation {
  constructor() {
    this.revision = null;
    this.seq = 0;
    this.seen = 0;
    this.timer = null;
  }

  // Takes what Python sent; true when its content is to be adopted.
  hear({ revision, seen }, send) {
    this.send = send;
    this.seen = seen;
    if (revision === this.revision) return false;
    this.revision = revision;
    clearTimeout(this.timer);
    this.timer = null;
    this.seq = Math.max(this.seq, seen);
    this.sent = this.seq;
    return true;
  }

  get settled() {
    return this.timer === null && this.seen >= this.seq;
  }

  // Sends what content() gives, once, after so many ms of quiet.
  tell(content, quiet = 200) {
    clearTimeout(this.timer);
    this.content = content;
    this.timer = setTimeout(() => this.flush(), quiet);
  }

  flush() {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.seq += 1;
    this.send({ revision: this.revision, seq: this.seq, content: this.content() });
  }
}
