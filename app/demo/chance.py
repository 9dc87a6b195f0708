"""Chance that repeats itself: one seed, one ward."""

import math
from collections.abc import Sequence
from random import Random
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")

_VERSION_4 = 0x4 << 76
_VARIANT = 0x8 << 60
_FREE_BITS = ~((0xF << 76) | (0xC << 60)) & (2**128 - 1)


class Chance:
    """Draws for one purpose. Another name gives other draws, and no draw disturbs those of another name."""

    def __init__(self, *names: object) -> None:
        self._random = Random("/".join(map(str, names)))  # noqa: S311 - invented people, no secrets
        self.below_one = self._random.random

    def yes(self, probability: float) -> bool:
        """Whether something happens that happens this often."""
        return self.below_one() < probability

    def between(self, lowest: int, highest: int) -> int:
        """A whole number, both ends included."""
        return lowest + int(self.below_one() * (highest - lowest + 1))

    def days(self, median: float, spread: float = 0.8) -> int:
        """A delay in days: mostly near the median, sometimes much longer (log-normal)."""
        return int(median * math.exp(spread * self._random.gauss(0.0, 1.0)))

    def around(self, mean: float, deviation: float) -> float:
        """A number around a mean."""
        return self._random.gauss(mean, deviation)

    def one_of(self, kinds: Sequence[T], weights: Sequence[float]) -> T:
        """One of several kinds, each as often as its weight says."""
        drawn = self.below_one() * sum(weights)
        for kind, weight in zip(kinds, weights, strict=True):
            drawn -= weight
            if drawn < 0:
                return kind
        return kinds[-1]

    def any_of(self, kinds: Sequence[T]) -> T:
        """One of several kinds, each as often as the others."""
        return kinds[int(self.below_one() * len(kinds))]

    def uuid(self) -> UUID:
        """A random identifier (UUID version 4)."""
        return UUID(int=self._random.getrandbits(128) & _FREE_BITS | _VERSION_4 | _VARIANT)
