"""The composition root: settings in, a running service out. Nothing else in the product builds these parts."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol

from fastapi import FastAPI

from app.day_opener import DayOpener, now_in_ward
from app.first_start import build_first, complete
from app.keys import derived_key, open_keys
from app.mail import Mail
from app.positions import Positions
from app.reads import Reads
from app.rules_in_force import RulesInForce
from app.settings import DatabaseRole as Login
from app.settings import Settings
from app.terms import TermsText, terms_in_force
from app.upkeep import Daybreak
from commands.bus import Commands
from commands.compose import compose
from commands.identity.confirmation import Confirmations
from commands.identity.mail_tokens import MailTokens
from commands.identity.passwords import Passwords
from commands.identity.sessions import Sessions
from commands.work import Shown
from eventstore.database import DatabaseRole
from eventstore.ward import Ward
from notifier.letter import Tokens
from projections.engine import Engine, engine_of, japan
from projections.live import LiveRunner
from projections.load import Source
from projections.queries import Queries
from schedule import ENGINE_VERSION
from schedule.japan import Edition


class Background(Protocol):
    """Something that runs beside the requests."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End, and wait until it has ended."""


@dataclass
class Service:
    """One ward's service, put together. `asgi` is what a server serves; `greeting` is what the console should say."""

    settings: Settings
    conninfo: str
    ward: Ward
    commands: Commands
    sessions: Sessions
    confirmations: Confirmations
    mail_tokens: MailTokens
    queries: Queries
    rules: RulesInForce
    positions: Positions
    terms: TermsText
    day_opener: DayOpener
    background: dict[str, list[Background]]
    resources: ExitStack
    greeting: Sequence[str] = ()
    asgi: FastAPI = field(init=False)
    _running: list[Background] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        from app.asgi import create_app

        self.asgi = create_app(self)

    @property
    def edition(self) -> Edition:
        """The edition that families are shown."""
        return self.rules.edition

    @property
    def engine(self) -> Engine:
        """The engine with that edition."""
        return self.rules.engine

    @property
    def shown(self) -> Shown:
        """The rules that callers have before their eyes."""
        return Shown(self.engine.edition, self.engine.version)

    def start_background(self, only: str | None = None) -> None:
        """Start the threads of one part (`api`, `projector`, `notifier`), or make a whole service complete and start all."""
        if only is None:
            self.greeting = complete(self, self.day_opener.today())
        for part in [only] if only else self.background:
            for runner in self.background[part]:
                runner.start()
                self._running.append(runner)

    def stop(self) -> None:
        """Stop all threads, the last one first, and give everything back."""
        while self._running:
            self._running.pop().stop()
        self.resources.close()


def build_service(
    settings: Settings,
    conninfo: str,
    *,
    passwords: Passwords | None = None,
    now: Callable[[], datetime] = now_in_ward,
) -> Service:
    """Put the service together; nothing runs yet, and no connection is opened before it is needed.

    Args:
        settings: What was set from outside.
        conninfo: The database's owner, for every role that has no login of its own.
        passwords: Another cost of hashing, for tests.
        now: The clock of the day opener.
    """
    resources = ExitStack()
    keys = open_keys(settings)
    resources.callback(keys.close)

    def login(role: Login) -> str:
        return settings.database_url_of(role) or conninfo

    def ward_as(role: DatabaseRole, conninfo: str) -> Ward:
        ward = Ward(conninfo, keys, role=role)
        resources.callback(ward.close)
        return ward

    ward = ward_as(DatabaseRole.APP, login("app"))
    reads = Reads(login("app"))
    queries, terms = Queries(reads.pool), terms_in_force()
    rules = RulesInForce(login("app"), ward, queries)
    write_side = compose(
        ward,
        secret=derived_key(settings, "credentials"),
        terms=lambda: terms.terms,
        vocabulary=lambda: rules.vocabulary,
        passwords=passwords,
    )
    day_opener = DayOpener(Daybreak(ward, write_side.sessions), now)
    projecting = ward_as(DatabaseRole.PROJECTOR, login("projector"))
    source = Source(login("projector"), partial(open_keys, settings), japan)
    runner = LiveRunner(
        source.conninfo, projecting, japan(), partial(build_first, source, projecting), partial(engine_of, source.conninfo)
    )
    mail = Mail(
        settings,
        login("mailer"),
        ward_as(DatabaseRole.MAILER, login("mailer")),
        Engine("", ENGINE_VERSION, rules.forecast),
        Tokens(write_side.confirmations.token, write_side.mail_tokens.unsubscribe, write_side.mail_tokens.bounce),
    )
    return Service(
        settings=settings,
        conninfo=conninfo,
        ward=ward,
        commands=write_side.commands,
        sessions=write_side.sessions,
        confirmations=write_side.confirmations,
        mail_tokens=write_side.mail_tokens,
        queries=queries,
        rules=rules,
        positions=Positions(derived_key(settings, "positions")),
        terms=terms,
        day_opener=day_opener,
        background={"api": [reads, day_opener], "projector": [runner], "notifier": [mail]},
        resources=resources,
    )
