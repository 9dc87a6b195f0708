"""Pages go over the wire compressed."""

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_BYTES_MIN = 1000
_LEVEL = 6
_OWN_SITES = frozenset({"same-origin", "none"})


class Compression:
    """Compresses what our own pages, or people themselves, ask for.

    What another site made the browser ask for goes out plain: by choosing words that the page repeats and watching the
    length of the answer, such a site together with an eavesdropper could guess at what else is on the page (BREACH).

    Args:
        app: Gives the answers.
        except_under: Addresses that are left alone.
    """

    def __init__(self, app: ASGIApp, except_under: str) -> None:
        self._plain = app
        self._packing = GZipMiddleware(app, minimum_size=_BYTES_MIN, compresslevel=_LEVEL)
        self._except_under = except_under

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        packs = scope["type"] == "http" and not scope["path"].startswith(self._except_under) and _asked_by_own_pages(scope)
        await (self._packing if packs else self._plain)(scope, receive, send)


def _asked_by_own_pages(scope: Scope) -> bool:
    """Old browsers do not say who made them ask, and get the page as it is."""
    return Headers(scope=scope).get("sec-fetch-site") in _OWN_SITES
