import io
import stat
import struct
import warnings
import zipfile

import pytest

from core.images import archives
from core.images.archives import handbags_shoes, read_folder, read_sent, read_zip
from tests.images.making import photo, zipped


def test_a_zip_of_two_folders_is_two_classes():
    """The files come with their class, their name and their size, and are read when they are asked for."""
    archive = read_zip(zipped({"pictures/": b"", "pictures/bags/1.jpg": photo(1), "pictures/shoes/2.jpg": photo(2)}))
    assert archive.classes == ("bags", "shoes") and archive.bad == () and not archive.has_parts
    assert [(file.class_name, file.name, file.size) for file in archive.files] == [
        ("bags", "1.jpg", len(photo(1))),
        ("shoes", "2.jpg", len(photo(2))),
    ]
    assert archive.files[1].read() == photo(2)


def test_a_zip_in_an_opened_file_is_read_from_there(tmp_path):
    """What was downloaded to disk need not be in memory."""
    (tmp_path / "x.zip").write_bytes(zipped({"train/a/1.jpg": photo(1), "test/b/2.jpg": photo(2)}))
    with (tmp_path / "x.zip").open("rb") as stream:
        archive = read_zip(stream)
        assert archive.has_parts
        assert [file.read() for file in archive.files] == [photo(1), photo(2)]


def test_names_of_windows_are_paths_too():
    """A tool that writes backslashes means folders."""
    assert read_zip(zipped({"bags\\1.jpg": b"x", "shoes\\2.jpg": b"y"})).classes == ("bags", "shoes")


def test_two_files_of_one_path_are_both_read():
    """A ZIP may hold a path twice; each has its own content."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = zipped([("a/1.jpg", b"first"), ("a/1.jpg", b"second"), ("b/1.jpg", b"third")])
    assert [file.read() for file in read_zip(data).files] == [b"first", b"second", b"third"]


@pytest.mark.parametrize("path", ["../evil.jpg", "a/../../evil.jpg", "/etc/evil.jpg", "..\\evil.jpg", "C:\\evil.jpg"])
def test_a_path_that_leads_out_is_listed_and_not_read(path):
    """The rest of the ZIP is taken; nothing is ever written where a path points."""
    archive = read_zip(zipped({"a/1.jpg": b"x", path: b"y", "b/2.jpg": b"z"}))
    assert archive.classes == ("a", "b") and len(archive.files) == 2
    assert [(file.name.replace("\\", "/")[-8:], file.reason) for file in archive.bad] == [
        ("evil.jpg", "Its path leads out of the ZIP.")
    ]


def test_a_link_is_listed_and_not_followed():
    """A symlink in a ZIP is no picture."""
    link = zipfile.ZipInfo("a/link.jpg")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive = read_zip(zipped([("a/1.jpg", b"x"), (link, b"/etc/passwd")]))
    assert [(file.name, file.reason) for file in archive.bad] == [("a/link.jpg", "A link is not followed.")]


def test_a_nested_zip_is_listed_and_not_opened():
    """An archive inside the archive stays shut."""
    archive = read_zip(zipped({"a/1.jpg": b"x", "b/more.zip": zipped({"c/2.jpg": b"y"}), "b/2.jpg": b"z"}))
    assert archive.classes == ("a", "b")
    assert [file.name for file in archive.bad] == ["b/more.zip"]


def test_a_bomb_is_refused_unopened(monkeypatch):
    """A file that unpacks to far more than it is, by the ratio in the ZIP's list: nothing of it is unpacked."""
    data = zipped({"a/1.jpg": b"x", "a/bomb.jpg": bytes(5_000_000)}, zipfile.ZIP_DEFLATED)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(ValueError, match=r"100 times .* Received: a/bomb.jpg, [\d,]+ bytes that become 5,000,000"):
        read_zip(data)


def test_what_lies_about_its_size_is_damaged_and_no_more():
    """A file whose entry claims less than it unpacks to is cut off there and called damaged."""
    data = zipped({"a/1.jpg": bytes(3_000_000), "b/2.jpg": b"y"}, zipfile.ZIP_DEFLATED)
    claim = struct.pack("<I", 3_000_000)
    assert data.count(claim) == 2
    file = read_zip(data.replace(claim, struct.pack("<I", 1000))).files[0]
    assert file.size == 1000
    with pytest.raises(ValueError, match="It is damaged in the ZIP"):
        file.read()


def test_a_total_that_is_too_large_is_refused(monkeypatch):
    """All files together, unpacked."""
    monkeypatch.setattr(archives, "MOST_UNPACKED", 3 * 1024**2)
    files = {f"a/{number}.jpg": bytes(1024**2) for number in range(4)}
    with pytest.raises(ValueError, match="unpacks to at most 3 MB. Received: 4 MB"):
        read_zip(zipped(files))


