import pytest

from core.images.picture_layout import lay_out


def placed(*paths, folders=()):
    """Class, part and name of each path that has a place."""
    layout = lay_out(paths, folders)
    return {place.path: (place.class_name, place.part, place.name) for place in layout.places}


def test_one_folder_for_each_class():
    """A file belongs to the class that its folder is called after; folders below it are part of its name."""
    assert placed("bags/1.jpg", "shoes/1.jpg", "shoes/red/2.jpg") == {
        "bags/1.jpg": ("bags", None, "1.jpg"),
        "shoes/1.jpg": ("shoes", None, "1.jpg"),
        "shoes/red/2.jpg": ("shoes", None, "red/2.jpg"),
    }


def test_the_lectures_layout():
    """train, validation and test hold a folder for each class; val, testing and other capitals mean the same."""
    assert placed("train/bags/1.jpg", "val/bags/2.jpg", "Test/shoes/3.jpg", "train/Shoes/4.jpg") == {
        "train/bags/1.jpg": ("bags", "train", "1.jpg"),
        "val/bags/2.jpg": ("bags", "validation", "2.jpg"),
        "Test/shoes/3.jpg": ("shoes", "test", "3.jpg"),
        "train/Shoes/4.jpg": ("shoes", "train", "4.jpg"),
    }


@pytest.mark.parametrize("wrapper", ["", "handbags-shoes/", "my/own/pictures/"])
@pytest.mark.parametrize("parts", [("", ""), ("train/", "test/")])
def test_a_folder_round_everything_does_not_count(wrapper, parts):
    """Most tools pack the folder that was clicked, and a class is not called after it."""
    first, second = parts
    paths = (f"{wrapper}{first}bags/1.jpg", f"{wrapper}{second}shoes/2.jpg")
    assert [entry[0] for entry in placed(*paths).values()] == ["bags", "shoes"]


def test_a_single_class_keeps_its_name():
    """A ZIP of one class is no wrapper, with a folder of its own or without; a second ZIP brings the other class."""
    assert placed("shoes/1.jpg", "shoes/2.jpg")["shoes/1.jpg"][0] == "shoes"
    assert placed("photos/shoes/1.jpg")["photos/shoes/1.jpg"][0] == "shoes"
    assert placed("shoes/1.jpg", "shoes/more/2.jpg")["shoes/more/2.jpg"][0] == "shoes"


def test_two_classes_that_are_called_train_and_shoes():
    """A class may be called train: folders are parts only where classes lie in them."""
    assert placed("train/1.jpg", "plane/2.jpg")["train/1.jpg"][:2] == ("train", None)


def test_what_systems_leave_behind_is_no_picture():
    """Hidden files and folders, __MACOSX and thumbnails are passed over without a word."""
    layout = lay_out(["a/1.jpg", "__MACOSX/a/._1.jpg", "a/.DS_Store", "a/Thumbs.db", ".git/x/y.jpg", "b/desktop.ini"])
    assert [place.path for place in layout.places] == ["a/1.jpg"] and layout.unplaced == ()


def test_files_beside_the_classes_are_listed():
    """A picture beside the folders has no class; a list of the files is no news; a nested archive stays shut."""
    layout = lay_out(["a/1.jpg", "b/2.jpg", "stray.jpg", "MANIFEST.csv", "b/more.zip"])
    assert dict(layout.unplaced) == {
        "stray.jpg": "It lies in no class's folder.",
        "b/more.zip": "An archive inside the archive is not opened.",
    }
    layout = lay_out(["x/train/a/1.jpg", "x/test/a/2.jpg", "x/other/a/3.jpg", "x/train/4.jpg", "y.jpg"])
    assert [path for path, _ in layout.unplaced] == ["x/other/a/3.jpg", "x/train/4.jpg", "y.jpg"]


def test_a_folder_without_files_is_an_empty_class():
    """It is there, to be filled."""
    assert lay_out(["w/a/1.jpg"], ["w/", "w/a/", "w/b/"]).classes == ("a", "b")
    assert lay_out(["train/a/1.jpg", "test/a/2.jpg"], ["train/b/", "test/b/"]).classes == ("a", "b")


@pytest.mark.parametrize(
    "paths, words",
    [
        ([], "one folder for each class. Received: no files"),
        (["1.jpg", "2.jpg"], "one folder for each class. Received: 2 files without folders"),
        (["Shoes/1.jpg", "shoes /2.jpg"], "Two classes have two names. Received: two folders called shoes"),
        (["\u202e/1.jpg", "b/1.jpg"], "A class needs a name"),
        ([f"{'x' * 41}/1.jpg", "b/1.jpg"], "at most 40 characters"),
        ([f"class {number}/1.jpg" for number in range(11)], "at most 10 classes. Received: 11 folders, class 0, "),
    ],
)
def test_what_cannot_be_classes_is_refused(paths, words):
    """The rule and what was found."""
    with pytest.raises(ValueError, match=words):
        lay_out(paths)
