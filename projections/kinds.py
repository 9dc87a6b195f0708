"""Which read models belong to which kind of stream, and how the rows of one stream are made."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any
from uuid import UUID

from msgspec import Struct

from aggregates.account import state as account_state
from aggregates.article import state as article_state
from aggregates.child import state as child_state
from aggregates.fact import Fact, Redacted
from aggregates.household import state as household_state
from aggregates.inquiry import state as inquiry_state
from aggregates.notice import state as notice_state
from aggregates.operation import state as operation_state
from projections.models import (
    account,
    article,
    audit_trail,
    child,
    dose,
    household,
    inquiry,
    mailing_list,
    notice,
    postponement,
    reminder,
    schedule,
    staff_view,
    visit,
)
from projections.record import Context, record_of
from projections.table import Row, Rows, Table

VIEWS = (mailing_list.VIEW, audit_trail.VIEW)


class Kind(Struct, frozen=True):
    """One kind of stream: how its facts fold, and how its state becomes rows."""

    name: str
    tables: tuple[Table, ...]
    initial: Callable[[], Any]
    evolve: Callable[[Any, Fact | Redacted], Any]
    rows: Callable[[UUID, int, Any, Context], Iterable[tuple[Table, list[Row]]]]

    def fold(self, facts: Iterable[Fact | Redacted]) -> Any:
        """The state of a stream after its facts."""
        state, evolve = self.initial(), self.evolve
        for fact in facts:
            state = evolve(state, fact)
        return state


def _account_rows(stream: UUID, version: int, state: account_state.Account, _: Context) -> Iterable[tuple[Table, list[Row]]]:
    return ((account.TABLE, account.rows(stream, version, state)),)


def _household_rows(
    stream: UUID, version: int, state: household_state.Household, _: Context
) -> Iterable[tuple[Table, list[Row]]]:
    return (
        (household.HOUSEHOLD, household.household_rows(stream, version, state)),
        (household.GUARDIAN, household.guardian_rows(stream, state)),
        (household.INVITATION, household.invitation_rows(stream, state)),
    )


def _child_rows(stream: UUID, version: int, state: child_state.Child, context: Context) -> Iterable[tuple[Table, list[Row]]]:
    if not state.registered:
        return ()
    record = record_of(stream, version, state, context)
    return (
        (child.TABLE, child.rows(record)),
        (dose.TABLE, dose.rows(record)),
        (visit.TABLE, visit.rows(record)),
        (postponement.TABLE, postponement.rows(record)),
        (schedule.SERIES, schedule.series_rows(record)),
        (schedule.ANSWER, schedule.answer_rows(record)),
        (reminder.TABLE, reminder.rows(record)),
    )


def _article_rows(stream: UUID, _version: int, state: article_state.Article, _: Context) -> Iterable[tuple[Table, list[Row]]]:
    return ((article.TABLE, article.rows(stream, state)),)


def _inquiry_rows(stream: UUID, version: int, state: inquiry_state.Inquiry, _: Context) -> Iterable[tuple[Table, list[Row]]]:
    return ((inquiry.TABLE, inquiry.rows(stream, version, state)),)


def _notice_rows(stream: UUID, _version: int, state: notice_state.Notice, _: Context) -> Iterable[tuple[Table, list[Row]]]:
    return ((notice.TABLE, notice.rows(stream, state)),)


def _operation_rows(
    stream: UUID, _version: int, state: operation_state.Operation, _: Context
) -> Iterable[tuple[Table, list[Row]]]:
    return ((staff_view.TABLE, staff_view.rows(stream, state)),)


KINDS = {
    "account": Kind("account", (account.TABLE,), account_state.Account, account_state.evolve, _account_rows),
    "household": Kind(
        "household",
        (household.HOUSEHOLD, household.GUARDIAN, household.INVITATION),
        household_state.Household,
        household_state.evolve,
        _household_rows,
    ),
    "child": Kind(
        "child",
        (
            child.TABLE,
            dose.TABLE,
            visit.TABLE,
            postponement.TABLE,
            schedule.SERIES,
            schedule.ANSWER,
            reminder.TABLE,
        ),
        child_state.Child,
        child_state.evolve,
        _child_rows,
    ),
    "article": Kind("article", (article.TABLE,), article_state.Article, article_state.evolve, _article_rows),
    "inquiry": Kind("inquiry", (inquiry.TABLE,), inquiry_state.Inquiry, inquiry_state.evolve, _inquiry_rows),
    "notice": Kind("notice", (notice.TABLE,), notice_state.Notice, notice_state.evolve, _notice_rows),
    "operation": Kind("operation", (staff_view.TABLE,), operation_state.Operation, operation_state.evolve, _operation_rows),
}
"""Kinds of streams by the first word of their topics; facts of other streams make no rows."""

TABLES = tuple(table for kind in KINDS.values() for table in kind.tables)


def kind_of(topic: str) -> Kind | None:
    """The kind of stream that a topic is written on, if it makes rows."""
    return KINDS.get(topic.partition(".")[0])


def layout() -> str:
    """A fingerprint of tables and views. A generation of another layout cannot be kept up to date by this build."""
    statements = [line for table in TABLES for line in (table.ddl(), *table.index_ddl())]
    return sha256("\n".join([*statements, *(view.ddl(0) for view in VIEWS)]).encode()).hexdigest()


def put_rows(into: Rows, kind: Kind, stream: UUID, version: int, state: Any, context: Context) -> None:
    """Add the rows of one stream."""
    for table, rows in kind.rows(stream, version, state, context):
        into[table.name] += rows
