import pytest

from core.images.class_names import clean_class_name, clean_file_name, same_name


@pytest.mark.parametrize(
    "given, kept",
    [
        ("  shoes \n", "shoes"),
        ("red\t shoes", "red shoes"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("Ta\u0308schchen", "Täschchen"),
        ("bag\u202egpj", "bag gpj"),
        ("a\x00b", "a b"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_name_is_text_without_what_cannot_be_seen(given, kept):
    """Spaces are single, invisible and direction-turning characters gone; marks stay as the letters that they are."""
    assert clean_class_name(given) == kept


@pytest.mark.parametrize("name", ["", "   ", "\n\t", "\u202e"])
def test_a_class_without_a_name_is_refused(name):
    """Nothing visible is no name."""
    with pytest.raises(ValueError, match="A class needs a name. Received: "):
        clean_class_name(name)


def test_forty_characters_are_the_most():
    """Forty are kept, forty-one refused with their number."""
    assert clean_class_name("x" * 40) == "x" * 40
    with pytest.raises(ValueError, match="at most 40 characters. Received: x{40}… with 41"):
        clean_class_name("x" * 41)


def test_capitals_do_not_tell_names_apart():
    """Shoes and SHOES are one name, in every alphabet."""
    assert same_name("Shoes", "SHOES") and same_name("Straße", "STRASSE")
    assert not same_name("shoe", "shoes")


def test_a_long_file_name_keeps_its_end():
    """What is listed of a file fits a line, and its ending is to be read."""
    assert clean_file_name("a" * 300 + ".jpg") == "…" + "a" * 115 + ".jpg"
    assert clean_file_name("\x00") == "(no name)"
