"""Someone at a browser. Each page they look at is checked: accessible by axe, light and dark, wide and narrow, quiet in
the console, asking nothing of other sites, and never wider than its screen."""

from __future__ import annotations

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.journeys.sessions import Sessions

PASSWORD = "essaim-demo"
RULES = ["RGAAv4", "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK, PHONE, SMALL = (1360, 900), (360, 780), (320, 640)
axe = Axe()
# What has been looked at, by anybody: a page is checked once in each of its states.
_seen: set[tuple[str, str]] = set()


class Visitor:
    def __init__(
        self, engine: Browser, site: str, sessions: Sessions, email: str = "", *, javascript: bool = True,
        wide: bool = True, storage: Any = None,
    ) -> None:  # fmt: skip
        """`storage` is what another visit left in the browser: `visitor.context.storage_state()`."""
        self.site, self.javascript = site, javascript
        self.size = DESK if wide else PHONE
        self.complaints: list[str] = []
        self.context = engine.new_context(
            base_url=site,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            java_script_enabled=javascript,
            reduced_motion="reduce",
            viewport={"width": self.size[0], "height": self.size[1]},
            storage_state=storage,
        )
        self.context.set_default_timeout(6_000)
        self.context.on("request", self._goes_out)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda said: self._complains(said.type in ("error", "warning"), said.text))
        self.page.on("pageerror", lambda error: self._complains(True, str(error)))
        self.page.on("response", lambda answer: self._complains(answer.status >= 500, f"{answer.status} {answer.url}"))
        if email:
            self.comes_in(email, sessions)

    def _goes_out(self, request: Request) -> None:
        self._complains(not request.url.startswith((self.site, "data:")), f"asks another site: {request.url}")

    def _complains(self, really: bool, what: str) -> None:
        # Chromium says in the console that an answer was a 404, a 409 or a 410: those are ours, and meant.
        if really and not re.search(r"status of 4\d\d", what):
            self.complaints.append(f"{self.page.url}: {what}")

    def leaves(self) -> list[str]:
        self.context.close()
        return self.complaints

    # --- Going about ------------------------------------------------------------------------------------------------

    def goes(self, path: str) -> None:
        self.page.goto(path)

    def comes_in(self, email: str, sessions: Sessions) -> None:
        """By the form the first time, with scripts and without; later with a session made as that one was."""
        who = (email, self.javascript)
        if cookie := sessions.another(who):
            self.context.add_cookies([cookie])
            return
        self.signs_in(email)
        self.page.wait_for_load_state()
        sessions.keep(who, next(each for each in self.context.cookies() if each["name"] == "sessionid"))

    def signs_in(self, email: str) -> None:
        self.goes("/compte/connexion/")
        self.looks()
        self.fills("Adresse électronique", email)
        self.page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        self.main.get_by_role("button", name="Me connecter").click()
        expect(self.page).not_to_have_url(re.compile("/compte/connexion/"))

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def reads(self, *texts: str) -> None:
        """These words are on the page, and the page is checked."""
        for text in texts:
            expect(self.main).to_contain_text(text)
        self.looks()

    def has_title(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)

    def follows(self, name: str, *, within: Locator | None = None, exact: bool = False) -> None:
        (within or self.main).get_by_role("link", name=name, exact=exact).first.click()

    def presses(self, name: str, *, within: Locator | None = None) -> None:
        (within or self.main).get_by_role("button", name=name).first.click()

    def fills(self, label: str, text: str) -> None:
        self.main.get_by_label(label).first.fill(text)

    def ticks(self, *labels: str) -> None:
        for label in labels:
            self.main.get_by_label(label).first.check()

    def letter(self, to: str, subject: str) -> None:
        """Open a letter in the demo's mailbox, once it has arrived."""
        found = self.main.get_by_role("link", name=subject)
        for _ in range(40):
            self.goes(f"/demo/courrier/?adresse={to}")
            try:
                expect(found.first).to_be_visible(timeout=500)
                break
            except AssertionError:
                continue
        found.first.click()

    # --- What every page owes ---------------------------------------------------------------------------------------

    def looks(self) -> None:
        """Look at the page as people do: in the light on a desk, in the dark on a phone, and on a small phone.

        Each pair of colours, in both schemes, is `tests/design/test_contrast.py`'s.
        """
        self.page.wait_for_load_state()  # a click returns when the next page begins, which has no words yet
        path = re.split("[?#]", self.page.url)[0].removeprefix(self.site)
        here = (self.page.title(), re.sub(r"\d+", "n", path))
        if not self.javascript or here in _seen:
            return
        _seen.add(here)
        page, found = self.page, []
        for size in (DESK, SMALL, PHONE):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            if size == DESK:
                found += self._faults("on a desk, light", WHOLE)
            elif wider := page.evaluate(WIDER):
                found.append(f"at {size[0]} pixels one must scroll sideways, because of {wider}")
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += self._faults("on a phone, dark", SEEN)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.set_viewport_size({"width": self.size[0], "height": self.size[1]})
        self.complaints += [f"{page.url} « {here[0]} » {fault}" for fault in found]

    def _faults(self, how: str, what: dict[str, Any]) -> list[str]:
        if not self.page.evaluate("() => 'axe' in window"):  # half a megabyte, read once a page and not once a look
            self.page.evaluate(axe.axe_script)
        found = self.page.evaluate(VIOLATIONS, {"runOnly": what, "resultTypes": ["violations"], "selectors": False})
        return [
            f"{how}: {fault['id']}, {fault['help']}: " + " | ".join(node["html"][:160] for node in fault["nodes"][:3])
            for fault in found
        ]


# Of what axe answers, only what is wrong comes back.
VIOLATIONS = "options => axe.run(document, options).then(found => found.violations)"
WHOLE = {"type": "tag", "values": RULES}
# What another width or other colours may change: what is shown, its names, its size, its contrast. The rest is one
# and the same document, read whole once.
SEEN = {
    "type": "rule",
    "values": [
        "color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "aria-hidden-focus",
        "button-name", "link-name", "label", "image-alt", "svg-img-alt", "summary-name", "heading-order",
        "page-has-heading-one", "landmark-one-main", "landmark-unique", "region", "skip-link", "empty-heading",
        "nested-interactive", "tabindex",
    ],
}  # fmt: skip
# The page scrolls sideways, or something sticks out of it without a place of its own to scroll in.
WIDER = """() => {
  const root = document.scrollingElement;
  if (root.scrollWidth <= root.clientWidth) return "";
  const guilty = [...document.querySelectorAll("body *")].filter(one =>
    one.getBoundingClientRect().right > root.clientWidth + 1 && !one.closest(".scroll, .visually-hidden"));
  return guilty.slice(0, 3).map(one => one.outerHTML.slice(0, 120)).join(" | ") || "(nothing found)";
}"""
