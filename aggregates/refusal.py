"""How a rule says no."""

from typing import ClassVar


class Refusal(Exception):
    """A command that a rule refuses. `code` is stable for ever; `fields` hold what a message in any language needs.

    Fields carry only what the caller sent or may see; they are shown to the caller and never logged.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, **fields: object) -> None:
        super().__init__(self.code)
        self.fields = fields


class NotFound(Refusal):
    """There is no such thing, or it is not the caller's: both read the same."""

    code = "not_found"
    status = 404


class IdTaken(Refusal):
    """The id chosen by the client already names something else."""

    code = "id_taken"


class TooManyEntries(Refusal):
    """More of these than one family can need; `limit` says how many there may be."""

    code = "too_many_entries"
