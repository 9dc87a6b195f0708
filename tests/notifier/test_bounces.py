"""What comes back, and what follows from it."""

from uuid import UUID, uuid4

import pytest

from aggregates.account.facts import AddressFailed, EmailConfirmed, EmailGiven
from aggregates.account.state import Account
from aggregates.fact import topic_of
from commands.work import ACCOUNT
from notifier.bounces import Bounces, Verdict
from notifier.failing import FailingAddresses, nobody_there
from notifier.transport import Refused
from tests.notifier.conftest import TOKENS, Post
from tests.notifier.test_delivery import deliver_all


def a_report(message_id: UUID, status: str = "5.1.1", action: str = "failed", mark: str | None = None) -> bytes:
    """As another relay writes it (RFC 3464)."""
    return f"""To: BOUNCE+{message_id.hex}.{mark or TOKENS.bounce(message_id)}@ward.example
Content-Type: multipart/report; report-type=delivery-status; boundary=cut
MIME-Version: 1.0

--cut

It did not arrive.
--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; x@example.jp
Action: {action}
Status: {status}
--cut--
""".encode()


def bounces(post: Post) -> Bounces:
    return Bounces(post.ledger, post.ward, FailingAddresses(post.ward), TOKENS.bounce)


def account_of(post: Post, account: UUID) -> Account:
    return post.ward.state(account, ACCOUNT.project)[0]


def sent(post: Post) -> tuple[UUID, UUID]:
    """A message that the relay took over, and its account."""
    account, child = post.family()
    post.lists(account, child)
    (message_id,) = post.plan()
    deliver_all(post)
    assert post.outcomes.report() == 1
    return message_id, account


def test_a_report_of_an_unknown_user_ends_mail_to_the_address(post: Post) -> None:
    message_id, account = sent(post)
    for _ in range(2):
        assert bounces(post).take(a_report(message_id)) == Verdict.BOUNCED
    state = account_of(post, account)
    assert (state.address_failing, state.mailable) == ("5.1.1", False)
    assert sum(isinstance(r.fact, AddressFailed) for r in post.ward.history(account)) == 1
    topics = [topic_of(r.fact) for r in post.ward.history(message_id)]
    assert topics == ["mail.message_accepted.v1", "mail.message_bounced.v1"]


def test_a_report_that_is_quicker_than_its_outcome_is_told_after_it(post: Post) -> None:
    post.lists(*post.family())
    (message_id,) = post.plan()
    deliver_all(post)
    assert bounces(post).take(a_report(message_id)) == Verdict.BOUNCED
    assert post.ward.history(message_id) == []
    post.outcomes.report()
    bounces(post).take(a_report(message_id))
    topics = [topic_of(r.fact) for r in post.ward.history(message_id)]
    assert topics == ["mail.message_accepted.v1", "mail.message_bounced.v1"]


def test_a_report_in_words_counts_too(post: Post) -> None:
    message_id, account = sent(post)
    raw = "From: MAILER-DAEMON@docomo.ne.jp\nSubject: Returned mail\n\n送信先のアドレスが見つかりませんでした。\n"
    path = f"bounce+{message_id.hex}.{TOKENS.bounce(message_id)}@ward.example"
    assert bounces(post).take(raw.encode(), path) == Verdict.BOUNCED
    assert account_of(post, account).address_failing == "5.1.1"


BARE = b"From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nIt could not be delivered.\n550 go away\n"


def path_of(message_id: UUID) -> str:
    return f"bounce+{message_id.hex}.{TOKENS.bounce(message_id)}@ward.example"


def sent_again(post: Post, account: UUID, child: UUID, cycle: int) -> UUID:
    """The next letter to a family, and its outcome in the log."""
    post.lists(account, child, cycle=cycle)
    (message_id,) = post.plan()
    deliver_all(post)
    post.outcomes.report()
    return message_id


def test_letters_that_come_back_without_a_reason_end_mail_only_when_three_did_so_in_a_row(post: Post) -> None:
    account, child = post.family()
    for cycle, comes_back in enumerate([True, True, False, True, True]):
        message_id = sent_again(post, account, child, cycle)
        for _ in range(2 if comes_back else 0):
            assert bounces(post).take(BARE, path_of(message_id)) == Verdict.BOUNCED
    assert account_of(post, account).mailable
    assert [topic_of(r.fact) for r in post.ward.history(message_id)][-1] == "mail.message_bounced.v1"
    bounces(post).take(BARE, path_of(sent_again(post, account, child, 5)))
    assert account_of(post, account).address_failing == "5.0.0"


