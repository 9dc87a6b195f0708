"""A notice through the whole service: from its release to the page.

The clock is the real one, as the log stamps the release with its own. By night letters wait, so none is looked for here.
"""

from pathlib import Path
from time import monotonic, sleep
from uuid import UUID, uuid4

from argon2 import PasswordHasher

from aggregates.account.facts import EmailConfirmed, Language
from aggregates.fact import Actor, Recorded, Role
from aggregates.notice.facts import NoticeDrafted, NoticeSent
from aggregates.notice.state import Standing
from aggregates.notice.wording import draft_digest, wording_digest
from app.composition import build_service
from app.service import Service
from app.settings import Settings
from commands.approve_notice import approve_notice
from commands.draft_notice import draft_notice
from commands.identity.passwords import Passwords
from commands.note_test_letters import note_test_letters
from commands.notice_life import notice_known
from commands.release_notice import release_notice
from commands.set_mail_wishes import SetMailWishes
from tests.app.registration import registration

DRAFTER, APPROVER = UUID(int=1), UUID(int=2)
DRAFTED = NoticeDrafted(
    subject_ja="年末年始の窓口", body_ja="休みます。", subject_en="New Year", body_en="Closed.", operator=DRAFTER
)
WAIT_SECONDS = 60


def parent(service: Service) -> UUID:
    """A guardian with a confirmed address who wishes notices."""
    account = uuid4()
    service.commands(registration(service, account), actor=Actor(), command_id=uuid4())
    history = service.ward.history(account)
    confirmed = EmailConfirmed(address_version=1, on=service.ward.today())
    service.ward.save(Recorded(account, len(history) + 1, confirmed, subject=account, partition=history[-1].partition))
    wishes = SetMailWishes(vaccinations=False, checkups=False, notices=True, language=Language.JAPANESE)
    receipt = service.commands(wishes, actor=Actor(account, Role.GUARDIAN), command_id=uuid4())
    assert service.queries.wait_for(receipt.position)
    return account


def test_a_released_notice_is_planned_and_read_again(database: str, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", demo=False)
    cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    service = build_service(settings, database, passwords=cheap)
    service.start_background()
    try:
        account, notice = parent(service), uuid4()
        draft_notice(service.ward, notice, DRAFTED, known_series=set())
        note_test_letters(service.ward, notice, wording=wording_digest(DRAFTED), letters=1, operator=DRAFTER)
        approve_notice(service.ward, notice, looked_at=draft_digest(DRAFTED), operator=APPROVER)
        release_notice(service.ward, notice, operator=DRAFTER, clock=service.ward.today(), window_minutes=0)
        deadline = monotonic() + WAIT_SECONDS
        while notice_known(service.ward, notice).standing is Standing.RELEASED:
            assert monotonic() < deadline, "the notice was not sent"
            sleep(0.1)
        assert service.ward.history(notice)[4].fact == NoticeSent(recipients=1)
        assert service.queries.wait_for(service.ward.head())
        assert [view.subject_ja for view in service.queries.notices(account)] == ["年末年始の窓口"]
    finally:
        service.stop()
