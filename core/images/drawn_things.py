"""Bags and shoes that the app draws itself, without end: two classes of pictures for a machine that has no others.

Every drawing has its own shape, colours, ground, size, place and tilt. They are easier to tell apart than photos.
"""

import colorsys
import io

import numpy as np
from PIL import Image, ImageDraw

CLASSES = ("bags", "shoes")
SIDE = 160
FINE = 3  # times larger while it is drawn, then averaged
QUALITY = 88
USUAL_COUNT = 60  # of each class

Point = tuple[float, float]


def draw_thing(name: str, seed: int) -> np.ndarray:
    """A drawing of one of CLASSES, (SIDE, SIDE, 3) uint8. The same seed gives the same drawing."""
    if name not in CLASSES:
        raise ValueError(f"A drawn thing is one of {', '.join(CLASSES)}. Received: name={name!r}")
    random = np.random.default_rng([seed, CLASSES.index(name)])
    ground, paint, dark = _colours(random)
    side = SIDE * FINE
    sheet = Image.new("RGB", (side, side), ground)
    pen = _Pen(sheet, random)
    if random.random() < 0.5:  # something to stand on
        pen.draw.rectangle((0, side * random.uniform(0.66, 0.8), side, side), _shade(ground, 0.88))
    (_bag if name == "bags" else _shoe)(pen, paint, dark, random)
    picture = sheet.resize((SIDE, SIDE), Image.Resampling.BOX)
    grain = random.normal(0, 4, (SIDE, SIDE, 1))
    return np.rint(np.asarray(picture) + grain).clip(0, 255).astype(np.uint8)


def thing_file(name: str, seed: int) -> bytes:
    """The same as a JPEG file."""
    stream = io.BytesIO()
    Image.fromarray(draw_thing(name, seed)).save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()


class _Pen:
    """Draws shapes given in a unit square, turned, scaled and moved as one."""

    def __init__(self, sheet: Image.Image, random: np.random.Generator):
        self.draw = ImageDraw.Draw(sheet)
        self._side = sheet.width
        self._turn = np.deg2rad(random.normal(0, 7))
        self._scale = random.uniform(0.62, 0.92) * np.array([random.choice([-1, 1]), 1.0])
        self._middle = 0.5 + random.uniform(-0.06, 0.06, 2)

    def fill(self, points: list[Point], colour, line=None, width: float = 0.0) -> None:
        places = self._places(points)
        self.draw.polygon(places, colour)
        if line:
            self.stroke([*points, points[0]], line, width)

    def stroke(self, points: list[Point], colour, width: float) -> None:
        thick = max(1, round(width * self._side))
        places = self._places(points)
        self.draw.line(places, colour, thick, joint="curve")
        for x, y in (places[0], places[-1]):
            self.draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), colour)

    def _places(self, points: list[Point]) -> list[Point]:
        turn = np.array([[np.cos(self._turn), -np.sin(self._turn)], [np.sin(self._turn), np.cos(self._turn)]])
        places = ((np.array(points) - 0.5) * self._scale) @ turn.T + self._middle
        return [tuple(place) for place in places * self._side]


def _bag(pen: _Pen, paint, dark, random: np.random.Generator) -> None:
    top, bottom = random.uniform(0.40, 0.52), random.uniform(0.82, 0.94)
    wide, narrow = random.uniform(0.32, 0.46), random.uniform(0.22, 0.40)
    handle, rise = random.uniform(0.10, 0.20), top - random.uniform(0.05, 0.16)
    for lift in (0.0, 0.03)[: random.integers(1, 3)]:
        pen.stroke(_arc(0.5 + lift, top + 0.01, handle, top - rise + lift, 180, 360), _shade(dark, 1.15), 0.026)
    body = _rounded([(0.5 - narrow, top), (0.5 + narrow, top), (0.5 + wide, bottom), (0.5 - wide, bottom)], 0.05)
    pen.fill(body, paint, dark, 0.008)
    if random.random() < 0.55:  # a flap
        low = top + (bottom - top) * random.uniform(0.35, 0.6)
        flap = [(0.5 - narrow, top), (0.5 + narrow, top), (0.5 + narrow * 0.9, low - 0.05), (0.5, low)]
        pen.fill(_rounded([*flap, (0.5 - narrow * 0.9, low - 0.05)], 0.03), _shade(paint, 0.88), dark, 0.007)
        pen.fill(_arc(0.5, low - 0.03, 0.022, 0.022, 0, 360), (214, 178, 94))
    else:
        for line in np.linspace(top, bottom, int(random.integers(3, 6)))[1:-1]:
            pen.stroke([(0.5 - narrow, line), (0.5 + narrow, line)], _shade(paint, 0.8), 0.006)
        pen.fill(_arc(0.5, top + 0.05, 0.03, 0.016, 0, 360), (214, 178, 94))


