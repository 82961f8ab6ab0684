"""What picture sets there are: what each shows, what it costs to fetch, its licence and its source."""

from dataclasses import dataclass

KERAS_STORE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


@dataclass(frozen=True)
class RemoteFile:
    """A file that can be downloaded, and how to know that what arrived is that file."""

    url: str
    name: str  # the file's name in its folder
    size: int  # bytes
    digest: str  # "sha256:" and the hexadecimal digest

    @property
    def algorithm(self) -> str:
        return self.digest.partition(":")[0]


@dataclass(frozen=True)
class DatasetEntry:
    """One picture set, as a page lists it."""

    name: str  # the key in CATALOGUE and in links
    title: str
    kind: str  # "drawn": the app draws it; "download": it is read from files
    about: str  # what it is, in one line
    classes: tuple[str, ...]  # the name of label i is classes[i]
    shape: tuple[int, ...]  # rows and columns of a picture, and 3 if it is in colour
    train_count: int | None  # None: as many as are asked for
    test_count: int | None
    licence: str
    source: str  # who made it
    source_url: str
    data_file: str = ""  # its .npz in the folder that CONVLAB_DATA names
    cache_folder: str = ""  # where Keras keeps it, below its own folder
    files: tuple[RemoteFile, ...] = ()

    @property
    def download_bytes(self) -> int:
        return sum(file.size for file in self.files)


DRAWN = DatasetEntry(
    name="drawn",
    title="Drawn digits",
    kind="drawn",
    about="Handwritten-looking digits that the app draws itself, without end",
    classes=tuple("0123456789"),
    shape=(28, 28),
    train_count=None,
    test_count=None,
    licence="MIT",
    source="ConvLab",
    source_url="",
)

# Digest: keras/src/datasets/mnist.py. Size: Keras's own progress line for this file, 11490434 bytes.
MNIST = DatasetEntry(
    name="mnist",
    title="MNIST",
    kind="download",
    about="Digits that people wrote by hand, scanned and centred",
    classes=tuple("0123456789"),
    shape=(28, 28),
    train_count=60_000,
    test_count=10_000,
    licence="CC BY-SA 3.0",
    source="Yann LeCun, Corinna Cortes and Christopher Burges",
    source_url="http://yann.lecun.com/exdb/mnist/",
    data_file="mnist.npz",
    cache_folder="datasets",
    files=(
        RemoteFile(
            url=KERAS_STORE + "mnist.npz",
            name="mnist.npz",
            size=11_490_434,
            digest="sha256:731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
        ),
    ),
)

# Keras checks no digest for these four. Sizes and digests: tensorflow/datasets, url_checksums/fashion_mnist.txt.
# The files are Zalando's, byte for byte: its README and torchvision's FashionMNIST.resources publish the md5s
# 8d4fb7e6…, 25c81989…, bef4ecab… and bb300cfd… for them; Keras's progress lines show the same four sizes.
FASHION_MNIST = DatasetEntry(
    name="fashion_mnist",
    title="Fashion-MNIST",
    kind="download",
    about="Clothes, shoes and bags from a shop's catalogue",
    classes=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    shape=(28, 28),
    train_count=60_000,
    test_count=10_000,
    licence="MIT",
    source="Zalando Research",
    source_url="https://github.com/zalandoresearch/fashion-mnist",
    data_file="fashion_mnist.npz",
    cache_folder="datasets/fashion-mnist",
    files=(
        RemoteFile(
            url=KERAS_STORE + "train-images-idx3-ubyte.gz",
            name="train-images-idx3-ubyte.gz",
            size=26_421_880,
            digest="sha256:3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        ),
        RemoteFile(
            url=KERAS_STORE + "train-labels-idx1-ubyte.gz",
            name="train-labels-idx1-ubyte.gz",
            size=29_515,
            digest="sha256:a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        ),
        RemoteFile(
            url=KERAS_STORE + "t10k-images-idx3-ubyte.gz",
            name="t10k-images-idx3-ubyte.gz",
            size=4_422_102,
            digest="sha256:346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        ),
        RemoteFile(
            url=KERAS_STORE + "t10k-labels-idx1-ubyte.gz",
            name="t10k-labels-idx1-ubyte.gz",
            size=5_148,
            digest="sha256:67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
    ),
)

# Digest and name: keras/src/datasets/cifar10.py, whose get_file keeps the archive under the name of its folder with
# "_archive" behind it. Size: the progress line of torchvision.datasets.CIFAR10, 170498071 bytes, for the same file.
CIFAR10 = DatasetEntry(
    name="cifar10",
    title="CIFAR-10",
    kind="download",
    about="Small colour photos of animals and vehicles",
    classes=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
    shape=(32, 32, 3),
    train_count=50_000,
    test_count=10_000,
    licence="none stated; made for research",
    source="Alex Krizhevsky, Vinod Nair and Geoffrey Hinton",
    source_url="https://www.cs.toronto.edu/~kriz/cifar.html",
    data_file="cifar10.npz",
    cache_folder="datasets",
    files=(
        RemoteFile(
            url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
            name="cifar-10-batches-py-target_archive",
            size=170_498_071,
            digest="sha256:6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        ),
    ),
)

# What the stages offer: 28×28, grey. CIFAR-10 is there to train on.
CATALOGUE: dict[str, DatasetEntry] = {entry.name: entry for entry in (DRAWN, MNIST, FASHION_MNIST)}
TO_TRAIN_ON: dict[str, DatasetEntry] = {CIFAR10.name: CIFAR10}


def entry_of(name: str) -> DatasetEntry:
    """The entry of that name; ValueError names those that there are."""
    known = CATALOGUE | TO_TRAIN_ON
    if name not in known:
        raise ValueError(f"A picture set is one of {', '.join(known)}. Received: name={name!r}")
    return known[name]
