"""What was just done: told on the page that follows a form, with the way to undo it."""

from collections.abc import Callable, Mapping
from uuid import UUID, uuid4

import msgspec
from markupsafe import Markup
from msgspec import Struct

from app.pages.desk import Desk
from app.pages.due import GivenDose
from app.pages.records import Folder


class Banner(Struct, frozen=True):
    """The saved banner (「記録しました」)."""

    title: Markup
    lines: tuple[Markup, ...] = ()
    undo: str = ""
    command: str = ""


def banner_of(desk: Desk, done: str, held: Folder | None, of: UUID | None) -> Banner | None:
    """The banner for what an address says was done; None where it says nothing that we know."""
    if held is None:
        return _of_account(desk, done)
    if done in _OF_CHILD:
        return _OF_CHILD[done](desk, held, of)
    return None


_ACCOUNT_TEXTS = {
    "mail_saved": ("mail.saved", None),
    "mail_sent": ("mail.saved", "mail.saved_sent"),
    "mail_kept": ("mail.kept", None),
    "mail_confirmed": ("mail.confirm_done", None),
    "stopped": ("stop.done", "stop.done_text"),
    "resumed": ("stop.resumed", None),
    "profile": ("profile.saved", None),
    "password": ("password.saved", None),
    "withdrawn": ("family.withdrawn", None),
    "removed": ("family.removed", None),
    "terms": ("terms.accepted", None),
    "asked": ("inquiry.sent", "inquiry.sent_text"),
    "inquiry_closed": ("inquiry.closed", None),
}


def _of_account(desk: Desk, done: str) -> Banner | None:
    if done not in _ACCOUNT_TEXTS:
        return None
    title, text = _ACCOUNT_TEXTS[done]
    return Banner(desk.words(title), (desk.words(text),) if text else ())


def _recorded(desk: Desk, held: Folder, visit_id: UUID | None) -> Banner | None:
    doses = [dose for dose in held.record.doses if dose.visit_id == visit_id]
    if not doses:
        return None
    words = desk.words
    title = words("record.saved", child=held.kid.handle, n=len(doses))
    undo = desk.url(f"/record/{held.kid.child_id}/undo/{visit_id}")
    return Banner(title, (*_given(desk, doses), *_consequences(desk, held, doses)), undo, str(uuid4()))


def _recorded_as_planned(desk: Desk, held: Folder, visit_id: UUID | None) -> Banner | None:
    banner = _recorded(desk, held, visit_id)
    if banner is None:
        return None
    return msgspec.structs.replace(banner, lines=(*banner.lines, desk.words("record.no_mail")))


def _given(desk: Desk, doses: list[GivenDose]) -> list[Markup]:
    vaccines = desk.words.join([desk.names.product(dose.vaccine) for dose in doses])
    day = doses[0].given_on
    if day is None:
        return [desk.words("record.saved_unknown", vaccines=vaccines)]
    return [desk.words("record.saved_text", date=desk.words.date(day), vaccines=vaccines)]


def _consequences(desk: Desk, held: Folder, doses: list[GivenDose]) -> list[Markup]:
    """What the record means: what is complete now, and what somebody should look at again."""
    series = {code for dose in doses for code in dose.series}
    complete = [item.name for item in held.items if item.series in series and item.group == "done"]
    told = [desk.words("record.complete", vaccine=name) for name in complete]
    return told + [
        desk.words("record.check", vaccine=desk.names.product(dose.vaccine), date=desk.words.date(dose.given_on))
        for dose in doses
        if dose.programme == "needs_review" and dose.given_on
    ]


def _entered(desk: Desk, held: Folder, _: UUID | None) -> Banner:
    doubtful = sum(dose.programme == "needs_review" for dose in held.record.doses)
    lines = (desk.words("entry.look", n=doubtful),) if doubtful else ()
    return Banner(desk.words("entry.saved", child=held.kid.handle), lines)


def _planned(desk: Desk, held: Folder, visit_id: UUID | None) -> Banner | None:
    visit = next((visit for visit in held.record.visits if visit.visit_id == visit_id), None)
    if visit is None:
        return None
    return Banner(desk.words("plan.saved", date=desk.words.date(visit.on)), (desk.words("plan.saved_text"),))


def _postponed(desk: Desk, held: Folder, postponement_id: UUID | None) -> Banner | None:
    found = next((p for p in held.record.postponements if p.postponement_id == postponement_id), None)
    if found is None:
        return None
    if found.until is None:
        title = desk.words("postpone.saved_undecided", child=held.kid.handle)
    else:
        title = desk.words("postpone.saved", child=held.kid.handle, date=desk.words.date(found.until))
    return Banner(title, (desk.words("postpone.saved_text"),))


def _added(desk: Desk, held: Folder, _: UUID | None) -> Banner:
    words, born_on = desk.words, held.kid.born_on
    told = words("child.added_text", date=words.short(born_on), era=words.era(born_on))
    return Banner(words("child.added", child=held.kid.handle), (told,))


def _plain(title: str, text: str | None = None) -> Callable[[Desk, Folder, UUID | None], Banner]:
    def banner(desk: Desk, held: Folder, _: UUID | None) -> Banner:
        return Banner(desk.words(title, child=held.kid.handle), (desk.words(text),) if text else ())

    return banner


_OF_CHILD: Mapping[str, Callable[[Desk, Folder, UUID | None], Banner | None]] = {
    "recorded": _recorded,
    "recorded_as_planned": _recorded_as_planned,
    "entered": _entered,
    "planned": _planned,
    "postponed": _postponed,
    "added": _added,
    "undone": _plain("record.undone", "record.undone_text"),
    "dose_corrected": _plain("dose.saved"),
    "corrected": _plain("child.corrected", "child.corrected_text"),
    "cancelled": _plain("plan.cancelled", "plan.cancelled_text"),
    "lifted": _plain("postpone.lifted", "postpone.lifted_text"),
}
