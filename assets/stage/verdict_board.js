// The verdict board: what the network says of the newest frame, how sure it is, and why, for the last row to read.

import { CameraCheck, forgetCameraWhenTurned } from "./camera_check.js";
import { CameraKeys } from "./camera_keys.js";
import { CameraLook } from "./camera_look.js";
import { element, say } from "./elements.js";
import { Feed } from "./feed.js";
import { isDark, palette } from "./palette.js";
import { heatPixel, heats, percent, typeSize } from "./verdict_parts.js";

const boards = new WeakMap(); // what stands between two calls of the default function

class VerdictBoard {
  constructor(parent) {
    this.root = parent.querySelector(".stage");
    this.words = element("p", { class: "verdict-words", role: "status", "aria-live": "polite" });
    this.below = element("p", { class: "verdict-below" });
    this.bars = element("div", { class: "verdict-bars", role: "list", "aria-label": "How sure" });
    this.numbers = element("p", { class: "verdict-numbers" });
    this.picture = element("img", { class: "verdict-picture", alt: "", decoding: "sync" });
    this.heat = element("canvas", { class: "verdict-heat", "aria-hidden": true });
    this.seen = element("div", { class: "verdict-seen" }, this.picture, this.heat);
    this.caption = element("p", { class: "verdict-caption" });
    this.why = element("figure", { class: "verdict-why" }, this.seen, this.caption);
    this.side = element("div", { class: "verdict-side" }, this.bars, this.numbers);
    this.lower = element("div", { class: "verdict-lower" }, this.side, this.why);
    this.trouble = element("p", { class: "verdict-trouble", role: "alert" }, element("strong"), element("span"));
    this.root.replaceChildren(this.words, this.below, this.lower, this.trouble);
    this.keys = new CameraKeys();
    this.look = new CameraLook();
    this.feed = new Feed((content) => this.draw(content));
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.root);
  }

  close() {
    this.observer.disconnect();
    this.check?.close();
    this.keys.close();
    this.look.close();
    this.feed.follow(null);
  }

  update({ data, setStateValue }) {
    this.data = data;
    this.check ??= new CameraCheck((found) => setStateValue("camera", found));
    forgetCameraWhenTurned(data.facing);
    this.root.classList.toggle("presenting", data.presenting);
    this.seen.classList.toggle("mirrored", data.mirrored);
    this.draw(data.content);
    this.feed.follow(data.content.moving ? data.moves : null);
  }

  draw(content) {
    this.content = content;
    this.root.classList.toggle("unsure", !content.sure);
    say(this.words, content.words);
    say(this.below, content.below);
    say(this.numbers, content.numbers);
    this.#drawBars(content);
    this.#drawWhy(content);
    this.#drawTrouble(content.trouble);
    this.fit();
  }

  fit() {
    if (!this.content) return;
    const size = `${typeSize(this.content.words, this.root.clientWidth, this.data.presenting)}px`;
    if (this.words.style.fontSize !== size) this.words.style.fontSize = size;
  }

  #drawBars({ bars, winner }) {
    while (this.bars.children.length > bars.length) this.bars.lastChild.remove();
    while (this.bars.children.length < bars.length) {
      const fill = element("span", { class: "verdict-fill" });
      this.bars.append(
        element("div", { class: "verdict-bar", role: "listitem" }, element("span", { class: "verdict-name" }), element("span", { class: "verdict-track" }, fill), element("span", { class: "verdict-share" })),
      );
    }
    bars.forEach(({ name, share }, i) => {
      const [label, track, number] = this.bars.children[i].children;
      say(label, name);
      say(number, percent(share));
      track.firstChild.style.width = `${share * 100}%`;
      this.bars.children[i].classList.toggle("first", i === winner);
    });
  }

  #drawWhy({ picture, heat, caption }) {
    this.why.hidden = !picture;
    if (!picture) return;
    say(this.caption, caption);
    if (this.picture.src !== picture) this.picture.src = picture;
    this.heat.hidden = !heat;
    if (!heat) return;
    const { positive } = palette("red-blue", isDark(this.root));
    const { rows, columns, levels } = heat;
    this.heat.width = columns;
    this.heat.height = rows;
    const image = new ImageData(columns, rows);
    heats(levels).forEach((value, i) => image.data.set(heatPixel(value, positive), i * 4));
    this.heat.getContext("2d").putImageData(image, 0, 0);
    Object.assign(this.heat.style, boxStyle(heat.box));
  }

  #drawTrouble(trouble) {
    this.trouble.hidden = !trouble;
    const [what, help] = this.trouble.children;
    say(what, trouble?.what ?? "");
    say(help, trouble ? ` ${trouble.help}` : "");
  }
}

// Where on the picture the network looked: shares of its width and height.
const boxStyle = ({ left, top, width, height }) => ({ left: `${left * 100}%`, top: `${top * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` });

export default function (component) {
  const { parentElement } = component;
  if (!boards.has(parentElement)) boards.set(parentElement, new VerdictBoard(parentElement));
  boards.get(parentElement).update(component);
  return () => {
    boards.get(parentElement)?.close();
    boards.delete(parentElement);
  };
}
