// Asks the page's own address for what moves. One question at a time: a slow line gets fewer, never a queue.

const PAUSE = 120; // ms from an answer to the next question
const AWAY = 1000; // ms to the next question when the server did not answer
const GONE = 404; // the visit has ended there; the page says when there is a new one

export class Feed {
  constructor(draw) {
    this.draw = draw;
    this.round = 0;
  }

  // address: relative to the page; null: stop asking.
  follow(address) {
    this.round += 1;
    if (address) this.#ask(address, this.round);
  }

  async #ask(address, round) {
    let pause = PAUSE;
    while (round === this.round) {
      await new Promise((done) => setTimeout(done, pause));
      if (round !== this.round) return;
      const answer = await fetch(address, { cache: "no-store" }).catch(() => null);
      if (answer?.status === GONE) return;
      const said = answer?.ok ? await answer.json().catch(() => null) : null;
      if (round !== this.round) return;
      if (said) this.draw(said);
      if (said && !said.moving) return;
      pause = said ? PAUSE : AWAY;
    }
  }
}
