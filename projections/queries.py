"""The only way in which requests read. Every method is one statement, and so sees one generation at one moment."""

from collections.abc import Callable, Sequence
from datetime import date
from time import monotonic, sleep
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from psycopg import Connection, errors
from psycopg.rows import tuple_row
from psycopg_pool import ConnectionPool

from projections.edition_change import EditionChanges
from projections.impact_effect import Effect
from projections.views import (
    ArticleView,
    AuditEntry,
    ChildView,
    DoseView,
    HouseholdView,
    InquiryView,
    Lag,
    NewsView,
    NoticeView,
    PostponementView,
    ReaderView,
    RecordView,
    ReminderView,
    ScheduleView,
    StaffView,
    VisitView,
)

T = TypeVar("T")
Row = tuple[Any, ...]
Pool = ConnectionPool[Connection[Any]]
_reader = msgspec.json.Decoder(ReaderView)

WAIT_SECONDS_MAX = 2.0
GLANCE_SECONDS, GLANCE_SECONDS_MAX = 0.004, 0.05
"""Looks are close at first and then rarer, lest those who wait for a stopped runner keep the database busy."""
SWITCHES_MAX = 5
"""How often the pointer may move while one request reads."""

_OWN = "(SELECT g.household_id FROM gen_{number}.guardian g WHERE g.account_id = %(account)s)"


_TODAY = "(SELECT v.opened_on FROM projection.generation v WHERE v.generation = {number})"


class NotBuilt(LookupError):
    """No generation of the read models exists yet."""


