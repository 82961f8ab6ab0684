"""The recipe of pre-training: every choice in one place, and what follows from how far training has come."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """Progress runs from 0 to 1 and is measured in work, or in time when there is a deadline."""

    seed: int = 20
    batch: int = 128  # pictures a step
    work: int = 1_000_000  # pictures of 64×64; a picture of 48×48 is (48 / 64)² of one
    sides: tuple[tuple[float, int], ...] = ((0.40, 32), (0.62, 40), (0.77, 48), (0.88, 64), (1.0, 80))  # (until, side)
    peak_rate: float = 0.1  # learning rate after warm-up
    warm_up: float = 0.04  # share of the progress in which the rate rises from 0
    momentum: float = 0.9  # Nesterov
    decay: float = 5e-3  # of kernels, times the learning rate: 5e-4 as an L2 term under this momentum
    smoothing: float = 0.1  # of labels
    temperature: float = 1.0  # of both sides' scores when the teacher is guessed
    teacher_weight: float = 1.0  # of its loss; that of the labels counts once
    crop_area: tuple[float, float] = (0.5, 1.0)  # share of the picture that a random crop keeps
    crop_ratio: tuple[float, float] = (3 / 4, 4 / 3)  # its width / height
    light: float = 0.2  # brightness and contrast change by up to this share
    average_every: int = 10  # steps between two updates of the averaged weights
    average_keep: float = 0.97  # how much of the average stays at an update

    def side_at(self, progress: float) -> int:
        """Side of the pictures in training, in pixels."""
        return next((side for until, side in self.sides if progress < until), self.sides[-1][1])

    def rate_at(self, progress: float) -> float:
        """Learning rate: up in a line, down along a cosine to 0."""
        if progress < self.warm_up:
            return self.peak_rate * progress / self.warm_up
        along = min(1.0, (progress - self.warm_up) / (1 - self.warm_up))
        return self.peak_rate * (1 + math.cos(math.pi * along)) / 2

    def work_of(self, pictures: int, side: int) -> float:
        """Work of that many pictures, in pictures of 64×64."""
        return pictures * (side / 64) ** 2
