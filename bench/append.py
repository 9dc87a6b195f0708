"""What an append costs on the way down: the bare call of the append function, the recorder, a whole command.

Workload: one writer, one fact per transaction, doses on the streams of children with up to 20 facts, bodies encrypted, `fsync` on
as in production, embedded Postgres. The three kinds take short turns, so that what else the machine does hits all alike;
a ratio is the median over the rounds.
A whole command is the real `RecordVisit` through `Commands`: fold account, household and child, decide, encrypt, append with
the idempotency row; an earlier answer is looked for inside the same call. It is shown for families that are at it (their facts
were read within the last minute) and for so many families in turn that each must be read and decrypted anew.
"""

import gc
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count, islice
from pathlib import Path
from statistics import median
from time import perf_counter
from uuid import UUID, uuid4

from argon2 import PasswordHasher

from aggregates.account.registration import Terms
from aggregates.child.facts import DoseRecorded, Sex
from aggregates.fact import Actor, Meta, Recorded, Role
from app.embedded import embedded_postgres
from commands.add_child import AddChild
from commands.compose import WriteSide, compose
from commands.context import Vocabulary
from commands.identity.passwords import Passwords
from commands.open_day import open_days
from commands.record_visit import GivenDose, RecordVisit
from commands.register_account import RegisterAccount
from eventstore import arrays
from eventstore.append_call import APPEND, parameters
from eventstore.database import DatabaseRole, connect, migrate
from eventstore.keys import KeyStore
from eventstore.stored import StoredFact
from eventstore.ward import Ward

ROUNDS = 20
TURN_SECONDS = 0.5
FACTS_PER_CHILD = 20
AT_IT, IN_TURN = 600, 2_000
ROWS = 80_000
TODAY = date(2026, 6, 1)
TERMS = Terms("2026-04", "ab" * 32)

Append = Callable[[], object]


def sealed_rows(ward: Ward) -> Iterator[StoredFact]:
    """Rows as a command would write them, sealed beforehand by the caller."""
    while True:
        child, household, guardian = uuid4(), uuid4(), uuid4()
        for version in range(1, FACTS_PER_CHILD + 1):
            meta = Meta(Role.GUARDIAN, guardian, uuid4(), uuid4())
            dose = DoseRecorded(dose_id=uuid4(), visit_id=uuid4(), vaccine="BCG", given_on=TODAY)
            yield ward.mapper.seal(Recorded(child, version, dose, meta, child, household))


def bare_call(conninfo: str, rows: list[StoredFact]) -> Append:
    """The append function, called with the rows that the recorder gets."""
    connection = connect(conninfo, DatabaseRole.APP)
    arrays.register(connection)
    cursor = connection.cursor(binary=True)
    return lambda: cursor.execute(APPEND, parameters([rows.pop()], None, (), ()), prepare=True).fetchall()


def recorder(ward: Ward, rows: list[StoredFact]) -> Append:
    """The library's entrance to our recorder."""
    return lambda: ward.recorder.insert_events([rows.pop()])


def whole_command(ward: Ward, count_of_families: int) -> Append:
    """`RecordVisit` for children in turn; each child gets at most 20 facts."""
    write = compose(
        ward,
        secret=bytes(32),
        terms=lambda: TERMS,
        vocabulary=lambda: Vocabulary(frozenset({"BCG"}), frozenset({"BCG"})),
        passwords=Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)),
    )
    families = [_family(write) for _ in range(count_of_families)]
    turn = count()

    def record() -> object:
        number = next(turn)
        guardian, child = families[number % count_of_families]
        visit = RecordVisit(
            child_id=child,
            visit_id=uuid4(),
            given_on=date.fromordinal(TODAY.toordinal() - number // count_of_families),
            doses=(GivenDose(dose_id=uuid4(), vaccine="BCG"),),
        )
        return write.commands(visit, actor=Actor(guardian, Role.GUARDIAN), command_id=uuid4())

    return record


def _family(write: WriteSide) -> tuple[UUID, UUID]:
    guardian, household, child = uuid4(), uuid4(), uuid4()
    registration = RegisterAccount(
        account_id=guardian,
        household_id=household,
        terms_version=TERMS.version,
        terms_hash=TERMS.text_hash,
        handle="はるママ",
        postal_code="100-0001",
    )
    write.commands(registration, actor=Actor(None, Role.GUARDIAN), command_id=uuid4())
    born = AddChild(child_id=child, handle="はるちゃん", born_on=date(2016, 4, 10), sex=Sex.FEMALE)
    write.commands(born, actor=Actor(guardian, Role.GUARDIAN), command_id=uuid4())
    return guardian, child


def rate(append: Append) -> float:
    """Appends a second over one turn."""
    started, done = perf_counter(), 0
    while perf_counter() - started < TURN_SECONDS:
        append()
        done += 1
    return done / (perf_counter() - started)


def compare(kinds: dict[str, Append]) -> None:
    """Lets all take turns; the first is the reference."""
    rounds = [{kind: rate(append) for kind, append in kinds.items()} for _ in range(ROUNDS)]
    reference = next(iter(kinds))
    for kind in kinds:
        ratio = median(measured[kind] / measured[reference] for measured in rounds)
        print(f"{kind:26} {median(measured[kind] for measured in rounds):6.0f}/s   {ratio:.2f} of the {reference}")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hagukumi-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the user of the embedded Postgres passes through
        with embedded_postgres(folder / "data") as conninfo:
            migrate(conninfo)
            ward, apart = (Ward(conninfo, KeyStore.at(folder / "keys.sqlite", bytes(32))) for _ in range(2))
            rows = list(islice(sealed_rows(ward), ROWS))
            gc.freeze()  # the stock of rows is the benchmark's own and would be searched for garbage in every turn
            open_days(ward, TODAY)
            compare(
                {
                    "bare call": bare_call(conninfo, rows),
                    "recorder": recorder(apart, rows),  # like the bare call on a connection of its own
                    "command, family at it": whole_command(ward, AT_IT),
                    "command, family read anew": whole_command(ward, IN_TURN),
                }
            )
            ward.close()
            apart.close()


if __name__ == "__main__":
    main()
