"""The service worker, which keeps pages and records on the device. It is renewed whenever any asset changes."""

import hashlib
import json
from functools import cache

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.pages.assets import assets
from app.pages.text import LANGUAGES
from app.pages.waiting import PATH

_WORKER = "sw.js"
_NEEDED = (".css", ".js", "icon.svg")

router = APIRouter(include_in_schema=False)


@router.get("/sw.js")
def serve(request: Request) -> Response:
    """The script, from the address that lets it see every page. Browsers ask with every page whether it has changed."""
    headers = {"Cache-Control": "no-cache", "ETag": tag()}
    if tag() in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(script(), media_type="text/javascript; charset=utf-8", headers=headers)


@cache
def tag() -> str:
    """Weak, because the same script travels with and without compression."""
    return f'W/"{hashlib.sha256(script().encode()).hexdigest()[:16]}"'


@cache
def script() -> str:
    """The script with the version of all assets before it."""
    version = hashlib.sha256("".join(asset.address for asset in assets().values()).encode()).hexdigest()
    shells = [language.prefix + PATH for language in LANGUAGES]
    files = [asset.address for name, asset in assets().items() if name.endswith(_NEEDED) and name != _WORKER]
    constants = {"VERSION": version, "FILES": files, "SHELLS": shells}
    told = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in constants.items())
    return told + assets()[_WORKER].content.decode()
