"""Somebody who registers with an address."""

from uuid import UUID, uuid4

from app.service import Service
from commands.register_account import RegisterAccount


def registration(service: Service, account_id: UUID) -> RegisterAccount:
    """The command, with the terms in force accepted."""
    return RegisterAccount(
        account_id=account_id,
        household_id=uuid4(),
        terms_version=service.terms.terms.version,
        terms_hash=service.terms.terms.text_hash,
        handle="はるのママ",
        postal_code="102-0074",
        email="haha..22@docomo.ne.jp",
        password="correct horse battery staple",
    )
