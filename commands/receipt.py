"""What a command is answered with."""

from uuid import UUID

import msgspec
from msgspec import Struct


class Receipt(Struct, frozen=True):
    """The head of the log that includes the facts, the new version of every stream named, and what else is told.

    `position` reveals the traffic of the ward: callers get it sealed. `replayed` says that the command had been
    carried out before and this is its first answer again.
    """

    position: int
    versions: dict[UUID, int]
    answer: dict[str, str]
    replayed: bool = False


class StoredAnswer(Struct, frozen=True):
    """The part of a receipt that is kept for a repetition of the command: ids and versions, no secrets."""

    versions: dict[UUID, int]
    answer: dict[str, str]


encode_answer = msgspec.json.Encoder().encode
decode_answer = msgspec.json.Decoder(StoredAnswer).decode
