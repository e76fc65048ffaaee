"""The windows in which people type: what a page says of itself while it saves, whichever room it is in.

The page's side is static/js/tell.js, and local.js for what a browser may have kept (docs/decisions/0009).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import kept

MAX_COUNT = 2_000_000_000
# Read by static/js/local.js: the windows whose words are saved now, and no longer needed in the browser.
ENDED_COOKIE = "ended"
SESSION_OVER = "Votre session est terminée."
SOMEONE_ELSE = "Quelqu’un d’autre s’est connecté dans ce navigateur : rien de ce que vous tapez ici ne lui est confié."


@dataclass(frozen=True)
class Window:
    """The page a form comes from, as it says itself; a page without JavaScript has no name."""

    name: str = ""
    count: int = 0
    carried: str = ""
    carried_count: int = 0
    left: str = ""

    @classmethod
    def of(cls, posted: QueryDict) -> Window:
        carried, _, at = posted.get("carried", "").partition(":")
        name = named(posted.get("window", ""))
        known = posted.get("carried", "")[:1] == ":" or named(carried)
        return cls(
            name=name,
            count=counted(posted.get("count", "")) if name else 0,
            carried=named(carried),
            carried_count=counted(at) if known else -1,
            left=named(posted.get("left", "")),
        )

    @property
    def mark(self) -> str:
        """What the next page shows it was carried from."""
        return f"{self.name}:{self.count}"


def named(text: str) -> str:
    return text if re.fullmatch("[0-9a-f]{16,32}", text) else ""


def counted(text: str) -> int:
    return min(int(text), MAX_COUNT) if re.fullmatch("[0-9]{1,10}", text) else 0


def clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%-H\u00a0h\u00a0%M}"


def says(status: int, sentence: str, **more: str) -> JsonResponse:
    return JsonResponse({"says": sentence, **more}, status=status)


def opened_now() -> int:
    """The instant a page is made, as its scripts count them."""
    return int(timezone.now().timestamp() * 1000)


def browser_of(request: HttpRequest) -> dict[str, Any]:
    """What this browser may keep, and under which name: opaque, one a person."""
    return {
        "user": salted_hmac("initiatives.typing", str(request.user.pk), algorithm="sha256").hexdigest()[:24],
        "shared": kept.is_shared(request),
    }


def ended(answer: HttpResponse, request: HttpRequest) -> HttpResponse:
    """Tell the browser that what it may have kept of these windows is saved; heard by the pages of this room."""
    window = Window.of(request.POST)
    names = ".".join(filter(None, (window.name, window.carried)))
    if names:
        room = f"/{request.path.split('/')[1]}/"
        answer.set_cookie(ENDED_COOKIE, names, max_age=600, path=room, secure=request.is_secure(), samesite="Lax")
    return answer
