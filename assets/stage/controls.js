// The slim row of controls under a stage: real buttons with names, small line icons, one speed slider.

import { element } from "./elements.js";

const ICONS = {
  back: "M15 5 7 12l8 7zM5 5v14",
  play: "M7 4.5v15l12-7.5z",
  pause: "M8 5v14M16 5v14",
  forward: "M9 5l8 7-8 7zM19 5v14",
  whole: "M5 5h14v14H5zM5 12h14M12 5v14",
  pen: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  rubber: "M9 19 4 14 14 4l6 6-9 9zM9 19h11",
  undo: "M8 5 4 9l4 4M4 9h10a5 5 0 0 1 0 10h-4",
  closer: "M11 5a6 6 0 1 0 .01 0M15.5 15.5 20 20M8.5 11h5M11 8.5v5",
  farther: "M11 5a6 6 0 1 0 .01 0M15.5 15.5 20 20M8.5 11h5",
  hand: "M8 12V6a1.5 1.5 0 0 1 3 0v5V4.5a1.5 1.5 0 0 1 3 0V11V6a1.5 1.5 0 0 1 3 0v8a6 6 0 0 1-6 6h-1a6 6 0 0 1-5-3l-2.5-4a1.5 1.5 0 0 1 2.5-1.5z",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  again: "M19 12a7 7 0 1 1-2-5M19 4v4h-4",
  second: "M12 5v14M5 12h14",
  without: "M5 12h14",
};

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function button(name, picture, onclick, label = null) {
  const node = element("button", { type: "button", class: label ? "control labelled" : "control", "aria-label": label ? null : name, title: name, onclick });
  if (picture) node.append(icon(picture));
  if (label) node.append(element("span", { text: label }));
  return node;
}

export function rename(node, name, picture) {
  if (node.title === name) return;
  node.title = name;
  node.setAttribute("aria-label", name);
  node.replaceChildren(icon(picture));
}

export const group = (name, ...nodes) => element("div", { class: "controls-group", role: "group", "aria-label": name }, ...nodes);

// 1 to 20 places a second.
export function speedSlider(speed, onspeed) {
  const slider = element("input", { type: "range", min: 1, max: 20, step: 1, "aria-label": "Speed, places a second", title: "Speed: 1 to 20 places a second" });
  slider.value = speed;
  slider.oninput = () => onspeed(Number(slider.value));
  slider.onkeydown = (event) => event.stopPropagation();
  return slider;
}
