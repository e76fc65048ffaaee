"""An answer while its trainer writes it: in their session and in their browser, in no table, until it is sent.

Each window has a text of its own, none is written over; what is sent, or erased, is kept nowhere (docs/decisions/0021).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from accounts import kept
from accounts.windows import Window, counted, named
from training.models import MAX_COMMENT, Comment, SentNote, Work

MAX_SIGNS = 5 * MAX_COMMENT


def screen_of(pk: int) -> str:
    """Under which address an answer waits; a window's own is that address and its name."""
    return reverse("training:work", args=[pk])


def place_of(pk: int, window: str) -> str:
    return f"{screen_of(pk)}#{window}" if window else screen_of(pk)


def is_too_long(posted: QueryDict) -> bool:
    return sum(len(name) + sum(map(len, values)) for name, values in posted.lists()) > MAX_SIGNS


def texts(request: HttpRequest, pk: int) -> dict[str, tuple[str, QueryDict]]:
    """By window, what this person put aside and where: its latest, which a button or the page itself may have sent."""
    found: dict[str, tuple[str, QueryDict]] = {}
    for place, back in kept.under(request, screen_of(pk)):
        window = Window.of(back)
        if window.name not in found or Window.of(found[window.name][1]).count <= window.count:
            found[window.name] = (place, back)
    return found


def keep(request: HttpRequest, pk: int) -> None:
    """What a window holds now, in place of what it held and of the text it was made from."""
    window, known = Window.of(request.POST), texts(request, pk)
    if window.name in known and window.name and Window.of(known[window.name][1]).count >= window.count:
        return  # heard late, or brought back by the browser
    if window.carried in known and Window.of(known[window.carried][1]).count <= window.carried_count:
        _forget(request, pk, window.carried)
    _forget(request, pk, window.name)
    if says_something(request.POST):
        kept.keep(request, place_of(pk, window.name))


def _forget(request: HttpRequest, pk: int, *windows: str) -> None:
    for place, back in kept.under(request, screen_of(pk)):
        if Window.of(back).name in windows:
            kept.forget(request, place)


def says_something(posted: QueryDict) -> bool:
    return any(
        str(value).strip() for name, value in posted.items() if name in ("text", "verdict") or name[:5] == "grid-"
    )


def waiting(request: HttpRequest, work: Work, notes: Iterable[SentNote]) -> list[QueryDict]:
    """The texts of this person's that wait to be sent, the last one first."""
    mine = [each for note in notes for each in note.comments.all() if each.by_id == request.user.pk]
    found = []
    for window, (_, back) in texts(request, work.pk).items():
        # A page left while it was saving may be heard after its answer was sent.
        if any(is_of(back, comment) for comment in mine):
            _forget(request, work.pk, window)
        else:
            found.append(back)
    return found[::-1]


def is_of(back: QueryDict, comment: Comment) -> bool:
    """Whether what was typed is the beginning of what was said later."""
    text = back.get("text", "").replace("\r\n", "\n").strip()
    return comment.pk > counted(back.get("seen", "")) and comment.text.startswith(text)


def elsewhere(request: HttpRequest, work: Work) -> str:
    """Why what is typed here may not be the last word: a newer version, another's answer, another window."""
    window, posted = Window.of(request.POST), request.POST
    last = Comment.objects.filter(note__work=work).select_related("by").order_by("-pk").first()
    if counted(posted.get("number", "")) < work.last_number:
        return "Une version plus récente est arrivée : votre texte est gardé, lisez-la avant de répondre."
    if last and last.pk > counted(posted.get("seen", "")):
        who = str(last.by) if last.by and last.by_id != request.user.pk else "Quelqu’un"
        return f"{who} a répondu entre-temps : votre texte est gardé, lisez cette réponse avant d’envoyer la vôtre."
    if set(texts(request, work.pk)) - {window.name, window.left}:
        return "Vous écrivez aussi cette réponse dans une autre fenêtre. Les deux textes sont gardés."
    return ""


def let_go(request: HttpRequest, pk: int) -> None:
    """Sent: nothing is kept of this window, nor of the text it was made from. Other windows' stay."""
    window = Window.of(request.POST)
    _forget(request, pk, window.name, window.carried)


def forget(request: HttpRequest, pk: int) -> None:
    """Erased: the text a page was made from, and what its window has typed since; or another window's alone."""
    posted = request.POST
    if "drop" in posted:
        _forget(request, pk, named(posted["drop"]))
    else:
        _forget(request, pk, named(posted["forget"].partition(":")[0]), Window.of(posted).carried)
