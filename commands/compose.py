"""Puts the write side together."""

from collections.abc import Callable

from msgspec import Struct

from aggregates.account.registration import Terms
from commands.bus import Commands
from commands.context import Context, Vocabulary
from commands.identity.confirmation import Confirmations
from commands.identity.credentials import Credentials
from commands.identity.derivation import Derivation
from commands.identity.mail_tokens import MailTokens
from commands.identity.passwords import Passwords
from commands.identity.sessions import Sessions
from commands.identity.throttle import Throttle
from eventstore.identity import IdentityStore
from eventstore.ward import Ward

SECONDS_PER_GUESS = 60
GUESSES_AT_ONCE = 10
SECONDS_PER_GUESS_FROM_ONE_SOURCE = 2
GUESSES_AT_ONCE_FROM_ONE_SOURCE = 100
"""Many telephones share one address of their carrier."""


class WriteSide(Struct, frozen=True):
    """Commands, who is signed in, and the tokens that mails carry."""

    commands: Commands
    sessions: Sessions
    confirmations: Confirmations
    mail_tokens: MailTokens


def compose(
    ward: Ward,
    *,
    secret: bytes,
    terms: Callable[[], Terms],
    vocabulary: Callable[[], Vocabulary],
    passwords: Passwords | None = None,
) -> WriteSide:
    """The write side over one ward.

    Args:
        ward: the log and its keys.
        secret: at least 32 bytes from which login ids, codes and tokens are derived; it must outlive the process.
        terms: the terms of use in force.
        vocabulary: the codes that the editions in force name.
        passwords: another cost of hashing, for tests.
    """
    store, derivation, passwords = IdentityStore(ward.recorder.store), Derivation(secret), passwords or Passwords()
    by_login_id = Throttle(burst=GUESSES_AT_ONCE, seconds=SECONDS_PER_GUESS)
    by_source = Throttle(burst=GUESSES_AT_ONCE_FROM_ONE_SOURCE, seconds=SECONDS_PER_GUESS_FROM_ONE_SOURCE)
    confirmations, mail_tokens = Confirmations(store, derivation), MailTokens(derivation)
    credentials = Credentials(store, derivation, passwords, by_login_id)
    return WriteSide(
        Commands(Context(ward, credentials, confirmations, mail_tokens, derivation, terms, vocabulary)),
        Sessions(store, derivation, passwords, by_login_id=by_login_id, by_source=by_source),
        confirmations,
        mail_tokens,
    )
