"""Finds a Chromium for the browser tests, and installs one where it can: `python -m scripts.get_chromium`.

On PATH, else Playwright's own, else Debian's package when run by root, else Playwright's download. Where none can be
had it says so in one loud line; the browser tests are then skipped, or fail where CI=true.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> str | None:
    """The path of a Chromium on this machine, or None."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if own and Path(own).exists() else None


def install() -> str | None:
    """Try to get one; its path, or None."""
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get") and os.geteuid() == 0:
        attempts = [["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "chromium"], *attempts]
    for command in attempts:
        subprocess.run(command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, check=False)
        if path := find():
            return path
    return None


if __name__ == "__main__":
    path = find() or install()
    if path:
        print(f"Chromium for the browser tests: {path}")
    else:
        print("NO CHROMIUM COULD BE FOUND OR INSTALLED: THE BROWSER TESTS CANNOT RUN.", file=sys.stderr)
        sys.exit(1 if os.environ.get("CI") == "true" else 0)
