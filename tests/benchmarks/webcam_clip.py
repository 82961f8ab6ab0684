"""The clip of CONVLAB_DATA as the camera of a real Chromium: in how many of its seconds is the shipped model right?

    CONVLAB_DATA=folder python -m tests.benchmarks.webcam_clip

The board shows a small copy of a frame that was judged, and what the network takes it for. Which second of the clip the
frame is from is found by comparing it with the clip itself, so that it does not matter how late anything comes.
"""

import base64
import io
import json
import os
import re
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

from scripts.get_chromium import find
from tests.browser.fake_camera import arguments
from tests.browser.serving import served
from tests.browser.test_webcam import expect_live, press

ROUNDS = 3  # of the whole clip
SMALL = (24, 18)  # columns and rows in which frames are compared


def main() -> None:
    data = Path(os.environ["CONVLAB_DATA"]).resolve()
    told = json.loads((data / "webcam.json").read_text())
    labels = [entry["label"] for entry in told["labels"]]
    known = frames(data / "webcam.mjpeg", told["fps"])
    said = defaultdict(Counter)  # second -> what was said of its frames
    options = ["--no-sandbox", "--disable-gpu", *arguments(data / "webcam.mjpeg")]
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=options)
        page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
        page.set_default_timeout(120_000)
        page.goto(f"{address}/webcam")
        press(page, "Start the camera")
        expect_live(page)
        numbers, doubts, last = [], Counter(), ""
        deadline = time.monotonic() + ROUNDS * told["seconds"]
        while time.monotonic() < deadline:
            source, verdict, line, words = page.locator(".verdict").evaluate(
                "board => ['picture', 'caption', 'numbers', 'words'].map(part => `.verdict-${part}`)"
                ".map(name => board.querySelector(name)).map((node, i) => i ? node.textContent : node.src)"
            )
            if source != last and verdict:  # without a reason it is not said which class this picture is taken for
                last = source
                said[second_of(source, known)][verdict] += 1
                numbers.append(line)
                doubts[words] += 1
            page.wait_for_timeout(60)
        browser.close()
    report(said, labels, numbers, doubts)


def report(said, labels, numbers, doubts) -> None:
    print("| second | shown | what was said |\n|---|---|---|")
    right = 0
    for second, label in enumerate(labels):
        verdicts = Counter()
        for text, count in said[second].items():
            verdicts[text] += count
        likeliest = verdicts.most_common(1)[0][0] if verdicts else "not seen"
        right += label.rstrip("s") in likeliest
        print(f"| {second} | {label} | {', '.join(f'{text} ({count})' for text, count in verdicts.most_common())} |")
    print(f"\nright in {right} of {len(labels)} seconds")
    speeds = [float(found[1]) for line in numbers if (found := re.match(r"([\d.]+) frames", line))]
    print(f"{np.median(speeds):.1f} frames a second (median)")
    print(f"in large letters: {', '.join(f'{words} {count}×' for words, count in doubts.most_common())}")


def frames(path: Path, fps: int) -> np.ndarray:
    """A frame from the start, the middle and the end of every second, small: (seconds, 3, rows, columns, 3)."""
    pictures = [b"\xff\xd8" + part for part in path.read_bytes().split(b"\xff\xd8\xff")[1:]]
    pictures = [b"\xff\xd8\xff" + picture[2:] for picture in pictures]
    chosen = [[pictures[second * fps + at] for at in (1, fps // 2, fps - 2)] for second in range(len(pictures) // fps)]
    return np.array([[small(Image.open(io.BytesIO(data))) for data in three] for three in chosen])


def small(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGB").resize(SMALL, Image.Resampling.BOX), np.float32)


def second_of(source: str, known: np.ndarray) -> int:
    """Which second of the clip a picture, given as a data link, is from."""
    picture = small(Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2]))))
    return int(np.abs(known - picture).mean(axis=(2, 3, 4)).min(axis=1).argmin())


if __name__ == "__main__":
    main()
