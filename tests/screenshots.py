"""Pictures of the pages for the README and the manifest, taken by a browser without JavaScript: `make screenshots`.

Starts a service of its own on an empty folder, registers a family, and looks at its pages. Another folder for the pictures
and every page at every width come with `--all FOLDER`.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from app.pages.assets import STATIC
from app.pages.manifest import SCREENS as INSTALLED
from app.pages.text import LANGUAGES

ROOT = Path(__file__).parent.parent
SCREENS = ROOT / "docs" / "screens"
PASSWORD = "korewanagaiaikotoba"
WIDTHS = (240, 360, 1280)
START_SECONDS = 60
WEBP_QUALITY = 50


@contextmanager
def service() -> Iterator[str]:
    """A service with empty data, and its address."""
    folder = Path(tempfile.mkdtemp(prefix="hagukumi-screens-"))
    folder.chmod(0o711)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    settings = {"HAGUKUMI_DATA_DIR": str(folder / "data"), "HAGUKUMI_KEK_FILE": str(folder / "kek"), "HAGUKUMI_PORT": port}
    command = [str(Path(sys.executable).with_name("hagukumi")), "serve"]
    running = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | settings | {"HAGUKUMI_DEMO": "false"}, stdout=subprocess.DEVNULL
    )
    try:
        yield _answering(f"http://127.0.0.1:{port}")
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait()
        shutil.rmtree(folder)


def _answering(base: str) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            urlopen(f"{base}/signin").close()  # noqa: S310 - our own address
        except (URLError, ConnectionError):
            time.sleep(0.3)
        else:
            return base
    raise TimeoutError(base)


def today_on(page: Page) -> date:
    """The day in the ward, as every page says it."""
    year, month, day = (page.get_attribute("html", "data-today") or "").split("-")
    return date(int(year), int(month), int(day))


def _day(page: Page, name: str, day: date) -> None:
    for part, value in zip("ymd", (day.year, day.month, day.day), strict=True):
        page.fill(f"#{name}-{part}", str(value))


def _submit(page: Page) -> None:
    page.click("main form .btn.go")


def family(page: Page, base: str) -> None:
    """Register a family with a baby that had its first doses and has a visit planned, and with a boy of four."""
    page.goto(f"{base}/terms")
    page.check("#agreed")
    _submit(page)
    page.fill("#handle", "はるのママ")
    page.fill("#postal_code", "１０２－００００")
    page.check("#kind-own")
    page.fill("#password", PASSWORD)
    _submit(page)
    today = today_on(page)
    _child(page, base, "はるちゃん", today - timedelta(days=227), "F")
    _child(page, base, "りくくん", today - timedelta(days=1754), "M")
    haru, riku = (
        link.get_attribute("href") or "" for link in page.query_selector_all("main a[href^='/record/'][href$='/entry']")
    )
    _enter(page, base + haru, _baby(today - timedelta(days=164)))
    _enter(page, base + riku, _boy(today - timedelta(days=1754)))
    page.goto(f"{base}/plan")
    _day(page, "go", today + timedelta(days=4))
    _submit(page)
    page.click("form[method=post] .btn.go")
    page.goto(f"{base}/inquiries/new")
    page.fill("#text", "記録を印刷して、保育園に出したいです。\n\n上の子の分もいっしょに印刷できますか。")
    _submit(page)


def _baby(first: date) -> dict[str, list[date]]:
    three = [first, first + timedelta(28), first + timedelta(63)]
    return {"DPT-IPV-Hib": three, "PCV": three, "HEPB": three[:2], "ROTA": three[:2]}


def _boy(born: date) -> dict[str, list[date]]:
    def at(*days: int) -> list[date]:
        return [born + timedelta(n) for n in days]

    four = at(95, 123, 151, 400)
    return {"DPT-IPV": four, "HIB": four, "PCV": four, "HEPB": at(95, 123, 240), "ROTA": four[:2], "BCG": at(160)} | {
        "MR1": at(400),
        "VAR": at(400, 600),
        "JE1": at(1110, 1140),
    }


def _child(page: Page, base: str, handle: str, born_on: date, sex: str) -> None:
    page.goto(f"{base}/child/new")
    page.fill("#handle", handle)
    _day(page, "born", born_on)
    page.check(f"#sex-{sex}")
    _submit(page)


def _enter(page: Page, address: str, doses: dict[str, list[date]]) -> None:
    page.goto(address)
    for summary in page.query_selector_all("main summary"):
        summary.click()
    for series, days in doses.items():
        for n, day in enumerate(days, start=1):
            if page.query_selector(f"[id='e-{series}-{n}-y']"):
                for part, value in zip("ymd", (day.year, day.month, day.day), strict=True):
                    page.fill(f"[id='e-{series}-{n}-{part}']", str(value))
    _submit(page)


def pages(page: Page, base: str) -> dict[str, str]:
    """Every page worth a look, by name."""
    page.goto(f"{base}/")
    hrefs = [link.get_attribute("href") or "" for link in page.query_selector_all("main a")]
    found = {
        "home": "/",
        "terms": "/terms",
        "plan": "/plan",
        "menu": "/menu",
        "try": "/try",
        "signin": "/signin",
        "join": "/join",
        "notices": "/notices",
        "waiting": "/waiting",
    }
    found |= {f"menu-{name}": f"/menu/{name}" for name in ("mail", "family", "data", "profile", "password", "stop", "delete")}
    found |= {"articles": "/articles", "inquiries": "/inquiries", "inquiry-new": "/inquiries/new", "held": "/menu/data/print"}
    found |= {"child": "/child/new", "home-en": "/en/", "home-easy": "/easy/", "recover": "/recover", "missing": "/nowhere"}
    for name, part in (("why", "/why/"), ("record", "/record/"), ("postpone", "/postpone")):
        found[name] = next(href for href in hrefs if part in href)
    child_id = (
        page.locator("article", has_text="はるちゃん").locator("a[href^='/why/']").first.get_attribute("href") or ""
    ).split("/")[2]
    for name, listed in (("article", "/articles"), ("inquiry", "/inquiries")):
        page.goto(f"{base}{listed}")
        links = page.query_selector_all(f"main .rows a[href^='{listed}/']")
        found.update([(name, link.get_attribute("href") or "") for link in links[:1]])
    found |= {
        "chart": f"/chart/{child_id}",
        "entry": f"/record/{child_id}/entry",
        "print": f"/print/{child_id}",
        "past": f"/chart/{child_id}/past",
        "chart-en": f"/en/chart/{child_id}",
    }
    return found


def shoot(browser: Browser, state: Path, address: str, size: tuple[int, int], file: Path, *, full: bool) -> None:
    """One picture."""
    viewport: ViewportSize = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, java_script_enabled=False, storage_state=state, locale="ja-JP")
    page = context.new_page()
    page.goto(address)
    if file.suffix == ".webp":
        picture = {"format": "webp", "quality": WEBP_QUALITY}
        file.write_bytes(b64decode(context.new_cdp_session(page).send("Page.captureScreenshot", picture)["data"]))
    else:
        page.screenshot(path=file, full_page=full)
    context.close()


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, help="every page at every width, into this folder")
    parser.add_argument("--base", help="a service that is already running, with no family yet")
    wanted = parser.parse_args()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        executable = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        with service() if wanted.base is None else nullcontext(wanted.base) as base:
            _take(browser, base, Path(scratch) / "state.json", wanted.all)
        browser.close()


def _take(browser: Browser, base: str, state: Path, everything: Path | None) -> None:
    context = browser.new_context(java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    family(page, base)
    found = pages(page, base)
    context.storage_state(path=state)
    if everything is None:
        SCREENS.mkdir(parents=True, exist_ok=True)
        shoot(browser, state, base + found["home"], (360, 740), SCREENS / "home.png", full=False)
        shoot(browser, state, base + found["chart"], (1280, 880), SCREENS / "chart.png", full=False)
        for language in LANGUAGES:
            for screen in INSTALLED:
                address, size = base + language.prefix + found[screen.page], (screen.width_px, screen.height_px)
                shoot(browser, state, address, size, STATIC / screen.file_in(language), full=False)
        return
    everything.mkdir(parents=True, exist_ok=True)
    for name, address in found.items():
        for width in WIDTHS:
            shoot(browser, state, base + address, (width, 740), everything / f"{name}-{width}.png", full=True)


if __name__ == "__main__":
    main()
