// The blocks of a network as a table that is built with: choose, edit, move (drag, buttons, Alt and arrows), remove.

import { button } from "./controls.js";
import { element, say } from "./elements.js";
import { totalOf, withCommas } from "./network_arithmetic.js";
import { fieldWords, layerWords, shapeWords, shortNumber } from "./network_words.js";

const HEADS = ["", "Layer", "Output", "Parameters", "Receptive field", "Multiply-adds", ""];
const DRAG = 5; // pixels a press may move and still be a click

// The sum with its numbers put in; of a block of many layers only while it is looked at.
const parameterWords = ({ formula, parameters }, chosen) => (chosen || !formula.includes(" + 4·") ? formula : withCommas(parameters));

// acts: choose(place), move(from, to), remove(place), change(place, name, value), begin(), end(), shape(shape), flatten(place)
export class BlockTable {
  constructor(acts) {
    this.acts = acts;
    this.rows = new Map(); // layer object -> its row
    this.body = element("tbody");
    this.picture = this.#pictureRow();
    this.totals = element("tr", { class: "totals" });
    this.node = element(
      "table", { class: "layers", "aria-label": "Layers of the network" },
      element("thead", {}, element("tr", {}, ...HEADS.map((text) => element("th", { scope: "col", text })))),
      this.body, element("tfoot", {}, this.totals),
    );
    this.node.onkeydown = (event) => this.#key(event);
  }

  // shown: { network, reading, chosen, kinds (by kind), shapes }
  show(shown) {
    const { network, reading, chosen, kinds } = shown;
    this.shown = shown;
    const seen = {};
    const nodes = network.layers.map((layer, place) => {
      seen[layer.kind] = (seen[layer.kind] ?? 0) + 1;
      const same = network.layers.filter(({ kind }) => kind === layer.kind).length;
      const title = kinds[layer.kind].title;
      let row = this.rows.get(layer);
      if (!row) this.rows.set(layer, (row = this.#row(layer, kinds[layer.kind])));
      row.place = place;
      this.#fill(row, same > 1 ? `${title} ${seen[layer.kind]}` : title, reading, chosen === place, network);
      return row.node;
    });
    for (const layer of this.rows.keys()) if (!network.layers.includes(layer)) this.rows.delete(layer);
    this.#arrange([this.picture.node, ...nodes]);
    this.#fillPicture(network, chosen);
    this.#fillTotals(reading);
  }

  focus(place) {
    const row = place < 0 ? this.picture : this.#at(place);
    row?.title.focus();
  }

  #at(place) {
    return [...this.rows.values()].find((row) => row.place === place);
  }

  #arrange(nodes) {
    const now = [...this.body.children];
    if (now.length === nodes.length && now.every((node, i) => node === nodes[i])) return;
    const focused = this.body.getRootNode().activeElement;
    this.body.replaceChildren(...nodes);
    if (focused && this.body.contains(focused)) focused.focus({ preventScroll: true });
  }

