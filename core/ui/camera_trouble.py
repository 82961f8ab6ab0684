"""Why there is no live picture, and what helps: in the words of the person who stands before the class."""

from dataclasses import dataclass

from core.stage.verdict_board import CameraFacts
from core.ui.camera import Stream

SLOW = 8.0  # seconds of connecting, after which a person is told why it may take so long
NETWORK = (
    "a firewall between this browser and the server lets no live video through, or the two are in different networks"
)
WITHOUT_LIVE = "A snapshot or an uploaded picture does all the same, except live."


@dataclass(frozen=True)
class Trouble:
    """What is in the way, and what to do about it."""

    kind: str  # "server", "https", "camera", "permission", "network"
    what: str
    help: str


def trouble_of(facts: CameraFacts, stream: Stream, waited: float, gave_up: bool, turn: bool) -> Trouble | None:
    """What keeps the camera from being seen; None when nothing does.

    waited: seconds since the connection was asked for; gave_up: whether the last attempt ended without a picture;
    turn: whether this server has a TURN server to help it through firewalls.
    """
    if not stream.possible:
        return Trouble("server", "This server cannot take in live video.", WITHOUT_LIVE)
    if stream.playing:
        return None
    if not facts.secure:
        return Trouble(
            "https",
            "This page came without HTTPS, and without it no browser gives a camera to a page of another computer.",
            "Open it by its https:// address, or on the server's own computer as http://localhost. "
            "Whoever runs the server finds how in the README under Hosting.",
        )
    if facts.permission == "denied":
        return Trouble(
            "permission",
            "The camera was refused to this page.",
            "Press the camera or the lock beside the address, allow the camera, and load the page again. "
            "On a managed computer its administrator decides.",
        )
    if facts.cameras == 0:
        return Trouble(
            "camera",
            "This browser sees no camera.",
            "Plug one in or switch it on; some laptops have a shutter or a key for it.",
        )
    if gave_up or (stream.connecting and waited > SLOW):
        return Trouble("network", f"{_beginning(gave_up)}: {NETWORK}.", _network_help(turn))
    return None


def _beginning(gave_up: bool) -> str:
    return "The connection could not be made" if gave_up else "The connection takes long"


def _network_help(turn: bool) -> str:
    if turn:
        return "This server has a TURN server to get through; it may be out of order or blocked too."
    return (
        "A TURN server gets through: whoever runs the server names one in CONVLAB_TURN (README, Hosting). "
        "Another network, such as a phone's, may do too."
    )
