"""Real people in a real browser: what every journey starts with, and what every page they meet is held to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from config import browser as chromium
from tests.journeys.site import served
from tests.journeys.visitor import Visitor

ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
expect.set_options(timeout=6_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def site(django_db_setup, tmp_path_factory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("site")) as address:
        yield address


@pytest.fixture(scope="package")
def engine(site) -> Iterator[Browser]:
    path = chromium.find()
    assert path, "Ces essais demandent un Chromium : « python -m config.browser » en installe un."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(site, engine) -> Iterator[Callable[..., Visitor]]:
    """`visitor("sociale@essaim.test")` is someone at their own computer; `visitor()` is nobody in particular.

    When the story ends, nothing may have complained in any of these browsers.
    """
    here: list[Visitor] = []

    def comes(email: str = "", **options: object) -> Visitor:
        here.append(Visitor(engine, site, email, **options))
        return here[-1]

    yield comes
    complaints = [complaint for each in here for complaint in each.leaves()]
    assert not complaints, "\n".join(complaints)
