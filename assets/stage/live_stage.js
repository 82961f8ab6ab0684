// The training board: curves, filters, feature maps, mix-ups and gradients of a run, several times a second, and what
// steers the run. Python sends the whole state each time; nothing is rebuilt that did not change.

import { button, group } from "./controls.js";
import { element, say } from "./elements.js";
import { isDark, palette } from "./palette.js";
import { boardHeight } from "./layout.js";
import { LiveCharts } from "./live_charts.js";
import { GradientBars } from "./live_gradients.js";
import { MixupTable, PictureRow } from "./live_mixups.js";
import { FilterPanel } from "./live_panel.js";
import { readLive } from "./live_reading.js";

const KEPT_COMMANDS = 12; // Python reads the state of the board; what it has not seen yet must still be in it
const LEAST_HEIGHT = 300;
const MOST_HEIGHT = 620;
const STACKED = 760; // CSS pixels of width up to which what stands beside the charts stands under them
const LARGE_STACKED = 1000; // the same with the large type of presenter mode
const TABS = { filters: "Filters and maps", mixups: "Confusion matrix", gradients: "Gradients" };
// What stands in a panel while there is nothing to show: a stored run's network is opened first.
const AWAITED = { filters: "Filters and maps come once the network is opened.", gradients: "No gradient has been measured yet." };
const KEYS = "Space pauses and resumes, B trains one batch, E one epoch, arrow left and right read the curves epoch by epoch, 1 to 3 choose what is shown beside them.";

class LiveStage {
  constructor(parent) {
    this.root = parent.querySelector(".stage");
    this.root.replaceChildren();
    this.seq = 0;
    this.commands = [];
    this.tab = "filters";
    this.#frame();
    this.redraw = () => this.invalidate();
    this.observer = new ResizeObserver(this.redraw);
    this.observer.observe(this.root);
    window.addEventListener("resize", this.redraw);
    this.themes = new MutationObserver(this.redraw);
    this.themes.observe(parent.host ?? parent, { attributes: true });
  }

  close() {
    this.charts.close();
    this.filters.close();
    this.observer.disconnect();
    this.themes.disconnect();
    window.removeEventListener("resize", this.redraw);
  }

