"""Arrays in the binary form of the server, packed at once instead of element by element through the driver's type search."""

from collections.abc import Iterable
from struct import Struct
from uuid import UUID

from psycopg.abc import AdaptContext
from psycopg.adapt import Dumper
from psycopg.pq import Format

from eventstore.canonical import blob, uuid_column

UUID_OID, BIGINT_OID, TEXT_OID, BYTEA_OID = 2950, 20, 25, 17

_header = Struct("!5i").pack
_empty = Struct("!3i").pack
_bigint = Struct("!iq").pack


class Packed(bytes):
    """A packed array; the statement says of which type, by a cast."""

    __slots__ = ()


class _PackedDumper(Dumper):
    format = Format.BINARY
    oid = 0

    def dump(self, obj: Packed) -> Packed:
        return obj


def register(context: AdaptContext) -> None:
    """Lets a connection send packed arrays."""
    if context.adapters:
        context.adapters.register_dumper(Packed, _PackedDumper)


def uuids(values: Iterable[UUID | None]) -> Packed:
    """As uuid[]."""
    return _packed(UUID_OID, [uuid_column(value) for value in values])


def bigints(values: Iterable[int]) -> Packed:
    """As bigint[]."""
    return _packed(BIGINT_OID, [_bigint(8, value) for value in values])


def texts(values: Iterable[str]) -> Packed:
    """As text[]."""
    return _packed(TEXT_OID, [blob(value.encode()) for value in values])


def byteas(values: Iterable[bytes]) -> Packed:
    """As bytea[]."""
    return _packed(BYTEA_OID, [blob(value) for value in values])


def _packed(oid: int, columns: list[bytes]) -> Packed:
    if not columns:
        return Packed(_empty(0, 0, oid))
    return Packed(_header(1, 1, oid, len(columns), 1) + b"".join(columns))
