"""The impact report in a browser: axe, nothing sideways, nothing asked of anybody."""

from pathlib import Path

import pytest

from app.reports.impact import page
from schedule.japan import load_edition
from tests.app.rules.test_impact_page import a_report
from tests.browser.conftest import Site
from tests.browser.test_pages import faults


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_the_report_has_no_fault(site: Site, tmp_path: Path, width: int, scheme: str) -> None:
    file = tmp_path / "impact.html"
    file.write_text(page(a_report(), load_edition(), approver=True), encoding="utf-8")
    context = site.browser.new_context(viewport={"width": width, "height": 740}, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    shown, asked = context.new_page(), list[str]()
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(file.as_uri())
    assert faults(shown, width) == []
    assert asked == [file.as_uri()]
    context.close()
