// The picture that is followed through the network, the first layer's filters, and the maps of each layer. A filter of a
// trained network can be taken out, or given other numbers.

import { button } from "./controls.js";
import { element, say } from "./elements.js";
import { KernelEditor } from "./kernel_editor.js";
import { percent } from "./live_curves.js";
import { kernelOf, onTheWay, paintFilters, paintPicture } from "./live_filters.js";
import { largest } from "./palette.js";

const PANEL_GLIDE = 180; // ms from one snapshot's numbers to the next
const PANEL_PACE = 45; // ms between two pictures of that: at every frame of the screen it would cost the training
const SURGERY_HEIGHT = 150;

export class FilterPanel {
  constructor(host, ask) {
    this.ask = ask;
    this.layer = 0;
    this.stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.picture = element("canvas", {});
    this.watched = element("button", { type: "button", "aria-label": "Follow another picture", title: "Follow another picture", onclick: () => ask("watch") }, this.picture);
    this.verdict = element("div", { class: "live-verdict" });
    this.layers = element("select", { class: "live-layers", "aria-label": "Layer whose maps are shown", onchange: () => this.#choose(Number(this.layers.value)) });
    this.canvas = element("canvas", { role: "img" });
    this.canvas.onclick = ({ offsetX, offsetY }) => this.#pick(offsetX, offsetY);
    this.canvas.onkeydown = (event) => this.#keyed(event);
    this.note = element("p", { class: "live-note" });
    this.#surgery();
    host.append(element("div", { class: "live-watched" }, this.watched, this.verdict, this.layers), this.table, this.canvas, this.note);
  }

  close() {
    clearTimeout(this.frame);
  }

  #surgery() {
    this.place = element("div", { style: "position:relative;flex:none" });
    this.editor = new KernelEditor(this.place, "Filter of the network", {
      begin: () => {},
      change: (at, value) => (this.edited = this.edited.with(at, value)),
      end: () => this.#operate(this.edited),
      refuse: (message) => say(this.outcome, message || this.outcome.textContent),
      focus: () => {},
    });
    this.outcome = element("div", { class: "surgery-words", role: "status" });
    const deeds = element("div", { class: "surgery-deeds" },
      button("The filter gives nothing but zeros", null, () => this.ask("edit", { place: this.operated, kernel: null }), "Silence it"),
      button("The filter as it was learnt", "undo", () => this.ask("edit", null), "Let go"));
    this.table = element("div", { class: "surgery" }, this.place, element("div", { class: "surgery-side" }, this.outcome, deeds));
  }

  #operate(values) {
    const { rows, columns } = this.scene.kernels;
    this.ask("edit", { place: this.operated, kernel: Array.from({ length: rows }, (_, r) => Array.from(values.slice(r * columns, (r + 1) * columns))) });
  }

