"""Who may talk to the service and how: transport, origin, session cookie, headers."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.datastructures import Headers
from starlette.types import Scope

from aggregates.refusal import Refusal
from app.problems import BodyTooLarge, CrossSite, HttpsRequired, MisdirectedHost
from app.settings import is_loopback

MAX_BODY_BYTES = 64 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

SESSION, DEVICE = "session", "device"
DEVICE_SECONDS = 400 * 24 * 3600
"""As long as browsers keep a cookie at all."""

HSTS = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
SECURITY_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
)


def refused_at_the_door(scope: Scope) -> Refusal | None:
    """What is wrong with a request before anything of it is read.

    The server has already replaced scheme and client by those that a trusted proxy named, and by no others.
    """
    headers = Headers(scope=scope)
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > MAX_BODY_BYTES:
        return BodyTooLarge()
    if scope["scheme"] == "https":
        return None
    if not _from_this_machine(scope):
        return HttpsRequired()
    return None if is_loopback(_host_name(headers)) else MisdirectedHost()


def _from_this_machine(scope: Scope) -> bool:
    client = scope.get("client")
    try:
        return client is not None and ip_address(client[0]).is_loopback
    except ValueError:
        return False


def _host_name(headers: Headers) -> str:
    return urlsplit(f"//{headers.get('host', '')}").hostname or ""


def require_same_origin(request: Request) -> None:
    """Refuse a write that another site made the browser send.

    Browsers name the origin in Sec-Fetch-Site or Origin; old ones that send neither still send a Referer.

    Raises:
        CrossSite: The request names another origin, or none at all.
    """
    if request.method not in SAFE_METHODS and not _is_same_origin(request):
        raise CrossSite


def _is_same_origin(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    source = request.headers.get("origin") or request.headers.get("referer") or ""
    parts = urlsplit(source)
    return (parts.scheme, parts.netloc) == (request.url.scheme, request.headers.get("host"))


def cookie_name(request: Request, purpose: str = SESSION) -> str:
    """The name of a cookie: `__Host-` holds the browser to HTTPS, which loopback does not have."""
    return f"__Host-{purpose}" if request.url.scheme == "https" else f"{purpose}-on-loopback"


def set_session_cookie(request: Request, response: Response, token: str, max_age_seconds: int) -> None:
    """Hand the session to the browser, out of reach of scripts."""
    _set_cookie(request, response, SESSION, token, max_age_seconds)


def clear_session_cookie(request: Request, response: Response) -> None:
    """Take the session back from the browser."""
    _set_cookie(request, response, SESSION, "", 0)


def set_device_cookie(request: Request, response: Response, mark: str) -> None:
    """Mark a browser that has signed in, so that others who guess at the login id do not lock it out."""
    _set_cookie(request, response, DEVICE, mark, DEVICE_SECONDS)


def device_mark(request: Request) -> str | None:
    """The mark of a browser that has signed in before."""
    return request.cookies.get(cookie_name(request, DEVICE))


def _set_cookie(request: Request, response: Response, purpose: str, value: str, max_age_seconds: int) -> None:
    response.set_cookie(
        cookie_name(request, purpose),
        value,
        max_age=max_age_seconds,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def session_token(request: Request) -> str | None:
    """The token that a request carries: a bearer token, or else the cookie, which counts only for requests of our own pages.

    Raises:
        CrossSite: A write carries the cookie and comes from elsewhere.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    cookie = request.cookies.get(cookie_name(request))
    if cookie is not None:
        require_same_origin(request)
    return cookie
