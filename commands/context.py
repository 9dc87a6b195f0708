"""What all commands share."""

from collections.abc import Callable

from msgspec import Struct

from aggregates.account.registration import Terms
from commands.identity.confirmation import Confirmations
from commands.identity.credentials import Credentials
from commands.identity.derivation import Derivation
from commands.identity.mail_tokens import MailTokens
from eventstore.ward import Ward


class Vocabulary(Struct, frozen=True):
    """The product and series codes that editions name."""

    vaccines: frozenset[str]
    series: frozenset[str]


class Context(Struct, frozen=True):
    """The log, the credentials beside it, and what is in force now."""

    ward: Ward
    credentials: Credentials
    confirmations: Confirmations
    mail_tokens: MailTokens
    derivation: Derivation
    terms: Callable[[], Terms]
    vocabulary: Callable[[], Vocabulary]
