"""The page of the filter that learns under a person's hand, in a real Chromium."""

import json
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from core.explain.filter_learning import Learning, learn
from core.images.picture_names import picture_of
from core.ops.dense import weight_places
from core.ops.filter_bank import FILTER_BANK
from core.ops.gradient import loss_and_gradient
from tests.browser.driving import open_stage, point_of, query, settle, stage_value, sum_line

LEARNING, NEURON = "Learning stage", "Neuron stage"
VERTICAL = FILTER_BANK["vertical"].kernel
PICTURES = np.stack([picture_of(f"drawn.{label}.0") for label in range(10)]) / 255

# Gives the browser's half random guesses, as if the person had typed them, and reads their scores.
SCORE = """(canvas, { kernel, activation }) => {
    const { stage } = canvas;
    stage.data.settings.activation = activation;
    stage.content.guess = { rows: 3, columns: 3, values: Float64Array.from(kernel) };
    stage.recompute();
    return JSON.stringify({ loss: stage.score.loss, gradient: Array.from(stage.score.gradient.values) });
}"""


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def weight(page, row, column):
    return page.get_by_role("textbox", name=f"Your filter, row {row}, column {column}")


def opened(page, server, link="", name=LEARNING):
    return open_stage(page, f"{server}/learned_filters{link}", name)


def wait_for(canvas, page, condition):
    page.wait_for_function(
        f"canvas => {{ const {{ stage }} = canvas; return {condition}; }}", arg=canvas.element_handle()
    )


# --- the two halves agree --------------------------------------------------------------------------------------------


def test_the_stage_plays_the_run_that_python_computed(page, server):
    """Weights, slopes, losses and targets of every step on the stage are those of core.explain, in single precision."""
    canvas = opened(page, server, "?optimiser=adam&rate=0.1&batch=2&noise=0.1&seed=5")
    run = learn(PICTURES, VERTICAL, Learning("adam", 0.1, 2, 0.1, 5))
    for name, expected in (("kernels", run.kernels), ("gradients", run.gradients), ("targets", run.targets)):
        shown = stage_value(canvas, f"stage.run.{name}.map((map) => Array.from(map.values))")
        np.testing.assert_allclose(shown, expected.reshape(len(expected), -1), atol=1e-6)
    np.testing.assert_allclose(stage_value(canvas, "Array.from(stage.run.losses)"), run.losses, rtol=1e-5)


def test_a_guess_is_scored_as_core_ops_scores_it(page, server):
    """On random guesses, with and without ReLU, the browser's error and slopes are those of core.ops.gradient."""
    canvas = opened(page, server)
    seen = np.lib.stride_tricks.sliding_window_view(PICTURES, (3, 3), axis=(1, 2))
    targets = learn(PICTURES, VERTICAL, Learning()).targets
    dice = np.random.default_rng(11)
    for activation in ["none", "relu", "abs"] * 5:
        kernel = dice.normal(0, 1, (3, 3))
        shown = json.loads(canvas.evaluate(SCORE, {"kernel": kernel.ravel().tolist(), "activation": activation}))
        loss, gradient = loss_and_gradient(seen, targets, kernel, activation)
        assert shown["loss"] == pytest.approx(loss, rel=1e-5)
        np.testing.assert_allclose(shown["gradient"], gradient.ravel(), atol=1e-6)


# --- playing ---------------------------------------------------------------------------------------------------------


def test_play_finds_the_hidden_filter(page, server):
    """Press play: the numbers change by themselves, and at the end the line says that they were found."""
    canvas = opened(page, server)
    page.get_by_role("slider", name="Speed, steps a second").fill("60")
    button(page, "Play").click()
    expect(sum_line(page)).to_contain_text("Found: from step")
    expect(button(page, "Play")).to_be_visible()
    np.testing.assert_allclose(stage_value(canvas, "Array.from(stage.maps.kernel.values)"), VERTICAL.ravel(), atol=0.01)
    settle(page)
    assert query(page) == {"step": "200"}


