// The two charts on one canvas, the invitation to train that lies over them at first, and the reading of one epoch.

import { canvasContext, element, say } from "./elements.js";
import { between, chart, epochAt, epochsShown, lossText, paintChart, percent } from "./live_curves.js";

const AXIS_GLIDE = 300; // ms for an axis to reach its new range

export class LiveCharts {
  // keyed(key): true when it took the key. ask(name): what the big button asks for.
  constructor({ keyed, ask }) {
    this.keyed = keyed;
    this.pointed = null;
    this.stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.canvas = element("canvas", { role: "application", tabindex: 0, "aria-label": "Training board", "aria-describedby": "live-keys" });
    this.train = element("button", { type: "button", class: "live-train", onclick: () => ask("start") });
    this.words = element("div", { class: "live-words" });
    this.invitation = element("div", { class: "live-invitation" }, this.train, this.words);
    this.spoken = element("p", { class: "unseen", role: "status" });
    this.node = element("div", { class: "live-charts" }, this.canvas, this.invitation, this.spoken);
    this.canvas.onpointermove = ({ offsetX }) => this.point(offsetX);
    this.canvas.onpointerdown = ({ offsetX }) => this.point(offsetX);
    this.canvas.onpointerleave = () => this.point(null);
    this.canvas.onkeydown = (event) => this.#keyed(event);
  }

  close() {
    cancelAnimationFrame(this.frame);
  }

  started() {
    this.train.disabled = true;
    this.canvas.focus({ preventScroll: true }); // the button goes; the keys stay
  }

  get epochs() {
    return Math.max(this.scene.loss.training.length, this.scene.loss.validation.length);
  }

  // The epoch under the pointer, as its end.
  point(x) {
    const at = x === null || !this.views ? null : Math.ceil(epochAt(this.views[0], x));
    this.#read(at !== null && at >= 1 && at <= this.epochs ? at : null);
  }

  #read(epoch) {
    if (epoch === this.pointed) return;
    this.pointed = epoch;
    if (epoch) say(this.spoken, this.sentence(epoch));
    this.paint(1);
  }

  sentence(epoch) {
    const { accuracy, loss } = this.scene;
    const part = (name, values, text) => (Number.isFinite(values[epoch - 1]) ? `${name} ${text(values[epoch - 1])}` : "");
    const parts = [part("training accuracy", accuracy.training, percent), part("validation accuracy", accuracy.validation, percent), part("training loss", loss.training, lossText), part("validation loss", loss.validation, lossText)];
    return `Epoch ${epoch}: ${parts.filter(Boolean).join(", ")}`;
  }

  #keyed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step && this.epochs) this.#read(Math.min(Math.max((this.pointed ?? (step > 0 ? 0 : this.epochs + 1)) + step, 1), this.epochs));
    else if (event.key === "Escape") this.#read(null);
    else if (!this.keyed(event.key.toLowerCase())) return;
    event.preventDefault();
    event.stopPropagation();
  }

  // scene: { accuracy, loss (see live_curves.js), planned, done, turn, kept, invitation: { label, words, ready } or null }
  show(scene, height, colours, font, large) {
    const width = this.node.clientWidth;
    if (!width) return;
    Object.assign(this, { scene, size: [width, height], colours, font });
    if (this.pointed > this.epochs) this.pointed = null; // another run, which has not come so far
    this.invitation.hidden = !scene.invitation;
    if (scene.invitation) {
      const { label, words, ready } = scene.invitation;
      say(this.train, label ?? "");
      this.train.hidden = !label;
      this.train.disabled = !ready;
      say(this.words, words);
    }
    const epochs = epochsShown(scene.done, scene.planned);
    const half = height / 2;
    const next = [chart("accuracy", { x: 0, y: 0, width, height: half }, scene.accuracy, epochs, large), chart("loss", { x: 0, y: half, width, height: half }, scene.loss, epochs, large)];
    const moved = this.next && !this.stillness.matches && next.some((view, i) => view.low !== this.next[i].low || view.high !== this.next[i].high || view.epochs !== this.next[i].epochs);
    this.next = next;
    if (moved) this.#glide();
    else this.paint(this.gliding ? undefined : 1);
  }

  #glide() {
    this.before = this.views;
    this.since = performance.now();
    if (this.gliding) return;
    this.gliding = true;
    const step = () => {
      const share = Math.min((performance.now() - this.since) / AXIS_GLIDE, 1);
      this.paint(share);
      this.gliding = share < 1;
      if (this.gliding) this.frame = requestAnimationFrame(step);
    };
    step();
  }

  paint(share = Math.min((performance.now() - this.since) / AXIS_GLIDE, 1)) {
    if (!this.next) return;
    this.views = this.next.map((view, i) => (share < 1 && this.before ? between(this.before[i], view, share) : view));
    const context = canvasContext(this.canvas, ...this.size);
    context.clearRect(0, 0, ...this.size);
    for (const view of this.views) paintChart(context, view, { turn: this.scene.turn, kept: this.scene.kept, pointed: this.pointed }, this.colours, this.font);
  }
}
