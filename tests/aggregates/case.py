"""Given facts, when a rule is asked, then it answers facts or refuses: for every aggregate alike, without a database."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import pytest

from aggregates.fact import Fact, Redacted
from aggregates.refusal import Refusal

S = TypeVar("S")
Decision = Callable[[S], Sequence[Fact]]


class Case(Generic[S]):
    """One situation of one stream."""

    def __init__(self, initial: Callable[[], S], evolve: Callable[[S, Fact | Redacted], S]) -> None:
        self._initial = initial
        self._evolve = evolve

    def given(self, *facts: Fact) -> "Given[S]":
        """What happened before."""
        state = self._initial()
        for fact in facts:
            state = self._evolve(state, fact)
        return Given(state)


class Given(Generic[S]):
    def __init__(self, state: S) -> None:
        self.state = state

    def when(self, decide: Decision[S]) -> "When":
        """The rule that is asked."""
        return When(lambda: decide(self.state))


class When:
    def __init__(self, decide: Callable[[], Sequence[Fact]]) -> None:
        self._decide = decide

    def then(self, *facts: Fact) -> None:
        """Exactly these facts follow."""
        assert list(self._decide()) == list(facts)

    def refuses(self, refusal: type[Refusal], **fields: object) -> None:
        """The rule says no, for this reason."""
        with pytest.raises(refusal) as refused:
            self._decide()
        assert refused.value.fields == fields
