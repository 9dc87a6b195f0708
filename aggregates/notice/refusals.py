"""What a notice (お知らせ) is refused for."""

from aggregates.refusal import Refusal


class NoticeClosed(Refusal):
    """The notice was released or cancelled: draft another one."""

    code = "notice_closed"


class NoticeChanged(Refusal):
    """The draft is another by now than the one that was looked at."""

    code = "notice_changed"


class NoticeNotTested(Refusal):
    """No test letter of exactly this wording was sent."""

    code = "notice_not_tested"


class NoticeSettled(Refusal):
    """Every letter has come to its end, so that nothing is left to cancel."""

    code = "notice_settled"


class NoticeTextMissing(Refusal):
    """A notice is written in both languages; `part` is missing."""

    code = "notice_text_missing"
    status = 422


class NoticeTextTooLong(Refusal):
    """`part` has more than `limit` characters."""

    code = "notice_text_too_long"
    status = 422


class NoticeLineTooLong(Refusal):
    """A line of `part` has more than `limit` characters."""

    code = "notice_line_too_long"
    status = 422


class NoticePlaceholder(Refusal):
    """`part` holds a brace: nothing is filled in, all families read the same words."""

    code = "notice_placeholder"
    status = 422


class NoticeControlCharacter(Refusal):
    """`part` holds a character that is no text."""

    code = "notice_control_character"
    status = 422


class AudienceImpossible(Refusal):
    """Nobody can be meant: ages in the wrong order, no postal code, or a due status without a series."""

    code = "notice_audience_impossible"
    status = 422
