"""The data dictionary (データ項目一覧): what every field of every fact means, and its item on the ward's closed list."""

from enum import StrEnum

from msgspec import Struct


class Item(StrEnum):
    """The ward's closed list of personal data (個人情報), and what lies outside it because it says nothing of a person."""

    HANDLE = "handle (ニックネーム)"
    BIRTHDAY = "child's birthday (生年月日)"
    SEX = "child's sex (性別)"
    POSTAL_CODE = "postal code (郵便番号)"
    EMAIL = "e-mail address (メールアドレス)"
    VACCINATION = "vaccination status (接種状況)"
    INQUIRY = "text of inquiries on using the app (お問い合わせの内容)"
    CONSENT = "credentials and consent (同意・認証)"
    IDENTIFIER = "random identifier"
    RULES = "rules and codes of the service"
    PUBLICATION = "what the ward tells everybody"
    OPERATION = "running of the service"


PERSONAL = frozenset(
    {Item.HANDLE, Item.BIRTHDAY, Item.SEX, Item.POSTAL_CODE, Item.EMAIL, Item.VACCINATION, Item.INQUIRY, Item.CONSENT}
)
"""Only these may say something of a person, and only in facts that are encrypted under that person's key."""


class Entry(Struct, frozen=True):
    """One field."""

    item: Item
    meaning: str


