"""Every fact of the log by its topic, and how its body is written and read."""

from collections.abc import Callable
from typing import Any

import msgspec

from aggregates.account import facts as account
from aggregates.answer import facts as answer
from aggregates.article import facts as article
from aggregates.calendar import facts as calendar
from aggregates.child import facts as child
from aggregates.edition import facts as edition
from aggregates.fact import Fact, topic_of
from aggregates.household import facts as household
from aggregates.inquiry import facts as inquiry
from aggregates.mail import facts as mail
from aggregates.notice import facts as notice
from aggregates.operation import facts as operation


class UnknownTopic(LookupError):
    """A topic this build does not know: a newer build wrote it. Readers stop here; they never skip."""


def _facts_of(module: object) -> list[type[Fact]]:
    found = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Fact)]
    return [kind for kind in found if kind is not Fact]


CATALOGUE: dict[str, type[Fact]] = {
    topic_of(kind): kind
    for module in (account, answer, article, calendar, child, edition, household, inquiry, mail, notice, operation)
    for kind in _facts_of(module)
}


def _confirmed_some_day(body: dict[str, Any]) -> dict[str, Any]:
    """Before version 2 the day of a confirmation was not written down."""
    return {**body, "type": "account.email_confirmed.v2", "on": None}


UPCASTERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"account.email_confirmed.v1": _confirmed_some_day}
"""Old topic → the body under the next topic (its `type` says which). Chains are followed until a topic of CATALOGUE."""

_encoder = msgspec.json.Encoder()
_decoders = {topic: msgspec.json.Decoder(kind) for topic, kind in CATALOGUE.items()}


def encode(fact: Fact) -> bytes:
    """The body of a fact as JSON, its topic included."""
    return _encoder.encode(fact)


def decode(topic: str, body: bytes) -> Fact:
    """The fact in a stored body.

    Raises:
        UnknownTopic: neither the catalogue nor an upcaster knows the topic.
        msgspec.ValidationError: the body is not of the topic's shape.
    """
    decoder = _decoders.get(topic)
    return decoder.decode(body) if decoder is not None else _upcast(topic, body)


def _upcast(topic: str, body: bytes) -> Fact:
    fields = msgspec.json.decode(body)
    while topic not in CATALOGUE:
        if topic not in UPCASTERS:
            raise UnknownTopic(topic)
        fields = UPCASTERS[topic](fields)
        topic = fields["type"]
    return msgspec.convert(fields, CATALOGUE[topic])
