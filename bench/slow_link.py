"""Home on a slow link: what crosses the wire at first and later, and when something can be read.

Workload: `hagukumi serve` as a family starts it; Debian's Chromium, signed in as the demo family, held to 400 kbit/s both ways
and 400 ms a round trip. First loads begin with an empty cache and no service worker. Reference: a page of one word from the same
server on the same link, which pays for the connection and the round trip alone. Bytes are as they came, headers included.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, CDPSession, Page, StorageState, sync_playwright

from bench.serving import EMPTY, Server, started

CHROMIUM = "/usr/bin/chromium"
BYTES_A_SECOND = 400_000 / 8
LATENCY_MS = 400
ROUNDS = 3
FIRST_KB_MAX, LATER_KB_MAX, PAINT_SECONDS_MAX = 60, 15, 2.5
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


@contextmanager
def slow_page(browser: Browser, base: str, state: StorageState | None) -> Iterator[tuple[Page, list[float]]]:
    """A page on the slow link, and the bytes of each answer it received."""
    # Waiting for the paint evaluates an expression in the page again and again, which its policy rightly forbids.
    context = browser.new_context(base_url=base, storage_state=state, service_workers="block", bypass_csp=True)
    page = context.new_page()
    came: list[float] = []
    link = context.new_cdp_session(page)
    _throttle(link)
    link.on("Network.loadingFinished", lambda told: came.append(told["encodedDataLength"]))
    yield page, came
    context.close()


def _throttle(link: CDPSession) -> None:
    link.send("Network.enable")
    speed = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    link.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY_MS, **speed})


def first_paint(page: Page, address: str) -> float:
    """Seconds until something could be read."""
    page.goto(address, wait_until="load")
    page.wait_for_function(PAINTED)
    return float(page.evaluate(PAINTED)) / 1000


def signed_in(browser: Browser, server: Server, base: str) -> StorageState:
    context = browser.new_context(base_url=base)
    page = context.new_page()
    page.goto("/signin")
    page.fill("#login_id", server.login_id)
    page.fill("#password", server.password)
    page.click("main form .go")
    page.wait_for_url(f"{base}/")
    state = context.storage_state()
    context.close()
    return state


def loads(browser: Browser, base: str, state: StorageState) -> tuple[float, float, float, float]:
    """First paint and kilobytes of a first load, then of one more."""
    with slow_page(browser, base, state) as (page, came):
        first = first_paint(page, "/")
        first_bytes = sum(came)
        came.clear()
        return first, first_bytes / 1000, first_paint(page, "/"), sum(came) / 1000


def told(name: str, paint: float, weight: float, limit: int) -> str:
    return f"{name:20}  first paint {paint:.2f} s   at most {PAINT_SECONDS_MAX}   {weight:5.1f} KB   at most {limit}"


def main() -> None:
    if not Path(CHROMIUM).exists():
        print(f"not measured: no Chromium at {CHROMIUM}")
        return
    with started() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        base = f"http://127.0.0.1:{server.port}"
        state = signed_in(browser, server, base)
        with slow_page(browser, base, None) as (page, _):
            word = first_paint(page, EMPTY)
        first, first_kb, later, later_kb = (
            median(figures) for figures in zip(*(loads(browser, base, state) for _ in range(ROUNDS)), strict=True)
        )
        print(f"one word (reference)  first paint {word:.2f} s")
        print(told("home, first load", first, first_kb, FIRST_KB_MAX))
        print(told("home, later", later, later_kb, LATER_KB_MAX))
        browser.close()


if __name__ == "__main__":
    main()