FIELDS: dict[str, Entry] = {
    "account_id": Entry(Item.IDENTIFIER, "login of a guardian"),
    "address": Entry(Item.EMAIL, "the address as it is used"),
    "address_version": Entry(Item.CONSENT, "which of the account's addresses, counted from 1"),
    "accepted": Entry(Item.OPERATION, "letters that the relay took over"),
    "age_months_from": Entry(Item.OPERATION, "meant for children who have completed so many months or more"),
    "age_months_to": Entry(Item.OPERATION, "meant for children who have completed so many months or fewer"),
    "answer_digest": Entry(Item.RULES, "digest of the schedule answer that was told"),
    "as_of": Entry(Item.PUBLICATION, "day of which the source tells"),
    "body_en": Entry(Item.PUBLICATION, "text in English"),
    "body_ja": Entry(Item.PUBLICATION, "text in Japanese"),
    "born_on": Entry(Item.BIRTHDAY, "day of birth"),
    "change": Entry(Item.CONSENT, "how the credential came to be replaced"),
    "checkups": Entry(Item.CONSENT, "whether reminders of check-ups are wanted"),
    "child_id": Entry(Item.IDENTIFIER, "stream of the child"),
    "child_version": Entry(Item.IDENTIFIER, "so many facts of the child were known"),
    "code_hash": Entry(Item.CONSENT, "keyed fingerprint of the invitation code"),
    "content_hash": Entry(Item.RULES, "SHA-256 of the edition's files"),
    "date": Entry(Item.OPERATION, "the day that began"),
    "dose_id": Entry(Item.IDENTIFIER, "the dose, named by the client"),
    "draft": Entry(Item.OPERATION, "SHA-256 of wording and audience"),
    "due": Entry(Item.RULES, "meant where one of the series stands so for a child; empty: due or overdue"),
    "edition": Entry(Item.RULES, "content hash of the edition"),
    "notice.drafted.v1 edition": Entry(Item.RULES, "meant where dates changed with this edition; empty: wherever"),
    "engine": Entry(Item.RULES, "version of the schedule engine"),
    "expires_on": Entry(Item.CONSENT, "last day on which the code is good"),
    "article.drafted.v1 expires_on": Entry(Item.PUBLICATION, "last day on which it may be read"),
    "failed": Entry(Item.OPERATION, "letters that were refused"),
    "generation": Entry(Item.OPERATION, "number of the read generation"),
    "given_on": Entry(Item.VACCINATION, "day of the dose; null where nobody knows it any more"),
    "handle": Entry(Item.HANDLE, "what the family calls the person"),
    "head": Entry(Item.OPERATION, "position of the log that the generation holds"),
    "household_id": Entry(Item.IDENTIFIER, "stream of the household"),
    "invitation_id": Entry(Item.IDENTIFIER, "the invitation, named by the client"),
    "language": Entry(Item.CONSENT, "language of mails"),
    "languages": Entry(Item.OPERATION, "meant for readers of these languages; empty: of any"),
    "letters": Entry(Item.OPERATION, "number of test letters"),
    "message_id": Entry(Item.IDENTIFIER, "the message, named by whoever wrote it"),
    "medium": Entry(Item.OPERATION, "how somebody came to know the answer"),
    "name": Entry(Item.RULES, "name of the edition"),
    "notices": Entry(Item.CONSENT, "whether notices of the ward are wanted"),
    "occasions": Entry(Item.IDENTIFIER, "what the mail was about, as ids of the mail ledger"),
    "on": Entry(Item.VACCINATION, "the day on which it happened or shall happen"),
    "account.email_confirmed.v2 on": Entry(Item.CONSENT, "the day of the confirmation; null where it was not written down"),
    "answer.told.v1 on": Entry(Item.OPERATION, "the opened day of the answer"),
    "account.erased.v1 on": Entry(Item.OPERATION, "the day of the deletion"),
    "article.published.v1 on": Entry(Item.PUBLICATION, "the day of the publication"),
    "child.erased.v1 on": Entry(Item.OPERATION, "the day of the deletion"),
    "household.erased.v1 on": Entry(Item.OPERATION, "the day of the deletion"),
    "inquiry.answered.v1 on": Entry(Item.OPERATION, "the day of the answer"),
    "inquiry.closed.v1 on": Entry(Item.OPERATION, "the day of the end"),
    "inquiry.continued.v1 on": Entry(Item.OPERATION, "the day of the message"),
    "inquiry.opened.v1 on": Entry(Item.OPERATION, "the day of the inquiry"),
    "notice.released.v1 on": Entry(Item.OPERATION, "the day of the release"),
    "operator": Entry(Item.IDENTIFIER, "the operator who did it, by the id on the roster"),
    "postal_prefixes": Entry(Item.OPERATION, "meant for postal codes that begin so; empty: for all"),
    "postal_code": Entry(Item.POSTAL_CODE, "seven digits"),
    "postponement_id": Entry(Item.IDENTIFIER, "the postponement, named by the client"),
    "purpose": Entry(Item.OPERATION, "why the data were looked at, as a code"),
    "reason": Entry(Item.VACCINATION, "a coarse code, never text"),
    "mail.message_suppressed.v1 reason": Entry(Item.OPERATION, "why nothing was sent, as a code"),
    "mail.message_withdrawn.v1 reason": Entry(Item.OPERATION, "why nothing was sent, as a code"),
    "reason_ended_on": Entry(Item.VACCINATION, "day on which the special reason ended"),
    "recipients": Entry(Item.OPERATION, "number of letters"),
    "series": Entry(Item.VACCINATION, "series codes of the edition"),
    "notice.drafted.v1 series": Entry(Item.RULES, "meant for families with a child for whom one of these is due; empty: for all"),
    "setting": Entry(Item.VACCINATION, "under what arrangement the dose was given"),
    "sex": Entry(Item.SEX, "F or M; decides on sex-specific programmes only"),
    "source_en": Entry(Item.PUBLICATION, "whose news these are, in English"),
    "source_ja": Entry(Item.PUBLICATION, "whose news these are, in Japanese"),
    "source_url": Entry(Item.PUBLICATION, "where the source can be read"),
    "status": Entry(Item.OPERATION, "enhanced status code (RFC 3463) of the refusal"),
    "subject_en": Entry(Item.PUBLICATION, "subject in English"),
    "subject_ja": Entry(Item.PUBLICATION, "subject in Japanese"),
    "suppressed": Entry(Item.OPERATION, "letters that were not sent, because they did not hold any more"),
    "subject": Entry(Item.IDENTIFIER, "whose data were looked at"),
    "text": Entry(Item.INQUIRY, "what the guardian asked, or the ward answered"),
    "text_hash": Entry(Item.CONSENT, "SHA-256 of the text that was shown"),
    "title_en": Entry(Item.PUBLICATION, "heading in English"),
    "title_ja": Entry(Item.PUBLICATION, "heading in Japanese"),
    "unknown": Entry(Item.OPERATION, "letters of which nobody knows whether they arrived"),
    "until": Entry(Item.VACCINATION, "day up to which it is put off; null: until further notice"),
    "vaccinations": Entry(Item.CONSENT, "whether reminders of vaccinations are wanted"),
    "vaccine": Entry(Item.VACCINATION, "product code of the edition"),
    "version": Entry(Item.CONSENT, "version of the terms"),
    "visit_id": Entry(Item.IDENTIFIER, "the visit, named by the client"),
    "window_minutes": Entry(Item.OPERATION, "how long it can be cancelled before a letter leaves"),
    "wording": Entry(Item.OPERATION, "SHA-256 of the wording in both languages"),
}
"""By field name; a name that means something else in one topic has an entry of its own under `topic name`."""


def entry(topic: str, field: str) -> Entry:
    """What a field means.

    Raises:
        KeyError: nobody has said so yet.
    """
    return FIELDS.get(f"{topic} {field}") or FIELDS[field]
