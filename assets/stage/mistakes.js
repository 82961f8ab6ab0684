// The table of right and wrong answers: each cell opens the pictures that it counts.

import { element, say } from "./elements.js";

const tables = new WeakMap();

class Mistakes {
  constructor(parent) {
    this.table = element("table", { class: "mistakes" });
    this.title = element("p", { class: "mistakes-title", role: "status" });
    this.strip = element("div", { class: "mistakes-strip" });
    parent.replaceChildren(element("div", { class: "mistakes-board" }, this.table, element("div", { class: "mistakes-side" }, this.title, this.strip)));
    this.chosen = null;
  }

  update({ data }) {
    if (data.stamp !== this.data?.stamp) this.chosen = null;
    this.data = data;
    this.table.parentElement.parentElement.classList.toggle("presenting", data.presenting);
    this.draw();
  }

  cell(truth, said) {
    return this.data.pictures.map((picture, number) => ({ ...picture, number })).filter((picture) => picture.truth === truth && picture.said === said);
  }

  draw() {
    const { names } = this.data;
    const most = Math.max(1, ...names.map((_, i) => this.data.pictures.filter(({ truth }) => truth === i).length));
    const first = element("tr", {}, element("td"), element("th", { colspan: names.length, scope: "colgroup", text: "it says" }));
    const second = element("tr", {}, element("th", { scope: "col", text: "it is" }), ...names.map((name) => element("th", { scope: "col", text: name })));
    const rows = names.map((name, truth) => element("tr", {}, element("th", { scope: "row", text: name }), ...names.map((_, said) => element("td", {}, this.button(truth, said, most)))));
    this.table.replaceChildren(first, second, ...rows);
    if (!this.chosen) {
      const wrong = names.flatMap((_, truth) => names.map((_, said) => [truth, said])).filter(([truth, said]) => truth !== said && this.cell(truth, said).length);
      this.chosen = wrong[0] || [0, 0];
    }
    this.open(...this.chosen);
  }

  button(truth, said, most) {
    const count = this.cell(truth, said).length;
    const { names } = this.data;
    const colour = truth === said ? "62 99 221" : "229 72 77";
    const share = count ? 0.12 + (0.5 * count) / most : 0;
    const label = `${count} of ${names[truth]} called ${names[said]}`;
    return element("button", { type: "button", class: "mistakes-cell", "data-cell": `${truth} ${said}`, "aria-label": label, style: `background:rgb(${colour} / ${share})`, text: String(count), onclick: () => this.open(truth, said) });
  }

  open(truth, said) {
    this.chosen = [truth, said];
    for (const button of this.table.querySelectorAll("button")) button.setAttribute("aria-pressed", button.dataset.cell === `${truth} ${said}`);
    const { names, sprite, columns, rows } = this.data;
    const pictures = this.cell(truth, said).sort((one, other) => other.sure - one.sure);
    const what = truth === said ? `${names[truth]}, rightly named` : `${names[truth]} taken for ${names[said]}`;
    say(this.title, pictures.length ? `${what}: ${pictures.length}. How sure it is stands below each.` : `No ${what}.`);
    const side = this.data.presenting ? 84 : 68;
    this.strip.replaceChildren(
      ...pictures.map(({ number, sure }) => {
        const style = `width:${side}px;height:${side}px;background-image:url(${sprite});background-size:${columns * side}px ${rows * side}px;background-position:-${(number % columns) * side}px -${Math.floor(number / columns) * side}px`;
        return element("figure", { class: "mistakes-shot" }, element("span", { role: "img", "aria-label": names[truth], style }), element("figcaption", { text: `${Math.round(100 * sure)} %` }));
      }),
    );
  }
}

export default function (component) {
  const parent = component.parentElement.querySelector(".stage");
  if (!tables.has(parent)) tables.set(parent, new Mistakes(parent));
  tables.get(parent).update(component);
  return () => tables.delete(parent);
}
