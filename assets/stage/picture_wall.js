// The picture wall: a person's classes as rows of small pictures. Rename, pick out, delete, and fill a class by holding
// a button before the camera. Python owns the pictures; the wall reports deeds, and what it records.

import { element, say } from "./elements.js";

const FRAMES_A_SECOND = 6;
const MOST_FRAMES = 60; // of one hold
const RECORDED = 320; // pixels of the longer side, as Python keeps them
const QUALITY = 0.88;
const TROUBLES = {
  NotAllowedError: "The browser was not allowed to use the camera. The camera symbol beside its address bar changes that.",
  NotFoundError: "No camera was found. Files can be added instead.",
  NotReadableError: "The camera is in use by another program.",
};
const walls = new WeakMap();

class PictureWall {
  constructor(parent) {
    this.picked = new Set();
    this.seq = 0;
    this.rows = new Map();
    this.video = element("video", { class: "wall-video", playsinline: true, muted: true, "aria-label": "Camera" });
    this.video.muted = true;
    this.status = element("p", { class: "wall-status", role: "status" });
    this.camera = element("button", { class: "control labelled", type: "button", onclick: () => this.toggleCamera() });
    this.drop = element("button", { class: "control labelled", type: "button", onclick: () => this.deletePicked(), hidden: true });
    this.fresh = element("input", { class: "wall-name", type: "text", placeholder: "New class", maxlength: 40, "aria-label": "Name of a new class", onkeydown: (event) => event.key === "Enter" && this.addClass() });
    this.more = element("button", { class: "control labelled", type: "button", text: "Add class", onclick: () => this.addClass() });
    this.classes = element("div", { class: "wall-classes" });
    const newClass = element("span", { class: "wall-new" }, this.fresh, this.more);
    this.tools = element("div", { class: "wall-tools" }, this.camera, newClass, this.drop, this.status);
    this.root = element("div", { class: "wall" }, element("div", { class: "wall-body" }, this.classes, this.video), this.tools);
    parent.replaceChildren(this.root);
  }

  update({ data, setTriggerValue }) {
    this.data = data;
    this.send = (deed) => setTriggerValue("deed", { ...deed, seq: ++this.seq, revision: data.revision });
    this.root.parentElement.classList.toggle("presenting", data.presenting);
    const known = new Set(data.classes.flatMap(({ shown }) => shown));
    this.picked = new Set([...this.picked].filter((number) => known.has(number)));
    this.reconcile();
    this.show();
  }

  // One row for each class, found again by its name, so that a name that is being typed is not lost.
  reconcile() {
    const rows = this.data.classes.map((kind) => {
      const row = this.rows.get(kind.name) || new WallRow(this, kind.name);
      row.update(kind);
      return row;
    });
    this.rows = new Map(rows.map((row) => [row.name, row]));
    const nodes = rows.map((row) => row.node);
    if (nodes.length !== this.classes.children.length || nodes.some((node, i) => node !== this.classes.children[i])) this.classes.replaceChildren(...nodes);
  }

  show() {
    const on = Boolean(this.stream);
    this.video.hidden = !on;
    this.camera.textContent = on ? "Camera off" : "Record with the camera";
    this.drop.hidden = this.picked.size === 0;
    this.drop.textContent = `Delete ${this.picked.size} picture${this.picked.size === 1 ? "" : "s"}`;
    this.fresh.parentElement.hidden = this.data.classes.length >= this.data.most;
    for (const row of this.rows.values()) row.show(on);
  }

  addClass() {
    const name = this.fresh.value.trim();
    if (!name) return this.fresh.focus();
    this.fresh.value = "";
    this.send({ kind: "add", name });
  }

  deletePicked() {
    this.send({ kind: "delete", numbers: [...this.picked] });
    this.picked.clear();
    this.show();
  }

