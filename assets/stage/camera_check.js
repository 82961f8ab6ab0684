// What stands in the way of a camera, as far as the browser tells: a page without HTTPS, no camera, a refused permission.

const SILENT = { secure: true, cameras: null, permission: "unknown" };

export class CameraCheck {
  constructor(tell) {
    this.tell = tell;
    this.told = "";
    this.look = () => this.#look();
    navigator.mediaDevices?.addEventListener?.("devicechange", this.look);
    this.#watchPermission();
    this.look();
  }

  close() {
    this.closed = true;
    navigator.mediaDevices?.removeEventListener?.("devicechange", this.look);
    this.permission?.removeEventListener("change", this.look);
  }

  // Not every browser can be asked; one that cannot says so when the camera is started.
  async #watchPermission() {
    try {
      this.permission = await navigator.permissions.query({ name: "camera" });
      this.permission.addEventListener("change", this.look);
      this.look();
    } catch {
      this.permission = undefined;
    }
  }

  async #look() {
    const found = { ...SILENT, secure: window.isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia) };
    if (this.permission) found.permission = this.permission.state;
    if (found.secure) {
      const devices = await navigator.mediaDevices.enumerateDevices().catch(() => null);
      if (devices) found.cameras = devices.filter((device) => device.kind === "videoinput").length;
    }
    const text = JSON.stringify(found);
    if (this.closed || text === this.told) return;
    this.told = text;
    this.tell(found);
  }
}

// streamlit-webrtc 0.79 remembers the camera that was used and asks for exactly that one again, whatever the page wants
// now. When the person turns to the other side of a phone, what it remembers is taken away before its next frame loads.
export function forgetCameraWhenTurned(facing) {
  const name = "convlab:facing";
  try {
    const before = localStorage.getItem(name) ?? "user";
    if (before === facing) return;
    localStorage.setItem(name, facing);
    Object.keys(localStorage)
      .filter((key) => key.startsWith("streamlit-webrtc:device-ids"))
      .forEach((key) => localStorage.removeItem(key));
  } catch {
    // a browser that keeps nothing has nothing to forget
  }
}
