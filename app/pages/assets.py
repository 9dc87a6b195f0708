"""The style sheet, scripts, icons and pictures, each under a name that changes with its content, so that a browser asks once."""

import gzip
import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response
from msgspec import Struct

STATIC = Path(__file__).parent / "static"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
}
_FOREVER = "public, max-age=31536000, immutable"
_DIGEST_LENGTH = 12

router = APIRouter(include_in_schema=False)


class Asset(Struct, frozen=True):
    """One file as it is served."""

    address: str
    media_type: str
    content: bytes
    packed: bytes


@cache
def assets() -> dict[str, Asset]:
    """Every file by its plain name."""
    return {path.name: _asset(path) for path in sorted(STATIC.iterdir()) if path.suffix in MEDIA_TYPES}


def address(name: str) -> str:
    """Where a file is served."""
    return assets()[name].address


@router.get("/static/{name}")
async def serve(request: Request, name: str) -> Response:
    """One file, never to be asked for again."""
    found = _by_address().get(f"/static/{name}")
    if found is None:
        return Response(status_code=404)
    headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
    packs = "gzip" in request.headers.get("accept-encoding", "") and len(found.packed) < len(found.content)
    if packs:
        headers["Content-Encoding"] = "gzip"
    return Response(found.packed if packs else found.content, media_type=found.media_type, headers=headers)


@cache
def _by_address() -> dict[str, Asset]:
    return {asset.address: asset for asset in assets().values()}


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:_DIGEST_LENGTH]
    address = f"/static/{path.stem}.{digest}{path.suffix}"
    return Asset(address, MEDIA_TYPES[path.suffix], content, gzip.compress(content, mtime=0))
