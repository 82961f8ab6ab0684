"""How long an edit of a slice takes on the channels stage until its maps are painted, in Chromium.

Run: python -m tests.benchmarks.channels_edit
"""

from tests.benchmarks.measuring import HEADER, chromium, row
from tests.browser.driving import open_stage
from tests.browser.serving import served

LINK = "/channels?picture=apple.28&side=28&filters=edge-below~edge-right~red-green~yellow-blue~red~green~blue~yellow"
EDITS = 200
WARM = 10  # edits before the first that counts
# What the number field of the red slice's middle cell does for each step of a drag, and the painting that follows.
DRAG = """(canvas, edits) => {
  const { stage } = canvas;
  const times = [];
  for (let i = 0; i < edits; i++) {
    const start = performance.now();
    const values = (slice) => slice.values.with(4, (i % 40) / 10 - 2);
    stage.edit(({ slices: [red, ...others] }) => ({ slices: [{ ...red, values: values(red) }, ...others] }));
    canvas.getContext("2d").getImageData(0, 0, 1, 1);
    times.push(performance.now() - start);
  }
  return times;
}"""


def main() -> None:
    """Print the time for the page's largest usual case: 28×28×3 and eight filters; a frame is 16 ms."""
    with served() as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        canvas = open_stage(page, f"{address}{LINK}", "Channels stage")
        times = canvas.evaluate(DRAG, EDITS)[WARM:]
    print(HEADER)
    print(row("channels stage, 28×28×3, eight filters: edit → canvas painted and read back", times))


if __name__ == "__main__":
    main()
