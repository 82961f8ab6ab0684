"""The Filters page: settings, words and code, under Streamlit's own test of a page."""

import dataclasses

import numpy as np

from core.images import catalogue, download
from core.images.picture_names import picture_of
from core.ops.convolution import Convolution, convolve
from tests.pages.reading import words


def test_the_shape_is_written_with_the_numbers_put_in(open_page):
    """The lecture's formula stands there with this picture, this filter, this stride and this padding."""
    assert "28×28 → 26×26, because ⌊(28 + 0 − 3) / 1⌋ + 1 = 26" in words(open_page())
    assert "28×28 → 14×14, because ⌊(28 + 2 − 3) / 2⌋ + 1 = 14" in words(open_page(stride="2", padding="1"))


def test_a_stride_that_does_not_fit_is_said(open_page):
    """Where the floor leaves rows over, a line says how many are never seen."""
    assert "the last 1 row and 1 column are never seen" in words(open_page(stride="2"))
    padded = words(open_page(stride="4", padding="1"))
    assert "the last 3 rows and 3 columns of the padded picture are never seen" in padded
    assert "never seen" not in words(open_page())


def test_what_the_filter_sees_is_computed_from_the_picture(open_page):
    """The strongest answer in the sentence is the largest number of the map."""
    picture = picture_of("drawn.8.0") / 255
    strongest = convolve(picture, np.ones((3, 3)), Convolution()).max()
    assert f"The strongest answer, {strongest:.2f}" in words(open_page(picture="drawn.8.0", kernel="1_1_1~1_1_1~1_1_1"))


def test_the_keras_code_gives_the_numbers_on_the_screen(open_page):
    """The code shown runs as it is, and its feature map is the map on the stage."""
    link = {"kernel": "2_0_-1~1_1_0", "stride": "2", "padding": "same", "bias": "0.5", "activation": "none"}
    app = open_page(**link)
    app.session_state["filters.code"] = True
    app.run()
    names = {}
    exec(app.code[0].value, names)
    settings = Convolution(stride=2, padding="same", bias=0.5, activation="none")
    expected = convolve(picture_of("drawn.3.0") / 255, [[2, 0, -1], [1, 1, 0]], settings)
    np.testing.assert_allclose(names["feature_map"], expected, atol=1e-5)


def test_a_set_that_is_not_here_is_offered_and_the_drawn_digits_stay(open_page, monkeypatch, tmp_path):
    """Without MNIST on the machine a link to one of its digits shows a drawn one, says so, and offers the download."""
    monkeypatch.delenv("CONVLAB_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    app = open_page(picture="mnist.5.2", set="mnist")
    assert not app.exception
    assert "A drawn digit stands in for the picture of this link" in words(app)
    assert any(button.label == "Download MNIST (11 MB)" for button in app.button)


def test_a_download_that_fails_says_why_and_can_be_tried_again(open_page, monkeypatch, tmp_path):
    """Offline, the download ends with one plain line, and its button is there again."""
    files = tuple(dataclasses.replace(file, url="http://127.0.0.1:9/mnist.npz") for file in catalogue.MNIST.files)
    monkeypatch.setitem(catalogue.CATALOGUE, "mnist", dataclasses.replace(catalogue.MNIST, files=files))
    monkeypatch.setattr(download, "_running", {})
    monkeypatch.delenv("CONVLAB_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    app = open_page(set="mnist")
    next(button for button in app.button if button.label.startswith("Download")).click().run()
    download.current_download("mnist").wait(20)
    app.run()
    assert not app.exception
    assert "The drawn digits stay until it is." in words(app)
    assert any(button.label.startswith("Download") for button in app.button)


def test_changing_the_set_keeps_the_label(open_page, monkeypatch, tmp_path):
    """From a drawn 7 to class 7 of another set that is on this machine."""
    small = dataclasses.replace(catalogue.FASHION_MNIST, train_count=10, test_count=10)
    monkeypatch.setitem(catalogue.CATALOGUE, small.name, small)
    labels, pictures = np.arange(10, dtype=np.uint8), np.zeros((10, 28, 28), np.uint8)
    pictures[:, 5, 5] = 10 * labels
    np.savez(tmp_path / small.data_file, x_train=pictures, y_train=labels, x_test=pictures, y_test=labels)
    monkeypatch.setenv("CONVLAB_DATA", str(tmp_path))
    app = open_page(picture="drawn.7.0")
    app.segmented_control(key="filters.set").set_value(small.name).run()
    assert not app.exception
    assert app.session_state["filters.picture"] == "fashion_mnist.7.0"