class Queries:
    """Reads of the current generation.

    The pointer is remembered and read again within every statement; where it has moved meanwhile, the statement is repeated.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._generation = 0

    @property
    def generation(self) -> int:
        """The generation that was read last; 0 before the first read."""
        return self._generation

    def reader(self, account_id: UUID) -> ReaderView:
        """The opened day with the own login and its household: what nearly every page of a guardian needs, read at once."""
        query = """
            SELECT jsonb_build_object('opened_on', {today}, 'account', (SELECT to_jsonb(x) FROM (
                SELECT a.*, (SELECT count(*) FROM {gen}.inquiry i WHERE i.account_id = a.account_id AND i.standing = 'answered')
                    AS answers
                FROM {gen}.account a WHERE a.account_id = %(account)s) x), 'household', (SELECT to_jsonb(x) FROM (
                SELECT h.household_id, h.version,
                       (SELECT coalesce(jsonb_agg(to_jsonb(g) ORDER BY g.ordinal), '[]') FROM (
                           SELECT g.account_id, a.handle, g.ordinal FROM {gen}.guardian g JOIN {gen}.account a USING (account_id)
                           WHERE g.household_id = h.household_id) g) AS guardians,
                       (SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c.born_on, c.child_id), '[]') FROM {gen}.child c
                           WHERE c.household_id = h.household_id) AS children,
                       (SELECT coalesce(jsonb_agg(to_jsonb(i) ORDER BY i.expires_on, i.invitation_id), '[]')
                           FROM {gen}.invitation i WHERE i.household_id = h.household_id) AS invitations
                FROM {gen}.household h WHERE h.household_id IN {own}) x))::text"""
        ((told,),) = self._rows(query, account=account_id)
        return _reader.decode(told)

    def household_of(self, account_id: UUID) -> HouseholdView | None:
        """The household of an account, with everybody in it."""
        return self.reader(account_id).household

    def children(self, household_id: UUID) -> list[ChildView]:
        """The children of a household, the eldest first."""
        query = "SELECT * FROM {gen}.child WHERE household_id = %(household)s ORDER BY born_on, child_id"
        return _all(ChildView, self._rows(query, household=household_id))

    def child(self, account_id: UUID, child_id: UUID) -> ChildView | None:
        """A child of the account's own household; None for any other, whether it exists or not."""
        query = "SELECT * FROM {gen}.child WHERE child_id = %(child)s AND household_id IN {own}"
        return _one(ChildView, self._rows(query, account=account_id, child=child_id))

    def doses(self, child_id: UUID) -> list[DoseView]:
        """The dose history, in the order of the verdicts of the child's answer."""
        return _all(DoseView, self._rows("SELECT * FROM {gen}.dose WHERE child_id = %(child)s ORDER BY ordinal", child=child_id))

    def visits(self, child_id: UUID) -> list[VisitView]:
        """Planned visits, the soonest first."""
        query = "SELECT * FROM {gen}.visit WHERE child_id = %(child)s ORDER BY on_day, visit_id"
        return _all(VisitView, self._rows(query, child=child_id))

    def postponements(self, child_id: UUID) -> list[PostponementView]:
        """Postponements that still hold, those that end soonest first."""
        query = "SELECT * FROM {gen}.postponement WHERE child_id = %(child)s ORDER BY until_day, postponement_id"
        return _all(PostponementView, self._rows(query, child=child_id))

    def schedule(self, account_id: UUID, child_id: UUID) -> ScheduleView | None:
        """The schedule of a child of the own household; None for any other child."""
        query = """
            SELECT c.*, s.answer_deflated, s.digest, s.valid_until, v.opened_on, v.generation, v.edition, v.engine
            FROM {gen}.child c JOIN {gen}.schedule_answer s USING (child_id)
            JOIN projection.generation v ON v.generation = {number}
            WHERE c.child_id = %(child)s AND c.household_id IN {own}"""
        found = self._rows(query, account=account_id, child=child_id)
        if not found:
            return None
        width = len(ChildView.__struct_fields__)
        return ScheduleView(ChildView(*found[0][:width]), *found[0][width:])

    def records(self, account_id: UUID) -> list[RecordView]:
        """Every child of the own household with its schedule and all that is recorded and planned, the eldest first."""
        query = """
            SELECT s.child_id, v.edition, s.answer_deflated,
                   (SELECT coalesce(jsonb_agg(to_jsonb(d) ORDER BY d.ordinal), '[]') FROM {gen}.dose d
                       WHERE d.child_id = c.child_id),
                   (SELECT coalesce(jsonb_agg(to_jsonb(v) ORDER BY v.on_day, v.visit_id), '[]') FROM {gen}.visit v
                       WHERE v.child_id = c.child_id),
                   (SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.until_day, p.postponement_id), '[]')
                       FROM {gen}.postponement p WHERE p.child_id = c.child_id)
            FROM {gen}.child c JOIN {gen}.schedule_answer s USING (child_id)
            JOIN projection.generation v ON v.generation = {number}
            WHERE c.household_id IN {own} ORDER BY c.born_on, c.child_id"""
        names = RecordView.__struct_fields__
        found = self._rows(query, account=account_id)
        return [msgspec.convert(dict(zip(names, row, strict=True)), RecordView) for row in found]

    def reminders(self, account_id: UUID, since: date) -> list[ReminderView]:
        """What the account is reminded of from a day on, and what not and why."""
        query = """
            SELECT * FROM {gen}.mailing_list WHERE account_id = %(account)s AND due_on >= %(since)s
            ORDER BY due_on, child_id, series, kind"""
        return _all(ReminderView, self._rows(query, account=account_id, since=since))

    def audit(self, household_id: UUID, before: int | None = None, limit: int = 100) -> list[AuditEntry]:
        """Who did what in a household, the newest first, before a position."""
        query = """
            SELECT * FROM {gen}.audit_trail
            WHERE household = %(household)s AND position < coalesce(%(before)s, 9223372036854775807)
            ORDER BY position DESC LIMIT %(limit)s"""
        return _all(AuditEntry, self._rows(query, household=household_id, before=before, limit=limit))

    def edition_changes(self, edition: str) -> EditionChanges:
        """How many children and families an edition concerned when it was last published; none for one that never was."""
        query = """
            SELECT count(DISTINCT household_id), count(DISTINCT child_id),
                   (SELECT coalesce(jsonb_object_agg(x.effect, x.children), '{{}}') FROM (
                       SELECT effect, count(DISTINCT child_id) AS children FROM projection.edition_change
                       WHERE edition = %(edition)s GROUP BY effect) x)
            FROM projection.edition_change WHERE edition = %(edition)s"""
        households, children, effects = self._rows(query, edition=edition)[0]
        return EditionChanges(households, children, {Effect(name): count for name, count in effects.items()})

    def changed_households(self, edition: str, after: UUID | None = None, limit: int = 100) -> list[UUID]:
        """Families that an edition concerned and whose child is still theirs, in the order of their ids, from after one on."""
        query = """
            SELECT DISTINCT c.household_id FROM projection.edition_change e JOIN {gen}.child c USING (child_id)
            WHERE e.edition = %(edition)s AND NOT c.moved_out AND (%(after)s::uuid IS NULL OR c.household_id > %(after)s)
            ORDER BY c.household_id LIMIT %(limit)s"""
        return [household for (household,) in self._rows(query, edition=edition, after=after, limit=limit)]

    def staff_views(self, account_id: UUID) -> list[StaffView]:
        """Every view of the own data and of the children's, the newest first."""
        query = """
            SELECT e.recorded_at, e.role, e.actor, s.subject, s.purpose
            FROM {gen}.staff_view s JOIN {gen}.audit_trail e ON e.stream = s.view_id
            WHERE s.subject IN (
                SELECT %(account)s UNION ALL SELECT c.child_id FROM {gen}.child c WHERE c.household_id IN {own})
            ORDER BY e.position DESC"""
        return _all(StaffView, self._rows(query, account=account_id))

    def inquiries(self, account_id: UUID) -> list[InquiryView]:
        """The own inquiries, the newest first."""
        query = "SELECT * FROM {gen}.inquiry WHERE account_id = %(account)s ORDER BY opened_on DESC, inquiry_id"
        return _all(InquiryView, self._rows(query, account=account_id))

    def articles(self) -> list[ArticleView]:
        """What everybody may read on the opened day, the newest first."""
        query = "SELECT a.* FROM {gen}.article a WHERE a.expires_on >= {today} ORDER BY a.published_on DESC, a.article_id"
        return _all(ArticleView, self._rows(query))

    def article(self, article_id: UUID) -> ArticleView | None:
        """An article that may be read on the opened day."""
        query = "SELECT a.* FROM {gen}.article a WHERE a.article_id = %(article)s AND a.expires_on >= {today}"
        return _one(ArticleView, self._rows(query, article=article_id))

    def notices(self, account_id: UUID | None) -> list[NoticeView]:
        """Notices for everybody and, for a reader who is known, those that were meant for the own household; the newest first."""
        query = """
            SELECT n.* FROM {gen}.notice n
            WHERE n.for_everybody OR EXISTS (
                SELECT FROM mail.addressee a WHERE a.notice_id = n.notice_id AND a.household_id IN {own})
            ORDER BY n.released_on DESC, n.notice_id"""
        return _all(NoticeView, self._rows(query, account=account_id))

    def news(self, account_id: UUID, since: date, limit: int) -> list[NewsView]:
        """The titles of what the ward told the reader since a day, articles and notices together, the newest first."""
        query = """
            SELECT 'article', a.article_id, a.published_on, a.title_ja, a.title_en
            FROM {gen}.article a WHERE a.published_on >= %(since)s AND a.expires_on >= {today}
            UNION ALL
            SELECT 'notice', n.notice_id, n.released_on, n.subject_ja, n.subject_en
            FROM {gen}.notice n WHERE n.released_on >= %(since)s AND NOT n.cancelled AND (n.for_everybody OR EXISTS (
                SELECT FROM mail.addressee a WHERE a.notice_id = n.notice_id AND a.household_id IN {own}))
            ORDER BY 3 DESC, 2 LIMIT %(limit)s"""
        return _all(NewsView, self._rows(query, account=account_id, since=since, limit=limit))

    def opened_day(self) -> date:
        """The day as of which the read models hold."""
        ((day,),) = self._rows("SELECT opened_on FROM projection.generation WHERE generation = {number}")
        return day  # type: ignore[no-any-return]

    def lag(self) -> Lag:
        """How far the read models are behind the log."""
        query = """
            SELECT (SELECT coalesce(max(position), 0) FROM events.event), g.position,
                   (SELECT count(*) FROM projection.parked k WHERE k.generation = g.generation),
                   (SELECT count(*) FROM {gen}.schedule_answer s WHERE s.valid_until <= g.opened_on)
            FROM projection.generation g WHERE g.generation = {number}"""
        return Lag(*self._rows(query)[0])

    @property
    def pool(self) -> Pool:
        """The connections, for views that are read in a transaction of one's own."""
        return self._pool

    def schema(self) -> str:
        """The schema of the current generation, for views that are read in a transaction of one's own."""
        self._rows("SELECT")
        return f"gen_{self._generation}"

    def wait_for(self, position: int, timeout_seconds: float = WAIT_SECONDS_MAX) -> bool:
        """Wait until a position has been folded, so that one reads one's own writes; False where it takes too long."""
        deadline, pause = monotonic() + min(timeout_seconds, WAIT_SECONDS_MAX), GLANCE_SECONDS
        while self._position() < position:
            if monotonic() >= deadline:
                return False
            sleep(pause)
            pause = min(pause * 1.5, GLANCE_SECONDS_MAX)
        return True

    def _position(self) -> int:
        ((position,),) = self._rows("SELECT position FROM projection.generation WHERE generation = {number}")
        return position  # type: ignore[no-any-return]

    def _rows(self, query: str, **values: Any) -> Sequence[Row]:
        """Rows of a query in the generation that the pointer names at the moment of reading."""
        with self._pool.connection() as connection, connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            for _ in range(SWITCHES_MAX):
                found = self._try(cursor, query, values)
                if found is not None:
                    return found
        raise NotBuilt

    def _try(self, cursor: Any, query: str, values: dict[str, Any]) -> Sequence[Row] | None:
        """The rows; None where the pointer turned out to name another generation than the remembered one."""
        remembered = self._generation
        body = query.format(
            gen=f"gen_{remembered}", number=remembered, own=_OWN.format(number=remembered), today=_TODAY.format(number=remembered)
        )
        statement = f"SELECT p.generation, q.* FROM projection.pointer p LEFT JOIN LATERAL ({body}) q ON true"  # noqa: S608
        try:
            found = cursor.execute(statement.encode(), values).fetchall()
        except (errors.UndefinedTable, errors.InvalidSchemaName):
            self._generation = self._pointer(cursor)
            return None
        if not found or found[0][0] != remembered:
            self._generation = self._pointer(cursor)
            return None
        return [row[1:] for row in found if len(row) == 1 or any(value is not None for value in row[1:])]

    def _pointer(self, cursor: Any) -> int:
        cursor.connection.rollback()
        row = cursor.execute("SELECT generation FROM projection.pointer").fetchone()
        if row is None:
            raise NotBuilt
        return int(row[0])


def _one(kind: Callable[..., T], rows: Sequence[Row]) -> T | None:
    return kind(*rows[0]) if rows else None


def _all(kind: Callable[..., T], rows: Sequence[Row]) -> list[T]:
    return [kind(*row) for row in rows]
