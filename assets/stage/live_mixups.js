// Which classes are taken for which: a table to click in, and the pictures that went wrong.

import { element, say } from "./elements.js";
import { paintPicture } from "./live_filters.js";
import { percent } from "./live_curves.js";
import { css, mix, textOn } from "./palette.js";

const MOST_CLASSES = 20;

const sentence = (truth, said, count) => (truth === said ? `${count} × ${truth} read rightly` : `${count} × ${truth} taken for ${said}`);

export class MixupTable {
  // choose(truth, said): a cell was clicked.
  constructor(host, choose) {
    this.choose = choose;
    this.table = element("table", { class: "mixups", "aria-label": "Confusion matrix: true class in rows, what the network says in columns" });
    this.note = element("p", { class: "live-note" });
    host.append(this.note, element("div", { class: "mixups-scroll" }, this.table));
    this.made = "";
  }

  #build(classes) {
    const short = (name) => (name.length > 9 ? `${name.slice(0, 8)}…` : name);
    const head = element("tr", {}, element("th", { text: "is ↓ says →", scope: "col" }), ...classes.map((name) => element("th", { scope: "col", title: name }, element("span", { text: short(name) }))));
    this.cells = classes.map((truth, row) =>
      classes.map((said, column) => element("button", { type: "button", class: "mixup", onclick: () => this.choose(row, column) })),
    );
    this.table.replaceChildren(head, ...classes.map((name, row) => element("tr", {}, element("th", { scope: "row", text: short(name), title: name }), ...this.cells[row].map((button) => element("td", {}, button)))));
    this.table.classList.toggle("narrow-names", classes.every((name) => name.length < 4));
  }

  // What stands above the cells.
  get height() {
    return this.note.offsetHeight + (this.table.rows[0]?.offsetHeight ?? 0);
  }

  // So that the table and the pictures under it fit without scrolling. height: CSS pixels for the cells.
  fit(height, classes) {
    this.table.style.setProperty("--cell", `${Math.min(Math.max(height / classes - 2, 15), 24)}px`);
  }

  // confusion: { classes, counts: rows of numbers, chosen: [row, column] or null }
  show({ classes, counts, chosen }, colours) {
    const few = classes.length <= MOST_CLASSES;
    this.table.hidden = !few;
    if (!few) return say(this.note, `${classes.length} classes are too many for a table.`);
    if (this.made !== classes.join("\n")) this.#build(classes);
    this.made = classes.join("\n");
    let [right, all, most] = [0, 0, 1];
    counts.forEach((row, truth) => row.forEach((count, said) => {
      all += count;
      if (truth === said) right += count;
      else most = Math.max(most, count);
    }));
    say(this.note, `${(all - right).toLocaleString("en")} of ${all.toLocaleString("en")} validation pictures wrong: click a cell, then a picture.`);
    counts.forEach((row, truth) => row.forEach((count, said) => {
      const button = this.cells[truth][said];
      const colour = truth === said ? colours.zero : mix(count, most, colours);
      say(button, String(count || "·"));
      button.style.background = truth === said ? "transparent" : css(colour);
      button.style.color = truth === said ? colours.faint : textOn(colour);
      button.classList.toggle("right", truth === said);
      button.setAttribute("aria-label", sentence(classes[truth], classes[said], count));
      button.setAttribute("aria-pressed", Boolean(chosen) && chosen[0] === truth && chosen[1] === said);
    }));
  }
}

export class PictureRow {
  // follow(place): a picture that can be followed through the network was clicked.
  constructor(host, follow = () => {}) {
    this.follow = follow;
    this.words = element("p", { class: "live-note" });
    this.row = element("div", { class: "picture-row" });
    host.append(this.words, this.row);
    this.drawn = "";
  }

  // shown: { words, pictures: [{ rows, columns, channels, levels, title, share }] }
  show(shown, side, colours) {
    const name = JSON.stringify([shown.words, side, colours.zero, shown.pictures.map(({ title, stamp, place }) => [title, stamp, place])]);
    if (name === this.drawn) return;
    this.drawn = name;
    say(this.words, shown.words);
    this.row.replaceChildren(
      ...shown.pictures.map((picture) => {
        const canvas = element("canvas", { role: "img", "aria-label": picture.title });
        paintPicture(canvas, picture, side, colours);
        const caption = picture.share === null ? picture.title : `${picture.title} ${percent(picture.share)}`;
        const title = "Follow this picture through the network";
        const shell = picture.place === null ? canvas : element("button", { type: "button", class: "followed", title, "aria-label": `${title}: ${shown.words}`, onclick: () => this.follow(picture.place) }, canvas);
        return element("figure", {}, shell, element("figcaption", { text: caption }));
      }),
    );
  }
}
