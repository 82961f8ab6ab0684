// What all stages have in common: a board that is pointed at, pinned, stepped over, painted on, undone and sent as a link.
//
// A stage extends Stage and says what stands on its board:
//   build()            its choosers and its groups of controls (this.more), beside the walk; this.drawTools is the one
//                      that a compact stage keeps
//   adopt(content)     takes what Python sent into this.content;  told(): the same, to be sent back
//   recompute(fade)    this.content changed: compute; let the change be seen over so many ms
//   draw()             paint the board, the captions and the line with the sum
//   reflect()          bring buttons and choosers up to date
//   pixelAt([x, y])    [row, column] on the picture that can be painted, fractions kept; null elsewhere
//   cellUnder([x, y])  the target under the pointer: { on, filter, row, column } or null
//   fits(target)       whether there is such a cell now
//   best()             the target that is shown when nobody points at or pinned one
//   walked()           { rows, columns } of the map that is stepped over
//   keyed(event)       true when it took a key of its own
//   taken(event)       may be left out: true when it took a key before all others, such as the arrows
//   drag(from, to)     may be left out: what dragging on the picture does; usually it paints

import { button, group, rename, speedSlider } from "./controls.js";
import { Conversation } from "./conversation.js";
import { element, say } from "./elements.js";
import { History } from "./history.js";
import { stroke } from "./painting.js";
import { Stepper } from "./stepping.js";

export const RELIGHT = 140; // ms for a new picture or filter to show
const CLICK = 4; // pixels a press may move and still be a click
const COMPACT_SPEED = 12; // places a second of the sweep that starts by itself

export const pinned = (target) => target && { on: target.on, filter: target.filter ?? 0, row: target.row, column: target.column, pinned: true };

export class Stage {
  constructor(parent, { name, keys }) {
    this.root = parent.querySelector(".stage");
    this.root.replaceChildren();
    this.talk = new Conversation();
    this.history = new History();
    this.tool = "pen";
    this.hover = null;
    this.stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.stepper = new Stepper({ visit: (index) => this.visit(index), finished: () => this.sweepEnds(), changed: () => this.walkChanged() });
    this.#frame(name, keys);
    this.build();
    this.root.append(this.choosers, this.board, this.sum, element("div", { class: "controls" }, this.walk, ...this.more), this.message, this.keys);
    this.onresize = () => this.invalidate();
    this.observer = new ResizeObserver(this.onresize);
    this.observer.observe(this.root);
    window.addEventListener("resize", this.onresize);
    this.themes = new MutationObserver(this.onresize);
    this.themes.observe(parent.host ?? parent, { attributes: true });
  }

  close() {
    this.stepper.pause();
    this.talk.flush();
    this.observer.disconnect();
    this.themes.disconnect();
    window.removeEventListener("resize", this.onresize);
  }

  #frame(name, keys) {
    this.choosers = element("div", { class: "choosers" });
    // canvas.stage: for whoever drives a stage from outside, such as the browser tests.
    this.canvas = element("canvas", { role: "application", tabindex: 0, "aria-label": name, "aria-describedby": "stage-keys" });
    this.canvas.stage = this;
    this.paper = element("div", { class: "paper" });
    this.captions = element("div", { class: "captions" });
    this.board = element("div", { class: "board" }, this.canvas, this.paper, this.captions);
    this.sum = element("div", { class: "sum", role: "status", "aria-live": "polite" });
    this.message = element("div", { class: "message", role: "alert" });
    this.keys = element("p", { id: "stage-keys", class: "unseen", text: keys });
    this.#listen();

