// The feature map: every picture at its place in the plane, by its pixels on the left and by what a network says of it
// on the right. Point at a picture, or walk with the arrow keys: both maps show it, and who stands next to it.

import { canvasContext, element, say } from "./elements.js";
import { isDark } from "./palette.js";

const RINGS = ["#E5484D", "#3E63DD", "#FFB224", "#0F9D7A", "#8E4EC6", "#D6409F", "#7C5A3A", "#4CB5D9", "#7B8794", "#9DB800"];
const GAP = 28;
const HEAD = 46; // for the words above a map, at least
const LARGE = 92; // side of the picture pointed at
const maps = new WeakMap();

class FeatureMap {
  constructor(parent) {
    this.at = null;
    this.pinned = false;
    this.canvas = element("canvas", {
      role: "application",
      tabindex: 0,
      "aria-label": "Feature map",
      onpointermove: (event) => this.pinned || this.point(this.nearest(event)),
      onpointerleave: () => this.pinned || this.point(null),
      onpointerdown: (event) => this.pin(this.nearest(event)),
      onkeydown: (event) => this.key(event),
    });
    this.heads = ["before", "after"].map(() => element("div", { class: "map-head" }, element("strong"), element("span")));
    this.status = element("p", { class: "map-status", role: "status" });
    this.strips = ["before", "after"].map(() => element("div", { class: "map-strip" }));
    this.legend = element("div", { class: "map-legend" });
    this.board = element("div", { class: "board map-board" }, this.canvas, ...this.heads);
    parent.replaceChildren(this.board, this.legend, this.status, element("div", { class: "map-strips" }, ...this.strips));
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this.board);
  }

  update({ data }) {
    if (data.sprite !== this.data?.sprite) {
      this.picture = new Image();
      this.picture.onload = () => this.draw();
      this.picture.src = data.sprite;
    }
    if (data.stamp !== this.data?.stamp) [this.at, this.pinned] = [null, false];
    this.data = data;
    this.board.parentElement.classList.toggle("presenting", data.presenting);
    this.legend.replaceChildren(...data.names.map((name, i) => element("span", { class: "map-name" }, element("i", { style: `border-color:${RINGS[i % RINGS.length]}` }), element("span", { text: name }))));
    data.maps.forEach(({ title, words }, i) => {
      say(this.heads[i].firstChild, title);
      say(this.heads[i].lastChild, words);
    });
    this.draw();
  }

  // --- places ---------------------------------------------------------------------------------------------------

  layout() {
    const width = this.board.clientWidth || 800;
    const stacked = width < 640;
    const panel = stacked ? width : (width - GAP) / 2;
    const height = Math.round(Math.min(panel * 0.72, this.data.presenting ? 340 : 380));
    for (const words of this.heads) words.style.width = `${panel}px`;
    const head = Math.max(HEAD, ...this.heads.map((words) => words.offsetHeight + 2)); // how high depends on how they wrap
    const views = this.data.maps.map((_, i) => ({ x: stacked ? 0 : i * (panel + GAP), y: head + (stacked ? i * (height + head) : 0), width: panel, height }));
    const side = Math.max(14, Math.min(34, Math.sqrt((panel * height) / this.data.labels.length) * 0.62));
    return { width, height: stacked ? 2 * (height + head) : height + head, head, views, side };
  }

  placeOf(map, number) {
    const { x, y, width, height } = this.view.views[map];
    const margin = this.view.side / 2 + 4;
    const [across, up] = this.data.maps[map].places[number];
    return [x + width / 2 + across * (width / 2 - margin), y + height / 2 - up * (height / 2 - margin)];
  }

  nearest(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let [best, least] = [null, (this.view.side * 1.1) ** 2];
    this.data.maps.forEach((_, map) =>
      this.data.labels.forEach((_, number) => {
        const [px, py] = this.placeOf(map, number);
        const distance = (px - x) ** 2 + (py - y) ** 2;
        if (distance < least) [best, least] = [number, distance];
      }),
    );
    return best;
  }

  // --- pointing -------------------------------------------------------------------------------------------------

  point(number) {
    if (number === this.at) return;
    this.at = number;
    this.draw();
  }

  pin(number) {
    this.pinned = number !== null && !(this.pinned && number === this.at);
    this.at = number;
    this.draw();
    this.canvas.focus({ preventScroll: true });
  }

  key(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.pin(null);
    if (!by) return;
    event.preventDefault();
    const count = this.data.labels.length;
    this.pinned = true;
    this.point(this.at === null ? 0 : (this.at + by + count) % count);
  }

  // --- drawing --------------------------------------------------------------------------------------------------

  draw() {
    if (!this.data || !this.board.clientWidth) return;
    this.view = this.layout();
    const { width, height, head, views, side } = this.view;
    const pen = canvasContext(this.canvas, width, height);
    pen.clearRect(0, 0, width, height);
    views.forEach((view, map) => {
      Object.assign(this.heads[map].style, { left: `${view.x}px`, top: `${view.y - head}px` });
      pen.strokeStyle = isDark(this.canvas) ? "#2C3136" : "#E3E5E8";
      pen.lineWidth = 1;
      pen.strokeRect(view.x + 0.5, view.y + 0.5, view.width - 1, view.height - 1);
      pen.globalAlpha = this.at === null ? 1 : 0.35;
      this.data.labels.forEach((_, number) => this.shot(pen, number, ...this.placeOf(map, number), side, 2));
      pen.globalAlpha = 1;
      if (this.at !== null) this.highlight(pen, map);
    });
    this.words();
  }

  highlight(pen, map) {
    const { views, side } = this.view;
    const [x, y] = this.placeOf(map, this.at);
    for (const other of this.data.maps[map].neighbours[this.at]) {
      const [ox, oy] = this.placeOf(map, other);
      pen.strokeStyle = "#FFB224";
      pen.lineWidth = 2;
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(ox, oy);
      pen.stroke();
      this.shot(pen, other, ox, oy, side * 1.25, 3);
    }
    this.shot(pen, this.at, x, y, side * 1.5, 4);
    this.shot(pen, this.at, ...this.freeCorner(map, views[map]), LARGE, 4);
  }

  // Where the enlarged picture hides neither the picture nor its neighbours: the corner that is farthest from all of them.
  freeCorner(map, { x, y, width, height }) {
    const inset = LARGE / 2 + 6;
    const corners = [x + inset, x + width - inset].flatMap((px) => [y + inset, y + height - inset].map((py) => [px, py]));
    const places = [this.at, ...this.data.maps[map].neighbours[this.at]].map((number) => this.placeOf(map, number));
    const room = ([px, py]) => Math.min(...places.map(([ox, oy]) => Math.hypot(px - ox, py - oy)));
    return corners.reduce((best, corner) => (room(corner) > room(best) ? corner : best));
  }

  shot(pen, number, x, y, side, ring) {
    const { columns, tile, labels } = this.data;
    const [left, top] = [x - side / 2, y - side / 2];
    if (this.picture.complete && this.picture.naturalWidth) pen.drawImage(this.picture, (number % columns) * tile, Math.floor(number / columns) * tile, tile, tile, left, top, side, side);
    pen.strokeStyle = RINGS[labels[number] % RINGS.length];
    pen.lineWidth = ring;
    pen.strokeRect(left, top, side, side);
  }

  words() {
    const { names, labels, maps: both } = this.data;
    if (this.at === null) {
      say(this.status, "Point at a picture, or use the arrow keys: its nearest neighbours are joined to it in both maps.");
      this.strips.forEach((strip) => strip.replaceChildren());
      return;
    }
    const same = both.map(({ neighbours }) => neighbours[this.at].filter((other) => labels[other] === labels[this.at]).length);
    const count = both[0].neighbours[this.at].length;
    say(this.status, `${names[labels[this.at]]}: of its ${count} nearest neighbours ${same[0]} are of the same class by their pixels, ${same[1]} by the features.`);
    this.strips.forEach((strip, map) => strip.replaceChildren(element("span", { text: ["By pixels:", "By features:"][map] }), ...[this.at, ...both[map].neighbours[this.at]].map((number, i) => this.small(number, i === 0))));
  }

  small(number, first) {
    const { columns, tile, labels, names, sprite } = this.data;
    const side = this.data.presenting ? 64 : 54;
    const rows = Math.ceil(labels.length / columns);
    const style = `width:${side}px;height:${side}px;border-color:${RINGS[labels[number] % RINGS.length]};background-image:url(${sprite});background-size:${columns * side}px ${rows * side}px;background-position:-${(number % columns) * side}px -${Math.floor(number / columns) * side}px`;
    return element("span", { class: first ? "map-small first" : "map-small", role: "img", "aria-label": names[labels[number]], style });
  }
}

export default function (component) {
  const parent = component.parentElement.querySelector(".stage");
  if (!maps.has(parent)) maps.set(parent, new FeatureMap(parent));
  const map = maps.get(parent);
  parent.querySelector("canvas").map = map;
  map.update(component);
  return () => {
    map.watch.disconnect();
    maps.delete(parent);
  };
}
