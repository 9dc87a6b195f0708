"""The OpenAPI document says what the service does: every operation is fed good and bad data made from it."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

EXAMPLES = 12
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
)
ENDING = ("put_password", "delete_account", "delete_session")
"""Operations after which nobody is signed in any more: they come last."""

SEALED = {"Hagukumi-Position", "before"}
"""Parameters that only the service can make; other tests are about them."""


@pytest.fixture
def schema(guardian: Any) -> Any:
    """The document, with a signed-in program that calls what it describes."""
    body = {"login_id": guardian.registered["login_id"], "password": "correct horse battery staple", "delivery": "token"}
    token = guardian.do("POST", "/session", body)["token"]
    app = guardian.browser._app

    async def signed_in(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            authorization = (b"authorization", f"Bearer {token}".encode())
            scope |= {"client": ("127.0.0.1", 1), "scheme": "https", "headers": [*scope["headers"], authorization]}
        await app(scope, receive, send)

    document = copy.deepcopy(app.openapi())
    for operation in _operations(document):
        parameters = operation.get("parameters", [])
        operation["parameters"] = [one for one in parameters if one["name"] not in SEALED]
    schema = schemathesis.openapi.from_dict(document)
    schema.app = signed_in
    return schema


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (operation for path in document["paths"].values() for operation in path.values())


def operations(schema: Any) -> Iterator[Any]:
    found = [result.ok() for result in schema.get_all_operations()]
    return iter(sorted(found, key=lambda operation: ENDING.index(name(operation)) + 1 if name(operation) in ENDING else 0))


def name(operation: Any) -> str:
    raw: dict[str, Any] = operation.definition.raw
    return str(raw["operationId"]).partition("_api_v1")[0]


def test_every_operation_keeps_to_the_document(schema: Any, service: Any) -> None:
    for operation in operations(schema):
        _feed(operation)
    assert service.queries.wait_for(service.ward.head())
    assert service.queries.lag().parked == 0


def _feed(operation: Any) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def feed(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    feed()


def test_every_operation_documents_its_problems_and_none_the_default_ones(schema: Any) -> None:
    document = schema.raw_schema
    for path, operations_of_path in document["paths"].items():
        for method, operation in operations_of_path.items():
            answers = operation["responses"]
            assert {"500", "503", "422", "400"} <= answers.keys(), (method, path)
            problems = [answer for status, answer in answers.items() if status >= "400"]
            assert all(list(answer["content"]) == ["application/problem+json"] for answer in problems), (method, path)
            assert operation["summary"], (method, path)
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_reference_leads_somewhere(schema: Any) -> None:
    document = schema.raw_schema
    schemas = document["components"]["schemas"]
    assert {reference.removeprefix("#/components/schemas/") for reference in _references(document)} <= schemas.keys()


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
