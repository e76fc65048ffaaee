"""« Mon recueil »: putting something in, arranging it, giving it to be read. A GET shows, a POST acts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Person
from guide.models import Fiche
from initiatives import booklets
from initiatives.forms.booklet import TitleForm
from initiatives.models import Booklet, BookletItem, Initiative
from initiatives.models.booklet import KEPT_FOR, MOST_ITEMS
from initiatives.views.agreement import discreet
from initiatives.workflow import READABLE, Refused

MARK = re.compile(r"([if])-([0-9]{1,9})-([0-9]{1,4})")
TOO_MANY = "Beaucoup de recueils ont été commencés d’ici depuis une heure : attendez un peu."


# Putting in


def collect(request: HttpRequest, slug: str) -> HttpResponse:
    sheet = get_object_or_404(
        Initiative.objects.filter(status__in=READABLE, public_version__isnull=False).select_related("public_version"),
        slug=slug,
    )
    if sheet.masked_at:
        return render(request, "initiatives/masked.html", status=404)
    assert sheet.public_version
    return _collect(request, sheet, sheet.public_version.title, sheet.public_version.summary)


def collect_fiche(request: HttpRequest, number: int) -> HttpResponse:
    fiche = get_object_or_404(Fiche.objects.readable(), number=number)
    assert fiche.current
    return _collect(request, fiche, fiche.title, fiche.current.summary)


def _collect(request: HttpRequest, thing: Initiative | Fiche, title: str, summary: str) -> HttpResponse:
    """One confirms on a page of its own: the pages one reads carry no token and are the same for all."""
    booklet, error, status = booklets.of(request), "", 200
    back = _back(request) or thing.get_absolute_url()
    if request.method == "POST":
        try:
            booklet, token = _booklet(request, booklet)
            booklet.add(thing)
        except Refused as refusal:
            error, status = str(refusal), 409 if booklet else 429
        else:
            answer = redirect(f"{request.path}?retour={quote(back)}")
            if token:
                booklets.keep(answer, token)
            return answer
    context = {
        "thing": thing,
        "is_fiche": isinstance(thing, Fiche),
        "title": title,
        "summary": summary,
        "back": back,
        "is_in": booklets.holds(booklet, thing),
        "number": booklet.items.count() if booklet else 0,
        "days": KEPT_FOR.days,
        "error": error,
    }
    return _private(render(request, "initiatives/collect.html", context, status=status))


def _booklet(request: HttpRequest, found: Booklet | None) -> tuple[Booklet, str]:
    """The recueil to write in, begun if there is none, and the token its browser is to keep."""
    if found:
        return found, booklets.token_of(request, found)
    person = booklets.person_of(request)
    if person is None and not ratelimit.consume(request, action="booklet"):
        raise Refused(TOO_MANY)
    return Booklet.start(person)


def _back(request: HttpRequest) -> str:
    """The page of ours one came from, search and all; nothing when it is another site's, or this one."""
    said = request.POST.get("retour") or request.GET.get("retour")
    if said is None:
        said = request.headers.get("referer", "")
        if not url_has_allowed_host_and_scheme(said, {request.get_host()}, require_https=request.is_secure()):
            return ""
        found = urlsplit(said)
        said = f"{found.path}?{found.query}" if found.query else found.path
    is_ours = said.startswith("/") and said.isprintable() and url_has_allowed_host_and_scheme(said, None)
    return said[:2000] if is_ours and urlsplit(said).path != request.path else ""


# Arranging


def booklet(request: HttpRequest) -> HttpResponse:
    mine = booklets.of(request)
    if request.method != "POST":
        return _page(request, mine)
    gesture, _, about = request.POST.get("geste", "").partition(":")
    act = GESTURES.get(gesture)
    if act is None or mine is None:
        return redirect("booklet")
    try:
        answer = act(request, mine, about)
    except Refused as refusal:
        return _page(request, booklets.of(request), error=str(refusal), status=409)
    token = booklets.token_of(request, mine)
    if token and mine.pk and answer.status_code == 302:
        booklets.keep(answer, token)
    return answer


