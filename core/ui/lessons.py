"""The lessons of the house in the order they are taught. A page that does not exist yet is not in the list."""

from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Lesson:
    """One page: its script is pages/<name>.py and its link is /<name>."""

    name: str
    title: str
    icon: str
    invitation: str  # what a person does there, in one sentence

    @property
    def script(self) -> Path:
        return HOUSE / "pages" / f"{self.name}.py"


LESSONS = {
    "The operation": (
        Lesson(
            "why_convolutions",
            "Why convolutions",
            ":material/compare_arrows:",
            "Race two layers' weights, shuffle a digit's pixels, drag it away: what a dense layer cannot do.",
        ),
        Lesson(
            "filters",
            "Filters",
            ":material/grid_on:",
            "Edit a filter's numbers and see which strokes of a handwritten digit light up, and why.",
        ),
        Lesson(
            "channels",
            "Channels",
            ":material/layers:",
            "Take a colour picture apart, lay a cube on its three channels, and see why one number comes out.",
        ),
        Lesson(
            "learned_filters",
            "A filter that learns",
            ":material/model_training:",
            "Watch gradient descent find a hidden filter from its outputs alone, or guess its numbers first.",
        ),
        Lesson(
            "pooling",
            "Pooling",
            ":material/grid_view:",
            "Keep the largest number of each window, or the mean, and find out how much of the place is forgotten.",
        ),
    ),
    "The network": (
        Lesson(
            "architecture",
            "Architecture",
            ":material/account_tree:",
            "Build a network from blocks, read every shape and parameter, and follow one cell back to the pixels.",
        ),
        Lesson(
            "train",
            "Train",
            ":material/play_circle:",
            "Press one button and watch a network learn: curves, filters, feature maps, and where it still goes wrong.",
        ),
    ),
    "Transfer learning": (
        Lesson(
            "transfer",
            "Transfer learning",
            ":material/bolt:",
            "Bring a hundred pictures of two things, borrow a network that can look, and train a head in a blink.",
        ),
        Lesson(
            "webcam",
            "Webcam",
            ":material/photo_camera:",
            "Hold a shoe before the camera: the network says what it sees, how sure it is, and why.",
        ),
    ),
}
