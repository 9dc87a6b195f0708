"""One ward's service: what a request, a command of the operator and the greeting may ask for. app/composition.py builds it."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Protocol

from fastapi import FastAPI

from app.day_opener import DayOpener
from app.past import Past
from app.positions import Positions
from app.rules_in_force import RulesInForce
from app.settings import Settings
from app.terms import TermsText
from commands.bus import Commands
from commands.identity.confirmation import Confirmations
from commands.identity.mail_tokens import MailTokens
from commands.identity.sessions import Sessions
from commands.work import Shown
from eventstore.ward import Ward
from projections.engine import Engine
from projections.queries import Queries
from schedule.japan import Edition


class Background(Protocol):
    """Something that runs beside the requests."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End, and wait until it has ended."""


@dataclass
class Service:
    """One ward's service, put together. `asgi` is what a server serves; `greeting` is what the console should say.

    `complete` makes what a first start lacks, as of a day, and answers what is to be told.
    """

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
    complete: Callable[["Service", date], Sequence[str]]
    greeting: Sequence[str] = ()
    asgi: FastAPI = field(init=False)
    _running: list[Background] = field(default_factory=list, init=False)

    @property
    def edition(self) -> Edition:
        """The edition that families are shown."""
        return self.rules.edition

    @property
    def engine(self) -> Engine:
        """The engine with that edition."""
        return self.rules.engine

    @cached_property
    def past(self) -> Past:
        """What families were shown before, and what other editions say."""
        return Past(self.ward, self.queries, self.rules)

    @property
    def shown(self) -> Shown:
        """The rules that callers have before their eyes."""
        return Shown(self.engine.edition, self.engine.version)

    def start_background(self, only: str | None = None) -> None:
        """Start the threads of one part (`api`, `projector`, `notifier`), or make a whole service complete and start all."""
        if only is None:
            self.greeting = self.complete(self, self.day_opener.today())
        for part in [only] if only else self.background:
            for runner in self.background[part]:
                runner.start()
                self._running.append(runner)

    def stop(self) -> None:
        """Stop all threads, the last one first, and give everything back."""
        while self._running:
            self._running.pop().stop()
        self.resources.close()
