// The architecture stage: networks to start from, the drawing to scale, the picture with what a cell sees, the blocks.

import { button, group, rename } from "./controls.js";
import { Conversation } from "./conversation.js";
import { element, say } from "./elements.js";
import { unpacked } from "./grid.js";
import { cellsBehind, readNetwork } from "./network_arithmetic.js";
import { blockAt, blocksOf, paintBlocks, placeBlocks } from "./network_blocks.js";
import { addingButtons, NetworkCards, PictureThumbs } from "./network_offers.js";
import { gridIn, paintMapCells, paintPictureSeen, pictureCanvas } from "./network_sight.js";
import { BlockTable } from "./network_table.js";
import { ownWords, shapeWords, sightWords, stepWords } from "./network_words.js";
import { isDark, palette } from "./palette.js";
import { mounted } from "./stage.js";
import { Stepper } from "./stepping.js";
import { Timeline } from "./timeline.js";

const SIDE = { normal: 190, large: 236 }; // CSS pixels of the picture and of the map beside the drawing
const NARROW_STAGE = 720; // below this width the drawing has a row of its own
const STEPS_A_SECOND = 0.8;
const ARCHITECTURE_KEYS =
  "On a layer's name: arrow up and down choose, Alt with them moves the block, Delete removes it. On the map: arrows " +
  "move the cell that is followed back. Control Z undoes, Control Y does it again.";

class ArchitectureStage {
  constructor(parent) {
    this.root = parent.querySelector(".stage");
    this.root.replaceChildren();
    this.talk = new Conversation();
    this.timeline = new Timeline();
    this.walked = null;
    this.stepper = new Stepper({ visit: (index) => this.visit(index), finished: () => this.refresh(), changed: () => this.refresh() });
    this.stepper.speed = STEPS_A_SECOND;
    this.#frame();
    this.redraw = () => this.invalidate();
    this.observer = new ResizeObserver(this.redraw);
    this.observer.observe(this.root);
    this.themes = new MutationObserver(this.redraw);
    this.themes.observe(parent.host ?? parent, { attributes: true });
  }

  close() {
    this.stepper.pause();
    this.talk.flush();
    this.observer.disconnect();
    this.themes.disconnect();
  }

  #frame() {
    this.cards = element("div", { class: "cards", role: "group", "aria-label": "Start from" });
    this.picture = element("canvas", { role: "img" });
    this.pictures = element("div", { class: "picture-choice", role: "group", "aria-label": "Picture" });
    this.drawing = element("canvas", { role: "img" });
    this.map = element("canvas", { role: "application", tabindex: 0, "aria-label": "Architecture stage", "aria-describedby": "architecture-keys" });
    this.map.stage = this; // for whoever drives the stage from outside, such as the browser tests
    this.mapTitle = element("span", { class: "panel-title" });
    this.pictureTitle = element("span", { class: "panel-title" });
    const panel = (title, canvas, ...more) => element("div", { class: "sight-panel" }, title, canvas, ...more);
    this.middle = element("div", { class: "drawing" }, this.drawing);
    this.sight = element("div", { class: "sight" }, panel(this.pictureTitle, this.picture, this.pictures), this.middle, panel(this.mapTitle, this.map, (this.hint = element("span", { class: "panel-hint", text: "Click a cell to follow it back" }))));
    this.said = element("div", { class: "sum words", role: "status", "aria-live": "polite" });
    this.step = element("p", { class: "walk-words", role: "note", "aria-live": "polite" });
    this.message = element("div", { class: "message", role: "alert" });
    this.table = new BlockTable(this.#acts());
    this.adding = element("div", { class: "adding" });
    this.root.append(this.cards, this.sight, this.said, this.step, this.#controls(), this.adding, this.table.node, this.message, element("p", { id: "architecture-keys", class: "unseen", text: ARCHITECTURE_KEYS }));
    this.#listen();
  }

  #controls() {
    this.backward = button("Step back", "back", () => this.walkBy(-1));
    this.playing = button("Play", "play", () => this.play());
    this.onward = button("Step forward", "forward", () => this.walkBy(1));
    this.whole = button("Show the whole network again", "whole", () => this.endWalk());
    this.undoing = button("Undo", "undo", () => this.travel("back"));
    this.redoing = button("Redo", "again", () => this.travel("forward"), "Redo");
    this.copy = button("Copy a link to exactly this network", "link", () => this.copyLink(), "Copy link");
    return element("div", { class: "controls" }, group("Walk through the layers", this.backward, this.playing, this.onward, this.whole), group("Undo and redo", this.undoing, this.redoing), group("Share", this.copy));
  }

