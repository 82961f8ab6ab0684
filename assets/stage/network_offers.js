// What is offered above and below the drawing: networks to start from, pictures to look at, layers to add.

import { button, group } from "./controls.js";
import { canvasContext, element } from "./elements.js";
import { readNetwork } from "./network_arithmetic.js";
import { blocksOf, paintBlocks, placeBlocks } from "./network_blocks.js";

const CARD = [90, 44]; // a network's drawing
const THUMB = 26; // a picture's side
const ADDED = [
  ["Maps", ["Conv2D", "MaxPool2D", "AveragePool2D", "Residual", "BatchNorm", "Activation", "Dropout"]],
  ["To a list", ["Flatten", "GlobalAveragePool", "Dense"]],
  ["Pictures", ["Rescaling", "RandomFlip", "RandomTranslation", "RandomRotation", "RandomZoom", "RandomBrightness"]],
];

const layersText = ({ input_shape: shape, layers }) => JSON.stringify([shape, layers]);

// A card for each network to start from, with its drawing. take(preset)
export class NetworkCards {
  constructor(host, presets, titles, take) {
    this.titles = titles;
    this.cards = presets.map((preset) => {
      const canvas = element("canvas", { "aria-hidden": "true" });
      const node = element("button", { type: "button", class: "card", title: preset.about, onclick: () => take(preset) }, canvas, element("span", { text: preset.title }));
      return { preset, text: layersText(preset.network), canvas, node };
    });
    host.append(...this.cards.map(({ node }) => node));
  }

  // The preset that the network is; undefined where it is none.
  of(network) {
    const now = layersText(network);
    return this.cards.find(({ text }) => text === now)?.preset;
  }

  show(network, colours) {
    const now = this.of(network);
    this.cards.forEach(({ preset, node }) => node.setAttribute("aria-pressed", preset === now));
    if (this.ink === colours.ink) return;
    this.ink = colours.ink;
    for (const { preset, canvas } of this.cards) {
      const blocks = blocksOf(preset.network, readNetwork(preset.network, this.titles));
      paintBlocks(canvas, ...CARD, placeBlocks(blocks, ...CARD, null), { colours, chosen: null });
    }
  }
}

// The pictures that have as many channels as the network takes. take(key)
export class PictureThumbs {
  constructor(host, choices, take) {
    this.thumbs = choices.map((choice) => {
      const node = element("button", { type: "button", class: "thumb", "aria-label": choice.title, title: choice.title, onclick: () => take(choice.key) }, element("canvas"));
      return { choice, node };
    });
    host.append(...this.thumbs.map(({ node }) => node));
  }

  show(channels, shown, canvases) {
    this.thumbs.forEach(({ choice, node }) => {
      node.hidden = choice.channels !== channels;
      node.setAttribute("aria-pressed", choice.key === shown);
      const context = canvasContext(node.firstChild, THUMB, THUMB);
      context.imageSmoothingEnabled = false;
      context.drawImage(canvases[choice.key], 0, 0, THUMB, THUMB);
    });
  }
}

// The buttons that add a layer. add(kind)
export function addingButtons(host, titles, add) {
  const one = (kind) => {
    const node = button(`Add ${titles[kind]} below the marked layer`, "second", () => add(kind), titles[kind]);
    node.setAttribute("aria-label", `Add ${titles[kind]}`);
    return node;
  };
  host.append(element("span", { class: "adding-title", text: "Add a layer:" }), ...ADDED.map(([name, kinds]) => group(name, ...kinds.map(one))));
}
