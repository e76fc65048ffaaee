"""A recueil fixed at a date: fixing it, reading it by its link, its files. A GET shows, a POST acts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.models import Person
from guide.models import FicheVersion
from initiatives import booklets, case_for, editions, press
from initiatives.forms.edition import CaseForm, EditionForm, FixForm
from initiatives.models import Booklet, Edition, Initiative, Printing
from initiatives.models.edition import MONTHS_KEPT, MOST_IN_A_CASE, Thing, TooManyEditions
from initiatives.senders import sender_of
from initiatives.views import booklet as booklet_views
from initiatives.views.agreement import discreet
from initiatives.views.printing import answer, state_of
from initiatives.workflow import Refused

# Fixing


def fix_booklet(request: HttpRequest) -> HttpResponse:
    mine = booklets.of(request)
    if mine is None or not mine.items.exists():
        return redirect("booklet")
    things = editions.things(mine)
    form = FixForm(request.POST or None, initial={"title": mine.title, "foreword": mine.foreword})
    left_out = mine.items.count() - len(things)
    context = {"form": form, "things": things, "count": _count(things), "left_out": left_out}
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("title", "foreword", "cover", "paper")}
        answer = _fixed(request, form, things, said)
        if answer:
            Booklet.objects.filter(pk=mine.pk).update(title=said["title"], foreword=said["foreword"])
            return answer
    return _asking(request, "initiatives/fix_booklet.html", form, context)


def make_case(request: HttpRequest) -> HttpResponse:
    """An argumentaire: of the sheets of one's recueil, one to five."""
    mine = booklets.of(request)
    sheets = [thing for thing in editions.things(mine) if isinstance(thing, Initiative)] if mine else []
    if not sheets:
        messages.info(request, "Un argumentaire se compose d’initiatives : mettez-en d’abord dans votre recueil.")
        return redirect("booklet")
    form = CaseForm(request.POST or None, sheets=sheets)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("title", "foreword", "addressee")}
        answer = _fixed(request, form, form.cleaned_data["sheets"], {**said, "kind": Edition.Kind.CASE_FOR})
        if answer:
            return answer
    return _asking(request, "initiatives/case_for_new.html", form, {"form": form, "most": MOST_IN_A_CASE})


def _fixed(request: HttpRequest, form: EditionForm, things: list[Any], said: dict[str, str]) -> HttpResponse | None:
    """The way to what was fixed, its PDF asked for already; nothing when it is refused, which the form then says."""
    try:
        edition = Edition.fix(
            things, key=form.cleaned_data["key"], person=booklets.person_of(request), sender=sender_of(request), **said
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        form.status = 429 if isinstance(refusal, TooManyEditions) else 409  # type: ignore[attr-defined]
        return None
    Printing.objects.ask(edition, Printing.Format.PDF, press.digest_of(press.document_of(edition)))
    return redirect(f"{edition.get_absolute_url()}?fixe=1")


def _asking(request: HttpRequest, template: str, form: EditionForm, context: dict[str, Any]) -> HttpResponse:
    answer = render(request, template, {**context, "months": MONTHS_KEPT}, status=getattr(form, "status", 200))
    answer["Cache-Control"] = "private, no-store"
    return answer


def _count(things: list[Thing]) -> str:
    fiches = sum(isinstance(thing, FicheVersion) for thing in things)
    sheets = len(things) - fiches
    parts = [f"{sheets} initiative{'s' if sheets > 1 else ''}"] if sheets else []
    return " et ".join(parts + ([f"{fiches} fiche{'s' if fiches > 1 else ''} du guide"] if fiches else []))


# Reading


def shared(request: HttpRequest, token: str) -> HttpResponse:
    """What a link leads to: a recueil fixed at a date, or one that is still being composed."""
    edition = Edition.objects.led_to_by(token).first()
    if edition is None:
        return booklet_views.shared_booklet(request, token)
    return discreet(lambda request, _: _read(request, edition))(request, token)


def _read(request: HttpRequest, edition: Edition) -> HttpResponse:
    lines = editions.read(edition)
    context: dict[str, Any] = {
        "edition": edition,
        "is_mine": edition.person_id is not None and edition.person_id == request.user.pk,
        "is_new": request.GET.get("fixe") == "1",
        "address": settings.SITE_URL + edition.get_absolute_url(),
        "months": MONTHS_KEPT,
    }
    if edition.is_case:
        case = case_for.of(edition, lines)
        digest = press.digest_of(case)
        context |= {"case": case.shortened(*case_for.ON_SCREEN), "files": _files(edition, digest)}
        context["groups"] = case_for.by_effect(context["case"])
        return render(request, "initiatives/case_for.html", context)
    document = editions.document(edition, lines)
    read = [*lines, *[None] * (len(document.chapters) - len(lines))]
    context |= {
        "document": document,
        "chapters": list(zip(document.chapters, read, strict=True)),
        "count": document.subtitle,
        "files": _files(edition, press.digest_of(document)),
    }
    return render(request, "initiatives/edition.html", context)


def _files(edition: Edition, digest: str) -> list[dict[str, Any]]:
    """What can be carried away, and where each file stands."""
    made = {printing.format: printing for printing in edition.printings.filter(digest=digest)}
    return [
        state_of(
            made.get(format),
            format,
            reverse(f"edition_{format.name.lower()}", args=[edition.token]),
            is_case=edition.is_case,
        )
        for format in press.formats_of(edition)
    ]


@login_required
def delete_edition(request: HttpRequest, token: str) -> HttpResponse:
    assert isinstance(request.user, Person)
    edition = get_object_or_404(Edition.objects.led_to_by(token).filter(person=request.user))
    if request.method == "POST":
        edition.erase()
        messages.success(request, "C’est supprimé : son lien et ses fichiers ne mènent plus nulle part.")
        return redirect("booklet")
    return render(request, "initiatives/edition_delete.html", {"edition": edition})


def edition_file(request: HttpRequest, token: str, format: str) -> HttpResponse:
    """One of its files, when it is made of what may be read now; else the state of its making."""
    edition = Edition.objects.led_to_by(token).first()
    if edition is None:
        return booklet_views.shared_booklet(request, token)
    chosen = Printing.Format(format)
    if chosen not in press.formats_of(edition):
        raise Http404
    document = press.document_of(edition)
    digest = press.digest_of(document)
    printing = edition.printings.filter(format=chosen, digest=digest).first()
    return answer(
        request, printing, chosen, edition.title, ask=lambda: Printing.objects.ask(edition, chosen, digest),
        back=edition.get_absolute_url(), edition=edition,
    )  # fmt: skip
