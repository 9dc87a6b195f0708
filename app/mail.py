"""The notifier as one part of the service: which transport it has, and what its letters are headed with."""

from collections.abc import Callable
from datetime import datetime

from app.settings import Settings
from eventstore.ward import Ward
from notifier.assembly import build_notifier, ledger_pool
from notifier.bounces import Bounces
from notifier.dkim import load_signer
from notifier.failing import FailingAddresses
from notifier.ledger import Ledger
from notifier.letter import Letterhead, Tokens
from notifier.notifier import Notifier
from notifier.returns import Returns
from notifier.rhythm import Rhythm
from notifier.transport import FileTransport, SmtpTransport, Transport, Wire
from notifier.wire import unsigned
from projections.engine import Engine

SENDER_NAME = "育み"


class Mail:
    """Runs a notifier, with a pool of connections of its own, from start to stop."""

    def __init__(
        self,
        settings: Settings,
        conninfo: str,
        ward: Ward,
        open_engine: Callable[[], Engine],
        tokens: Tokens,
        now: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._now = now
        self._pool = ledger_pool(conninfo)
        self._notifier = self._build(ward, open_engine, tokens)
        self._returns = self._listener(ward, tokens)

    def start(self) -> None:
        """Begin to plan and to send."""
        self._pool.open()
        self._notifier.start()
        if self._returns:
            self._returns.start()

    def stop(self) -> None:
        """Finish the messages under way."""
        if self._returns:
            self._returns.stop()
        self._notifier.stop()
        self._pool.close()

    def _listener(self, ward: Ward, tokens: Tokens) -> Returns | None:
        listen = self._settings.returns_listen
        reports = Bounces(Ledger(self._pool), ward, FailingAddresses(ward), tokens.bounce)
        return Returns(listen, reports) if listen else None

    def _build(self, ward: Ward, open_engine: Callable[[], Engine], tokens: Tokens) -> Notifier:
        redis_url = self._settings.redis_url
        return build_notifier(
            self._pool,
            ward,
            open_engine,
            transport=transport_of(self._settings),
            head=letterhead_of(self._settings),
            tokens=tokens,
            rhythm=Rhythm(self._settings.address_trusted_days, self._settings.address_answer_days),
            redis_url=redis_url.get_secret_value() if redis_url else None,
            memory=self._settings.mail_landmark,
            now=self._now,
        )


def letterhead_of(settings: Settings) -> Letterhead:
    """What all letters of this ward share."""
    return Letterhead(settings.mail_sender, SENDER_NAME, settings.base_url)


def transport_of(settings: Settings) -> Transport:
    """Where letters go, signed where there is a key."""
    wire = _wire(settings)
    if settings.smtp_url is None:
        return FileTransport(settings.mail_dir, wire)
    return SmtpTransport(settings.smtp_url.get_secret_value(), wire)


def _wire(settings: Settings) -> Wire:
    if settings.dkim_key_file is None:
        return unsigned
    return load_signer(settings.mail_sender.rpartition("@")[2], settings.dkim_selector, settings.dkim_key_file)