def test_five_thousand_files_are_the_most():
    """5,000 are read, one more is refused."""
    files = {f"{'ab'[number % 2]}/{number}.jpg": b"x" for number in range(5_000)}
    assert len(read_zip(zipped(files)).files) == 5_000
    with pytest.raises(ValueError, match="at most 5,000 files. Received: 5,001"):
        read_zip(zipped({**files, "a/more.jpg": b"x"}))


def test_a_list_that_would_fill_the_memory_is_not_read(monkeypatch):
    """A ZIP with millions of entries is refused before they are listed."""
    monkeypatch.setattr(archives, "MOST_CONTENTS", 1000)
    with pytest.raises(ValueError, match="at most 5,000 files. Received: far more"):
        read_zip(zipped({f"a/{number}.jpg": b"" for number in range(50)}))


def test_a_large_zip_is_refused(monkeypatch):
    """Over 200 MB, by its length alone."""
    monkeypatch.setattr(archives, "MOST_ZIP_BYTES", 1024**2)
    with pytest.raises(ValueError, match="A ZIP has at most 1 MB. Received: 2 MB"):
        read_zip(bytes(2 * 1024**2))


def test_a_password_is_named():
    """An encrypted file cannot be read, and the message says so."""
    data = bytearray(zipped({"a/1.jpg": b"x"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    with pytest.raises(ValueError, match="A ZIP has no password. Received: a/1.jpg, which is encrypted"):
        read_zip(bytes(data))


def test_unusual_packing_is_listed():
    """Only what every tool writes is unpacked: other methods may ask for gigabytes of memory."""
    odd = zipfile.ZipInfo("a/1.jpg")
    odd.compress_type = zipfile.ZIP_LZMA
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as members:
        members.writestr(odd, bytes(99), zipfile.ZIP_LZMA)
        members.writestr("b/2.jpg", b"x")
    archive = read_zip(stream.getvalue())
    assert [file.name for file in archive.files] == ["2.jpg"]
    assert archive.bad[0].reason.startswith("It is packed in an unusual way.")
    with pytest.raises(ValueError, match="Nothing in this ZIP can be read. Received: a/1.jpg. It is packed"):
        read_zip(zipped({"a/1.jpg": bytes(99)}, zipfile.ZIP_LZMA))


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04" + bytes(50), zipped({"a/1.jpg": photo(1)})[:-30]])
def test_what_is_no_zip_is_refused(data):
    """One line, with what arrived."""
    with pytest.raises(ValueError, match="no ZIP, or a broken one. Received: an? "):
        read_zip(data)


def test_a_folder_is_read_like_a_zip(tmp_path, monkeypatch):
    """The lecture's pictures in CONVLAB_DATA; what is left out is not there, a link is listed."""
    for name in ("bags/1.jpg", "bags/2.jpg", "shoes/1.jpg", "MANIFEST.csv"):
        path = tmp_path / "handbags-shoes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    (tmp_path / "handbags-shoes" / "shoes" / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    monkeypatch.delenv("CONVLAB_DATA", raising=False)
    assert handbags_shoes() is None
    monkeypatch.setenv("CONVLAB_DATA", str(tmp_path))
    archive = read_folder(handbags_shoes(), without=frozenset({"bags/2.jpg"}))
    assert [(file.class_name, file.read()) for file in archive.files] == [
        ("bags", b"bags/1.jpg"),
        ("shoes", b"shoes/1.jpg"),
    ]
    assert [(file.name, file.reason) for file in archive.bad] == [("shoes/link.jpg", "A link is not followed.")]
    with pytest.raises(ValueError, match="A folder of pictures is there"):
        read_folder(tmp_path / "nowhere")


def sent(**files) -> list:
    """Files as a browser sends those of a folder."""
    return [(path.replace("__", "/"), len(content), lambda content=content: content) for path, content in files.items()]


def test_a_folder_that_a_browser_sent_is_read_as_a_zip_is():
    """Its own name does not count; what lies beside the classes is listed, and so is what leads out."""
    files = sent(pets__cats__1=b"x", pets__dogs__2=b"yy", pets__3=b"z") + [("../evil.jpg", 1, bytes)]
    archive = read_sent(files)
    assert archive.classes == ("cats", "dogs")
    assert [(file.class_name, file.name, file.size, file.read()) for file in archive.files] == [
        ("cats", "1", 1, b"x"),
        ("dogs", "2", 2, b"yy"),
    ]
    assert [one.reason for one in archive.bad][0] == "Its path leads out of the folder." and len(archive.bad) == 2


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([(f"a/{number}.jpg", 1, bytes) for number in range(5_001)], "at most 5,000 files. Received: 5,001"),
        ([("a/1.jpg", 201 << 20, bytes)], "at most 200 MB. Received: 201 MB"),
        ([("only/1.jpg", 1, bytes)], None),
        ([("1.jpg", 1, bytes)], "one folder for each class"),
    ],
)
def test_a_folder_that_is_too_much_or_has_no_classes_is_refused(files, words):
    """In plain words; a folder of one class is one."""
    if words is None:
        assert read_sent(files).classes == ("only",)
        return
    with pytest.raises(ValueError, match=words):
        read_sent(files)
