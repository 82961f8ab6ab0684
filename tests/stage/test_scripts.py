"""The modules of a stage, joined into the one text that a component takes."""

import re
from collections import Counter

import pytest

from core.stage.scripts import ASSETS, joined, styles

STAGES = sorted(path.name for path in ASSETS.glob("*_stage.js"))


@pytest.mark.parametrize("entry", STAGES)
def test_a_joined_stage_is_one_module_with_one_export(entry):
    """No import is left, and the only export is the function that Streamlit calls."""
    text = joined(entry)
    assert not re.search(r"^\s*import\b", text, re.MULTILINE)
    assert re.findall(r"^export .*", text, re.MULTILINE) == re.findall(r"^export default .*", text, re.MULTILINE)
    assert text.count("\nexport default ") == 1


@pytest.mark.parametrize("entry", STAGES)
def test_no_two_modules_of_a_stage_share_a_name(entry):
    """Joined modules share one scope, so every name at its top stands there once."""
    names = re.findall(r"^(?:async )?(?:function|class|const|let) (\w+)", joined(entry), re.MULTILINE)
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_a_module_comes_after_all_that_it_imports():
    """What a module needs is defined before it."""
    text = joined("convolution_stage.js")
    assert text.index("function written(") < text.index("function sentence(") < text.index("class ConvolutionStage")


def test_text_never_goes_into_a_page_as_markup():
    """No stage sets HTML: class names and file names of people stay text."""
    for path in ASSETS.glob("*.js"):
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", path.read_text()), path.name


def test_the_style_sheet_reaches_streamlit_as_text():
    """A one-line style sheet would be taken for a file's name."""
    assert "\n" in styles()
