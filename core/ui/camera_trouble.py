"""Why there is no live picture, and what helps: in the words of the person who stands before the class."""

import time
from dataclasses import dataclass

from core.stage.verdict_board import CameraFacts, Trouble
from core.ui.camera import Stream

SLOW = 8.0  # seconds of connecting, after which a person is told why it may take so long
_NETWORK = (
    "a firewall between this browser and the server lets no live video through, or the two are in different networks"
)
_WITHOUT_LIVE = "A snapshot or an uploaded picture does all the same, except live."


@dataclass
class Attempts:
    """What is known of a visit's attempts to connect its camera."""

    since: float | None = None  # time.monotonic() when the one that goes on began
    gave_up: bool = False  # the last one ended without a picture

    def note(self, stream: Stream) -> None:
        """Take in what the camera is doing now."""
        if stream.connecting:
            self.since = self.since or time.monotonic()
        elif self.since is not None:
            self.since, self.gave_up = None, True
        if stream.playing:
            self.gave_up = False

    @property
    def waited(self) -> float:
        """Seconds since the connection that is being made was asked for."""
        return time.monotonic() - self.since if self.since else 0.0


def trouble_of(facts: CameraFacts, stream: Stream, attempts: Attempts, turn: bool) -> Trouble | None:
    """What keeps the camera from being seen; None when nothing does.

    turn: whether this server has a TURN server to help it through firewalls.
    """
    if not stream.possible:
        return Trouble("server", "This server cannot take in live video.", _WITHOUT_LIVE)
    if stream.playing:
        return None
    if not facts.secure:
        return Trouble(
            "https",
            "This page came without HTTPS, and without it no browser gives a camera to a page of another computer.",
            "Open it by its https:// address, or on the server's own computer as http://localhost. "
            f"Whoever runs the server finds how in the README under Hosting. {_WITHOUT_LIVE}",
        )
    if facts.permission == "denied":
        return Trouble(
            "permission",
            "The camera was refused to this page.",
            "Press the camera or the lock beside the address, allow the camera, and load the page again. "
            f"On a managed computer its administrator decides. {_WITHOUT_LIVE}",
        )
    if facts.cameras == 0:
        return Trouble(
            "camera",
            "This browser sees no camera.",
            "Plug one in or switch it on; some laptops have a shutter or a key for it. "
            "A picture file does all the same, except live.",
        )
    if attempts.gave_up or (stream.connecting and attempts.waited > SLOW):
        what = "The connection could not be made" if attempts.gave_up else "The connection takes long"
        return Trouble("network", f"{what}: {_NETWORK}.", f"{_network_help(turn)} {_WITHOUT_LIVE}")
    return None


def _network_help(turn: bool) -> str:
    if turn:
        return "This server has a TURN server to get through; it may be out of order or blocked too."
    return (
        "A TURN server gets through: whoever runs the server names one in CONVLAB_TURN (README, Hosting). "
        "Another network, such as a phone's, may do too."
    )
