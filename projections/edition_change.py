"""Whose dates a published edition changed (改正の影響を受けた世帯): counted, so that they can be told."""

from msgspec import Struct

from projections.impact_effect import Effect


class EditionChanges(Struct, frozen=True):
    """How many families and children an edition concerned, and how many children in which way."""

    households: int
    children: int
    effects: dict[Effect, int]
