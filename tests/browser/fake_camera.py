"""A browser whose camera is a film that the app drew itself."""

from pathlib import Path

from PIL import Image

from core.images.drawn_things import CLASSES, draw_thing


def arguments(film: Path) -> list[str]:
    """What Chromium is started with, for its camera to show a film of MJPEG."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]


def drawn_film(folder: Path) -> Path:
    """A film in this folder, two seconds of MJPEG: a drawn bag, then a drawn shoe, at 10 frames a second."""
    path = folder / "drawn.mjpeg"
    with path.open("wb") as film:
        for name in CLASSES:
            picture = Image.fromarray(draw_thing(name, 3)).resize((480, 480))
            frame = Image.new("RGB", (640, 480), picture.getpixel((1, 1)))
            frame.paste(picture, (80, 0))
            for _ in range(10):
                frame.save(film, "JPEG", quality=85)
    return path
