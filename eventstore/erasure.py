"""Erasing a person (消去): the log keeps that something happened, nobody can read any more what it said.

`Ward.save(erased_fact, erases=[subject])` appends the fact, from which on nothing is written for the subject, and then destroys
the key; caches of other processes forget it within a minute. Rows of read models go when the projections meet the fact.
"""

from eventstore.ward import Ward


def destroy_left_over_keys(ward: Ward) -> int:
    """Destroys keys that outlived the erasure of their subject, after a crash or a restored key store; answers how many."""
    left_over = [subject for subject in ward.erased_subjects() if ward.keys.aead(subject) is not None]
    for subject in left_over:
        ward.keys.erase(subject)
    return len(left_over)
