"""Schedule answers that were told to somebody. The stream is named by the child; its key is the child's."""

from datetime import date
from enum import Enum

from aggregates.fact import Fact


class Medium(Enum):
    """How somebody came to know an answer."""

    MAIL = "mail"
    REPLAY = "replay"


class AnswerTold(Fact, frozen=True, tag="answer.told.v1"):
    """Somebody was told what the schedule said of a child on a day (回答の記録).

    The child's first `child_version` facts, the day and the edition say what was asked; the digest says what was answered.
    """

    child_version: int
    on: date
    edition: str
    engine: str
    answer_digest: str
    medium: Medium
