"""Changes that make new pictures of one: what each does to a picture, as Keras' random layers do it.

A network that sees a shoe also mirrored, tilted, nearer and darker cannot learn the one photo by heart. Only changes
that keep what the picture means are of use.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

FLIPS = ("none", "horizontal", "vertical", "horizontal_and_vertical")
FULL_TURN = 360.0  # degrees: Keras' RandomRotation takes a share of it


@dataclass(frozen=True)
class Augmentation:
    """How far a picture may be changed. Each number is the argument of the Keras layer of that name."""

    flip: str = "none"  # a name in FLIPS: RandomFlip's mode
    rotation: float = 0.0  # share of a full turn either way: 0.1 is ±36°
    zoom: float = 0.0  # share of the size either way: 0.2 is from 20% nearer to 20% farther
    shift: float = 0.0  # share of the side either way, down and right
    brightness: float = 0.0  # share of the whole range from black to white, either way

    def __post_init__(self):
        if self.flip not in FLIPS:
            raise ValueError(f"A flip is one of {', '.join(FLIPS)}. Received: flip={self.flip!r}")
        for name, most in MOST.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:
                raise ValueError(f"{name} is a share from 0 to {most:g}. Received: {name}={value!r}")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Augmentation":
        """ValueError where the content is of no augmentation."""
        try:
            return cls(**content)
        except TypeError as error:
            raise ValueError(f"An augmentation has {', '.join(cls.__annotations__)}. Received: {content!r}") from error

    @property
    def is_on(self) -> bool:
        return self != Augmentation()


MOST = {"rotation": 0.5, "zoom": 0.5, "shift": 0.5, "brightness": 0.5}
LECTURE = Augmentation(flip="horizontal", rotation=0.1, zoom=0.2)


@dataclass(frozen=True)
class Change:
    """One draw of an augmentation."""

    mirrored: bool = False  # left for right
    upside_down: bool = False
    turn: float = 0.0  # degrees, counter-clockwise
    farther: float = 0.0  # share of the size; negative: nearer
    down: float = 0.0  # share of the side
    right: float = 0.0
    lighter: float = 0.0  # share of the range from black to white


def draw(augmentation: Augmentation, random: np.random.Generator) -> Change:
    """One change, each of its parts drawn evenly from what the augmentation allows."""
    rotation, zoom, shift, brightness = (random.uniform(-1, 1) * getattr(augmentation, name) for name in MOST)
    return Change(
        mirrored="horizontal" in augmentation.flip and bool(random.integers(2)),
        upside_down="vertical" in augmentation.flip and bool(random.integers(2)),
        turn=rotation * FULL_TURN,
        farther=zoom,
        down=shift,
        right=random.uniform(-1, 1) * augmentation.shift,
        lighter=brightness,
    )


def changed(picture: np.ndarray, change: Change) -> np.ndarray:
    """The picture (H, W, 3) uint8 after one change, of the same shape; what comes in from outside repeats the edge.

    In the order of the Keras layers: flip, turn, zoom, shift, brightness; each bilinear, filled with "nearest", as in
    `core.nets.keras_model`.
    """
    if picture.ndim != 3 or picture.dtype != np.uint8:
        raise ValueError(f"A picture is (H, W, C) uint8. Received: shape={picture.shape}, dtype={picture.dtype}")
    light = picture.astype(np.float32)
    if change.mirrored:
        light = light[:, ::-1]
    if change.upside_down:
        light = light[::-1]
    if change.turn:
        light = _moved(light, turn=np.deg2rad(change.turn))
    if change.farther:
        light = _moved(light, scale=1 + change.farther)
    if change.down or change.right:
        light = _moved(light, down=change.down, right=change.right)
    light = light + 255 * change.lighter
    return np.rint(light.clip(0, 255)).astype(np.uint8)


def _moved(light: np.ndarray, turn: float = 0.0, scale: float = 1.0, down: float = 0.0, right: float = 0.0):
    """(H, W, C): each place takes the light from where it was before, about the middle of the picture."""
    rows, columns = light.shape[:2]
    y, x = np.mgrid[:rows, :columns].astype(np.float64)
    y, x = y - (rows - 1) / 2, x - (columns - 1) / 2
    from_x = scale * (np.cos(turn) * x - np.sin(turn) * y) + (columns - 1) / 2 - right * columns
    from_y = scale * (np.sin(turn) * x + np.cos(turn) * y) + (rows - 1) / 2 - down * rows
    top, left = np.floor(from_y).astype(int), np.floor(from_x).astype(int)
    below, beside = (from_y - top)[..., None], (from_x - left)[..., None]

    def at(row, column):
        return light[row.clip(0, rows - 1), column.clip(0, columns - 1)]

    upper = at(top, left) * (1 - beside) + at(top, left + 1) * beside
    lower = at(top + 1, left) * (1 - beside) + at(top + 1, left + 1) * beside
    return (upper * (1 - below) + lower * below).astype(np.float32)