def test_letters_to_an_earlier_address_do_not_count_against_the_new_one(post: Post) -> None:
    account, child = post.family()
    for cycle in range(2):
        bounces(post).take(BARE, path_of(sent_again(post, account, child, cycle)))
    post.says(account, EmailGiven(address="new@example.jp", address_version=2), EmailConfirmed(address_version=2))
    post.execute("UPDATE gen_test.mailing_list SET address_version = 2")
    post.lists(account, child, cycle=2)
    post.execute("UPDATE gen_test.mailing_list SET address_version = 2")
    (message_id,) = post.plan()
    deliver_all(post)
    bounces(post).take(BARE, path_of(message_id))
    assert account_of(post, account).mailable


def test_nothing_is_sent_to_an_address_that_fails(post: Post) -> None:
    message_id, account = sent(post)
    bounces(post).take(a_report(message_id))
    (child,) = {occasion.child_id for occasion in post.occasions(message_id)}
    post.lists(account, child, cycle=1)
    post.plan()
    deliver_all(post)
    assert len(post.outbox.sent) == 1
    assert post.ledger.to_report(10)[0].status == "address_failing"


@pytest.mark.parametrize(("status", "action"), [("4.2.2", "delayed"), ("5.2.2", "failed"), ("5.7.1", "failed")])
def test_a_delay_a_full_mailbox_or_a_policy_says_nothing_of_the_address(post: Post, status: str, action: str) -> None:
    message_id, account = sent(post)
    bounces(post).take(a_report(message_id, status, action))
    assert account_of(post, account).mailable


def test_a_report_with_a_wrong_mark_is_not_believed(post: Post) -> None:
    message_id, account = sent(post)
    assert bounces(post).take(a_report(message_id, mark="0" * 16)) == Verdict.NOT_OURS
    assert account_of(post, account).mailable


def test_an_automatic_reply_is_no_report(post: Post) -> None:
    message_id, account = sent(post)
    reply = f"To: bounce+{message_id.hex}.{TOKENS.bounce(message_id)}@ward.example\n\nI am on holiday. 5.1.1\n"
    assert bounces(post).take(reply.encode()) == Verdict.NO_REPORT
    assert account_of(post, account).mailable


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"Content-Type: multipart/report\n\n--", b"To: bounce+xyz@ward.example\n\n"])
def test_rubbish_is_read_quietly(post: Post, raw: bytes) -> None:
    assert bounces(post).take(raw) == Verdict.NOT_OURS


def test_a_message_that_nobody_knows_is_not_ours(post: Post) -> None:
    assert bounces(post).take(a_report(uuid4())) == Verdict.NOT_OURS


def test_the_relay_may_name_the_return_path_itself(post: Post) -> None:
    message_id, _ = sent(post)
    raw = a_report(message_id).replace(b"BOUNCE+", b"x+")
    assert bounces(post).take(raw, f"bounce+{message_id.hex}.{TOKENS.bounce(message_id)}@ward.example") == Verdict.BOUNCED


def test_a_report_about_an_address_given_up_fails_no_other(post: Post) -> None:
    message_id, account = sent(post)
    post.says(account, EmailGiven(address="new@example.jp", address_version=2), EmailConfirmed(address_version=2))
    bounces(post).take(a_report(message_id))
    assert account_of(post, account).mailable


def test_a_refused_recipient_fails_the_address_and_confirming_mends_it(post: Post) -> None:
    account, child = post.family()
    post.lists(account, child)
    post.plan()
    post.outbox.troubles.append((False, Refused("5.1.1")))
    deliver_all(post)
    post.outcomes.report()
    assert account_of(post, account).address_failing == "5.1.1"
    post.says(account, EmailConfirmed(address_version=1))
    assert account_of(post, account).mailable


@pytest.mark.parametrize(
    ("status", "means_it"), [("5.1.1", True), ("550", True), ("5.2.1", True), ("5.2.2", False), ("554", False), ("4.1.1", False)]
)
def test_which_refusals_mean_the_address_itself(status: str, *, means_it: bool) -> None:
    assert nobody_there(status) == means_it
