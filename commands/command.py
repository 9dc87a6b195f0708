"""What every command is."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, PlainSerializer, SecretStr, StringConstraints

from aggregates.fact import Actor
from aggregates.refusal import NotFound

if TYPE_CHECKING:
    from commands.context import Context
    from commands.work import UnitOfWork

SERIES_MAX = 40
DOSES_MAX = 40

Handle = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A nickname (呼び名), one line."""
Code = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")]
"""A code of the edition, or a version."""
Line = Annotated[str, StringConstraints(max_length=320)]
"""Typed text whose form a rule will judge."""
Secret = Annotated[SecretStr, PlainSerializer(SecretStr.get_secret_value, return_type=str)]
"""Text that never shows in a representation; it counts for the fingerprint of the command."""


class Command(BaseModel, ABC):
    """What somebody wants done. Its fields may be personal, so it never shows them in a log or traceback."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    needs_terms: ClassVar[bool] = True
    """Whether the terms in force must have been accepted first."""
    proves: ClassVar[bool] = False
    """Whether deciding tries a secret. Each try counts, so it is decided once, on what the log holds now."""

    @abstractmethod
    def decide(self, work: "UnitOfWork") -> None:
        """Reads, decides and says what to append; may be run again when another command came first."""

    def account(self, actor: Actor, context: "Context") -> UUID:  # noqa: ARG002 - some commands look the account up
        """Whose command this is."""
        if actor.id is None:
            raise NotFound
        return actor.id

    def secrets(self, account_id: UUID, command_id: UUID, context: "Context") -> dict[str, str]:  # noqa: ARG002 - few have any
        """The part of the answer that is derived each time and never stored."""
        return {}

    def __repr__(self) -> str:
        return type(self).__name__

    __str__ = __repr__
