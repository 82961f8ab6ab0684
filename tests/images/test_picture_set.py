import threading

import numpy as np
import pytest
from PIL import Image

from core.images import picture_set as module
from core.images.archives import read_zip
from core.images.picture_set import PictureSet
from tests.images.making import photo, png_claiming, saved, zipped

MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def pictures():
    """Two bags and three shoes."""
    made = PictureSet()
    made.add_files("bags", [(f"bag {number}.jpg", photo(number)) for number in range(2)])
    made.add_files("shoes", [(f"shoe {number}.jpg", photo(10 + number)) for number in range(3)])
    return made


def names(pictures: PictureSet, class_name: str) -> list[str]:
    return [picture.name for picture in pictures.pictures(class_name)]


def test_files_become_pictures_of_their_class(pictures):
    """Classes in the order in which they came, counts, and the kept JPEG."""
    assert pictures.classes == ("bags", "shoes") and pictures.counts == {"bags": 2, "shoes": 3} and len(pictures) == 5
    first = pictures.pictures("bags")[0]
    assert (first.name, first.jpeg, first.array().shape) == ("bag 0.jpg", photo(0), (30, 40, 3))
    assert pictures.picture(first.number) is first and pictures.picture(99) is None
    assert pictures.kept_bytes == sum(len(picture.jpeg) for picture in pictures.all_pictures())


def test_a_zip_is_taken_in(pictures):
    """Its classes grow those that are there, whatever their capitals, and new ones come behind."""
    told = []
    archive = read_zip(zipped({"Shoes/a.jpg": photo(20), "hats/b.jpg": photo(21)}))
    assert pictures.add_archive(archive, lambda done, total: told.append((done, total))) == ()
    assert pictures.counts == {"bags": 2, "shoes": 4, "hats": 1}
    assert told == [(1, 2), (2, 2)]


def test_the_lectures_layout_is_remembered():
    """Pictures know the part that their folder named."""
    made = PictureSet()
    made.add_archive(read_zip(zipped({"train/a/1.jpg": photo(1), "test/a/2.jpg": photo(2)})))
    assert made.has_parts
    assert [picture.name for picture in made.pictures("a", part="test")] == ["2.jpg"]


def test_bad_files_are_listed_by_name_and_passed_over(pictures):
    """What is no usable picture does not stop the others; the reason says what arrived."""
    files = {
        "a/good.jpg": photo(30),
        "a/text.jpg": b"hello",
        "a/cut.jpg": photo(31, 200, 200)[:700],
        "a/huge.png": png_claiming(20_000, 20_000),
        "a/gif.gif": photo(32, kind="GIF"),
        "a/dot.png": photo(33, 1, 1, kind="PNG"),
        "b/cmyk.jpg": saved(Image.new("CMYK", (40, 40), (200, 0, 90, 0)), "JPEG"),
        "b/more.zip": zipped({"x/1.jpg": photo(35)}),
    }
    bad = pictures.add_archive(read_zip(zipped(files)))
    assert [file.name for file in bad] == [
        "b/more.zip",
        "a/text.jpg",
        "a/cut.jpg",
        "a/huge.png",
        "a/gif.gif",
        "a/dot.png",
    ]
    for file, word in zip(bad[1:], ("a file of", "broken", "megapixels", "a GIF", "1 × 1"), strict=True):
        assert word in file.reason
    assert names(pictures, "a") == ["good.jpg"] and names(pictures, "b") == ["cmyk.jpg"]
    assert pictures.bad_files == bad
    pictures.forget_bad_files()
    assert pictures.bad_files == ()


def test_five_thousand_files_are_taken_in_or_listed(monkeypatch):
    """However many bad files there are, each is one line, and the good ones are there."""
    files = {f"{'ab'[number % 2]}/{number:04}.jpg": b"no picture" for number in range(4_998)}
    made = PictureSet()
    bad = made.add_archive(read_zip(zipped({**files, "a/yes.jpg": photo(1), "b/yes.jpg": photo(2)})))
    assert len(bad) == 4_998 and made.counts == {"a": 1, "b": 1}


def test_one_name_twice_is_told_apart(pictures):
    """A second file of that name in the class is numbered; in another class it keeps its name."""
    pictures.add_files("bags", [("bag 0.jpg", photo(40)), ("bag 0.jpg", photo(41)), ("shoe 0.jpg", photo(42))])
    assert names(pictures, "bags")[2:] == ["bag 0.jpg (2)", "bag 0.jpg (3)", "shoe 0.jpg"]


def test_the_same_picture_counts_once(pictures):
    """A twin, in whatever class, would stand on both sides of a split; a camera may see the same thing twice."""
    bad = pictures.add_files("shoes", [("again.jpg", photo(0))])
    assert bad[0].name == "shoes/again.jpg" and bad[0].reason.endswith("the same picture as bag 0.jpg")
    still = np.full((60, 60, 3), 90, np.uint8)
    assert [pictures.add_capture("shoes", still).name for _ in range(2)] == ["photo 1", "photo 2"]
    assert pictures.add_capture("new class", photo(50), part="test").part == "test"
    with pytest.raises(ValueError, match="not a PNG, JPEG or WebP"):
        pictures.add_capture("shoes", b"hello")


def test_classes_are_made_renamed_and_deleted(pictures):
    """A class keeps its place and its pictures under another name, and goes with them."""
    assert pictures.add_class("  hats ") == "hats"
    assert pictures.rename_class("bags", "Bags") == "Bags"
    assert pictures.classes == ("Bags", "shoes", "hats")
    assert [picture.class_name for picture in pictures.pictures("Bags")] == ["Bags", "Bags"]
    pictures.delete_class("shoes")
    assert pictures.counts == {"Bags": 2, "hats": 0}
    assert pictures.kept_bytes == sum(len(picture.jpeg) for picture in pictures.all_pictures())


