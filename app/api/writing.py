"""From a request that writes to a command, and from its receipt to the answer."""

from typing import Annotated
from uuid import UUID, uuid4, uuid5

from fastapi import Depends, Header, Request, Response
from msgspec import Struct
from pydantic import BaseModel, Field

from aggregates.fact import Actor, Role
from app.api.caller import Me, Serving
from app.api.reading import POSITION_HEADER, READ, etag
from app.problems import IdempotencyKeyRequired, UnsupportedMediaType
from app.service import Service
from commands.command import Command
from commands.receipt import Receipt

_IF_MATCH = r'^(\*|"[0-9]{1,9}")$'
_JSON = "application/json"


class Written(BaseModel):
    """What was done. The answer's ETag is the new version; its Hagukumi-Position makes a later read wait for this write."""

    version: Annotated[int, Field(description="Version of the resource that the ETag names.")]
    replayed: Annotated[bool, Field(description="Whether this had been done before and this is its first answer again.")]


class Conditions(Struct, frozen=True):
    """Under which id and on which version a request writes.

    Without If-Match a PUT creates. With it, it changes what is there: any version for `*`, else exactly the one named.
    """

    key: UUID | None
    changes: bool
    if_version: int | None

    def require_key(self) -> None:
        """Insist on an Idempotency-Key, because the answer holds secrets that only the first sender may see again.

        Raises:
            IdempotencyKeyRequired: The request has none.
        """
        if self.key is None:
            raise IdempotencyKeyRequired


def json_only(request: Request) -> None:
    """Refuse a body that is not announced as JSON.

    Raises:
        UnsupportedMediaType: There is a body, and its type is another or none.
    """
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    if has_body and request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        raise UnsupportedMediaType


async def conditions(
    request: Request,
    idempotency_key: Annotated[
        UUID | None, Header(description="Names this write. The same key with the same body gives the first answer again.")
    ] = None,
    if_match: Annotated[
        str | None, Header(pattern=_IF_MATCH, description="ETag of what is to be changed, or `*`. Without it a PUT creates.")
    ] = None,
) -> Conditions:
    """The conditions that a request sets.

    Raises:
        UnsupportedMediaType: The body is no JSON.
    """
    json_only(request)
    version = if_match.strip('"') if if_match else "*"
    return Conditions(idempotency_key, if_match is not None, int(version) if version != "*" else None)


class Writer:
    """Carries out commands for one request and marks the answer with version and position.

    The command id is the Idempotency-Key. Without one, a PUT that creates takes it from the id that the client chose, so
    that sending it again changes nothing; every other write counts as a new one.
    """

    def __init__(self, service: Service, request: Request, response: Response, actor: Actor, conditions: Conditions) -> None:
        self.conditions = conditions
        self._service = service
        self._correlation_id: UUID = request.state.correlation_id
        self._response = response
        self._actor = actor

    def __call__(self, command: Command, about: UUID | None = None, *, new: UUID | None = None) -> Written:
        """Carry a command out.

        Args:
            command: What to do.
            about: The stream whose version is told; none where the command is about one stream alone.
            new: The id that the client chose for what is created.
        """
        receipt, version = self.receipt(command, about, new=new)
        return Written(version=version, replayed=receipt.replayed)

    def receipt(self, command: Command, about: UUID | None = None, *, new: UUID | None = None) -> tuple[Receipt, int]:
        """Carry a command out whose answer tells more than the version, which comes with it."""
        receipt = self._service.commands(
            command,
            actor=self._actor,
            command_id=self.conditions.key or (uuid5(new, "PUT") if new else uuid4()),
            if_version=self.conditions.if_version,
            shown=self._service.shown,
            correlation_id=self._correlation_id,
        )
        version = receipt.versions[about or next(iter(receipt.versions))]
        self._response.headers["ETag"] = etag(version)
        self._response.headers[POSITION_HEADER] = self._service.positions.seal(receipt.position, READ)
        return receipt, version


Under = Annotated[Conditions, Depends(conditions)]


async def _writer(service: Serving, request: Request, response: Response, me: Me, conditions: Under) -> Writer:
    return Writer(service, request, response, Actor(me, Role.GUARDIAN), conditions)


async def _writer_for_nobody(service: Serving, request: Request, response: Response, conditions: Under) -> Writer:
    return Writer(service, request, response, Actor(None, Role.GUARDIAN), conditions)


Write = Annotated[Writer, Depends(_writer)]
WriteUnknown = Annotated[Writer, Depends(_writer_for_nobody)]
