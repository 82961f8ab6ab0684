// Whoever has just pressed "Start the camera" has the focus in its frame, where the page's keys, such as F for Freeze,
// would be lost. What is pressed there counts on the page too, but for what the frame itself makes of a key. A switch that
// was clicked would keep them as well, though it makes nothing of them: it lets go of the focus.

const OWN = "input, select, textarea, [role='combobox'], [role='listbox']";
const CLICK_MS = 50; // from a pointer's release until its click has moved the focus
const heard = new WeakSet(); // the frames' documents that are listened to; a frame that loads anew has another

export class CameraKeys {
  constructor() {
    this.follow = () => setTimeout(() => listen(document.activeElement)); // the focus has moved when this comes up
    window.addEventListener("blur", this.follow);
    document.addEventListener("pointerup", letGo);
    document.addEventListener("keydown", goOn);
    this.follow();
  }

  close() {
    window.removeEventListener("blur", this.follow);
    document.removeEventListener("pointerup", letGo);
    document.removeEventListener("keydown", goOn);
  }
}

// Whoever goes by keys, and presses a switch with the space bar, stays where they are.
function letGo(event) {
  if (!event.target.closest?.("[data-testid='stCheckbox']")) return;
  setTimeout(() => document.activeElement?.type === "checkbox" && document.activeElement.blur(), CLICK_MS);
}

// The key that froze the picture lets it go again. Streamlit's own shortcut would also hear the letter in the name of a
// class that is being typed, beside the frozen picture.
function goOn(event) {
  if (event.key.toLowerCase() !== "f" || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!event.target.closest?.(OWN)) document.querySelector(".st-key-webcam_thaw button")?.click();
}

function listen(frame) {
  if (frame?.tagName !== "IFRAME" || !frame.title.includes("webrtc") || !frame.contentDocument) return;
  if (heard.has(frame.contentDocument)) return;
  heard.add(frame.contentDocument);
  for (const kind of ["keydown", "keyup"]) {
    frame.contentDocument.addEventListener(kind, (event) => {
      if (!event.target.closest(OWN)) frame.dispatchEvent(new KeyboardEvent(kind, event));
    });
  }
}
