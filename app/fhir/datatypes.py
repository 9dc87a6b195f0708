"""The FHIR R4 data types that a record needs. Fields keep FHIR's names, absent ones are left out (FHIR JSON, 2.6.2)."""

from msgspec import Struct


class Element(Struct, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """Base of everything that is written."""


class Coding(Element, frozen=True, kw_only=True):
    """A code of a terminology."""

    system: str
    code: str
    version: str | None = None
    display: str | None = None


class CodeableConcept(Element, frozen=True, kw_only=True):
    """A concept by codes, by words, or both."""

    coding: tuple[Coding, ...] = ()
    text: str | None = None


class Reference(Element, frozen=True, kw_only=True):
    """A link to another resource of the bundle."""

    reference: str


class Annotation(Element, frozen=True, kw_only=True):
    """A remark."""

    text: str


class HumanName(Element, frozen=True, kw_only=True):
    """A name; the service knows nothing but a nickname."""

    use: str
    text: str


def code(system: str, value: str, text: str | None = None) -> CodeableConcept:
    """A concept of one code."""
    return CodeableConcept(coding=(Coding(system=system, code=value),), text=text)
