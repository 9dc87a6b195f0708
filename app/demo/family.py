"""The family that a first start shows: はるちゃん and りくくん, recorded by ordinary commands."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from aggregates.account.registration import Terms
from aggregates.child.facts import Sex
from aggregates.fact import Actor, Role
from aggregates.streams import WARD
from commands.add_child import AddChild
from commands.bus import Commands
from commands.command import Command
from commands.plan_visit import PlanVisit
from commands.record_visit import GivenDose, RecordVisit
from commands.refusals import TooManyAttempts, WrongCredentials
from commands.register_account import RegisterAccount
from commands.set_mail_wishes import SetMailWishes
from commands.work import ACCOUNT, Shown

DEMO_ACCOUNT = uuid5(WARD, "demo/account")
FIRST, LAST = "register", "wishes"
PLAN_DAYS_AHEAD = 4
PLAN_AFTER_LAST_VISIT_DAYS = 57
"""Where both allow it, the plan falls on the day five months after birth or later, from which BCG is usual."""


class DemoChild(NamedTuple):
    """A child and what it was given so far, visit by visit."""

    handle: str
    born_on: date
    sex: Sex
    visits: dict[date, tuple[str, ...]]
    planned: tuple[str, ...] = ()


FIRST_YEAR = ("DPT-IPV-Hib", "PCV20", "HEPB", "ROTARIX")
CHILDREN = (
    DemoChild(
        "はるちゃん",
        date(2026, 4, 10),
        Sex.FEMALE,
        {
            date(2026, 6, 12): FIRST_YEAR,
            date(2026, 7, 10): FIRST_YEAR,
            date(2026, 8, 14): ("DPT-IPV-Hib", "PCV20"),
        },
        planned=("BCG", "HEPB"),
    ),
    DemoChild(
        "りくくん",
        date(2022, 2, 3),
        Sex.MALE,
        {
            date(2022, 4, 5): ("HIB", "PCV13", "HEPB", "ROTARIX"),
            date(2022, 5, 10): ("HIB", "PCV13", "HEPB", "ROTARIX", "DPT-IPV"),
            date(2022, 6, 7): ("HIB", "PCV13", "DPT-IPV"),
            date(2022, 7, 5): ("DPT-IPV",),
            date(2022, 7, 19): ("BCG",),
            date(2022, 9, 20): ("HEPB",),
            date(2023, 2, 14): ("MR", "VAR", "MUMPS"),
            date(2023, 3, 14): ("HIB", "PCV13"),
            date(2023, 8, 22): ("VAR", "DPT-IPV"),
            date(2025, 2, 18): ("JE",),
            date(2025, 3, 4): ("JE",),
        },
    ),
)


class Greeting(NamedTuple):
    """How to sign in, and the same as lines for a terminal. `password` is empty once the family chose its own."""

    login_id: str
    password: str
    lines: tuple[str, ...]


def demo_family(commands: Commands, shown: Shown | None = None) -> Greeting | None:
    """Registers the family where there is none yet, and answers how to sign in; None once it was deleted.

    It may be called at every start: the ids of the family and of its commands are always the same, so that nothing
    happens twice and a start that was interrupted is finished by the next.
    """
    family = _Family(commands, shown)
    if family.is_unfinished():
        family.live()
    return family.greeting() if family.is_registered() else None


class _Family:
    def __init__(self, commands: Commands, shown: Shown | None) -> None:
        self._commands = commands
        self._context = commands.context
        self._shown = shown
        self._account_id = DEMO_ACCOUNT

    def is_registered(self) -> bool:
        account, _ = self._context.ward.state(self._account_id, ACCOUNT.project)
        return account.registered

    def is_unfinished(self) -> bool:
        """Never begun, or begun and not brought to the last command."""
        _, version = self._context.ward.state(self._account_id, ACCOUNT.project)
        begun, ended = (self._context.ward.find_command(self._account_id, _id(f"command {name}")) for name in (FIRST, LAST))
        return version == 0 or (begun is not None and ended is None)

    def live(self) -> None:
        terms, today = self._context.terms(), self._context.ward.today()
        self._do(FIRST, _registration(self._account_id, terms))
        for child in CHILDREN:
            if child.born_on <= today:
                for name, command in _life(child, today):
                    self._do(name, command)
        self._do(LAST, SetMailWishes(vaccinations=True, checkups=True, notices=False))

    def greeting(self) -> Greeting:
        issued = self._context.credentials.issue(self._account_id, _id(f"command {FIRST}"), own_password=False)
        password = issued.passphrase or ""
        if not self._accepts(password):
            return Greeting(issued.login_id, "", (f"Demo family: sign in as {issued.login_id} with the password you chose",))
        lines = ("Demo family はるちゃん and りくくん:", f"  login id  {issued.login_id}", f"  password  {password}")
        return Greeting(issued.login_id, password, lines)

    def _accepts(self, password: str) -> bool:
        try:
            self._context.credentials.prove_password(self._account_id, password)
        except (WrongCredentials, TooManyAttempts):
            return False
        return True

    def _do(self, name: str, command: Command) -> None:
        actor = Actor(self._account_id, Role.GUARDIAN)
        self._commands(command, actor=actor, command_id=_id(f"command {name}"), shown=self._shown)


def _registration(account_id: UUID, terms: Terms) -> RegisterAccount:
    return RegisterAccount(
        account_id=account_id,
        household_id=_id("household"),
        terms_version=terms.version,
        terms_hash=terms.text_hash,
        handle="はるママ",
        postal_code="1020082",
    )


def _life(child: DemoChild, today: date) -> Iterator[tuple[str, Command]]:
    """What happened to a child up to today, each command with a name of its own."""
    child_id = _id(child.handle)
    yield f"add {child.handle}", AddChild(child_id=child_id, handle=child.handle, born_on=child.born_on, sex=child.sex)
    for day, vaccines in child.visits.items():
        if day <= today:
            visit = f"{child.handle} {day}"
            doses = tuple(GivenDose(dose_id=_id(f"{visit} {vaccine}"), vaccine=vaccine) for vaccine in vaccines)
            yield visit, RecordVisit(child_id=child_id, visit_id=_id(visit), given_on=day, doses=doses)
    if child.planned:
        plan = f"plan {child.handle}"
        on = max(today + timedelta(days=PLAN_DAYS_AHEAD), max(child.visits) + timedelta(days=PLAN_AFTER_LAST_VISIT_DAYS))
        yield plan, PlanVisit(child_id=child_id, visit_id=_id(plan), on=on, series=child.planned)


def _id(name: str) -> UUID:
    return uuid5(WARD, f"demo/{name}")
