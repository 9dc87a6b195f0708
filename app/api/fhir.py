"""A child's record in HL7 FHIR R4."""

from uuid import UUID

import msgspec
from fastapi import APIRouter, Response

from aggregates.refusal import NotFound
from app.api import API
from app.api.caller import Me, Serving
from app.api.openapi import Responses, reads
from app.api.reading import Wait
from app.fhir.record import Rules, bundle

router = APIRouter(prefix=f"{API}/children/{{child_id}}/fhir", tags=["fhir"])

MEDIA_TYPE = "application/fhir+json"
_BUNDLE: Responses = {
    200: {
        "description": "A Bundle (R4, type `collection`) of Patient, Immunization and ImmunizationRecommendation",
        "content": {MEDIA_TYPE: {"schema": {"type": "object", "properties": {"resourceType": {"const": "Bundle"}}}}},
    }
}
_encode = msgspec.json.Encoder().encode


@router.get("", responses=reads() | _BUNDLE, response_class=Response, dependencies=[Wait])
def get_bundle(child_id: UUID, me: Me, service: Serving) -> Response:
    """The whole record of a child for other software: doses given and what is due next."""
    child = service.queries.child(me, child_id)
    record = next((record for record in service.queries.records(me) if record.child_id == child_id), None)
    if child is None or record is None:
        raise NotFound
    rules = Rules(service.rules.labels_of(record.edition), service.ward.today())
    return Response(_encode(bundle(child, record, rules)), media_type=MEDIA_TYPE)
