// The camera's own buttons and its waiting picture are drawn by streamlit-webrtc in a frame, in another look than the
// page's: capitals, another type, and a strip where the picture will be. What is added to the frame here makes them one
// house, and keeps the picture's room free, so that nothing jumps when it comes.

const LOOK = `
.MuiButton-root { text-transform: none !important; font: inherit !important; line-height: 1.6 !important; border-radius: 8px !important; box-shadow: none !important; padding: 8px 14px !important; }
.MuiPaper-root { aspect-ratio: 4 / 3; display: flex; align-items: center; justify-content: center; }
.MuiBox-root:has(> .MuiPaper-root, > video) { padding-top: 0 !important; }
.MuiBox-root:has(> .MuiBox-root > .MuiButton-root):not(:has(.MuiPaper-root, video)) { padding: 4px 12px 12px; }
`;
// Streamlit listens to what comes from the frame itself. The frame tells its height when something in it is drawn anew,
// and not when a style or the picture's own size changes it.
const HEIGHT = `
new ResizeObserver(([{ target }]) => {
  const height = Math.ceil(target.getBoundingClientRect().height);
  parent.postMessage({ isStreamlitMessage: true, type: "streamlit:setFrameHeight", height }, "*");
}).observe(document.getElementById("root"));
`;
const LOOK_MS = 250; // between two looks for a frame that is new: the other camera of a phone has one of its own

export class CameraLook {
  constructor() {
    this.timer = setInterval(() => this.#look(), LOOK_MS);
    this.#look();
  }

  close() {
    clearInterval(this.timer);
  }

  #look() {
    const inside = document.querySelector("iframe[title*='webrtc']")?.contentDocument;
    if (inside?.querySelector(".MuiButton-root") && !inside.querySelector("style.house")) {
      add(inside, "style", LOOK);
      add(inside, "script", HEIGHT);
    }
  }
}

function add(inside, kind, text) {
  const added = inside.createElement(kind);
  added.className = "house";
  added.textContent = text;
  inside.head.append(added);
}