  #frame() {
    this.state = element("span", { class: "live-state" });
    this.facts = element("span", { class: "live-head", style: "min-height:0" });
    this.fill = element("span", {});
    this.charts = new LiveCharts({ keyed: (key) => this.#keyed(key), ask: (name, value) => this.ask(name, value) });
    this.charts.canvas.stage = this; // for whoever drives the board from outside, such as the browser tests
    this.panels = Object.fromEntries(Object.keys(TABS).map((name) => [name, element("div", { class: "live-panel", role: "tabpanel", "aria-label": TABS[name] })]));
    this.filters = new FilterPanel(this.panels.filters, (name, value) => this.ask(name, value));
    this.mixups = new MixupTable(this.panels.mixups, (truth, said) => this.ask("look", [truth, said]));
    this.wrong = new PictureRow(this.panels.mixups, (place) => this.#follow(place));
    this.gradients = new GradientBars(this.panels.gradients);
    for (const [name, text] of Object.entries(AWAITED)) this.panels[name].append(element("p", { class: "live-awaited", text }));
    this.tabs = Object.fromEntries(Object.entries(TABS).map(([name, title]) => [name, element("button", { type: "button", class: "live-tab", role: "tab", text: title, onclick: () => this.choose(name) })]));
    this.samples = element("div", { class: "live-panel" });
    this.sampled = new PictureRow(this.samples);
    this.tablist = element("div", { class: "live-tabs", role: "tablist" }, ...Object.values(this.tabs));
    this.side = element("div", { class: "live-side" }, this.tablist, ...Object.values(this.panels), this.samples);
    this.remark = element("p", { class: "live-remark", role: "status", "aria-live": "polite" });
    this.main = element("div", { class: "live-main" }, this.charts.node, this.side);
    this.root.append(
      element("div", { class: "live-head" }, this.state, this.facts),
      element("div", { class: "live-bar", "aria-hidden": "true" }, this.fill),
      this.main, this.remark, this.#controls(), element("p", { id: "live-keys", class: "unseen", text: KEYS }),
    );
  }

  #controls() {
    const ask = (name) => () => this.ask(name);
    this.pausing = button("Wait once the batches under way are done, ten at most", "pause", ask("pause"), "Pause");
    this.resuming = button("Go on", "play", ask("resume"), "Resume");
    this.resuming.classList.add("invite");
    const named = {
      batch: button("Train one batch, then wait", "forward", ask("batch"), "One batch"),
      epoch: button("Train to the end of the epoch, then wait", "whole", ask("epoch"), "One epoch"),
      leave: button("Leave the queue; nothing was trained yet", null, ask("leave"), "Leave the queue"),
      stop: button("Stop here and keep the best network so far", null, ask("stop"), "Stop, keep the best epoch"),
      again: button("The same network, the same start, the same batches", "again", ask("again"), "Again from the same start"),
      test: button("Ask the network about pictures that it never saw, once", null, ask("test"), "Test set"),
      lost: button("Go on from the last epoch that is stored", "play", ask("lost"), "Go on from its last epoch"),
    };
    this.buttons = { ...named, pause: this.pausing, resume: this.resuming };
    this.rates = element("select", { "aria-label": "Learning rate", onchange: () => this.ask("rate", Number(this.rates.value)) });
    this.rates.onkeydown = (event) => event.stopPropagation();
    this.rate = element("label", { class: "rate" }, element("span", { text: "Learning rate" }), this.rates);
    this.controls = element("div", { class: "controls" }, group("Run", this.pausing, this.resuming, ...Object.values(named)), this.rate);
    return this.controls;
  }

  // --- what a person asks for ---

  // Commands are numbered, so that none is lost and none is done twice however the two sides' messages cross.
  ask(name, value = null) {
    if (this.buttons[name]?.ariaDisabled) return;
    this.seq += 1;
    this.commands = [...this.commands, [this.seq, name, value]].slice(-KEPT_COMMANDS);
    this.send(this.commands);
    this.root.dataset.settled = false;
    if (this.buttons[name]) this.buttons[name].ariaDisabled = "true"; // a disabled one would lose the focus
    if (name === "start") this.charts.started();
  }

  choose(name) {
    if (name === this.tab) return;
    this.tab = name;
    this.ask("tab", name);
    this.draw();
  }

  #follow(place) {
    this.ask("watch", place);
    this.choose("filters");
  }