  // --- what Python says --------------------------------------------------------------------------------------------

  update({ data, setStateValue }) {
    const first = !this.data;
    this.data = data;
    this.kinds = Object.fromEntries(data.kinds.map((kind) => [kind.kind, kind]));
    this.titles = Object.fromEntries(data.kinds.map(({ kind, title }) => [kind, title]));
    if (this.talk.hear(data, (state) => setStateValue("edits", state))) {
      if (!first) this.timeline.remember(this.content);
      this.content = structuredClone(data.content);
      this.walked = null;
    }
    this.root.classList.toggle("presenting", data.presenting);
    if (first) this.#offer();
    this.refresh();
  }

  #offer() {
    this.canvases = Object.fromEntries(this.data.pictures.map((choice) => [choice.key, pictureCanvas({ ...choice, levels: unpacked(choice.levels) })]));
    this.starts = new NetworkCards(this.cards, this.data.presets, this.titles, (preset) => this.take(preset));
    this.thumbs = new PictureThumbs(this.pictures, this.data.pictures, (key) => this.change(() => (this.content.picture = key), false));
    addingButtons(this.adding, this.titles, (kind) => this.add(kind));
  }

  tell(quiet) {
    this.talk.tell(() => structuredClone(this.content), quiet);
    this.root.dataset.settled = "false";
  }

  announce(text) {
    say(this.message, text);
    this.message.classList.toggle("full", text !== "");
  }

  // --- what a person does ------------------------------------------------------------------------------------------

  change(act, remembered = true) {
    if (remembered) this.timeline.remember(this.content);
    this.announce("");
    act();
    this.refresh();
    this.tell();
  }

  // A change of the layers: what is marked is now `chosen`.
  build(act, chosen) {
    this.endWalk(false);
    this.change(() => {
      act(this.content.network.layers);
      this.content.chosen = chosen;
      this.content.cell = null;
    });
  }

  #acts() {
    return {
      choose: (place) => this.choose(place),
      move: (from, to) => this.build((layers) => layers.splice(to, 0, ...layers.splice(from, 1)), to),
      remove: (place) => this.build((layers) => layers.splice(place, 1), place - 1),
      begin: () => (this.editing = false),
      change: (place, name, value) => {
        if (!this.editing) this.timeline.remember(this.content); // one step of undo for all that is typed into a field
        this.editing = true;
        this.content.network.layers[place][name] = value;
        this.content.cell = null;
        this.refresh();
        this.tell(300);
      },
      shape: (shape) => this.change(() => Object.assign(this.content, { network: { ...this.content.network, input_shape: shape }, cell: null })),
      flatten: (place) => this.build((layers) => layers.splice(place, 0, { ...this.kinds.Flatten.fresh }), place + 1),
    };
  }

  add(kind) {
    const { layers } = this.content.network;
    if (layers.length >= this.data.most_layers) return this.announce(`A network has at most ${this.data.most_layers} layers here.`);
    const place = this.chosen() + 1;
    this.build((all) => all.splice(place, 0, { ...this.kinds[kind].fresh }), place);
  }

  take({ network }) {
    this.endWalk(false);
    this.change(() => Object.assign(this.content, { network: structuredClone(network), chosen: null, cell: null }));
  }

  choose(place) {
    this.content.chosen = place;
    this.content.cell = null;
    this.refresh();
    this.tell(400);
  }

  travel(way) {
    const found = this.timeline[way](this.content);
    if (!found) return;
    this.endWalk(false);
    this.content = found;
    this.announce("");
    const focused = this.root.getRootNode().activeElement;
    this.refresh();
    if (focused?.disabled) (focused === this.undoing ? this.redoing : this.undoing).focus(); // a disabled button hears no keys
    else if (focused && !focused.isConnected) this.map.focus({ preventScroll: true }); // it went with the step that was undone
    this.tell();
  }

  async copyLink() {
    this.talk.flush();
    const patience = performance.now() + 2000;
    while (!this.talk.settled && performance.now() < patience) await new Promise((done) => setTimeout(done, 30));
    try {
      await navigator.clipboard.writeText(window.location.href);
      this.announce("Link copied. Whoever opens it sees exactly this network.");
      setTimeout(() => this.announce(""), 4000);
    } catch {
      this.announce(`Copy this link: ${window.location.href}`);
    }
  }

  // --- the walk ----------------------------------------------------------------------------------------------------

  walkBy(by) {
    this.#readyToWalk();
    this.stepper.step(by);
  }

  play() {
    this.#readyToWalk();
    this.stepper.toggle();
  }

  #readyToWalk() {
    this.stepper.count = this.blocks.filter(({ kind }) => kind !== "fault").length;
    if (this.walked === null) this.stepper.index = -1;
  }

  visit(index) {
    this.walked = index;
    const block = this.blocks[index];
    this.content.chosen = block.places.at(-1);
    this.content.cell = null;
    this.refresh();
    const words = index === 0 ? `The picture: ${shapeWords(block.shape)}. Step on to see what each layer makes of it.` : stepWords({ ...block, title: this.titles[block.layer.kind], followers: block.followers.map((kind) => this.titles[kind]), output: block.shape });
    say(this.step, words);
    this.tell(500);
  }

  endWalk(refreshed = true) {
    this.stepper.pause();
    this.walked = null;
    if (refreshed) this.refresh();
  }

  // --- what is looked at -------------------------------------------------------------------------------------------

  // The layer that is marked: the one chosen, else the last that puts out maps.
  chosen() {
    const { chosen, network } = this.content;
    if (chosen !== null && chosen < network.layers.length) return chosen;
    const { rows } = this.reading;
    const last = rows.findLastIndex(({ output }) => output.length === 3);
    return last;
  }

  // { place, row, cells, cell, behind }: of the marked layer, or of the last before it that could be read.
  #look() {
    const place = Math.min(this.chosen(), this.reading.rows.length - 1);
    const row = this.reading.rows[place];
    const cells = row ? row.cells : this.content.network.input_shape.slice(0, 2);
    const wanted = this.content.cell ?? cells.map((n) => Math.floor(n / 2));
    const cell = wanted.map((at, axis) => Math.min(Math.max(at, 0), cells[axis] - 1));
    return { place, row, cells, cell, behind: cellsBehind(this.reading.rows, place, cell) };
  }

  shownPicture() {
    const fitting = this.data.pictures.filter(({ channels }) => channels === this.content.network.input_shape[2]);
    return fitting.find(({ key }) => key === this.content.picture) ?? fitting[0];
  }

  point(cell) {
    const { cells } = this.look;
    this.content.cell = cell.map((at, axis) => Math.min(Math.max(at, 0), cells[axis] - 1));
    this.draw();
    this.tell(400);
  }

  #listen() {
    const place = (event) => {
      const { left, top } = event.target.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    };
    const onMap = (event) => {
      const [px, py] = place(event);
      const { x, y, cell } = gridIn(this.map.clientWidth, this.look.cells);
      this.point([Math.floor((py - y) / cell), Math.floor((px - x) / cell)]);
    };
    this.map.onpointerdown = (event) => {
      if (event.button !== 0) return;
      this.map.setPointerCapture(event.pointerId);
      this.map.focus({ preventScroll: true });
      onMap(event);
    };
    this.map.onpointermove = (event) => event.buttons && this.map.hasPointerCapture(event.pointerId) && onMap(event);
    this.map.onkeydown = (event) => {
      const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
      this.point(this.look.cell.map((at, axis) => at + by[axis]));
      event.preventDefault();
    };
    this.drawing.onclick = (event) => {
      const hit = blockAt(this.placed, ...place(event));
      if (!hit) return;
      this.content.chosen = hit.block.places.at(-1);
      this.content.cell = hit.cell;
      this.refresh();
      this.tell(400);
    };
    this.root.onkeydown = (event) => {
      if (!(event.ctrlKey || event.metaKey)) return;
      const key = event.key.toLowerCase();
      if (key === "z" && !event.shiftKey) this.travel("back");
      else if (key === "y" || key === "z") this.travel("forward");
      else return;
      event.preventDefault();
    };
  }

  // --- drawing -----------------------------------------------------------------------------------------------------

  invalidate() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (this.root.isConnected && this.data) this.draw();
    });
  }

  refresh() {
    const { network } = this.content;
    this.reading = readNetwork(network, this.titles);
    this.blocks = blocksOf(network, this.reading);
    this.table.show({ network, reading: this.reading, chosen: this.chosen(), kinds: this.kinds, shapes: this.data.shapes });
    this.undoing.disabled = !this.timeline.past.length;
    this.redoing.disabled = !this.timeline.future.length;
    this.whole.disabled = this.walked === null;
    rename(this.playing, this.stepper.playing ? "Pause" : "Play", this.stepper.playing ? "pause" : "play");
    this.root.dataset.settled = this.talk.settled;
    if (this.walked === null) say(this.step, this.starts.of(network)?.about ?? ownWords(network.layers, this.reading));
    this.draw();
  }

  draw() {
    const width = this.sight.clientWidth;
    if (!width) return;
    const colours = palette("red-blue", isDark(this.root));
    this.root.style.setProperty("--zero", `rgb(${colours.zero.join(" ")})`);
    const large = this.data.presenting;
    const narrow = width < NARROW_STAGE;
    const side = narrow ? Math.min((width - 24) / 2, 300) : SIDE[large ? "large" : "normal"];
    this.sight.classList.toggle("narrow", narrow);
    this.look = this.#look();
    const { place, row, cell, cells, behind } = this.look;
    const shape = this.content.network.input_shape;
    const shown = this.shownPicture();
    const font = getComputedStyle(this.root);
    const type = this.#type(large, font);
    paintPictureSeen(this.picture, side, shape, this.canvases[shown.key], place >= 0 ? behind[0] : null, colours);
    const isList = row?.output.length === 1 && cells[0] === 1;
    paintMapCells(this.map, side, cells, cell, colours, isList ? `${row.output[0]} numbers` : "", `600 ${type.size}px ${type.sans}`);
    const wide = narrow ? width : width - 2 * side - 32;
    const height = narrow ? 220 : side + (large ? 30 : 26);
    this.placed = placeBlocks(this.blocks, wide, height, type);
    paintBlocks(this.drawing, wide, height, this.placed, { colours, type, picture: this.canvases[shown.key], chosen: place, behind: place >= 0 ? behind : null, walked: this.walked });
    this.starts.show(this.content.network, colours);
    this.thumbs.show(shape[2], shown.key, this.canvases);
    this.#sayLook(shape);
    this.root.dataset.painted = Number(this.root.dataset.painted ?? 0) + 1;
  }

  #type(large, font) {
    const size = large ? 18 : 14;
    const [mono, sans] = [font.getPropertyValue("--st-code-font") || "monospace", font.fontFamily];
    const measure = (text) => {
      const context = this.drawing.getContext("2d");
      context.font = `600 ${size}px ${mono}`;
      return context.measureText(text).width;
    };
    return { size, line: size + 6, mono, sans, measure };
  }

  #sayLook(shape) {
    const { place, row, cell, cells, behind } = this.look;
    say(this.pictureTitle, `Picture ${shapeWords(shape)}`);
    say(this.mapTitle, row ? `${row.name}: ${shapeWords(row.output)}` : "The picture itself");
    this.map.setAttribute("aria-valuetext", `cell ${cell.join(", ")}`);
    this.drawing.setAttribute("aria-label", `Blocks to scale: ${this.blocks.filter(({ kind }) => kind !== "fault").map(({ words, shape: block }) => `${words} ${shapeWords(block)}`).join(", ")}`);
    this.picture.setAttribute("aria-label", this.shownPicture().title);
    const isList = row?.output.length === 1 && cells[0] === 1;
    this.hint.style.visibility = isList ? "hidden" : "visible"; // a list has no cells
    say(this.said, place < 0 ? "Choose a layer to see how much of the picture a cell of it sees." : sightWords(row, cell, behind[0], row.fields, isList));
  }
}

export default mounted(ArchitectureStage);
