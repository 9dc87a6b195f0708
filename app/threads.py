"""Own inquiries as pages and REST show them: read from the log itself, because the text is held nowhere else."""

from uuid import UUID

from aggregates.inquiry.state import Inquiry
from aggregates.inquiry.thread import require_own
from app.service import Service
from commands.inquiries import INQUIRY


def own_inquiry(service: Service, account_id: UUID, inquiry_id: UUID) -> tuple[Inquiry, int]:
    """An own inquiry and its version.

    Raises:
        NotFound: it is somebody else's, or is not at all.
    """
    inquiry, version = service.ward.state(inquiry_id, INQUIRY.project)
    require_own(inquiry, account_id)
    return inquiry, version
