// A number that is edited in place: type it, nudge it with arrow up and down, or drag it up and down (scrub).

import { element } from "./elements.js";
import { rounded, typed, written } from "./numbers.js";

const NUDGE = 0.1; // per arrow key; Shift: 1
const SCRUB = 0.02; // per pixel dragged
const DEAD_ZONE = 4; // pixels: below that a press is a click
export const LARGEST = 100; // a weight beyond it says nothing about a picture of 0 to 1

// begin(): a gesture starts (for undo). change(value): the number is now this. end(): the gesture is over.
// refuse(message): what was typed is no number here; the value stays. move(rows, columns): on to a neighbouring cell.
export function numberField(name, { begin, change, end, refuse, move }) {
  const field = element("input", { class: "number", type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": name });
  let value = 0;
  let drag = null;
  let editing = false;
  let before = 0; // what a refused text goes back to

  const start = () => {
    if (!editing) {
      begin();
      before = value;
    }
    editing = true;
  };
  const finish = () => {
    if (editing) end();
    editing = false;
  };
  const set = (next) => {
    value = Math.min(Math.max(rounded(next), -LARGEST), LARGEST);
    change(value);
  };
  const read = () => {
    const number = typed(field.value);
    const wrong = number === null || Math.abs(number) > LARGEST;
    field.setAttribute("aria-invalid", wrong);
    if (!wrong) {
      start();
      value = number;
      refuse("");
      change(number);
    }
    return !wrong;
  };
  const leave = () => {
    const text = field.value;
    if (text !== written(value, 4) && !read()) {
      if (editing) set(before);
      refuse(`${text.trim() ? `“${text}”` : "Nothing"} is not a number from −${LARGEST} to ${LARGEST}; the cell keeps ${written(value, 4)}.`);
    }
    field.setAttribute("aria-invalid", false);
    field.value = written(value, 4);
    finish();
  };

  field.oninput = read;
  field.onfocus = () => field.select();
  field.onblur = leave;
  field.onkeydown = (event) => {
    const step = event.shiftKey ? 1 : NUDGE;
    const nudge = { ArrowUp: step, ArrowDown: -step }[event.key];
    const onward = { Enter: [event.shiftKey ? -1 : 1, 0], PageDown: [1, 0], PageUp: [-1, 0] }[event.key];
    const allSelected = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    const atStart = allSelected || field.selectionEnd === 0;
    const atEnd = allSelected || field.selectionStart === field.value.length;
    if (nudge) {
      start();
      set(value + nudge);
      field.value = written(value, 4);
      refuse("");
    } else if (onward) {
      leave();
      move?.(...onward);
    } else if (event.key === "ArrowLeft" && atStart && move) move(0, -1);
    else if (event.key === "ArrowRight" && atEnd && move) move(0, 1);
    else if (event.key === "Escape") field.blur();
    else {
      event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  field.onkeyup = (event) => ["ArrowUp", "ArrowDown"].includes(event.key) && finish();
  field.onpointerdown = (event) => {
    if (event.button !== 0) return;
    drag = { y: event.clientY, value, moved: false, arrived: !field.matches(":focus") };
    field.setPointerCapture(event.pointerId);
  };
  field.onpointermove = (event) => {
    if (!drag) return;
    const up = drag.y - event.clientY;
    if (!drag.moved && Math.abs(up) < DEAD_ZONE) return;
    if (!drag.moved) {
      drag.moved = true;
      field.classList.add("scrubbing");
      start();
    }
    event.preventDefault();
    set(drag.value + Math.round((up * SCRUB) / 0.05) * 0.05);
    field.value = written(value, 4);
  };
  field.onclick = field.onpointercancel = () => {
    if (drag?.moved) {
      field.classList.remove("scrubbing");
      finish();
      field.blur();
    } else if (drag?.arrived) field.select();
    drag = null;
  };

  return {
    field,
    // What is being typed stays, unless the number was changed from elsewhere.
    show(next) {
      const changed = next !== value;
      value = next;
      if (changed || !field.matches(":focus")) field.value = written(next, 4);
    },
  };
}
