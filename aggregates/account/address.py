"""What a mail address and a postal code may look like."""

import re
from unicodedata import normalize

from aggregates.account.refusals import InvalidEmail, InvalidPostalCode

ADDRESS_LENGTH_MAX = 254
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")
_POSTAL_CODE = re.compile(r"〒? *([0-9]{3})[-−‐–—ー]?([0-9]{4})")


def email_address(typed: str) -> str:
    """The address as it is used: full-width letters made plain, the domain in small letters.

    Dots may stand anywhere before the @: Japanese carriers have issued `a..b@` and `ab.@` addresses for twenty years,
    although RFC 5322 knows them only in quotes.

    Raises:
        InvalidEmail: it cannot be an address.
    """
    local, _, domain = normalize("NFKC", typed).strip().rpartition("@")
    fits = len(local) + len(domain) < ADDRESS_LENGTH_MAX
    if not (fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise InvalidEmail
    return f"{local}@{domain.lower()}"


def postal_code(typed: str) -> str:
    """Seven digits without a hyphen; full-width digits, hyphens and the mark 〒 are read too.

    Raises:
        InvalidPostalCode: it cannot be a postal code.
    """
    found = _POSTAL_CODE.fullmatch(normalize("NFKC", typed).strip())
    if found is None:
        raise InvalidPostalCode
    return found[1] + found[2]
