"""Sends test letters of a notice to members of staff. Their addresses are kept nowhere."""

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from uuid import UUID, uuid4

from aggregates.account.facts import Language
from aggregates.notice.facts import NoticeDrafted
from app.keys import derived_key
from app.mail import letterhead_of, transport_of
from app.settings import Settings
from commands.identity.derivation import Derivation
from commands.identity.mail_tokens import MailTokens
from notifier.letter import Sheet, Tokens, notice_letter

NO_WAY_OUT = "test"
"""Stands for a token: pressing the button in a test letter ends nobody's mail."""


def send_test(settings: Settings, draft: NoticeDrafted, notice_id: UUID, addresses: Sequence[str]) -> int:
    """Hand a letter in each language for each address to the relay; how many those were.

    Raises:
        NotSent: the relay has not taken one over; some may have left.
    """
    mark = MailTokens(Derivation(derived_key(settings, "credentials"))).bounce
    tokens = Tokens(lambda *_: NO_WAY_OUT, lambda *_: NO_WAY_OUT, lambda *_: NO_WAY_OUT, mark)
    to = [(address, language) for address in addresses for language in Language]
    with closing(transport_of(settings)) as transport:
        for address, language in to:
            sheet = Sheet(letterhead_of(settings), tokens, uuid4(), address, language, datetime.now(UTC))
            transport.send(notice_letter(sheet, draft, notice_id, NO_WAY_OUT), lambda: None)
    return len(to)
