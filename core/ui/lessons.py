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
            "filters",
            "Filters",
            ":material/grid_on:",
            "Edit a filter's numbers and see which strokes of a handwritten digit light up, and why.",
        ),
    ),
}
