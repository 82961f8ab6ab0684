"""How a network is written in a link, and the link that carries it to another page."""

from urllib.parse import quote

from core.nets import codec
from core.nets.network import Network
from core.ui.links import Field

PARAMETER = "net"


def network(default: Network) -> Field:
    """A network as core.nets.codec writes it; its layers need not go together."""
    return Field(default, codec.read, codec.write)


def carried(net: Network) -> dict[str, str]:
    """The query parameters that hand a network on."""
    return {PARAMETER: codec.write(net)}


def file_name(net: Network, ending: str) -> str:
    """A name for a file about this network: letters, digits and hyphens."""
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in net.name).split()
    return quote("-".join(["convlab", *words]).lower()) + ending
