"""What a mail address and a postal code may look like."""

import re
from unicodedata import normalize

from aggregates.account.refusals import InvalidEmail, InvalidPostalCode

ADDRESS_LENGTH_MAX = 254
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_QUOTED = re.compile(r'"(.*)"')
_QUOTED_PAIR = re.compile(r"\\(.)")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")
_POSTAL_CODE = re.compile(r"〒? *([0-9]{3})[-−‐–—ー]?([0-9]{4})")


def email_address(typed: str) -> str:
    """The address as it is used: full-width letters made plain, the domain in small letters.

    Dots may stand anywhere before the @: Japanese carriers have issued `a..b@` and `ab.@` addresses for twenty years,
    although RFC 5322 knows them only in quotes. With quotes or without it is the same address, and is kept without.

    Raises:
        InvalidEmail: it cannot be an address.
    """
    local, _, domain = normalize("NFKC", typed).strip().rpartition("@")
    local = _unquoted(local)
    fits = len(local) + len(domain) < ADDRESS_LENGTH_MAX
    if not (fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise InvalidEmail
    return f"{local}@{domain.lower()}"


def _unquoted(local: str) -> str:
    quoted = _QUOTED.fullmatch(local)
    return _QUOTED_PAIR.sub(r"\1", quoted[1]) if quoted else local


def postal_code(typed: str) -> str:
    """Seven digits without a hyphen; full-width digits, hyphens and the mark 〒 are read too.

    Raises:
        InvalidPostalCode: it cannot be a postal code.
    """
    found = _POSTAL_CODE.fullmatch(normalize("NFKC", typed).strip())
    if found is None:
        raise InvalidPostalCode
    return found[1] + found[2]
