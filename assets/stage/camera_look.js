// The camera's own buttons and its waiting picture are drawn by streamlit-webrtc in a frame, in another look than the
// page's: capitals, another type, and a strip where the picture will be. What is added to the frame here makes them one
// house, and keeps the picture's room free, so that nothing jumps when it comes.

const LOOK = `
.MuiButton-root { text-transform: none !important; font: inherit !important; line-height: 1.6 !important; border-radius: 8px !important; box-shadow: none !important; padding: 8px 14px !important; }
.MuiPaper-root { aspect-ratio: 4 / 3; display: flex; align-items: center; justify-content: center; }
.MuiBox-root:has(> .MuiPaper-root, > video) { padding-top: 0 !important; }
.MuiBox-root:has(> .MuiBox-root > .MuiButton-root):not(:has(.MuiPaper-root, video)) { padding: 4px 12px 12px; }
`;
const LOOK_MS = 250; // between two looks for a frame that is new: the other camera of a phone has one of its own

export class CameraLook {
  constructor() {
    this.timer = setInterval(() => this.#look(), LOOK_MS);
    this.#look();
  }

  close() {
    clearInterval(this.timer);
    this.observer?.disconnect();
  }

  #look() {
    const frame = document.querySelector("iframe[title*='webrtc']");
    const inside = frame?.contentDocument;
    if (!inside?.querySelector(".MuiButton-root") || inside.querySelector("style.house")) return;
    const style = inside.createElement("style");
    style.className = "house";
    style.textContent = LOOK;
    inside.head.append(style);
    // The frame tells its height when something in it is drawn anew, and not when a style or the picture's size changes.
    this.observer?.disconnect();
    this.observer = new ResizeObserver(([{ target }]) => (frame.style.height = `${Math.ceil(target.getBoundingClientRect().height)}px`));
    this.observer.observe(inside.getElementById("root"));
  }
}
