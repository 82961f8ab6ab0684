"""A browser whose camera is a film that the app drew itself."""

from pathlib import Path

from PIL import Image

from core.images.drawn_things import CLASSES, draw_thing


def arguments(folder: Path) -> list[str]:
    """What Chromium is started with; its film is kept in this folder."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={_film(folder)}",
    ]


def _film(folder: Path) -> Path:
    """Two seconds, MJPEG: a drawn bag and a drawn shoe in turn, one a second at 10 frames a second."""
    path = folder / "drawn.mjpeg"
    with path.open("wb") as film:
        for name in CLASSES:
            picture = Image.fromarray(draw_thing(name, 3)).resize((480, 480))
            frame = Image.new("RGB", (640, 480), picture.getpixel((1, 1)))
            frame.paste(picture, (80, 0))
            for _ in range(10):
                frame.save(film, "JPEG", quality=85)
    return path
