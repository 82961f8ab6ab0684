// The picture that is followed through the network, the first layer's filters, and the maps of each layer. A filter of a
// trained network can be taken out, or given other numbers.

import { button } from "./controls.js";
import { element, say } from "./elements.js";
import { KernelEditor } from "./kernel_editor.js";
import { percent } from "./live_curves.js";
import { kernelOf, onPage, onTheWay, pageOf, paintFilters, paintPicture } from "./live_filters.js";
import { largest } from "./palette.js";

const PANEL_GLIDE = 180; // ms from one snapshot's numbers to the next
const PANEL_PACE = 45; // ms between two pictures of that: at every frame of the screen it would cost the training
const SURGERY_HEIGHT = 150;
const SURGERY_SIDE = 236; // CSS pixels beside a filter, for its words and buttons with what is between
const SLICE_GAP = 10;
const LEAST_CELL = 34; // where slices beside the words would have smaller cells, the words stand under them
const SLICES = { 1: ["Filter of the network"], 3: ["Red slice", "Green slice", "Blue slice"] }; // by how many channels pictures have

export class FilterPanel {
  constructor(host, ask) {
    this.ask = ask;
    this.layer = 0;
    this.page = 0; // of filters
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
    this.pages = element("div", { class: "live-pages" },
      button("The filters before", "back", () => this.#turn(-1)),
      this.pageWords = element("span", {}),
      button("The next filters", "forward", () => this.#turn(1)));
    host.append(element("div", { class: "live-watched" }, this.watched, this.verdict, this.layers), this.table, this.canvas, element("div", { class: "live-under" }, this.note, this.pages));
  }

  #turn(by) {
    this.page = Math.max(this.page + by, 0);
    this.#paint(1);
  }

  close() {
    clearTimeout(this.frame);
  }

  #surgery() {
    this.slices = element("div", { class: "surgery-slices" });
    this.editors = [];
    this.outcome = element("div", { class: "surgery-words", role: "status" });
    const deeds = element("div", { class: "surgery-deeds" },
      button("The filter gives nothing but zeros", null, () => this.ask("edit", { place: this.operated, kernel: null }), "Silence it"),
      button("The filter as it was learnt", "undo", () => this.ask("edit", null), "Let go"));
    this.table = element("div", { class: "surgery" }, this.slices, element("div", { class: "surgery-side" }, this.outcome, deeds));
  }

  // An editor for each channel of the pictures; their numbers stand in one row, channel by channel at each cell.
  #buildEditors(channels) {
    const titles = SLICES[channels] ?? [];
    this.editors = titles.map((title, channel) => {
      const place = element("div", { class: "surgery-slice" });
      const editor = new KernelEditor(place, title, {
        begin: () => {},
        change: (at, value) => (this.edited = this.edited.with(at * channels + channel, value)),
        end: () => this.#operate(this.edited),
        refuse: (message) => say(this.outcome, message || this.outcome.textContent),
        focus: () => {},
      });
      return { place, editor, figure: element("figure", {}, place, titles.length > 1 && element("figcaption", { text: title })) };
    });
    this.slices.replaceChildren(...this.editors.map(({ figure }) => figure));
  }

  #operate(values) {
    const { rows, columns, channels } = this.scene.kernels;
    const numbers = Array.from(values);
    const cells = Array.from({ length: rows * columns }, (_, at) => numbers.slice(at * channels, (at + 1) * channels));
    this.ask("edit", { place: this.operated, kernel: Array.from({ length: rows }, (_, row) => cells.slice(row * columns, (row + 1) * columns)) });
  }

  #choose(layer) {
    this.layer = layer;
    this.#paint(1);
  }

  #pick(x, y) {
    const hit = (this.tiles ?? []).find((tile) => x >= tile.x && y >= tile.y && x <= tile.x + tile.width && y <= tile.y + tile.height);
    if (hit && this.#isOperable()) this.#take(hit.number);
  }

  // Shown at once: the next key may come sooner than the page's answer.
  #take(at) {
    this.operated = at;
    this.page = pageOf(at);
    this.#paint(1);
    this.ask("edit", { place: at, kernel: false });
  }

  #keyed(event) {
    const across = this.tiles?.filter(({ y }) => y === this.tiles[0].y).length;
    const way = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
    if (!way || !this.#isOperable()) return;
    event.preventDefault();
    const at = this.operated === null ? this.tiles[0].number : this.operated + way;
    if (at < 0 || at >= this.count) return;
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
      element("span", { text: `${right ? "then" : `is ${truth}; then`} ${others.map(([title, share]) => `${title}: ${percent(share)}`).join(", ")}` }),
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
    const { rows, columns, channels } = kernels;
    if (this.editors.length !== (SLICES[channels] ?? []).length) this.#buildEditors(channels);
    const learnt = kernelOf(kernels, surgery.place);
    this.edited = surgery.silent ? new Float64Array(learnt.values.length) : Float64Array.from(surgery.kernel?.flat(2) ?? learnt.values);
    const read = this.edited.map((value) => Number(value.toFixed(2))); // as they are read; what is not touched stays exact
    const fit = (width) => Math.min(44, SURGERY_HEIGHT / rows, (width - SLICE_GAP * (channels - 1)) / (columns * channels));
    const beside = fit(this.room.width - SURGERY_SIDE);
    const stacked = channels > 1 && beside < LEAST_CELL;
    this.table.classList.toggle("stacked", stacked);
    const cell = stacked ? fit(this.room.width - 24) : beside;
    const size = { width: cell * columns, height: cell * rows, cell };
    const range = Math.max(largest(kernels.values), largest(read));
    this.editors.forEach(({ place, editor }, channel) => {
      Object.assign(place.style, { width: `${size.width}px`, height: `${size.height}px` });
      const values = read.filter((_, at) => at % channels === channel);
      editor.show({ rows, columns, values }, { x: 0, y: 0, ...size }, this.colours, undefined, this.large, range);
    });
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
      page: this.page,
    };
    this.#showPages(drawn);
    say(this.note, this.table.hidden ? this.#words(drawn) : "");
    const taken = this.watched.parentElement.offsetHeight + (this.table.hidden ? 0 : this.table.offsetHeight + 6) + this.note.parentElement.offsetHeight + 14;
    this.tiles = paintFilters(this.canvas, room.width, Math.max(room.height - taken, 120), drawn, this.colours);
    this.canvas.setAttribute("aria-label", this.#words(drawn));
    this.canvas.tabIndex = this.#isOperable() ? 0 : -1;
  }

  #showPages(drawn) {
    const { first, end, count, pages, page } = onPage(drawn, this.page);
    Object.assign(this, { page, count });
    this.pages.hidden = pages < 2;
    say(this.pageWords, `${first + 1} to ${end} of ${count}`);
    this.pages.firstChild.disabled = page === 0;
    this.pages.lastChild.disabled = page === pages - 1;
  }

  #words({ kernels, maps, frozen }) {
    if (!kernels) return maps ? `Feature maps of ${maps.name}: what it finds in the picture.${this.#left(maps.all, maps.count)}` : "This network has no convolution.";
    const yours = frozen.length ? " Framed: yours, it does not learn." : "";
    const touch = this.scene.operable ? " Click a filter to change it, or choose one with the arrow keys." : "";
    return `Filters of the first layer, each beside its map. Red is positive, blue negative.${this.#left(kernels.count, maps?.count)}${yours}${touch}`;
  }

  // Says where a layer has more than is shown.
  #left(all, shown = all) {
    return all > shown ? ` The first ${shown} of ${all}.` : "";
  }
}