def _shoe(pen: _Pen, paint, dark, random: np.random.Generator) -> None:
    sole, ankle = random.uniform(0.74, 0.80), random.uniform(0.30, 0.48)
    back, opening, toe = 0.10, random.uniform(0.34, 0.44), 0.92
    heel = random.uniform(0.02, 0.16) if random.random() < 0.45 else 0.0
    upper = [
        (back, sole - heel), (back - 0.01, ankle + 0.08), (back + 0.03, ankle), (opening, ankle + 0.04),
        (opening + 0.12, sole - 0.19), (toe - 0.16, sole - 0.13), (toe, sole - 0.06), (toe, sole), (0.55, sole),
        (0.40, sole - heel * 0.8),
    ]  # fmt: skip
    pen.fill(_rounded(upper, 0.05), paint, dark, 0.008)
    mouth = [(back + 0.03, ankle), (opening, ankle + 0.04), (opening - 0.03, ankle + 0.09), (back + 0.05, ankle + 0.05)]
    pen.fill(mouth, _shade(paint, 0.5))
    if heel:
        low = sole + 0.06
        pen.fill([(back, sole - heel), (back + 0.13, sole - heel), (back + 0.09, low), (back + 0.02, low)], dark)
        pen.stroke([(toe, sole), (0.55, sole), (0.40, sole - heel * 0.8), (back + 0.1, sole - heel)], dark, 0.02)
        return
    thick = random.uniform(0.04, 0.09)
    light = (238, 236, 230) if random.random() < 0.6 else _shade(dark, 1.3)
    slab = [(back - 0.02, sole), (toe + 0.02, sole), (toe, sole + thick), (back, sole + thick)]
    pen.fill(_rounded(slab, 0.02), light, dark, 0.007)
    for step in np.linspace(0.15, 0.85, int(random.integers(2, 5))):  # laces
        x, y = opening + 0.02 + step * 0.14, ankle + 0.06 + step * (sole - 0.2 - ankle)
        pen.stroke([(x - 0.05, y + 0.03), (x + 0.03, y - 0.01)], light, 0.014)


def _colours(random: np.random.Generator):
    """Ground, paint and lines: the ground pale, dusky or dark, the paint apart from it."""
    hue = random.random()
    lightness = random.choice([0.93, 0.8, 0.35])
    ground = _rgb(hue, lightness, random.uniform(0, 0.35))
    paint = _rgb(hue + random.uniform(0.25, 0.75), random.uniform(0.3, 0.62), random.uniform(0.35, 0.85))
    if lightness > 0.5 and random.random() < 0.3:
        paint = _rgb(0, random.uniform(0.12, 0.3), 0.02)  # black leather
    return ground, paint, _shade(paint, 0.55)


def _rgb(hue: float, lightness: float, saturation: float) -> tuple[int, int, int]:
    return tuple(round(255 * share) for share in colorsys.hls_to_rgb(hue % 1, lightness, saturation))


def _shade(colour, share: float) -> tuple[int, int, int]:
    return tuple(min(255, round(part * share)) for part in colour)


def _arc(x: float, y: float, across: float, up: float, start: float, end: float) -> list[Point]:
    angles = np.deg2rad(np.linspace(start, end, 33))
    return list(zip(x + across * np.cos(angles), y + up * np.sin(angles)))


def _rounded(corners: list[Point], radius: float) -> list[Point]:
    """The polygon with its corners cut round: a quadratic curve from one side to the next."""
    points, count = np.array(corners, float), len(corners)
    smooth = []
    for i in range(count):
        before, corner, after = points[i - 1], points[i], points[(i + 1) % count]
        start, end = (
            corner + (other - corner) * min(0.5, radius / max(1e-9, np.linalg.norm(other - corner)))
            for other in (before, after)
        )
        for share in np.linspace(0, 1, 7):
            smooth.append(tuple((1 - share) ** 2 * start + 2 * share * (1 - share) * corner + share**2 * end))
    return smooth