  async toggleCamera() {
    if (this.stream) return this.closeCamera();
    if (!navigator.mediaDevices) return say(this.status, "A browser gives its camera to pages on https or localhost only. Files can be added instead.");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 } }, audio: false });
      if (!this.root.isConnected) return stream.getTracks().forEach((track) => track.stop());
      this.stream = stream;
      this.video.srcObject = stream;
      await this.video.play();
      say(this.status, "Hold a class's record button while you turn the thing before the camera.");
    } catch (error) {
      this.closeCamera();
      say(this.status, TROUBLES[error.name] || `The camera did not start: ${error.message}`);
    }
    this.show();
  }

  closeCamera() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
    say(this.status, "");
    this.show();
  }

  // --- recording: frames are taken while the button is held, and sent when it is let go ----------------------------

  begin(row) {
    if (this.taking || !this.stream) return;
    this.taking = { row, frames: [] };
    const take = () => {
      this.taking.frames.push(this.frame());
      row.add(this.taking.frames.at(-1));
      row.count(this.taking.frames.length);
      if (this.taking.frames.length >= MOST_FRAMES) this.end(row);
    };
    take();
    this.timer = this.taking && setInterval(take, 1000 / FRAMES_A_SECOND);
  }

  // row: whose button was let go. Another one's may lose the focus because this one was pressed.
  end(row) {
    if (!this.taking || row !== this.taking.row) return;
    clearInterval(this.timer);
    const { frames } = this.taking;
    this.taking = null;
    row.count(0);
    this.send({ kind: "frames", name: row.name, frames });
  }

  frame() {
    const { videoWidth: width, videoHeight: height } = this.video;
    const share = RECORDED / Math.max(width, height, 1);
    const canvas = element("canvas", { width: Math.round(width * share), height: Math.round(height * share) });
    canvas.getContext("2d").drawImage(this.video, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/jpeg", QUALITY).split(",")[1];
  }
}

class WallRow {
  constructor(wall, name) {
    Object.assign(this, { wall, name });
    this.title = element("input", { class: "wall-name", type: "text", maxlength: 40, onchange: () => this.rename(), onkeydown: (event) => event.key === "Enter" && event.target.blur() });
    this.number = element("span", { class: "wall-count" });
    this.record = element("button", {
      class: "control labelled record",
      type: "button",
      onpointerdown: (event) => {
        event.target.setPointerCapture(event.pointerId);
        wall.begin(this);
      },
      onpointerup: () => wall.end(this),
      onpointercancel: () => wall.end(this),
      onkeydown: (event) => [" ", "Enter"].includes(event.key) && (event.preventDefault(), event.repeat || wall.begin(this)),
      onkeyup: (event) => [" ", "Enter"].includes(event.key) && wall.end(this),
      onblur: () => wall.end(this),
    });
    this.remove = element("button", { class: "control labelled", type: "button", text: "Delete class", onclick: () => wall.send({ kind: "drop", name: this.name }) });
    this.shots = element("div", { class: "wall-shots", role: "group", onkeydown: (event) => this.walk(event), onfocusin: ({ target }) => this.rove(target) });
    this.node = element("section", { class: "wall-class" }, element("div", { class: "wall-head" }, this.title, this.number, this.record, this.remove), this.shots);
  }

  update(kind) {
    this.kind = kind;
    if (this.wall.root.getRootNode().activeElement !== this.title) this.title.value = kind.name;
    this.title.setAttribute("aria-label", `Name of the class ${kind.name}`);
    this.title.title = kind.name; // a long one is cut in the field
    this.remove.setAttribute("aria-label", `Delete the class ${kind.name}`);
    this.shots.setAttribute("aria-label", `Pictures of ${kind.name}`);
    this.count(0);
    const stamp = `${kind.first} ${kind.shown.join()} ${kind.count} ${this.wall.data.thumb}`;
    if (stamp !== this.stamp || (this.fresh && this.wall.taking?.row !== this)) this.fill();
    this.stamp = stamp;
  }

