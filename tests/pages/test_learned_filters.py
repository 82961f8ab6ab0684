"""The page of the filter that learns: settings, words and code, under Streamlit's own test of a page."""

import numpy as np
import pytest

from core.explain.filter_learning import Learning, learn
from core.images.picture_names import picture_of
from core.ops.filter_bank import FILTER_BANK, named
from core.ui import fields, learning_fields
from tests.pages.reading import words

SECRET = learning_fields.secret(())
PICTURES = np.stack([picture_of(f"drawn.{label}.0") for label in range(10)])


def hidden(app):
    """The filter that the page hides, from its link."""
    text = app.query_params.get("hidden")
    return np.array(SECRET.read(text[0] if isinstance(text, list) else text))


def test_the_end_of_a_run_is_explained_only_when_it_was_played(open_page):
    """Before, nothing says whether the filter will be found; at the last step it is said, with the reason."""
    assert "Found" not in words(open_page(step="199"))
    assert "Found: from step" in words(open_page(step="200"))


def test_a_run_that_diverged_is_explained_at_its_own_last_step(open_page):
    """It ends early; from there on the page names the learning rate that these pictures bear."""
    seen = words(open_page(optimiser="plain", rate="2", step="200"))
    assert "Diverged at step" in seen and "must stay below" in seen and "lands **higher**" in seen


def test_the_code_is_shown_only_after_the_filter_was_revealed(open_page):
    """Its numbers stand in the code, so before that the page says what to press."""
    assert not open_page().code
    assert "press **Reveal**" in words(open_page())
    assert open_page(revealed="1").code


def test_the_keras_code_ends_with_the_filter_on_the_stage(open_page):
    """The code shown runs as it is, and trains what the page's own run ends with."""
    link = {"optimiser": "adam", "rate": "0.1", "batch": "5", "seed": "3", "noise": "0.1", "revealed": "1"}
    names = {}
    exec(open_page(**link).code[0].value, names)
    run = learn(PICTURES / 255, FILTER_BANK["vertical"].kernel, Learning("adam", 0.1, 5, 0.1, 3))
    np.testing.assert_allclose(names["kernel"], run.kernels[-1], atol=1e-2)


def test_surprise_hides_another_filter_of_the_bank_and_begins_again(open_page):
    """A filter that was not hidden before is; step, guess and what was revealed are back at the start."""
    app = open_page(step="50", revealed="1", guess="1_0_0~0_0_0~0_0_0", by="you")
    [button] = [button for button in app.button if button.label == "Surprise me"]
    button.click().run()
    assert named(hidden(app)) not in (None, FILTER_BANK["vertical"])
    assert set(app.query_params) == {"hidden"}


def test_a_filter_of_the_bank_can_be_hidden(open_page):
    """Choose one by its title and hide it: it stands in the link, packed."""
    app = open_page()
    [choice] = [box for box in app.selectbox if box.label == "From the bank"]
    choice.set_value("circle").run()
    [button] = [button for button in app.button if button.label == "Hide it"]
    button.click().run()
    assert named(hidden(app)) is FILTER_BANK["circle"]


def test_a_guess_of_another_size_than_the_hidden_filter_is_put_aside(open_page):
    """A link with a 3×3 guess for a 5×5 filter opens with an empty guess."""
    secret = SECRET.write(fields.as_rows(FILTER_BANK["circle"].kernel))
    app = open_page(hidden=secret, guess="1_0_0~0_0_0~0_0_0")
    assert not app.exception
    assert set(app.query_params) == {"hidden"}


@pytest.mark.parametrize(
    "bad",
    [{"hidden": "?"}, {"rate": "0"}, {"optimiser": "newton"}, {"step": "201"}, {"pin": "x"}, {"wire": "slope_0_0"}],
)
def test_a_bad_link_opens_the_usual_state_and_says_so(open_page, bad):
    """One clear line, no traceback."""
    app = open_page(**bad)
    assert not app.exception
    assert "Part of this link could not be read" in words(app)


def test_a_set_that_is_not_here_gives_drawn_digits_and_its_download(open_page, monkeypatch, tmp_path):
    """Without MNIST on the machine the learner works on drawn digits, and the page says so."""
    monkeypatch.delenv("CONVLAB_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    app = open_page(set="mnist")
    assert not app.exception
    assert "Drawn digits stand in for the pictures of this link" in words(app)
    assert any(button.label == "Download MNIST (11 MB)" for button in app.button)


def test_the_neuron_has_the_page_to_itself(open_page):
    """One stage at a time: the settings of the learner are not beside it."""
    app = open_page(view="neuron", step="40")
    assert not app.exception
    assert len(app.get("bidi_component")) == 1
    assert not [button for button in app.button if button.label == "Surprise me"]
