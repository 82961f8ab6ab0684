import importlib.util
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core.images.catalogue import CATALOGUE, entry_of

ENTRIES = list(CATALOGUE.values())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_says_all_that_a_page_shows(entry):
    """Every picture set has a title, one line about it, ten classes, a licence and a source."""
    assert CATALOGUE[entry.name] is entry
    assert entry.title and entry.about and entry.licence and entry.source
    assert "\n" not in entry.about
    assert len(set(entry.classes)) == 10
    assert entry.shape == (28, 28)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_a_remote_file_can_be_checked(entry):
    """Whatever is downloaded comes by HTTPS from Keras's store, under its own name, with a size and a sha256."""
    for file in entry.files:
        parts = urlsplit(file.url)
        assert (parts.scheme, parts.hostname) == ("https", "storage.googleapis.com")
        assert parts.path == f"/tensorflow/tf-keras-datasets/{file.name}"
        assert file.size > 0
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", file.digest)


def test_the_costs_are_those_of_the_published_files():
    """The drawn digits cost nothing; MNIST and Fashion-MNIST cost what their servers send."""
    assert CATALOGUE["drawn"].download_bytes == 0
    assert CATALOGUE["mnist"].download_bytes == 11_490_434
    assert CATALOGUE["fashion_mnist"].download_bytes == 26_421_880 + 29_515 + 4_422_102 + 5_148


def test_keras_asks_for_the_same_files():
    """URLs and MNIST's digest stand in Keras's own source, read as text because importing Keras takes seconds."""
    found = importlib.util.find_spec("keras")
    if found is None:
        pytest.skip("Keras is not installed")
    folder = Path(found.origin).parent / "src" / "datasets"
    mnist, fashion = ((folder / name).read_text() for name in ("mnist.py", "fashion_mnist.py"))
    assert CATALOGUE["mnist"].files[0].digest.removeprefix("sha256:") in mnist
    assert "https://storage.googleapis.com/tensorflow/tf-keras-datasets/" in mnist
    assert all(f'"{file.name}"' in fashion for file in CATALOGUE["fashion_mnist"].files)
    assert 'os.path.join("datasets", "fashion-mnist")' in fashion


def test_an_unknown_name_is_refused_with_those_there_are():
    """A wrong name, as a bad link may hold, names the right ones."""
    with pytest.raises(ValueError, match=r"drawn, mnist, fashion_mnist.*Received: name='cats'"):
        entry_of("cats")