    this.back = button("Step back", "back", () => this.step(-1));
    this.playing = button("Play", "play", () => this.play());
    this.forward = button("Step forward", "forward", () => this.step(1));
    this.whole = button("Show the whole map again", "whole", () => this.endSweep());
    this.speed = speedSlider(this.stepper.speed, (speed) => (this.stepper.speed = speed));
    this.walk = group("Walk", this.back, this.playing, this.forward, this.whole, this.speed);
    this.pen = button("Pen: drag on the picture to draw", "pen", () => this.take("pen"));
    this.rubber = button("Eraser: drag on the picture to erase", "rubber", () => this.take("rubber"));
    this.undoing = button("Undo", "undo", () => this.undo());
    this.copy = button("Copy a link to exactly this", "link", () => this.copyLink(), "Copy link");
  }

  // --- what Python says --------------------------------------------------------------------------------------------

  update({ data, setStateValue }) {
    const before = this.data;
    this.data = data;
    const adopt = this.talk.hear(data, (state) => setStateValue("edits", state));
    if (adopt) {
      if (this.content) this.remember();
      this.adopt(data.content);
      this.target = data.content.trace;
      this.stepper.index = -1;
      this.sweeping = false;
    }
    const settingsMoved = before && JSON.stringify([before.settings, before.view]) !== JSON.stringify([data.settings, data.view]);
    if (adopt || settingsMoved) this.recompute(this.fadeFor(before, data));
    this.root.classList.toggle("presenting", data.presenting);
    this.root.classList.toggle("compact", data.compact);
    this.choosers.hidden = data.compact;
    this.more.forEach((part) => (part.hidden = data.compact && part !== this.drawTools));
    this.refresh();
    if (data.compact && !before && !this.stillness.matches) {
      this.speed.value = this.stepper.speed = COMPACT_SPEED;
      this.play();
    }
  }

  fadeFor() {
    return RELIGHT;
  }

  tell(quiet) {
    this.talk.tell(() => ({ ...this.told(), trace: this.target }), quiet);
    this.root.dataset.settled = "false";
  }

  announce(text) {
    say(this.message, text);
    this.message.classList.toggle("full", text !== "");
  }

  // --- what a person does ------------------------------------------------------------------------------------------

  // One thing done at once: remembered for undo, computed, painted, told to Python.
  gesture(act, fade = RELIGHT) {
    this.remember();
    act();
    this.sweeping = false;
    this.recompute(fade);
    this.refresh();
    this.tell();
  }

  remember() {
    this.announce("");
    this.history.remember({ content: this.content, target: this.target });
  }

  undo() {
    const past = this.history.back();
    if (!past) return;
    Object.assign(this, past, { sweeping: false });
    this.recompute(RELIGHT);
    this.refresh();
    this.tell();
  }

  take(tool) {
    this.tool = tool;
    this.refresh();
  }

  async copyLink() {
    this.talk.flush();
    const patience = performance.now() + 2000;
    while (!this.talk.settled && performance.now() < patience) await new Promise((done) => setTimeout(done, 30));
    const link = window.location.href;
    try {
      await navigator.clipboard.writeText(link);
      const copied = "Link copied. Whoever opens it sees exactly this.";
      this.announce(copied);
      setTimeout(() => this.message.textContent === copied && this.announce(""), 4000);
    } catch {
      this.announce(`Copy this link: ${link}`);
    }
  }

  // --- walking -----------------------------------------------------------------------------------------------------

  step(by) {
    this.#ready();
    this.stepper.step(by);
  }

  play() {
    this.#ready();
    this.stepper.toggle();
  }

  #ready() {
    const { rows, columns } = this.walked();
    this.stepper.count = rows * columns;
    if (!this.sweeping) this.stepper.index = this.target?.on === "output" ? this.target.row * columns + this.target.column : -1;
  }

  visit(index) {
    const { columns } = this.walked();
    this.sweeping = true;
    this.hover = null;
    const filter = this.target?.on === "output" ? this.target.filter : 0;
    this.target = pinned({ on: "output", filter, row: Math.floor(index / columns), column: index % columns });
    this.refresh();
    if (!this.data.compact && !this.stepper.playing) this.tell(500);
  }

  endSweep() {
    this.stepper.pause();
    this.sweeping = false;
    this.refresh();
  }

  walkChanged() {
    this.refresh();
    if (!this.stepper.playing && !this.data.compact) this.tell();
  }

  sweepEnds() {
    this.sweeping = false;
    if (this.data.compact)
      setTimeout(() => {
        this.stepper.index = -1;
        if (this.root.isConnected && !this.stepper.playing) this.stepper.play();
      }, 1200);
  }

  // Holds a cell; the same cell again lets go.
  pin(target) {
    this.stepper.pause();
    const held = target && JSON.stringify(pinned(target)) === JSON.stringify(this.target);
    this.target = held ? null : pinned(target);
    this.sweeping = false;
    this.hover = null;
    this.refresh();
    this.tell();
  }

  shownTarget() {
    if (this.hover && this.fits(this.hover)) return this.hover;
    return this.target && this.fits(this.target) ? this.target : this.best();
  }

  // 1 where a sweep has been or none is under way, faint where it is still to come.
  veil(columns) {
    if (!this.sweeping) return null;
    const reached = this.stepper.index;
    return (row, column) => (row * columns + column <= reached ? 1 : 0.08);
  }

  // --- pointer and keys --------------------------------------------------------------------------------------------

  #listen() {
    const place = (event) => {
      const { left, top } = this.canvas.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    };
    const ours = (event) => event.target === this.canvas || event.target === this.paper;
    this.board.onpointerdown = (event) => {
      if (!ours(event) || event.button !== 0) return;
      const point = place(event);
      this.canvas.focus({ preventScroll: true });
      const pixel = this.pixelAt(point);
      if (!pixel) return this.pin(this.cellUnder(point));
      this.drawing = { start: point, last: pixel, moved: false };
      event.target.setPointerCapture(event.pointerId);
    };
    this.board.onpointermove = (event) => {
      if (this.drawing) return this.#drawTo(place(event));
      const next = ours(event) && !this.stepper.playing ? this.cellUnder(place(event)) : null;
      if (JSON.stringify(next) === JSON.stringify(this.hover)) return;
      this.hover = next && { ...next, hover: true };
      this.refresh();
    };
    this.board.onpointerup = () => {
      if (!this.drawing) return;
      const { moved, start } = this.drawing;
      this.drawing = null;
      if (moved) {
        this.tell();
        this.refresh();
      } else this.clickPixel(start);
    };
    this.board.onpointercancel = this.board.onpointerup;
    this.board.onpointerleave = () => {
      this.hover = null;
      this.refresh();
    };
    this.canvas.onkeydown = (event) => this.#key(event);
  }

  // A press on the picture that did not move.
  clickPixel(point) {
    this.pin(this.cellUnder(point));
  }

  #drawTo(point) {
    const { start, last } = this.drawing;
    const to = this.pixelAt(point, true);
    if (!this.drawing.moved) {
      if (Math.hypot(point[0] - start[0], point[1] - start[1]) < CLICK) return;
      this.drawing.moved = true;
      this.remember();
      this.sweeping = false;
    }
    this.drag(last, to);
    this.drawing.last = to;
    this.hover = null;
    this.draw();
  }

  // The pointer went on, pressed, from one place on the picture to the next, both as from pixelAt.
  drag(from, to) {
    this.repaint((picture) => stroke(picture, from, to, this.tool), 0);
  }

  // Changes the levels of the picture, which from now on is the person's own.
  repaint(change, fade = RELIGHT) {
    const picture = { ...this.content.picture, key: "own", levels: this.content.picture.levels.slice() };
    change(picture);
    this.content.picture = picture;
    this.recompute(fade);
  }

  #key(event) {
    const columns = this.walked().columns || 1;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -Infinity, End: Infinity };
    const letter = event.key.toLowerCase();
    if (letter === "z" && (event.ctrlKey || event.metaKey)) this.undo();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (this.taken?.(event)) return event.preventDefault();
    else if (this.target?.on === "input" && this.#onPicture(event.key)) return event.preventDefault();
    else if (event.key in steps) this.step(steps[event.key]);
    else if (event.key === " ") this.play();
    else if (event.key === "Enter") this.pin(this.shownTarget());
    else if (event.key === "Escape") this.pin(null);
    else if (letter === "i") this.pin(this.target?.on === "input" ? null : { on: "input", row: this.content.picture.rows >> 1, column: this.content.picture.columns >> 1 });
    else if (!this.keyed(event, letter)) return;
    event.preventDefault();
  }

  // While a pixel is held, arrows move over the picture and X paints: the pointer's work by keyboard.
  #onPicture(key) {
    const moves = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
    const { row, column } = this.target;
    if (key.toLowerCase() === "x") {
      const at = row * this.content.picture.columns + column;
      this.gesture(() => this.repaint(({ levels }) => (levels[at] = levels[at] > 127 ? 0 : 255), 0), 0);
      return true;
    }
    if (!moves[key]) return false;
    const next = pinned({ on: "input", row: row + moves[key][0], column: column + moves[key][1] });
    if (this.fits(next)) this.target = next;
    this.refresh();
    this.tell(500);
    return true;
  }

  // --- drawing -----------------------------------------------------------------------------------------------------

  invalidate() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (this.root.isConnected && this.data) this.draw();
    });
  }

  refresh() {
    this.draw();
    rename(this.playing, this.stepper.playing ? "Pause" : "Play", this.stepper.playing ? "pause" : "play");
    this.pen.setAttribute("aria-pressed", this.tool === "pen");
    this.rubber.setAttribute("aria-pressed", this.tool === "rubber");
    this.whole.disabled = !this.sweeping;
    this.undoing.disabled = this.history.past.length === 0;
    this.sum.setAttribute("aria-live", this.stepper.playing ? "off" : "polite");
    this.root.dataset.settled = this.talk.settled;
    this.reflect();
  }

  showCaptions(captions) {
    const text = JSON.stringify(captions);
    if (text === this.captioned) return;
    this.captioned = text;
    this.captions.replaceChildren(
      ...captions.map(({ x, y, width, text: words, middle, active }) =>
        element("span", { class: `caption${middle ? " middle" : ""}${active ? " active" : ""}`, style: `left:${x}px;top:${y - 26}px;width:${width}px`, text: words }),
      ),
    );
  }

  // Where a finger draws instead of scrolling the page.
  showPaper({ x, y, width, height }) {
    Object.assign(this.paper.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
  }
}

// The function that Streamlit calls for each update of a component; it returns what to do when the component goes.
export function mounted(Kind) {
  const stages = new WeakMap();
  return (component) => {
    const { parentElement } = component;
    if (!stages.has(parentElement)) stages.set(parentElement, new Kind(parentElement));
    stages.get(parentElement).update(component);
    return () => {
      stages.get(parentElement)?.close();
      stages.delete(parentElement);
    };
  };
}