  fill() {
    const { first, shown, shown_aside: aside, sprite, columns, count } = this.kind;
    const side = this.wall.data.thumb;
    const shots = shown.map((number, i) =>
      element("button", {
        class: aside.includes(number) ? "shot aside" : "shot",
        type: "button",
        "data-number": number,
        "aria-label": `${this.kind.name}, picture ${first + i + 1}${aside.includes(number) ? ", for the test" : ""}`,
        style: `width:${side}px;height:${side}px;background-image:url(${sprite});background-position:-${(i % columns) * side}px -${Math.floor(i / columns) * side}px;background-size:${columns * side}px auto`,
        onclick: () => this.pick(number),
      }),
    );
    const after = count - first - shown.length;
    if (first) shots.unshift(this.turn(`${first.toLocaleString("en")} before`, "before", first - this.wall.data.at_once));
    if (after > 0) shots.push(this.turn(`${after.toLocaleString("en")} more`, "after", first + shown.length));
    if (!count) shots.push(element("span", { class: "wall-rest", text: "No pictures yet." }));
    this.fresh = false;
    const held = this.shots.contains(this.wall.root.getRootNode().activeElement);
    this.shots.replaceChildren(...shots);
    this.rove(shots[0]);
    if (held) shots[0].focus({ preventScroll: true });
    if (this.turnedTo !== first) this.shots.scrollTop = 0;
    this.turnedTo = first;
  }

  // What is being recorded lies among the pictures at once; Python's own take its place.
  add(jpeg) {
    const side = this.wall.data.thumb;
    this.fresh = true;
    this.shots.prepend(element("span", { class: "wall-fresh", style: `width:${side}px;height:${side}px;background-image:url(data:image/jpeg;base64,${jpeg})` }));
    this.shots.scrollTop = 0;
  }

  // All tiles are one stop of the Tab key; the arrow keys walk among them.
  rove(to) {
    for (const tile of this.shots.querySelectorAll("button")) tile.tabIndex = tile === to ? 0 : -1;
  }

  walk(event) {
    const tiles = [...this.shots.querySelectorAll("button")];
    const at = tiles.indexOf(event.target);
    const across = tiles.filter(({ offsetTop }) => offsetTop === tiles[0]?.offsetTop).length;
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + across, ArrowUp: at - across, Home: 0, End: tiles.length - 1 }[event.key];
    if (at < 0 || next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    tiles[next]?.focus();
  }

  // A tile among the pictures that turns to others.
  turn(text, where, first) {
    const side = this.wall.data.thumb;
    const onclick = () => this.wall.send({ kind: "turn", name: this.name, first });
    const label = `${text}: pictures of ${this.name} ${where} these`;
    return element("button", { class: "control wall-turn", type: "button", text, "aria-label": label, style: `width:${side}px;height:${side}px`, onclick });
  }

  pick(number) {
    const { picked } = this.wall;
    if (!picked.delete(number)) picked.add(number);
    this.wall.show();
  }

  show(recording) {
    this.record.hidden = !recording;
    for (const shot of this.shots.querySelectorAll(".shot")) shot.setAttribute("aria-pressed", this.wall.picked.has(Number(shot.dataset.number)));
  }

  count(taken) {
    const aside = this.wall.data.aside ? " for the test" : "";
    say(this.record, taken ? `Recording: ${taken}` : `Hold to record${aside}`);
    this.record.setAttribute("aria-label", `Hold to record ${this.name}${aside}`);
    this.record.classList.toggle("active", taken > 0);
    this.shots.classList.toggle("filling", taken > 0 && !this.kind.count);
    say(this.number, `${(this.kind.count + taken).toLocaleString("en")}${this.kind.aside ? `, ${this.kind.aside} of them for the test` : ""}`);
  }

  rename() {
    const name = this.title.value.trim();
    this.title.value = this.name; // until Python has taken the new one: it may refuse it
    if (name !== this.name) this.wall.send({ kind: "rename", old: this.name, name });
  }
}

export default function (component) {
  const parent = component.parentElement.querySelector(".stage");
  if (!walls.has(parent)) walls.set(parent, new PictureWall(parent));
  const wall = walls.get(parent);
  wall.update(component);
  return () => {
    clearInterval(wall.timer);
    wall.taking = null;
    wall.closeCamera();
    walls.delete(parent);
  };
}
