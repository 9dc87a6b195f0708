"""What lies on the desks of the ward: articles, inquiries, and views of personal data."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from aggregates.account.facts import AccountErased
from aggregates.fact import Actor, Fact, Recorded, Role
from aggregates.inquiry.facts import InquiryAnswered, InquiryOpened
from commands.reveal_subject import reveal
from commands.withdraw_article import withdraw_article
from eventstore.database import DatabaseRole, connect
from eventstore.ward import Ward
from projections.check import check
from projections.queries import Queries
from projections.rebuild import Rebuild
from projections.workers import Source
from tests.articles import APPROVER, DRAFTER, drafted_article, publish, wording
from tests.projections.family import MONDAY, Family, open_day

CatchUp = Callable[[], None]
SECRET = "印刷のしかたがわかりません"


@pytest.fixture
def article(built: Family, catch_up: CatchUp) -> UUID:
    article_id = drafted_article(built.ward)
    publish(built.ward, article_id)
    catch_up()
    return article_id


def ask(family: Family, *more: Fact) -> UUID:
    """An inquiry of the family's guardian, with what was said after it."""
    inquiry_id = uuid4()
    opened = InquiryOpened(account_id=family.account, child_id=None, text=SECRET, on=MONDAY)
    family.ward.save(
        *(
            Recorded(inquiry_id, version, fact, subject=family.account, partition=family.household)
            for version, fact in enumerate((opened, *more), start=1)
        )
    )
    return inquiry_id


def answer(day: date = MONDAY) -> InquiryAnswered:
    return InquiryAnswered(message_id=uuid4(), text="メニューにあります", on=day, operator=APPROVER)


def test_a_published_article_is_read_until_its_last_day(
    article: UUID, built: Family, queries: Queries, catch_up: CatchUp
) -> None:
    assert [found.article_id for found in queries.articles()] == [article]
    for day in (1, 60, 61):
        open_day(built.ward, MONDAY + timedelta(days=day))
        catch_up()
        assert (queries.article(article) is not None) == (day <= 60)
    assert queries.articles() == []


def test_a_draft_and_a_withdrawn_article_are_not_read(article: UUID, built: Family, queries: Queries, catch_up: CatchUp) -> None:
    drafted_article(built.ward)
    withdraw_article(built.ward, article, DRAFTER)
    catch_up()
    assert queries.articles() == []
    assert queries.article(article) is None


def test_an_inquiry_is_found_by_its_guardian_alone(built: Family, queries: Queries, catch_up: CatchUp) -> None:
    asked, answered = ask(built), ask(built, answer())
    catch_up()
    assert {one.inquiry_id: one.standing for one in queries.inquiries(built.account)} == {asked: "open", answered: "answered"}
    assert queries.inquiries(uuid4()) == []
    account = queries.reader(built.account).account
    assert account is not None
    assert account.answers == 1


def test_a_family_sees_who_looked_at_its_data_and_what_for(built: Family, queries: Queries, catch_up: CatchUp) -> None:
    other = Family(built.ward)
    other.moves_in()
    reveal(built.ward, [built.account, built.child], "inquiry", Actor(APPROVER, Role.STAFF), built.household)
    reveal(built.ward, [other.child], "complaint", Actor(DRAFTER, Role.AUDITOR), other.household)
    catch_up()
    views = queries.staff_views(built.account)
    assert {(v.subject, v.role, v.actor, v.purpose) for v in views} == {
        (built.account, "staff", APPROVER, "inquiry"),
        (built.child, "staff", APPROVER, "inquiry"),
    }
    assert [v.purpose for v in queries.staff_views(other.account)] == ["complaint"]


def test_what_is_folded_live_is_what_the_log_says(
    article: UUID, built: Family, catch_up: CatchUp, source: Source, projecting: Ward
) -> None:
    assert article
    ask(built, answer())
    reveal(built.ward, [built.account], "inquiry", Actor(APPROVER, Role.STAFF), built.household)
    catch_up()
    assert check(source).differences == 0
    assert Rebuild(source, projecting, workers=1, small_log=0).run().differing == ()
    assert check(source).differences == 0


def test_with_the_account_its_inquiries_leave_every_generation_and_nothing_of_the_text_was_there(
    built: Family, catch_up: CatchUp, source: Source, projecting: Ward, database: str
) -> None:
    ask(built, answer())
    catch_up()
    assert texts(database) == []
    Rebuild(source, projecting, workers=1).run()
    built.tell(built.account, AccountErased(on=MONDAY), erases=(built.account,))
    catch_up()
    with connect(database, DatabaseRole.PROJECTOR) as connection:
        for schema in ("gen_1", "gen_2"):
            assert connection.execute(f"SELECT count(*) FROM {schema}.inquiry".encode()).fetchone() == (0,)
    Rebuild(source, projecting, workers=1, small_log=0).run()
    assert check(source).differences == 0


def texts(database: str) -> list[str]:
    """Every column of every table, in the log or out of it, that holds what the guardian wrote."""
    found = []
    with psycopg.connect(database) as connection:
        columns = connection.execute(
            """SELECT c.table_schema, c.table_name, c.column_name FROM information_schema.columns c
               JOIN information_schema.tables t USING (table_schema, table_name)
               WHERE t.table_type = 'BASE TABLE' AND c.data_type IN ('text', 'bytea')
                 AND c.table_schema NOT IN ('pg_catalog', 'information_schema')"""
        ).fetchall()
        for schema, table, column in columns:
            query = f'SELECT count(*) FROM {schema}.{table} WHERE position(%s::bytea IN "{column}"::text::bytea) > 0'
            if connection.execute(query.encode(), (SECRET.encode(),)).fetchone() != (0,):
                found.append(f"{schema}.{table}.{column}")
    return found


def test_the_search_for_texts_finds_what_is_there(article: UUID, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert article
    monkeypatch.setattr("tests.projections.test_desks.SECRET", wording(MONDAY).title_ja)
    assert "gen_1.article.title_ja" in texts(database)
