"""Reports as mail systems of many kinds write them."""

from email import message_from_bytes

import pytest

from notifier.failing import nobody_there
from notifier.reports import Report, report_of

OURS = "\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <bounce+x@ward.example>\n\n5.1.1 user unknown\n"


def plain(
    text: str, *, sender: str = "MAILER-DAEMON@mx.example", subject: str = "failure notice", charset: str = "utf-8"
) -> bytes:
    head = f"From: {sender}\nSubject: {subject}\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    return head.encode() + text.encode(charset)


def read(raw: bytes) -> Report | None:
    return report_of(message_from_bytes(raw))


POSTFIX = """This is the mail system at host mx.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

<parent@example.jp>: host mx.example.jp[192.0.2.1] said: 550 5.1.1
    <parent@example.jp>: Recipient address rejected: User unknown in local
    recipient table (in reply to RCPT TO command)
"""
QMAIL = """Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<parent@example.jp>:
Sorry, no mailbox here by that name. (#5.1.1)
"""
QMAIL_WITHOUT_CODE = QMAIL.replace(" (#5.1.1)", "")
EXIM = """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  parent@example.jp
    host mx.example.jp [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<parent@example.jp>:
    550 Unrouteable address
"""
DOCOMO = """次の宛先へのメールは、エラーのため送信できませんでした。
パケット通信料がかかる場合があります。

<a..b@docomo.ne.jp>
550 Unknown user a..b@docomo.ne.jp
"""
EZWEB = """あなたのメールは、次の宛先にお届けできません。
ab.@ezweb.ne.jp
宛先のメールアドレスは存在しません。
"""
SOFTBANK = """メールを送信できませんでした。
送信先のアドレスが見つかりませんでした。
"""
FULL = "次の宛先へのメールは配信できませんでした。\nメールボックスの容量がいっぱいのため、エラーのため送信できません。\n"
BARE = "Delivery to this address failed for good.\n550 go away\n"
SPAM = "Your message could not be delivered.\n<parent@example.jp>: 550 blocked as spam\n"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (POSTFIX, "5.1.1"),
        (QMAIL, "5.1.1"),
        (QMAIL_WITHOUT_CODE, "5.1.1"),
        (EXIM, "5.1.1"),
        (DOCOMO, "5.1.1"),
        (EZWEB, "5.1.1"),
        (SOFTBANK, "5.1.1"),
        ("Delivery to this address failed for good.\n551 go away\n", "551"),
    ],
    ids=["postfix", "qmail", "qmail without code", "exim", "docomo", "ezweb", "softbank", "code alone"],
)
def test_a_report_in_words_is_understood(text: str, status: str) -> None:
    report = read(plain(text + OURS))
    assert report == Report("failed", status)
    assert nobody_there(report.status)


@pytest.mark.parametrize("charset", ["iso-2022-jp", "shift_jis", "utf-8"])
def test_carriers_write_in_every_character_set(charset: str) -> None:
    assert read(plain(EZWEB, charset=charset)) == Report("failed", "5.1.1")


@pytest.mark.parametrize(("text", "status"), [(FULL, "5.2.2"), (SPAM, "5.7.1"), ("Undelivered mail\n", "5.0.0"), (BARE, "5.0.0")])
def test_a_full_mailbox_a_policy_or_no_reason_says_nothing_of_the_address(text: str, status: str) -> None:
    report = read(plain(text))
    assert report == Report("failed", status)
    assert not nobody_there(report.status)


@pytest.mark.parametrize(
    "text",
    [
        "Warning: message still undelivered after 4 hours\nWill be retried. 450 4.2.0 greylisted\n",
        "配送が遅れています。再送を続けます。\n",
    ],
)
def test_a_delay_is_no_failure(text: str) -> None:
    assert read(plain(text, subject="Delayed")) == Report("delayed", "4.0.0")


def test_the_subject_may_be_all_that_says_so() -> None:
    subject = "=?iso-2022-jp?B?GyRCMDdAaElUTEAbKEI=?="
    assert read(plain("-- \n", subject="Returned mail: User unknown")) == Report("failed", "5.1.1")
    assert read(plain("宛先不明\n", subject=subject)) is not None


@pytest.mark.parametrize(
    "raw",
    [
        plain("I am on holiday. My address does not exist any more: 550 5.1.1\n", sender="parent@example.jp", subject="Re: news"),
        plain(POSTFIX).replace(b"Subject", b"Auto-Submitted: auto-replied\nSubject"),
        plain("Thank you for your mail.\n", subject="Welcome"),
    ],
    ids=["person", "says so", "no failure"],
)
def test_an_automatic_reply_is_no_report(raw: bytes) -> None:
    assert read(raw) is None


def test_what_stands_in_our_own_letter_is_not_read() -> None:
    raw = b"""From: MAILER-DAEMON@mx.example
Subject: Undelivered mail
Content-Type: multipart/mixed; boundary=cut

--cut
Content-Type: text/plain

Undelivered mail
--cut
Content-Type: message/rfc822

Subject: x
Content-Type: text/plain

user unknown 5.1.1
--cut--
"""
    assert read(raw) == Report("failed", "5.0.0")


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", plain("x", subject="x").replace(b"utf-8", b"nonsense"), b"From: <\n\n"])
def test_rubbish_is_read_quietly(raw: bytes) -> None:
    assert read(raw) is None
