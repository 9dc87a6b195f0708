"""Outcomes of mails. The stream is the message; the address never enters these facts."""

from uuid import UUID

from aggregates.fact import Fact


class MessageAccepted(Fact, frozen=True, tag="mail.message_accepted.v1"):
    """The relay took the message over. `answer_digest` names the schedule answer it rested on."""

    account_id: UUID
    occasions: tuple[UUID, ...]
    answer_digest: str = ""


class MessageSuppressed(Fact, frozen=True, tag="mail.message_suppressed.v1"):
    """Not sent for a reason: no consent any more, erased, already vaccinated, everything stopped."""

    account_id: UUID
    occasions: tuple[UUID, ...]
    reason: str


class MessageWithdrawn(Fact, frozen=True, tag="mail.message_withdrawn.v1"):
    """Not sent, because all that it was about is to be told on another day now, or not at all. It may be told again."""

    account_id: UUID
    occasions: tuple[UUID, ...]
    reason: str


class MessageFailed(Fact, frozen=True, tag="mail.message_failed.v1"):
    """Refused for good. `status` is the enhanced status code (RFC 3463)."""

    account_id: UUID
    occasions: tuple[UUID, ...]
    status: str


class MessageUnknown(Fact, frozen=True, tag="mail.message_unknown.v1"):
    """The connection was lost after DATA had begun: nobody can say whether it was delivered."""

    account_id: UUID
    occasions: tuple[UUID, ...]


class MessageBounced(Fact, frozen=True, tag="mail.message_bounced.v1"):
    """A report came back (RFC 3464): what the relay had taken over did not arrive. `status` is its code (RFC 3463)."""

    account_id: UUID
    status: str
