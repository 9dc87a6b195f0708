"""Inquiries on using the service (お問い合わせ). Only the guardian who asks and the ward's staff read them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from aggregates.inquiry.state import Standing
from aggregates.inquiry.thread import InquiryIsClosed
from aggregates.refusal import IdTaken, TooManyEntries
from app.api import API
from app.api.body import Answer, Body
from app.api.caller import Me, Serving
from app.api.openapi import reads, writes
from app.api.reading import Wait, etag
from app.api.writing import Write, Written
from app.threads import own_inquiry
from commands.close_inquiry import CloseInquiry
from commands.continue_inquiry import ContinueInquiry
from commands.inquiries import MessageText
from commands.open_inquiry import OpenInquiry

router = APIRouter(prefix=f"{API}/inquiries", tags=["inquiries"])


class InquiryIn(Body):
    """What is asked. Questions on health belong to the ward's nurses, by telephone."""

    text: MessageText
    child_id: Annotated[UUID | None, Field(description="The ward's staff may look at this child; null: at none.")] = None


class MessageIn(Body):
    """What is added."""

    text: MessageText


class InquiryOut(Answer):
    """An inquiry and whose turn it is."""

    inquiry_id: UUID
    standing: Standing
    opened_on: date
    last_on: date
    version: int


class MessageOut(Answer):
    """One message; `message_id` of the first is null."""

    message_id: UUID | None
    by_ward: bool
    text: str
    on: date


class ThreadOut(Answer):
    """A whole inquiry."""

    inquiry_id: UUID
    standing: Standing
    child_id: UUID | None
    messages: list[MessageOut]
    version: int


@router.get("", responses=reads(), dependencies=[Wait])
def list_inquiries(me: Me, service: Serving) -> list[InquiryOut]:
    """The caller's own inquiries, the newest first."""
    return [InquiryOut.model_validate(inquiry) for inquiry in service.queries.inquiries(me)]


@router.get("/{inquiry_id}", responses=reads(), dependencies=[Wait])
def get_inquiry(inquiry_id: UUID, me: Me, service: Serving, response: Response) -> ThreadOut:
    """One inquiry with all that was said."""
    inquiry, version = own_inquiry(service, me, inquiry_id)
    response.headers["ETag"] = etag(version)
    messages = [MessageOut.model_validate(message) for message in inquiry.messages]
    return ThreadOut(
        inquiry_id=inquiry_id, standing=inquiry.standing, child_id=inquiry.child_id, messages=messages, version=version
    )


@router.put("/{inquiry_id}", responses=writes(IdTaken, TooManyEntries))
def put_inquiry(inquiry_id: UUID, body: InquiryIn, write: Write) -> Written:
    """Ask the ward something."""
    return write(OpenInquiry(inquiry_id=inquiry_id, **body.fields()), inquiry_id, new=inquiry_id)


@router.put("/{inquiry_id}/messages/{message_id}", responses=writes(InquiryIsClosed, TooManyEntries))
def put_message(inquiry_id: UUID, message_id: UUID, body: MessageIn, write: Write) -> Written:
    """Write more."""
    command = ContinueInquiry(inquiry_id=inquiry_id, message_id=message_id, text=body.text)
    return write(command, inquiry_id, new=message_id)


@router.put("/{inquiry_id}/closed", responses=writes())
def put_closed(inquiry_id: UUID, write: Write) -> Written:
    """Say that nothing more is needed."""
    return write(CloseInquiry(inquiry_id=inquiry_id), inquiry_id)
