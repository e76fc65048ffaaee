"""The recueil as it is read: filtered at each reading, so that a sheet no longer read leaves a line without its words.

A browser without an account keeps the token of its own in a cookie, set when something is first put in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts.models import Person
from guide.models import Fiche
from initiatives.models import Booklet, BookletItem, Initiative
from initiatives.models.booklet import KEPT_FOR, MOST_ITEMS
from initiatives.workflow import SheetStatus

COOKIE = "recueil"
GONE = "Fiche retirée de la consultation"


@dataclass(frozen=True)
class Line:
    """One line of a recueil. `url` is empty when there is nothing to read any more: nothing is said of it then."""

    item: BookletItem
    title: str
    url: str = ""
    note: str = ""
    summary: str = ""

    @property
    def mark(self) -> str:
        """What names it in a form: its kind, its number and its place."""
        kind, number = ("i", self.item.initiative_id) if self.item.initiative_id else ("f", self.item.fiche_id)
        return f"{kind}-{number}-{self.item.position}"


def lines(booklet: Booklet | None) -> list[Line]:
    """In order, in one statement."""
    if booklet is None:
        return []
    place = "public_version__place"
    return [
        _line(item)
        for item in booklet.items.select_related(
            "fiche__current", f"initiative__{place}", f"initiative__merged_into__{place}"
        )
    ]


def _line(item: BookletItem) -> Line:
    if item.fiche:
        fiche = item.fiche
        if fiche.current is None:
            return Line(item, GONE)
        note = f"Fiche {fiche.number} du guide"
        return Line(item, fiche.title, fiche.get_absolute_url(), note, fiche.current.summary)
    sheet = item.initiative
    if sheet and sheet.status == SheetStatus.MERGED and not sheet.masked_at:
        sheet = sheet.merged_into  # its address leads there
    version = sheet.public_version if sheet and sheet.is_public else None
    if sheet is None or version is None:
        return Line(item, GONE)
    place = version.place.label if version.place else ""
    note = " · ".join(filter(None, ["Initiative", place, version.period if version.start_year else ""]))
    return Line(item, version.title, sheet.get_absolute_url(), note, version.summary)


def count(found: Iterable[Line]) -> str:
    """« 2 initiatives et 1 fiche du guide »: of those that can be read."""
    items = [line.item for line in found if line.url]
    sheets = sum(item.initiative_id is not None for item in items)
    fiches = len(items) - sheets
    parts = [f"{sheets} initiative{'s' if sheets > 1 else ''}"] if sheets else []
    parts += [f"{fiches} fiche{'s' if fiches > 1 else ''} du guide"] if fiches else []
    return " et ".join(parts)


# Whose it is


def of(request: HttpRequest) -> Booklet | None:
    return Booklet.objects.of(person_of(request), _token(request)).first()


def person_of(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


def holds(booklet: Booklet | None, thing: Initiative | Fiche) -> bool:
    if booklet is None:
        return False
    about = {"initiative": thing} if isinstance(thing, Initiative) else {"fiche": thing}
    return booklet.items.filter(**about).exists()


def keep(answer: HttpResponse, token: str) -> None:
    """Leave in the browser the token of its recueil, for as long as it is kept."""
    answer.set_cookie(
        COOKIE, token, max_age=KEPT_FOR, httponly=True, samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE)
    )


def token_of(request: HttpRequest, booklet: Booklet) -> str:
    """The token to leave again, when this browser holds that of this recueil."""
    return _token(request) if booklet.person_id is None else ""


def arrive(request: HttpRequest, person: Person) -> None:
    """Who signs in finds in their recueil what this browser had put aside before."""
    waiting = Booklet.objects.of(None, _token(request)).first()
    if waiting is None:
        return
    with transaction.atomic():
        mine, _ = Booklet.start(person)
        asked = waiting.items.count()
        came = mine.join(waiting)
    if came:
        messages.info(request, _joined(came))
    if mine.items.count() >= MOST_ITEMS and came < asked:
        messages.warning(request, f"Un recueil contient {MOST_ITEMS} fiches au plus : toutes n’ont pas pu y entrer.")


def _joined(came: int) -> str:
    if came == 1:
        return "La fiche mise de côté dans ce navigateur est maintenant dans votre recueil."
    return f"Les {came} fiches mises de côté dans ce navigateur sont maintenant dans votre recueil."


def _token(request: HttpRequest) -> str:
    return request.COOKIES.get(COOKIE, "")[:100]