def _page(
    request: HttpRequest, mine: Booklet | None, *, form: TitleForm | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    lines = booklets.lines(mine)
    removed = _removed(request) if mine else None
    context: dict[str, Any] = {
        "booklet": mine,
        "lines": lines,
        "count": booklets.count(lines),
        "most": MOST_ITEMS,
        "form": form or TitleForm(instance=mine),
        "removed": removed,
        "removed_mark": request.GET.get("retiree", "") if removed else "",
        "share_url": settings.SITE_URL + mine.share_path if mine and mine.share_key else "",
        "days": KEPT_FOR.days,
        "has_sheets": any(line.url and line.item.initiative_id for line in lines),
        "editions": request.user.editions.all() if isinstance(request.user, Person) else [],
        "error": error,
    }
    return _private(render(request, "initiatives/booklet.html", context, status=status))


def _move(request: HttpRequest, mine: Booklet, about: str, *, up: bool) -> HttpResponse:
    item = _item(mine, about)
    mine.move(item, up=up)
    return redirect(f"{request.path}#ligne-{item.pk}")


def _up(request: HttpRequest, mine: Booklet, about: str) -> HttpResponse:
    return _move(request, mine, about, up=True)


def _down(request: HttpRequest, mine: Booklet, about: str) -> HttpResponse:
    return _move(request, mine, about, up=False)


def _remove(request: HttpRequest, mine: Booklet, about: str) -> HttpResponse:
    item = mine.items.filter(pk=_whole(about)).first()
    if item is None:  # a second press of the button: it is done
        return redirect("booklet")
    mark = booklets.Line(item, "").mark
    mine.remove(item)
    return redirect(f"{request.path}?retiree={mark}")


def _put_back(request: HttpRequest, mine: Booklet, about: str) -> HttpResponse:
    thing, position = _thing(about)
    if thing is None:
        messages.warning(request, "Cette fiche n’est plus en ligne : elle ne peut pas revenir.")
        return redirect("booklet")
    mine.add(thing, position)
    return redirect("booklet")


def _rename(request: HttpRequest, mine: Booklet, about: str) -> HttpResponse:
    form = TitleForm(request.POST)
    if not form.is_valid():
        return _page(request, mine, form=form)
    mine.rename(form.cleaned_data["title"])
    return redirect("booklet")


def _share(request: HttpRequest, mine: Booklet, about: str) -> HttpResponse:
    renewed = bool(mine.share_key)
    mine.share()
    if renewed:
        messages.success(request, "Voici le nouveau lien. L’ancien ne mène plus nulle part.")
    return redirect(f"{request.path}#partager")


def _stop_sharing(request: HttpRequest, mine: Booklet, about: str) -> HttpResponse:
    mine.stop_sharing()
    messages.success(request, "Le lien est arrêté : il ne mène plus nulle part.")
    return redirect(f"{request.path}#partager")


def _forget(request: HttpRequest, mine: Booklet, about: str) -> HttpResponse:
    """All of it: on a shared computer, nothing stays for the next person."""
    mine.delete()
    messages.success(request, "Le recueil est effacé, et son lien avec lui.")
    answer = redirect("booklet")
    answer.delete_cookie(booklets.COOKIE, samesite="Lax")
    return answer


type Gesture = Callable[[HttpRequest, Booklet, str], HttpResponse]
GESTURES: dict[str, Gesture] = {
    "monter": _up,
    "descendre": _down,
    "retirer": _remove,
    "remettre": _put_back,
    "renommer": _rename,
    "partager": _share,
    "arreter": _stop_sharing,
    "effacer": _forget,
}


def _item(mine: Booklet, about: str) -> BookletItem:
    return get_object_or_404(mine.items, pk=_whole(about))


def _whole(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0


def _removed(request: HttpRequest) -> str:
    """What was just taken out, in a few words, when it can come back."""
    thing, _ = _thing(request.GET.get("retiree", ""))
    mine = booklets.of(request)
    if thing is None or booklets.holds(mine, thing):
        return ""
    version = thing.public_version if isinstance(thing, Initiative) else thing.current
    return version.title if version else ""


def _thing(mark: str) -> tuple[Initiative | Fiche | None, int]:
    """What a mark names, if it can still be read, and its place."""
    said = MARK.fullmatch(mark)
    if said is None:
        return None, 0
    kind, number, position = said[1], int(said[2]), int(said[3])
    if kind == "f":
        return Fiche.objects.readable().filter(number=min(number, 32767)).first(), position
    sheets = Initiative.objects.readable().select_related("public_version")
    return sheets.filter(pk=number).first(), position


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, no-store"
    return answer


# Giving to read


@discreet
def shared_booklet(request: HttpRequest, token: str) -> HttpResponse:
    """A recueil as it stands now, by its link: without the name of who made it."""
    found = Booklet.objects.shared_by(token).first()
    if found is None:
        return render(request, "initiatives/shared_booklet_gone.html", status=404)
    lines = booklets.lines(found)
    context = {"booklet": found, "lines": lines, "count": booklets.count(lines)}
    return render(request, "initiatives/shared_booklet.html", context)