  #keyed(key) {
    const allowed = this.data.buttons;
    if (key === " " && allowed.includes("pause")) this.pausing.click();
    else if (key === " " && allowed.includes("resume")) this.resuming.click();
    else if (key === "b" && allowed.includes("batch")) this.buttons.batch.click();
    else if (key === "e" && allowed.includes("epoch")) this.buttons.epoch.click();
    else if (/^[1-3]$/.test(key)) this.choose(Object.keys(TABS)[key - 1]);
    else return false;
    return true;
  }

  // --- what Python says ---

  update({ data, setStateValue }) {
    this.data = data;
    this.send = (commands) => setStateValue("asked", commands);
    this.seq = Math.max(this.seq, data.seen);
    this.shown = readLive(data);
    this.root.classList.toggle("presenting", data.presenting);
    this.root.dataset.state = data.state;
    this.root.dataset.settled = data.seen >= this.seq;
    if (data.seen >= this.seq) this.tab = data.tab;
    say(this.state, data.headline);
    this.#showFacts(data.facts);
    this.fill.style.width = `${100 * data.share}%`;
    say(this.remark, data.remark);
    this.remark.classList.toggle("alarm", data.alarm);
    this.#showControls(data);
    this.invalidate();
  }

  #showFacts(facts) {
    while (this.facts.childElementCount > facts.length) this.facts.lastChild.remove();
    while (this.facts.childElementCount < facts.length) this.facts.append(element("span", { class: "live-fact" }));
    facts.forEach((fact, i) => say(this.facts.children[i], fact));
  }

  #showControls({ buttons, rate, rates, seen }) {
    this.controls.hidden = buttons.length === 0;
    const [held] = Object.entries(this.buttons).find(([, node]) => node === this.root.getRootNode().activeElement) ?? [];
    for (const [name, node] of Object.entries(this.buttons)) node.hidden = !buttons.includes(name);
    if (seen >= this.seq) Object.values(this.buttons).forEach((node) => node.removeAttribute("aria-disabled"));
    if (held && !buttons.includes(held)) this.#passFocus(held);
    this.rate.hidden = !buttons.includes("rate");
    const options = rates.map(String).join();
    if (this.rated !== options) this.rates.replaceChildren(...rates.map((value) => element("option", { value: String(value), text: String(value) })));
    this.rated = options;
    if (seen >= this.seq && this.root.getRootNode().activeElement !== this.rates) this.rates.value = String(rate);
  }

  // From a button that went to what undoes it, or to the charts, which hear the same keys: without a focus the next
  // Space would scroll the page.
  #passFocus(from) {
    const to = this.buttons[{ pause: "resume", resume: "pause" }[from]];
    (to && !to.hidden ? to : this.charts.canvas).focus({ preventScroll: true });
  }

  invalidate() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (this.root.isConnected && this.data) this.draw();
    });
  }

  draw() {
    const { data, shown, root } = this;
    const width = root.clientWidth;
    if (!width) return;
    const stacked = width <= (data.presenting ? LARGE_STACKED : STACKED);
    root.classList.toggle("stacked", stacked); // before anything is measured
    const colours = palette(data.palette, isDark(root));
    root.style.setProperty("--zero", `rgb(${colours.zero.join(" ")})`);
    const font = getComputedStyle(root).fontFamily;
    const below = this.remark.offsetHeight + this.controls.offsetHeight + 28 + data.below;
    const height = Math.max(boardHeight(this.main, below, MOST_HEIGHT), LEAST_HEIGHT);
    this.side.style.height = stacked ? "auto" : `${height}px`;
    this.charts.show({ ...shown.curves, invitation: data.invitation }, height, colours, font, data.presenting);
    this.#showSide(colours, stacked ? 360 : height);
    root.dataset.painted = Number(root.dataset.painted ?? 0) + 1;
  }

  #showSide(colours, height) {
    const { shown, data } = this;
    const there = { filters: shown.snapshot, mixups: shown.confusion, gradients: shown.gradients.length > 0 };
    const idle = !Object.values(there).some(Boolean);
    this.tablist.hidden = idle;
    this.samples.hidden = !idle;
    for (const [name, panel] of Object.entries(this.panels)) panel.hidden = idle || name !== this.tab;
    for (const name of Object.keys(AWAITED)) this.panels[name].classList.toggle("awaiting", !there[name]);
    if (idle) return this.sampled.show(shown.samples, data.presenting ? 74 : 62, colours);
    for (const [name, tab] of Object.entries(this.tabs)) tab.setAttribute("aria-selected", name === this.tab);
    const room = { width: this.side.clientWidth, height: height - this.tablist.offsetHeight - 8 };
    if (this.tab === "filters" && there.filters) this.filters.show({ ...shown.snapshot, surgery: data.surgery }, room, colours, data.presenting);
    if (this.tab === "gradients" && there.gradients) this.gradients.show(shown.gradients);
    if (this.tab !== "mixups") return;
    if (there.mixups) this.mixups.show(shown.confusion, colours);
    else say(this.mixups.note, "After the first epoch this shows which classes are taken for which.");
    const side = data.presenting ? 60 : 48;
    this.wrong.show(shown.wrong, side, colours);
    if (there.mixups) this.mixups.fit(room.height - this.mixups.height - side - this.wrong.words.offsetHeight - 34, shown.confusion.classes.length);
  }
}

const boards = new WeakMap();

export default function live(component) {
  const { parentElement } = component;
  if (!boards.has(parentElement)) boards.set(parentElement, new LiveStage(parentElement));
  boards.get(parentElement).update(component);
  return () => {
    boards.get(parentElement)?.close();
    boards.delete(parentElement);
  };
}
