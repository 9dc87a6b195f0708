"""Seals facts into rows and opens them again (封緘): the whole body is encrypted under the key of its subject."""

import os
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent, Transcoder

from aggregates.catalogue import decode, encode
from aggregates.fact import Meta, Recorded, Redacted, topic_of
from eventstore.canonical import binding
from eventstore.errors import SealBroken
from eventstore.keys import KeyStore
from eventstore.stored import StoredFact

NONCE_BYTES = 12
encode_meta = msgspec.json.Encoder().encode
decode_meta = msgspec.json.Decoder(Meta).decode


class FactTranscoder(Transcoder):
    """The library asks for a transcoder; facts are written by their catalogue."""

    def encode(self, obj: Any) -> bytes:
        """The body of a fact."""
        return encode(obj)

    def decode(self, data: bytes) -> Any:
        """Bodies are typed by their topic, which is not in the data alone."""
        raise NotImplementedError


class SealingMapper(Mapper[UUID]):
    """Recorded fact ↔ row. The clear columns are bound to the body, so none of them can be exchanged."""

    def __init__(self, keys: KeyStore) -> None:
        super().__init__(FactTranscoder())
        self.keys = keys

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredFact:
        """Seals a fact.

        Raises:
            SubjectErased: the subject has no key any more.
        """
        assert isinstance(domain_event, Recorded)  # noqa: S101 - the only event there is
        return self.seal(domain_event)

    def to_domain_event(self, stored_event: StoredEvent) -> Recorded:
        """Opens a row; a fact whose key is gone comes back redacted.

        Raises:
            SealBroken: the row was altered.
            UnknownTopic: a newer build wrote it.
        """
        assert isinstance(stored_event, StoredFact)  # noqa: S101 - our recorder reads nothing else
        return self.open(stored_event)

    def seal(self, recorded: Recorded) -> StoredFact:
        """The row of a fact, not yet placed in the log."""
        fact, subject = recorded.fact, recorded.subject
        if isinstance(fact, Redacted):
            raise TypeError("what is redacted cannot be recorded")
        topic, meta, state = topic_of(fact), encode_meta(recorded.meta), encode(fact)
        stream, version, partition = recorded.originator_id, recorded.originator_version, recorded.partition
        if subject is not None:
            nonce = os.urandom(NONCE_BYTES)
            bound = binding(stream, version, topic, partition, subject, meta)
            state = nonce + self.keys.sealing_key(subject, stream, version).encrypt(nonce, state, bound)
        return StoredFact(stream, version, topic, state, 0, partition, subject, meta)

    def open(self, row: StoredFact) -> Recorded:
        """The fact in a row."""
        return Recorded(
            row.originator_id,
            row.originator_version,
            self._fact(row),
            decode_meta(row.meta),
            row.key_id,
            row.partition,
            row.id,
            row.recorded_at,
        )

    def _fact(self, row: StoredFact) -> Any:
        if row.key_id is None:
            return decode(row.topic, row.state)
        key = self.keys.aead(row.key_id)
        if key is None:
            return Redacted(row.topic)
        bound = binding(row.originator_id, row.originator_version, row.topic, row.partition, row.key_id, row.meta)
        try:
            body = key.decrypt(row.state[:NONCE_BYTES], row.state[NONCE_BYTES:], bound)
        except InvalidTag as broken:
            raise SealBroken(row.id) from broken
        return decode(row.topic, body)