  #choose(layer) {
    this.layer = layer;
    this.#paint(1);
  }

  #pick(x, y) {
    const at = (this.tiles ?? []).findIndex((tile) => x >= tile.x && y >= tile.y && x <= tile.x + tile.width && y <= tile.y + tile.height);
    if (at >= 0 && this.#isOperable()) this.#take(at);
  }

  // Shown at once: the next key may come sooner than the page's answer.
  #take(at) {
    this.operated = at;
    this.#paint(1);
    this.ask("edit", { place: at, kernel: false });
  }

  #keyed(event) {
    const across = this.tiles?.filter(({ y }) => y === this.tiles[0].y).length;
    const way = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
    if (!way || !this.#isOperable()) return;
    event.preventDefault();
    const at = this.operated === null ? 0 : this.operated + way;
    if (at < 0 || at >= this.tiles.length) return;
    this.#take(at);
  }

  #isOperable() {
    return this.layer === 0 && this.scene.operable && Boolean(this.scene.kernels);
  }

  // scene: { number, kernels, layers, picture, verdict, truth, frozen, operable, surgery }
  show(scene, room, colours, large) {
    const fresh = this.scene?.number !== scene.number;
    if (fresh) [this.before, this.since] = [this.stillness.matches ? null : this.scene, performance.now()];
    Object.assign(this, { scene, room, colours, large });
    this.#showWatched();
    this.#showLayers();
    this.#showSurgery();
    if (!fresh || !this.before) return this.#paint(1);
    clearTimeout(this.frame);
    const step = () => {
      const share = Math.min((performance.now() - this.since) / PANEL_GLIDE, 1);
      this.#paint(share);
      if (share < 1) this.frame = setTimeout(step, PANEL_PACE);
    };
    step();
  }

  #showWatched() {
    const { picture, verdict, truth } = this.scene;
    this.watched.hidden = !picture;
    if (picture) paintPicture(this.picture, picture, this.large ? 72 : 58, this.colours);
    const [first, ...others] = verdict;
    const name = JSON.stringify([verdict, truth]);
    if (!first || this.judged === name) return;
    this.judged = name;
    const right = first[0] === truth;
    this.verdict.replaceChildren(
      element("strong", { text: `${right ? "✓" : "✗"} says ${first[0]}, ${percent(first[1])}` }),
      element("span", { text: `${right ? "then" : `is ${truth}; then`} ${others.map(([title, share]) => `${title} ${percent(share)}`).join(", ")}` }),
    );
  }

  #showLayers() {
    const names = this.scene.layers.map(({ name }) => name);
    this.layers.hidden = names.length < 2;
    if (this.listed === names.join()) return;
    this.listed = names.join();
    this.layers.replaceChildren(...names.map((text, value) => element("option", { value, text })));
    this.layer = Math.min(this.layer, Math.max(names.length - 1, 0));
    this.layers.value = this.layer;
  }

  #showSurgery() {
    const { surgery, kernels } = this.scene;
    this.table.hidden = !surgery;
    this.operated = surgery ? surgery.place : null;
    if (!surgery || !kernels) return;
    say(this.outcome, surgery.words);
    this.place.hidden = kernels.channels > 1;
    if (kernels.channels > 1) return;
    const learnt = kernelOf(kernels, surgery.place);
    this.edited = surgery.silent ? new Float64Array(learnt.values.length) : Float64Array.from(surgery.kernel?.flat() ?? learnt.values);
    const values = this.edited.map((value) => Number(value.toFixed(2))); // as they are read; what is not touched stays exact
    const cell = Math.min(44, SURGERY_HEIGHT / kernels.rows);
    const size = { width: cell * kernels.columns, height: cell * kernels.rows, cell };
    Object.assign(this.place.style, { width: `${size.width}px`, height: `${size.height}px` });
    this.editor.show({ rows: kernels.rows, columns: kernels.columns, values }, { x: 0, y: 0, ...size }, this.colours, undefined, this.large, Math.max(largest(kernels.values), largest(values)));
  }

  #paint(share) {
    const { scene, before, room, layer } = this;
    const first = layer === 0;
    const maps = scene.layers[layer] ?? null;
    const drawn = {
      kernels: first && scene.kernels ? onTheWay(before?.kernels, scene.kernels, share, "values") : null,
      maps: maps && onTheWay(before?.layers[layer], maps, share, "levels"),
      chosen: first ? this.operated : null,
      frozen: first ? scene.frozen : [],
    };
    say(this.note, this.#words(drawn));
    const taken = this.watched.parentElement.offsetHeight + (this.table.hidden ? 0 : this.table.offsetHeight + 6) + this.note.offsetHeight + 14;
    this.tiles = paintFilters(this.canvas, room.width, Math.max(room.height - taken, 120), drawn, this.colours);
    this.canvas.setAttribute("aria-label", this.note.textContent);
    this.canvas.tabIndex = this.#isOperable() ? 0 : -1;
  }

  #words({ kernels, maps, frozen }) {
    if (!kernels) return maps ? `${this.tilesShown(maps)} feature maps of ${maps.name}: what it finds in the picture.` : "This network has no convolution.";
    const shown = this.tilesShown({ count: Math.min(kernels.count, maps?.count ?? kernels.count), of: kernels.count });
    const yours = frozen.length ? " Framed: yours, it does not learn." : "";
    const touch = this.scene.operable ? " Click a filter to change it, or choose one with the arrow keys." : "";
    return `${shown} filters of the first layer, each beside its map. Red is positive, blue negative.${yours}${touch}`;
  }

  tilesShown({ count, of = count }) {
    return of > count ? `${count} of ${of}` : String(count);
  }
}
