"""The guide as one reads it: contents, fiches and their versions, glossary, and where the original is found."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from guide.models import Fiche, FicheVersion, Method, Part, Term
from initiatives import search
from initiatives.cards import Card, cards
from levers.models import Proposal

SHOWN = 3


def contents(request: HttpRequest) -> HttpResponse:
    fiches = list(Fiche.objects.readable())
    parts = [(Part(part), list(group)) for part, group in groupby(fiches, key=lambda fiche: fiche.part)]
    last = FicheVersion.objects.filter(current_of__isnull=False).aggregate(last=Max("updated_on"))["last"]
    context = {
        "parts": parts,
        "count": len(fiches),
        "methods": Method.objects.all(),
        "terms_count": Term.objects.count(),
        "updated_on": last,
    }
    return render(request, "guide/contents.html", context)


def fiche(request: HttpRequest, number: int) -> HttpResponse:
    fiche = fiche_or_404(number)
    assert fiche.current is not None
    return fiche_page(request, fiche, fiche.current)


def fiche_or_404(number: int) -> Fiche:
    return get_object_or_404(Fiche.objects.readable().prefetch_related("methods"), number=number)


def fiche_version(request: HttpRequest, number: int, version: int) -> HttpResponse:
    """An earlier text of a fiche, at its date; one only proposed to the editor isn't public."""
    fiche = fiche_or_404(number)
    published = fiche.versions.filter(status=FicheVersion.Status.PUBLISHED)
    return fiche_page(request, fiche, get_object_or_404(published, number=version))


def fiche_page(request: HttpRequest, fiche: Fiche, version: FicheVersion) -> HttpResponse:
    published = fiche.versions.filter(status=FicheVersion.Status.PUBLISHED).order_by("-number")
    proposals = list(Proposal.objects.standing().filter(fiches=fiche).select_related("lever"))
    shown, did_it = initiatives_using(fiche, proposals)
    return render(
        request,
        "guide/fiche.html",
        {
            "fiche": fiche,
            "version": version,
            "is_current": version.pk == (fiche.current.pk if fiche.current else None),
            "terms": terms_of(version),
            "methods": fiche.methods.all(),
            "cards": shown,
            "did_it": did_it,
            "initiatives_url": catalogue_of(fiche),
            "proposals": proposals,
            "versions": published.only("number", "updated_on", "change_note", "fiche_id"),
            **around(fiche),
        },
    )


def terms_of(version: FicheVersion) -> list[Term]:
    return list(Term.objects.filter(slug__in=version.terms))


def around(fiche: Fiche) -> dict[str, Any]:
    """The fiches it leads to, and those before and after: within its part, or past its ends."""
    led_to = Fiche.see_also.through.objects.filter(from_fiche=fiche.pk, to_fiche=OuterRef("pk"))
    rows = Fiche.objects.readable().annotate(is_led_to=Exists(led_to)).defer("current__body", "current__sections")
    near = rows.filter(Q(is_led_to=True) | Q(number__in=[fiche.number - 1, fiche.number + 1]))
    found = list(near.order_by("number"))
    return {
        "before": next((each for each in found if each.number == fiche.number - 1), None),
        "after": next((each for each in found if each.number == fiche.number + 1), None),
        "see_also": [each for each in found if getattr(each, "is_led_to", False)],
    }


def initiatives_using(fiche: Fiche, helped: list[Proposal]) -> tuple[list[Card], bool]:
    """Three sheets, and whether all of them did it: used the fiche, or a method it presents.

    Where too few are known, those that support what it helps to carry, then the levers it, or what it leads to, serves.
    """
    used = [f"fiche:{fiche.number}", *(f"methode:{method.slug}" for method in fiche.methods.all())]
    found = search.having(used, SHOWN)
    did = len(found)
    if len(found) < SHOWN and helped:
        found = _and(found, [f"proposition:{proposal.number}" for proposal in helped])
    if len(found) < SHOWN:
        near = helped or Proposal.objects.filter(fiches__in=fiche.see_also.all()).select_related("lever")
        found = _and(found, sorted({f"levier:{proposal.lever.number}" for proposal in near}))
    return cards(found), did == len(found)


def _and(found: list[search.Found], terms: list[str]) -> list[search.Found]:
    return list(dict.fromkeys([*found, *search.having(terms, SHOWN)]))[:SHOWN]


def catalogue_of(fiche: Fiche) -> str:
    """The catalogue's query for what did it: the fiche's methods where it presents some."""
    return "&".join(f"methode={method.slug}" for method in fiche.methods.all())


def original(request: HttpRequest) -> HttpResponse:
    return render(request, "guide/original.html")


STATUSES = {"prefere": "preferred", "ancien": "former", "discute": "contested", "courant": "usual"}
"""The word of an address for each status of a term."""
NAMES = {"prefere": "Préférés", "ancien": "Anciens", "discute": "Discutés", "courant": "Courants"}


def glossary(request: HttpRequest) -> HttpResponse:
    everything = sorted(Term.objects.prefetch_related("see_also"), key=lambda term: term.slug)
    asked = request.GET.get("statut", "")
    wanted = STATUSES.get(asked)
    terms = [term for term in everything if not wanted or term.status == wanted]
    letters = [(letter.upper(), list(group)) for letter, group in groupby(terms, key=lambda term: term.slug[0])]
    counted = [(word, name, sum(term.status == STATUSES[word] for term in everything)) for word, name in NAMES.items()]
    context = {
        "letters": letters,
        "count": len(everything),
        "shown": len(terms),
        "statuses": counted,
        "status": asked if wanted else "",
        "status_name": NAMES.get(asked, "") if wanted else "",
        "unknown": bool(asked) and not wanted,
        "here": {term.slug for term in terms},
    }
    return render(request, "guide/glossary.html", context)
