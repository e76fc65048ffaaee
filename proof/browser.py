"""A browser without a screen: cookies, forms as the site shows them, one connection a request."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.initiatives.telling import answers_of, shown, tree

TIMEOUT = 40  # seconds: longer than any wait the site allows itself
type Typed = Mapping[str, str | Sequence[str]]


class Unreachable(Exception):
    """No answer: refused, cut, or too late."""


class GaveUp(Exception):
    """Nothing but failures for as long as a person would insist."""


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


class Browser:
    """Signed in with the cookie of a session; `asked` and `failed` count requests."""

    def __init__(self, port: int, session: str = "") -> None:
        self.port = port
        self.cookies: dict[str, str] = {"sessionid": session} if session else {}
        self.asked = self.failed = 0

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, typed: Typed) -> Answer:
        return self._ask("POST", path, urlencode(typed, doseq=True))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Connection": "close", "Accept-Language": "fr"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.asked += 1
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers.get("Location", ""), response.read())
        except (OSError, http.client.HTTPException) as problem:
            self.failed += 1
            raise Unreachable(str(problem)) from problem
        finally:
            connection.close()
        if answer.status >= 500:
            self.failed += 1
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def insist(self, act: Callable[[], Answer], patience: float = 30) -> Answer:
        """As a person does: the same gesture again until the site answers something else than a failure."""
        deadline = time.monotonic() + patience
        while True:
            try:
                answer = act()
                if answer.status < 500:
                    return answer
            except Unreachable:
                pass
            if time.monotonic() > deadline:
                raise GaveUp
            time.sleep(0.1)

    def open(self, path: str, having: str = "edition") -> dict[str, list[str]]:
        """The form of a page, as it would be sent back."""
        return shown(self.insist(lambda: self.get(path)), having)

    def send(self, path: str, typed: Typed) -> Answer:
        return self.insist(lambda: self.post(path, typed))


def form_to(answer: Answer, action: str) -> dict[str, list[str]] | None:
    """The form of a page that posts at this address, by itself or by one of its buttons."""
    page: Any = tree(answer)
    for form in page.findall(".//main//form"):
        if action in (form.get("action"), *(button.get("formaction") for button in form.iter("button"))):
            return answers_of(form)
    return None
