"""The service worker, which keeps pages and records on the device. It is renewed whenever any asset changes."""

import hashlib
import json
from functools import cache

from fastapi import APIRouter
from fastapi.responses import Response

from app.pages.assets import assets
from app.pages.text import LANGUAGES
from app.pages.waiting import PATH

_WORKER = "sw.js"
_NEEDED = (".css", ".js", "icon.svg")

router = APIRouter(include_in_schema=False)


@router.get("/sw.js")
def serve() -> Response:
    """The script, from the address that lets it see every page. Browsers ask for it again and again."""
    return Response(_script(), media_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@cache
def _script() -> str:
    version = hashlib.sha256("".join(asset.address for asset in assets().values()).encode()).hexdigest()
    shells = [language.prefix + PATH for language in LANGUAGES]
    files = [asset.address for name, asset in assets().items() if name.endswith(_NEEDED) and name != _WORKER]
    constants = {"VERSION": version, "FILES": files, "SHELLS": shells}
    told = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in constants.items())
    return told + assets()[_WORKER].content.decode()
