"""Where an article may lead its readers: to the state, to municipalities and to the World Health Organization.

The domains go.jp and lg.jp are given to public bodies alone, so nobody can buy a name under them.
"""

import re
from urllib.parse import urlsplit

ALLOWED = ("go.jp", "lg.jp", "who.int")
_INLINE = re.compile(r"\]\(\s*<?([^\s)>]*)")
_BARE = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s)>\]]*", re.IGNORECASE)


def allowed(link: str) -> bool:
    """Whether a link may stand in an article: HTTPS, and a host under one of the domains."""
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").rstrip(".")
        plain = parts.scheme == "https" and parts.port is None and "@" not in parts.netloc
    except ValueError:
        return False
    return plain and any(host == domain or host.endswith(f".{domain}") for domain in ALLOWED)


def foreign_links(source: str, *bodies: str) -> list[str]:
    """The links that may not stand there, in the order found."""
    found = [source, *(link for body in bodies for pattern in (_INLINE, _BARE) for link in pattern.findall(body))]
    return [link for link in found if not allowed(link)]
