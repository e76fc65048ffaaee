"""A file one carries away: given when it is ready; else where its making stands. A GET shows, a POST asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.formats import number_format
from django.utils.http import content_disposition_header, http_date

from guide.french import NBSP
from initiatives import press
from initiatives.models import Edition, Printing

Format = Printing.Format
Status = Printing.Status
TYPES = {Format.PDF: "application/pdf", Format.EPUB: "application/epub+zip", Format.PAGES: "application/zip"}
NAMES = {Format.PDF: "le PDF", Format.EPUB: "l’EPUB", Format.PAGES: "les pages hors ligne"}
SHORT = {Format.PDF: "PDF", Format.EPUB: "EPUB", Format.PAGES: "Hors ligne"}
FOR = {
    Format.PDF: "Pour imprimer ou envoyer : couverture, sommaire, numéros de page, lisible par un lecteur d’écran.",
    Format.EPUB: "Pour une liseuse ou un téléphone : la taille des lettres se règle.",
    Format.PAGES: "Un dossier zip de pages web : elles s’ouvrent dans tout navigateur, sans réseau.",
}
LATE = timedelta(minutes=10)
CASE_FOR = "Deux pages A4 au plus, à imprimer ou à envoyer, lisibles par un lecteur d’écran."
GUIDE_TITLE = "Le guide de l’intervention collective"


def weight(size: int) -> str:
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}{NBSP}ko"
    return f"{number_format(size / 1_000_000, 1)}{NBSP}Mo"


def state_of(printing: Printing | None, format: Format, url: str, *, is_case: bool = False) -> dict[str, Any]:
    """All a page says of one file."""
    status = printing.status if printing else ""
    said: dict[str, Any] = {
        "format": format,
        "name": NAMES[format],
        "short": SHORT[format],
        "for": FOR[format],
        "url": url,
        "state_url": f"{url}?etat=1",
        "printing": printing,
        "status": status,
        "size": weight(printing.size) if printing and printing.size else "",
    }
    if printing and status == Status.WAITING:
        is_held = printing.leased_until is not None and printing.total > 0
        said["is_composing"] = is_held and printing.done < printing.total
        said["is_laying_out"] = is_held and not said["is_composing"]
    if is_case:
        said["for"] = CASE_FOR
    return said


def answer(
    request: HttpRequest, printing: Printing | None, format: Format, title: str, *, ask: Callable[[], Printing],
    back: str, edition: Edition | None = None,
) -> HttpResponse:  # fmt: skip
    if request.method == "POST":
        if printing is None or printing.status == Status.FAILED:
            ask()
        return redirect(f"{request.path}?etat=1")
    if printing and printing.status == Status.READY and "etat" not in request.GET:
        content = press.content_of(printing)
        if content is not None:
            return _given(request, printing, format, title, content, secret=edition is not None)
        printing = None
    state = state_of(printing, format, request.path, is_case=bool(edition and edition.is_case))
    if printing and not state.get("is_composing") and not state.get("is_laying_out"):
        state["before"] = printing.before_it
        state["is_late"] = printing.asked_at < timezone.now() - LATE
    context = {"file": state, "title": title, "back": back, "edition": edition}
    page = render(request, "initiatives/printing.html", context)
    page["Cache-Control"] = "private, no-store"
    if edition:
        page["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return page


def _given(
    request: HttpRequest, printing: Printing, format: Format, title: str, content: bytes, *, secret: bool
) -> HttpResponse:
    """Asked again each time, so that a sheet hidden meanwhile is in no file that a browser has kept."""
    response = HttpResponse(content, content_type=TYPES[format])
    etag = f'"{printing.digest[:40]}"'
    made_at = int(printing.made_at.timestamp()) if printing.made_at else 0
    response["ETag"] = etag
    response["Last-Modified"] = http_date(made_at)
    response["Cache-Control"] = "private, no-cache" if secret else "public, max-age=300"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive" if secret else "noindex"
    name = press.name_of(title, format)
    disposition = content_disposition_header(format != Format.PDF, name)
    response["Content-Disposition"] = disposition or f'inline; filename="{name}"'
    found = get_conditional_response(request, etag, None, response)
    return found if isinstance(found, HttpResponse) else response


# The whole guide


def guide_files(request: HttpRequest) -> HttpResponse:
    ready = press.of_guide()
    files = [state_of(ready.get(format), format, _guide_url(format)) for format in Format]
    waiting = Printing.objects.filter(edition=None, status=Status.WAITING).exists()
    made = [printing.made_at for printing in ready.values() if printing.made_at]
    context = {"files": files, "made_at": max(made, default=None), "is_renewed": bool(ready) and waiting}
    return render(request, "initiatives/guide_files.html", context)


def guide_file(request: HttpRequest, format: str) -> HttpResponse:
    """The last one made; asked for by itself when the guide changes (make_printings)."""
    chosen = Format(format)
    last = Printing.objects.filter(edition=None, format=chosen).order_by("-asked_at").first()
    printing = press.of_guide().get(chosen) or last

    def ask() -> Printing:
        if last:
            last.begin_again()
            return last
        return next(each for each in press.ask_guide() if each.format == chosen)

    return answer(request, printing, chosen, GUIDE_TITLE, ask=ask, back=reverse("guide_files"))


def _guide_url(format: Format) -> str:
    return reverse(f"guide_{format.name.lower()}")