def test_two_classes_of_one_name_are_refused(pictures):
    """Made or renamed, in whatever capitals; and nothing has changed."""
    before = pictures.revision
    for act in (lambda: pictures.add_class("SHOES"), lambda: pictures.rename_class("bags", "Shoes ")):
        with pytest.raises(ValueError, match="already a class called shoes. Choose another name. Received: name='S"):
            act()
    with pytest.raises(ValueError, match="A class needs a name"):
        pictures.rename_class("bags", " ")
    with pytest.raises(ValueError, match="A class is one of bags, shoes. Received: 'hats'"):
        pictures.delete_class("hats")
    assert pictures.classes == ("bags", "shoes") and pictures.revision == before


def test_ten_classes_are_the_most(pictures):
    """By hand the eleventh is refused; a ZIP that would make eleven leaves everything as it was."""
    archive = read_zip(zipped({f"class {number}/1.jpg": photo(number) for number in range(9)}))
    with pytest.raises(ValueError, match="at most 10 classes. Received: 2 that are here and 9 more"):
        pictures.add_archive(archive)
    assert pictures.classes == ("bags", "shoes")
    for number in range(8):
        pictures.add_class(f"class {number}")
    with pytest.raises(ValueError, match="at most 10 classes. Received: an eleventh"):
        pictures.add_files("more", [])


def test_a_class_name_is_text(pictures):
    """Markup in a name is kept as the letters that it is, from a ZIP and by hand."""
    pictures.add_archive(read_zip(zipped({f"{MARKUP}/1.jpg": photo(60), "b/2.jpg": photo(61)})))
    assert pictures.counts[MARKUP] == 1
    assert pictures.rename_class("b", f"{MARKUP}2") == f"{MARKUP}2"


def test_pictures_are_moved_and_deleted(pictures):
    """A moved picture keeps its number; what is gone already may be deleted again, but not moved."""
    number = pictures.pictures("bags")[0].number
    pictures.move(number, "shoes")
    assert names(pictures, "bags") == ["bag 1.jpg"] and pictures.picture(number).class_name == "shoes"
    pictures.delete(number)
    pictures.delete(number)
    assert pictures.counts == {"bags": 1, "shoes": 3}
    with pytest.raises(ValueError, match="A picture that is moved is in the set"):
        pictures.move(number, "bags")


def test_every_change_is_seen(pictures):
    """The revision moves with each change; the fingerprint goes back when the pictures do."""
    seen, prints = {pictures.revision}, [pictures.fingerprint]
    picture = pictures.pictures("bags")[1]
    for act in (
        lambda: pictures.add_class("hats"),
        lambda: pictures.move(picture.number, "hats"),
        lambda: pictures.move(picture.number, "bags"),
        lambda: pictures.rename_class("hats", "caps"),
        lambda: pictures.delete_class("caps"),
    ):
        act()
        assert pictures.revision not in seen
        seen.add(pictures.revision)
        prints.append(pictures.fingerprint)
    assert prints[0] == prints[-1] and len(set(prints)) == 4
    pictures.clear()
    assert len(pictures) == 0 and pictures.classes == () and pictures.kept_bytes == 0


def test_lopsided_classes_are_warned_of(pictures):
    """Two to one is still well; beyond it the warning says what always guessing the larger would reach."""
    assert pictures.lopsided is None
    pictures.add_files("shoes", [(f"{number}", photo(70 + number)) for number in range(2)])
    assert pictures.lopsided.startswith("shoes has 5 pictures and bags 2: ")
    assert "“shoes” would be right 71% of the time" in pictures.lopsided
    pictures.delete_class("bags")
    assert pictures.lopsided is None


def test_the_memory_of_a_visitor_has_an_end(pictures, monkeypatch):
    """Beyond the limit in bytes or in pictures a file is listed, not taken in."""
    monkeypatch.setattr(module, "MOST_BYTES", pictures.kept_bytes + 10)
    assert "take at most 0 MB" in pictures.add_files("bags", [("x", photo(80))])[0].reason
    monkeypatch.undo()
    monkeypatch.setattr(module, "MOST_PICTURES", 5)
    assert "at most 5 pictures" in pictures.add_files("bags", [("x", photo(80))])[0].reason
    assert len(pictures) == 5


def test_two_threads_may_fill_it(pictures):
    """A camera's thread adds while the page deletes; nothing is lost or counted twice."""
    frame = np.zeros((20, 20, 3), np.uint8)

    def fill():
        for _ in range(40):
            pictures.add_capture("shoes", frame)

    threads = [threading.Thread(target=fill) for _ in range(3)]
    for thread in threads:
        thread.start()
    for picture in pictures.pictures("bags"):
        pictures.delete(picture.number)
    for thread in threads:
        thread.join()
    assert pictures.counts == {"bags": 0, "shoes": 123}
    assert len({picture.number for picture in pictures.all_pictures()}) == 123
    assert len(set(names(pictures, "shoes"))) == 123


def test_a_part_is_one_of_three(pictures):
    """Another word is refused before anything is taken in."""
    with pytest.raises(ValueError, match="A part is one of train, validation, test. Received: part='exam'"):
        pictures.add_files("bags", [("x", photo(90))], part="exam")
    assert len(pictures) == 5
