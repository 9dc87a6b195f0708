"""The record on paper, in Japanese and English (印刷する記録)."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from msgspec import Struct

from app.pages.access import PageRoute, Parent
from app.pages.due import GivenDose
from app.pages.records import folder
from app.pages.text import ENGLISH, JAPANESE, Words

router = APIRouter(prefix="/print", route_class=PageRoute, include_in_schema=False)


class Row(Struct, frozen=True):
    """One dose in both languages."""

    ja: str
    en: str
    dose: GivenDose


@router.get("/{child_id}")
def show(desk: Parent, child_id: UUID) -> HTMLResponse:
    """Every dose of one child, in the order given."""
    kid = desk.about(child_id)
    doses = folder(desk, kid).record.doses
    products = desk.edition.products
    rows = [Row(products[dose.vaccine].ja, products[dose.vaccine].en, dose) for dose in doses if dose.vaccine in products]
    return desk.page("printed.html", rows=rows, ja=Words(JAPANESE, desk.today), en=Words(ENGLISH, desk.today))