def test_stepping_goes_forward_and_exactly_back(page, server):
    """A step back shows the very numbers from before, and the link holds the step."""
    canvas = opened(page, server, "?step=12")
    before = stage_value(canvas, "Array.from(stage.maps.kernel.values)")
    button(page, "Step forward").click()
    assert stage_value(canvas, "Array.from(stage.maps.kernel.values)") != before
    button(page, "Step back").click()
    assert stage_value(canvas, "Array.from(stage.maps.kernel.values)") == before
    button(page, "Step back").click()
    settle(page)
    assert query(page) == {"step": "11"}


def test_the_written_step_leads_to_the_next_number(page, server):
    """For each optimiser the line ends in the number that stands in the filter one step later."""
    for optimiser in ("plain", "momentum", "adam"):
        canvas = opened(page, server, f"?optimiser={optimiser}&rate=0.1&step=7&pin=weight_0_0")
        written = sum_line(page).locator(".result").text_content()
        button(page, "Step forward").click()
        shown = stage_value(canvas, "stage.maps.kernel.values[0]")
        assert float(written.replace("−", "-")) == pytest.approx(shown, abs=0.006)


def test_the_loss_curve_can_be_dragged_along(page, server):
    """Press on the curve and move: the run goes to the step under the pointer, and stays there."""
    canvas = opened(page, server)
    box = canvas.bounding_box()
    scale = stage_value(
        canvas, "({ a: stage.curve.scale.x(40), b: stage.curve.scale.x(90), y: stage.curve.scale.bottom - 10 })"
    )
    page.mouse.move(box["x"] + scale["a"], box["y"] + scale["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + scale["b"], box["y"] + scale["y"], steps=6)
    page.mouse.up()
    assert stage_value(canvas, "stage.content.step") == 90
    settle(page)
    assert query(page) == {"step": "90"}


def test_too_large_a_learning_rate_diverges_before_the_eyes(page, server):
    """The loss climbs, the run ends early, and the line says why and what the rate must stay below."""
    canvas = opened(page, server, "?optimiser=plain&rate=2")
    button(page, "Play").click()
    expect(sum_line(page)).to_contain_text(re.compile(r"Diverged at step \d+: .* must stay below"))
    assert stage_value(canvas, "stage.run.losses[stage.last] > 1e5 * stage.run.losses[0]")


def test_another_learning_rate_keeps_the_step_and_the_curve_from_before(page, server):
    """Change the optimiser at step 60: the new run stands at step 60, and the old curve is still seen."""
    canvas = opened(page, server, "?step=60")
    losses = stage_value(canvas, "Array.from(stage.run.losses)")
    page.get_by_role("radio", name="Adam").click()
    wait_for(canvas, page, "stage.data.settings.optimiser === 'adam'")
    assert stage_value(canvas, "stage.at") == 60
    assert stage_value(canvas, "Array.from(stage.run.before)") == losses
    expect(page).to_have_url(re.compile("optimiser=adam"))


def test_a_new_start_is_other_random_numbers_at_step_0(page, server):
    """New start draws other numbers and goes back to the beginning; the seed is in the link."""
    canvas = opened(page, server, "?step=30")
    before = stage_value(canvas, "Array.from(stage.run.kernels[0].values)")
    button(page, "New start").click()
    settle(page)
    assert query(page) == {"seed": "1"}
    assert stage_value(canvas, "Array.from(stage.maps.kernel.values)") != before


def test_with_small_batches_the_pictures_of_the_step_are_underlined(page, server):
    """Two pictures a step: the two thumbnails that the next step looks at are marked."""
    canvas = opened(page, server, "?batch=2&step=3")
    marked = stage_value(
        canvas, "stage.pictures.buttons.flatMap((b, i) => b.classList.contains('in-batch') ? [i] : [])"
    )
    assert marked == sorted(stage_value(canvas, "stage.run.batches[3]"))


# --- guessing and hiding ---------------------------------------------------------------------------------------------


def test_a_person_guesses_and_is_scored_beside_the_machine(page, server):
    """Type the right numbers and the error falls to nothing; one wrong number and the machine is ahead at some step."""
    canvas = opened(page, server)
    button(page, "You").click()
    for row in range(1, 4):
        weight(page, row, 1).fill("1")
        weight(page, row, 3).fill("-1")
    expect(sum_line(page)).to_have_text("Your error 0: you found it!")
    assert stage_value(canvas, "Math.max(...stage.maps.error.values.map(Math.abs))") < 1e-6
    weight(page, 3, 3).fill("0")
    expect(sum_line(page)).to_contain_text(re.compile(r"the machine is better from step \d+ on"))
    page.keyboard.press("Tab")
    settle(page)
    assert query(page) == {"guess": "1_0_-1~1_0_-1~1_0_0", "by": "you"}


def test_the_slope_is_a_hint_that_helps(page, server):
    """Follow the hint for the number that it names, and the error gets smaller."""
    canvas = opened(page, server, "?by=you")
    before = stage_value(canvas, "stage.score.loss")
    hint = re.search(r"row (\d), column (\d): slope .*, so (raise|lower) it", sum_line(page).text_content())
    weight(page, hint[1], hint[2]).focus()
    page.keyboard.press("ArrowUp" if hint[3] == "raise" else "ArrowDown")
    wait_for(canvas, page, f"stage.score.loss < {before}")


def test_a_filter_of_ones_own_can_be_hidden_and_found(page, window, server):
    """Set numbers and hide them: they leave the screen, and the machine of whoever opens the link finds them."""
    opened(page, server)
    button(page, "You").click()
    weight(page, 2, 2).fill("2")
    page.keyboard.press("Tab")
    button(page, "Hide mine").click()
    expect(button(page, "Machine")).to_have_attribute("aria-pressed", "true")
    settle(page)
    assert set(query(page)) == {"hidden"}
    other = window()
    canvas = opened(other, server, "?" + page.url.split("?")[1])
    canvas.focus()
    other.keyboard.press("End")
    np.testing.assert_allclose(
        stage_value(canvas, "Array.from(stage.maps.kernel.values)"), [0, 0, 0, 0, 2, 0, 0, 0, 0], atol=0.02
    )


def test_the_hidden_numbers_show_only_when_revealed(page, server):
    """Before, question marks; Reveal shows the filter and the difference, and stands in the link."""
    canvas = opened(page, server)
    assert stage_value(canvas, "[stage.maps.hidden, stage.maps.difference]") == [None, None]
    button(page, "Reveal").click()
    assert stage_value(canvas, "Array.from(stage.maps.hidden.values)") == VERTICAL.ravel().tolist()
    settle(page)
    assert query(page) == {"revealed": "1"}


# --- pointing, keyboard, touch ---------------------------------------------------------------------------------------


def test_pointing_at_a_cell_and_at_a_slope_writes_their_numbers(page, server):
    """A cell of the maps gives output − target = error, a slope the sum over all cells that it comes from."""
    canvas = opened(page, server)
    page.mouse.move(*point_of(canvas, "stage.painter.views.output", 12, 12))
    expect(sum_line(page)).to_have_text(re.compile(r"^row 13, column 13: the learner’s .* − hidden filter’s .* error "))
    page.mouse.move(*point_of(canvas, "stage.painter.views.gradient", 1, 1))
    expect(sum_line(page)).to_have_text(re.compile(r"error × pixel, over 6760 cells, adds up to .*; slope 2/6760 × "))
    page.mouse.click(*point_of(canvas, "stage.painter.views.gradient", 1, 1))
    settle(page)
    assert query(page) == {"pin": "slope_1_1"}


def test_the_keyboard_does_all_of_it(page, server):
    """Arrows step by one and by ten, M hands the filter over, R reveals, a digit chooses a picture, N starts anew."""
    canvas = opened(page, server)
    canvas.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    assert stage_value(canvas, "stage.content.step") == 10
    page.keyboard.press("m")
    expect(weight(page, 1, 1)).to_be_visible()
    page.keyboard.press("m")
    page.keyboard.press("r")
    page.keyboard.press("7")
    page.keyboard.press("i")
    settle(page)
    assert query(page) == {"step": "10", "revealed": "1", "look": "7"}
    page.keyboard.press("Space")
    expect(button(page, "Pause")).to_be_visible()
    page.keyboard.press("Space")
    page.keyboard.press("n")
    settle(page)
    assert query(page) == {"seed": "1", "revealed": "1", "look": "7"}


def test_on_a_tablet_a_finger_goes_along_the_curve(window, server):
    """At 820 pixels everything stands in one column, and a tap on the curve goes to that step."""
    page = window(width=820, height=1180, touch=True)
    canvas = opened(page, server)
    box = canvas.bounding_box()
    assert box["x"] + box["width"] <= 820
    spot = stage_value(canvas, "({ x: stage.curve.scale.x(100), y: stage.curve.scale.bottom - 10 })")
    page.touchscreen.tap(box["x"] + spot["x"], box["y"] + spot["y"])
    settle(page)
    assert abs(int(query(page)["step"]) - 100) <= 1


# --- the neuron ------------------------------------------------------------------------------------------------------


def test_a_weight_lights_up_in_filter_neuron_and_matrix(page, server):
    """Point at one number of the filter: the same number is marked in all 16 rows of the 16×36 matrix."""
    canvas = opened(page, server, "?view=neuron&step=40", NEURON)
    page.mouse.move(*point_of(canvas, "stage.painter.views.kernel", 0, 1))
    expect(sum_line(page)).to_contain_text("stands in all 16 rows of the matrix")
    assert stage_value(canvas, "stage.matrix") == weight_places((3, 3), (6, 6)).tolist()
    page.mouse.click(*point_of(canvas, "stage.painter.views.kernel", 0, 1))
    settle(page)
    assert query(page)["wire"] == "weight_0_1"


def test_an_entry_of_the_matrix_is_a_weight_or_nothing(page, server):
    """A coloured entry is a wire of the neuron; an empty one says that this output does not see that pixel."""
    canvas = opened(page, server, "?view=neuron", NEURON)
    at = stage_value(canvas, "stage.places.boxes.matrix")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + at["x"] + 0.5 * at["cell"], box["y"] + at["y"] + 0.5 * at["cell"])
    expect(sum_line(page)).to_contain_text("(row 1, column 1) is one wire of the neuron")
    page.mouse.move(box["x"] + at["x"] + 35.5 * at["cell"], box["y"] + at["y"] + 0.5 * at["cell"])
    expect(sum_line(page)).to_contain_text("output 1 does not see pixel 36")


def test_the_neuron_walks_over_the_picture_and_goes_back_to_learning(page, server):
    """Step forward writes the sum of the next place; the way back keeps step and settings."""
    canvas = opened(page, server, "?view=neuron&step=40&optimiser=adam", NEURON)
    button(page, "Step forward").click()
    assert stage_value(canvas, "[stage.target.row, stage.target.column]") == [0, 0]
    expect(sum_line(page)).to_contain_text("×")
    button(page, "Back to learning").click()
    expect(page.get_by_role("application", name=LEARNING)).to_be_visible()
    settle(page)
    assert {key: query(page).get(key) for key in ("view", "step", "optimiser")} == {
        "view": None,
        "step": "40",
        "optimiser": "adam",
    }
    expect(page.get_by_role("radio", name="Adam")).to_be_checked()
    button(page, "As a neuron").click()
    expect(page.get_by_role("application", name=NEURON)).to_be_visible()


def test_in_presenter_mode_the_numbers_can_be_read_from_the_last_row(window, server):
    """At 1280×720 the learner's numbers stand in cells for figures of 28 pixels, and nothing is cut off."""
    page = window()
    canvas = opened(page, server, "?present=1")
    assert stage_value(canvas, "stage.painter.views.kernel.cell") >= 84
    assert stage_value(canvas, "stage.painter.views.gradient.cell") >= 54
    below = page.locator(".controls").bounding_box()
    assert below["y"] + below["height"] <= 720
