"""Where pictures stand to each other: flat maps of what a network says about them, and who is next to whom."""

import importlib.util

import numpy as np

METHODS = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}
_LIBRARY = {"pca": "numpy", "tsne": "sklearn", "umap": "umap"}
PIXEL_SIDE = 24  # of the small pictures that stand for the pixels


def available_methods() -> tuple[str, ...]:
    """The names in METHODS that can be had here: PCA always, the others where their library is installed."""
    return tuple(name for name, library in _LIBRARY.items() if importlib.util.find_spec(library))


def flat_map(points: np.ndarray, method: str = "pca") -> np.ndarray:
    """Places in the plane, (n, 2) within −1 to 1, such that points that are alike lie close.

    points: (n, d), n ≥ 1. method: a name in METHODS. The same points give the same places.
    """
    points = _as_points(points)
    if method not in available_methods():
        raise ValueError(f"A method is one of {', '.join(available_methods())} here. Received: method={method!r}")
    places = {"pca": _pca, "tsne": _tsne, "umap": _umap}[method](points) if len(points) > 2 else _pca(points)
    places = places - places.mean(axis=0)
    largest = np.abs(places).max()
    return places / largest if largest > 0 else places


def explained(points: np.ndarray) -> float:
    """The share of all differences among the points (n, d) that the flat map by PCA shows, 0 to 1."""
    centred = _as_points(points) - points.mean(axis=0)
    strengths = np.linalg.svd(centred, compute_uv=False) ** 2
    return float(strengths[:2].sum() / strengths.sum()) if strengths.sum() > 0 else 1.0


def nearest(points: np.ndarray, count: int) -> np.ndarray:
    """For each point the numbers of the `count` others closest to it by angle, the closest first: (n, count).

    points: (n, d). Angles, not distances: how strongly a picture speaks says nothing about what it shows.
    """
    points = _as_points(points)
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    directions = points / np.maximum(lengths, 1e-12)
    likeness = directions @ directions.T  # (n, n)
    np.fill_diagonal(likeness, -np.inf)
    return np.argsort(-likeness, axis=1, kind="stable")[:, : min(count, len(points) - 1)]


def neighbours_agree(neighbours: np.ndarray, labels) -> float:
    """The share of pictures whose closest other picture is of the same class."""
    labels = np.asarray(labels)
    return float(np.mean(labels[neighbours[:, 0]] == labels)) if neighbours.shape[1] else 0.0


def as_pixels(pictures) -> np.ndarray:
    """Pictures, each (H, W, 3) uint8 of one size, as points: (n, H · W · 3) from 0 to 1."""
    return np.stack([np.asarray(picture, np.float32).ravel() / 255 for picture in pictures])


def _as_points(points) -> np.ndarray:
    points = np.asarray(points, np.float64)
    if points.ndim != 2 or len(points) == 0 or not np.isfinite(points).all():
        raise ValueError(f"Points are (n, d) finite numbers, one at least. Received: points of shape {points.shape}")
    return points


def _pca(points: np.ndarray) -> np.ndarray:
    centred = points - points.mean(axis=0)
    left, strengths, axes = np.linalg.svd(centred, full_matrices=False)
    # An axis may as well point the other way: let the largest share of each be positive, so that maps repeat.
    signs = np.array([np.sign(axis[np.argmax(np.abs(axis))]) or 1.0 for axis in axes])
    places = left * strengths * signs
    return np.pad(places, ((0, 0), (0, max(0, 2 - places.shape[1]))))[:, :2]


def _tsne(points: np.ndarray) -> np.ndarray:
    from sklearn.manifold import TSNE

    perplexity = min(30.0, (len(points) - 1) / 3)
    return TSNE(2, perplexity=perplexity, init="pca", random_state=0).fit_transform(points)


def _umap(points: np.ndarray) -> np.ndarray:
    from umap import UMAP

    return UMAP(n_components=2, n_neighbors=min(15, len(points) - 1), random_state=0).fit_transform(points)
