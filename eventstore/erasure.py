"""Erasing a person (消去): the log keeps that something happened, nobody can read any more what it said."""

from collections.abc import Sequence
from uuid import UUID

from aggregates.fact import Recorded
from eventstore.append_call import Reads
from eventstore.errors import SubjectErased
from eventstore.stored import CommandRow
from eventstore.ward import Ward


def erase(
    ward: Ward, *erased: Recorded, subjects: Sequence[UUID], command: CommandRow | None = None, reads: Reads = ()
) -> list[Recorded]:
    """Appends the facts of an erasure, then destroys the keys of its subjects.

    From the append on nothing is written for them; caches of other processes forget the keys within a minute. Rows of read
    models go when the projections meet the facts. A crash in between is healed by `destroy_left_over_keys`.

    Raises:
        AppendRefused: as `Ward.save`; then no key is destroyed, unless the subjects had been erased before.
    """
    try:
        saved = ward.save(*erased, command=command, reads=reads, erases=subjects)
    except SubjectErased:
        destroy_left_over_keys(ward)
        raise
    for subject in subjects:
        ward.keys.erase(subject)
    return saved


def destroy_left_over_keys(ward: Ward) -> int:
    """Destroys keys that outlived the erasure of their subject, after a crash or a restored key store; answers how many."""
    left_over = [subject for subject in ward.erased_subjects() if ward.keys.aead(subject) is not None]
    for subject in left_over:
        ward.keys.erase(subject)
    return len(left_over)
