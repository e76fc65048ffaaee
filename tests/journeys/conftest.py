"""Real people in a real browser: what every journey starts with, and what every page they meet is held to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from config import browser as chromium
from tests.journeys.sessions import Sessions
from tests.journeys.site import Place, served
from tests.journeys.visitor import Visitor

# Of several such lists Chromium reads only the last: Playwright's own (driver/package/lib/coreBundle.js), then what
# each window prepares for nobody, half a second of a processor: what its address bar would suggest, a process to spare.
PLAYWRIGHTS = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,"
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch"
)
FOR_NOBODY = "WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess"
ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    f"--disable-features={PLAYWRIGHTS},{FOR_NOBODY}",
]  # fmt: skip
expect.set_options(timeout=6_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def place(django_db_setup, tmp_path_factory) -> Iterator[Place]:
    with served(tmp_path_factory.mktemp("site")) as place:
        yield place


@pytest.fixture(scope="package")
def site(place) -> str:
    return place.address


@pytest.fixture(scope="package")
def sessions(place) -> Sessions:
    return Sessions(place.database)


@pytest.fixture(scope="package")
def engine(site) -> Iterator[Browser]:
    path = chromium.find()
    assert path, "Ces essais demandent un Chromium : « python -m config.browser » en installe un."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


type Comes = Callable[..., Visitor]


@pytest.fixture(scope="package")
def visits(site, engine, sessions) -> Callable[[], AbstractContextManager[Comes]]:
    """While it lasts, people come; when it ends, nothing may have complained in any of their browsers."""

    @contextmanager
    def lasting() -> Iterator[Comes]:
        here: list[Visitor] = []

        def comes(email: str = "", **options: object) -> Visitor:
            here.append(Visitor(engine, site, sessions, email, **options))
            return here[-1]

        yield comes
        complaints = [complaint for each in here for complaint in each.leaves()]
        assert not complaints, "\n".join(complaints)

    return lasting


@pytest.fixture
def visitor(visits) -> Iterator[Comes]:
    """`visitor("sociale@essaim.test")` is someone at their own computer; `visitor()` is nobody in particular."""
    with visits() as comes:
        yield comes
