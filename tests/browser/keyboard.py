"""A parent without a mouse or a touch screen: what stops the focus makes, and whether it can be seen there."""

from playwright.sync_api import Page

MOST_STOPS = 400
STOP = """wanted => {
  const fresh = !window.walked, stop = document.activeElement, style = getComputedStyle(stop), box = stop.getClientRects()[0];
  const name = `${stop.tagName} ${stop.id || stop.textContent.trim().slice(0, 20)}`;
  const place = [...document.querySelectorAll('*')].indexOf(stop);
  if (stop === document.body) return { place: -1, name, fault: '' };
  window.walked = true;
  const drawn = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
  const clip = (low, high, most) => (Math.max(low, 0) + Math.min(high, most)) / 2;
  const seen = box && document.elementFromPoint(clip(box.left, box.right, innerWidth), clip(box.top, box.bottom, innerHeight));
  const covered = !seen || !(stop.contains(seen) || seen.contains(stop));
  const early = fresh && wanted && !stop.matches('.skip');
  const fault = !drawn ? 'has no ring' : covered ? 'is out of sight' : early ? 'comes before the way past the menu' : '';
  return { place, name, fault, reached: wanted && stop.matches(wanted) };
}"""
UNREACHED = """stops => {
  const stopped = new Set(stops.map(place => [...document.querySelectorAll('*')][place]));
  const group = radio => [...document.getElementsByName(radio.name)];
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
    .filter(e => e.checkVisibility() && !stopped.has(e) && !(e.type === 'radio' && group(e).some(one => stopped.has(one))))
    .map(e => `${e.tagName} ${e.id || e.textContent.trim().slice(0, 20)} is never reached`);
}"""


def go_to(page: Page, wanted: str) -> None:
    """Move the focus to an element. It is seen at each stop, and first on each page comes the way past its menu."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP, wanted)
        assert not stop["fault"], f"{stop['name']} {stop['fault']}"
        if stop.get("reached"):
            return
    raise AssertionError(wanted)


def press(page: Page, selector: str, key: str = "Enter") -> None:
    """Go to a link or a button, and follow it to its page."""
    go_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press(key)


def lap(page: Page) -> list[str]:
    """What goes wrong on the way through the whole page and back."""
    found: list[str] = []
    there = _stops(page, "Tab", found)
    if there != sorted(there):
        found.append("the focus does not follow the page")
    if _stops(page, "Shift+Tab", found) != there[::-1]:
        found.append("the way back is another")
    return found + page.evaluate(UNREACHED, there)  # type: ignore[no-any-return]


def _stops(page: Page, key: str, found: list[str]) -> list[int]:
    places: list[int] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        stop = page.evaluate(STOP)
        if stop["place"] < 0 and not places:
            continue
        if stop["place"] < 0 or stop["place"] in places:
            return places
        places.append(stop["place"])
        if stop["fault"]:
            found.append(f"{stop['name']} {stop['fault']}")
    found.append("the focus never leaves the page")
    return places
