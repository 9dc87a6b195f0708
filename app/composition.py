"""The composition root: settings in, a service out. Nothing else in the product builds these parts."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import partial

from app.asgi import create_app
from app.day_opener import DayOpener, now_in_ward
from app.first_start import build_first, complete
from app.keys import derived_key, open_keys
from app.mail import Mail
from app.positions import Positions
from app.reads import Reads
from app.rules_in_force import RulesInForce
from app.service import Service
from app.settings import DatabaseRole as Login
from app.settings import Settings
from app.terms import terms_in_force
from app.upkeep import Daybreak
from commands.compose import compose
from commands.identity.passwords import Passwords
from eventstore.database import DatabaseRole
from eventstore.ward import Ward
from notifier.letter import Tokens
from projections.engine import engine_of, japan
from projections.live import LiveRunner
from projections.queries import Queries
from projections.workers import Source


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
        now: The clock of the day opener and of the notifier.
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
        lambda: rules.engine,
        Tokens(
            write_side.confirmations.token,
            write_side.mail_tokens.unsubscribe,
            write_side.mail_tokens.keep,
            write_side.mail_tokens.bounce,
        ),
        now,
    )
    service = Service(
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
        complete=complete,
    )
    service.asgi = create_app(service)
    return service
