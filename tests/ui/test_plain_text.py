import pytest

from core.ui.plain_text import shown


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "![x](https://a.invalid/x.png)",
        "**bold** _it_ `code` $x$ :red[red] # head",
    ],
)
def test_every_mark_is_kept_from_meaning_anything(text):
    """Each punctuation mark has a backslash before it, so that Markdown shows it; without them the text is the same."""
    marked = shown(text)
    for place, letter in enumerate(marked):
        if letter in "<>[]()*_`$:#|~!":
            assert marked[place - 1] == "\\"
    assert marked.replace("\\", "") == text


def test_words_stay_words():
    """Letters, digits and spaces are not touched; line ends become spaces."""
    assert shown("Schuhe und Täschchen 2\nneu") == "Schuhe und Täschchen 2 neu"
