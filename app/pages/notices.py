"""What the ward has told by mail (区からのお知らせ): notices for everybody, and those for the reader's family."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from aggregates.refusal import NotFound
from app.pages.access import Anyone, PageRoute, SignInNeeded
from notifier.html import elements
from projections.views import NoticeView

router = APIRouter(prefix="/notices", route_class=PageRoute, include_in_schema=False)


@router.get("")
def show_all(desk: Anyone) -> HTMLResponse:
    """All of them, the newest first."""
    notices = desk.service.queries.notices(desk.account_id)
    return desk.page("notices.html", notices=[(notice, _texts(notice, japanese=desk.words.japanese)[0]) for notice in notices])


@router.get("/{notice_id}")
def show(desk: Anyone, notice_id: UUID) -> HTMLResponse:
    """One notice.

    Raises:
        NotFound: there is none, or it is not for the reader: both read the same.
        SignInNeeded: it may be for the reader, who has not said who that is.
    """
    notice = next((one for one in desk.service.queries.notices(desk.account_id) if one.notice_id == notice_id), None)
    if notice is None:
        raise NotFound if desk.signed_in else SignInNeeded
    subject, body = _texts(notice, japanese=desk.words.japanese)
    text = Markup(elements([part for part in body.split("\n\n") if part.strip()]))  # noqa: S704 - `elements` escapes
    return desk.page("notice.html", notice=notice, subject=subject, text=text)


def _texts(notice: NoticeView, *, japanese: bool) -> tuple[str, str]:
    return (notice.subject_ja, notice.body_ja) if japanese else (notice.subject_en, notice.body_en)