  #pictureRow() {
    const title = element("button", { type: "button", class: "layer-title", text: "Picture", onclick: () => this.acts.choose(-1) });
    const shape = element("select", { "aria-label": "Size of the picture", onchange: () => this.acts.shape(JSON.parse(shape.value)) });
    const note = element("span", { class: "layer-words" });
    const cells = [element("td"), element("td", { class: "layer" }, title, note), element("td", { class: "figure" }, shape), element("td", { class: "formula" }), element("td", { class: "figure", text: "1×1" }), element("td", { class: "figure" }), element("td")];
    return { node: element("tr", {}, ...cells), title, shape, note };
  }

  #fillPicture({ input_shape: shape }, chosen) {
    const { shape: select, node, note, title } = this.picture;
    const options = this.shown.shapes.some((known) => String(known) === String(shape)) ? this.shown.shapes : [shape, ...this.shown.shapes];
    const text = JSON.stringify(options);
    if (select.dataset.options !== text) select.replaceChildren(...options.map((option) => element("option", { value: JSON.stringify(option), text: shapeWords(option) })));
    select.dataset.options = text;
    select.value = JSON.stringify(shape);
    say(note, shape[2] === 1 ? "grey" : "red, green, blue");
    node.classList.toggle("chosen", chosen === -1);
    title.setAttribute("aria-pressed", chosen === -1);
  }

  #row(layer, kind) {
    const row = { layer, place: 0, editors: [] };
    row.handle = element("button", { type: "button", class: "handle", text: "⠿", tabindex: -1 });
    row.title = element("button", { type: "button", class: "layer-title", onclick: () => this.acts.choose(row.place) });
    row.words = element("span", { class: "layer-words" });
    row.settings = element("div", { class: "settings" }, ...kind.editors.map((editor) => this.#editor(row, editor)));
    row.message = element("div", { class: "fault", role: "alert" });
    row.output = element("td", { class: "figure output" });
    row.formula = element("td", { class: "formula" });
    row.field = element("td", { class: "figure field" });
    row.cost = element("td", { class: "figure cost" });
    row.up = button("Move up", null, () => this.acts.move(row.place, row.place - 1), "↑");
    row.down = button("Move down", null, () => this.acts.move(row.place, row.place + 1), "↓");
    row.gone = button("Remove", null, () => this.acts.remove(row.place), "✕");
    const actions = element("td", { class: "actions" }, row.up, row.down, row.gone);
    row.node = element("tr", {}, element("td", { class: "grip" }, row.handle), element("td", { class: "layer" }, row.title, row.words, row.settings, row.message), row.output, row.formula, row.field, row.cost, actions);
    row.node.onclick = (event) => !event.target.closest("button, input, select, label") && this.acts.choose(row.place);
    this.#draggable(row);
    return row;
  }

  #fill(row, title, { rows, fault }, chosen, network) {
    const { place, layer } = row;
    const read = rows[place];
    const broken = fault?.place === place;
    say(row.title, title);
    say(row.words, layerWords(layer));
    row.words.hidden = chosen;
    row.settings.hidden = !chosen || !row.editors.length;
    row.title.setAttribute("aria-pressed", chosen);
    row.node.classList.toggle("chosen", chosen);
    row.node.classList.toggle("broken", broken);
    row.node.classList.toggle("unread", !read && !broken);
    say(row.output, read ? shapeWords(read.output) : "–");
    say(row.formula, read ? parameterWords(read, chosen) : "–");
    row.formula.title = read && read.parameters !== read.trainable ? `${withCommas(read.trainable)} of them are learnt` : "";
    say(row.field, read ? fieldWords(read.fields, network.input_shape) : "–");
    say(row.cost, read ? (read.multiplyAdds ? shortNumber(read.multiplyAdds) : "0") : "–");
    row.cost.title = read ? withCommas(read.multiplyAdds) : "";
    this.#showFault(row, broken ? fault.message : row.refused ?? "", broken && layer.kind === "Dense");
    const last = network.layers.length - 1;
    for (const [node, what, off] of [[row.up, "up", place === 0], [row.down, "down", place === last]]) {
      node.disabled = off;
      node.setAttribute("aria-label", `Move ${title} ${what}`);
    }
    row.gone.setAttribute("aria-label", `Remove ${title}`);
    row.handle.setAttribute("aria-label", `Drag ${title}`);
    row.editors.forEach((editor) => editor.show(layer, title));
  }

  #showFault(row, text, canFlatten) {
    if (row.message.dataset.text === text) return;
    row.message.dataset.text = text;
    row.message.replaceChildren();
    if (!text) return;
    row.message.append(element("span", { text }));
    if (canFlatten) row.message.append(button("Put a Flatten before it", null, () => this.acts.flatten(row.place), "Put a Flatten before it"));
  }

  #fillTotals({ rows, fault }) {
    const [parameters, trainable, cost] = ["parameters", "trainable", "multiplyAdds"].map((name) => totalOf(rows, name));
    const learnt = parameters === trainable ? "" : ` (${withCommas(trainable)} learnt)`;
    const last = rows.at(-1);
    const texts = ["", fault ? "Up to the fault" : "In all", last ? shapeWords(last.output) : "", `${withCommas(parameters)}${learnt}`, "", shortNumber(cost), ""];
    const classes = ["", "layer", "figure", "formula total", "figure", "figure cost", ""];
    if (this.totals.dataset.text === texts.join()) return;
    this.totals.dataset.text = texts.join();
    this.totals.replaceChildren(...texts.map((text, i) => element("td", { class: classes[i], text })));
  }

  // --- settings ----------------------------------------------------------------------------------------------------

  #editor(row, { name, type, label, ...limits }) {
    const set = (value) => {
      row.refused = "";
      this.acts.change(row.place, name, value);
    };
    const field = type === "choice" ? this.#select(limits, set) : type === "switch" ? this.#switch(set) : this.#number(row, type, label, limits, set);
    field.node.onfocus = () => this.acts.begin();
    row.editors.push({
      show: (layer, title) => {
        field.node.setAttribute("aria-label", `${title}: ${label}`);
        field.show(layer[name]);
      },
    });
    return element("label", { class: "setting" }, element("span", { text: label }), field.node);
  }

  #select({ options, words }, set) {
    const named = (value, i) => words?.[i] ?? (value === null ? "as the window" : String(value).replaceAll("_", " "));
    const node = element("select", { onchange: () => set(JSON.parse(node.value)) });
    const fill = (values) => node.replaceChildren(...values.map((value, i) => element("option", { value: JSON.stringify(value), text: named(value, i) })));
    fill(options);
    return {
      node,
      show(value) {
        if (!options.includes(value)) fill([...options, value]);
        node.value = JSON.stringify(value);
      },
    };
  }

  #switch(set) {
    const node = element("input", { type: "checkbox", onchange: () => set(node.checked) });
    return { node, show: (value) => (node.checked = value) };
  }

  #number(row, type, label, { least, most, step = 1 }, set) {
    const node = element("input", { type: "number", min: least, max: most, step, inputmode: type === "whole" ? "numeric" : "decimal" });
    let kept = null;
    const valid = () => {
      const value = Number(node.value);
      return node.value.trim() !== "" && value >= least && value <= most && (type !== "whole" || Number.isInteger(value));
    };
    node.oninput = () => {
      node.setAttribute("aria-invalid", !valid());
      if (valid()) set(Number(node.value));
    };
    const judge = () => {
      if (!valid()) {
        row.refused = `${label}: ${node.value.trim() || "nothing"} is no ${type === "whole" ? "whole number" : "number"} from ${withCommas(least)} to ${withCommas(most)}; it stays ${kept}.`;
        node.value = kept;
        node.setAttribute("aria-invalid", false);
        this.show(this.shown);
      }
    };
    node.onblur = judge;
    node.onkeydown = (event) => {
      if (event.key === "Enter") judge();
    };
    return {
      node,
      show(value) {
        const changed = value !== kept;
        kept = value;
        if (changed && Number(node.value) !== value) node.value = value;
      },
    };
  }

  // --- moving ------------------------------------------------------------------------------------------------------

  #draggable(row) {
    const { handle } = row;
    let start = null;
    handle.onpointerdown = (event) => {
      if (event.button !== 0) return;
      start = { y: event.clientY, moving: false };
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
    };
    handle.onpointermove = (event) => {
      if (!start || (!start.moving && Math.abs(event.clientY - start.y) < DRAG)) return;
      start.moving = true;
      row.node.classList.add("dragged");
      this.#mark(this.#gapAt(event.clientY));
    };
    handle.onpointerup = (event) => {
      const gap = start?.moving ? this.#gapAt(event.clientY) : null;
      stop();
      if (gap === null) return this.acts.choose(row.place);
      const to = gap > row.place ? gap - 1 : gap;
      if (to !== row.place) this.acts.move(row.place, to);
    };
    const stop = () => {
      start = null;
      row.node.classList.remove("dragged");
      this.#mark(null);
    };
    handle.onpointercancel = stop;
  }

  // Before which layer a block would land that is let go at this height.
  #gapAt(y) {
    const middles = [...this.rows.values()].sort((a, b) => a.place - b.place).map(({ node }) => node.getBoundingClientRect()).map(({ top, height }) => top + height / 2);
    const at = middles.findIndex((middle) => y < middle);
    return at < 0 ? middles.length : at;
  }

  #mark(gap) {
    for (const { node, place } of this.rows.values()) {
      node.classList.toggle("lands-before", gap === place);
      node.classList.toggle("lands-after", gap !== null && gap === this.rows.size && place === this.rows.size - 1);
    }
  }

  #key(event) {
    const row = [...this.rows.values()].find(({ node }) => node.contains(event.target));
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const onTitle = event.target.classList.contains("layer-title");
    if (by && event.altKey && row) {
      const to = row.place + by;
      if (to >= 0 && to < this.rows.size) this.acts.move(row.place, to);
    } else if (by && onTitle) {
      const next = (row ? row.place : -1) + by;
      if (next < -1 || next >= this.rows.size) return;
      this.acts.choose(next);
      this.focus(next);
    } else if (["Delete", "Backspace"].includes(event.key) && onTitle && row) {
      this.acts.remove(row.place);
      this.focus(Math.min(row.place, this.rows.size - 1));
    } else return;
    event.preventDefault();
  }
}
