"""The guide as one reads it: contents, fiches, methods, glossary, and where the original is found."""

from __future__ import annotations

from itertools import groupby

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from guide.models import Fiche, FicheVersion, Method, Part, Term
from initiatives import search
from initiatives.cards import Card, cards
from levers.models import Proposal

SYNTHESIS_NOTICE = (
    "Les étapes, les outils, les acteurs, les points de vigilance et les différences viennent d’une synthèse"
    " documentaire, pas du texte du guide du HCTS. Une formatrice ou un formateur doit encore les relire."
)


def contents(request: HttpRequest) -> HttpResponse:
    fiches = list(Fiche.objects.readable())
    parts = [(Part(part), list(group)) for part, group in groupby(fiches, key=lambda fiche: fiche.part)]
    methods = Method.objects.all()
    return render(
        request,
        "guide/contents.html",
        {
            "parts": parts,
            "count": len(fiches),
            "methods": methods,
            "terms_count": Term.objects.count(),
            "updated_on": FicheVersion.objects.filter(current_of__isnull=False).aggregate(last=Max("updated_on"))[
                "last"
            ],
        },
    )


def fiche(request: HttpRequest, number: int) -> HttpResponse:
    fiche = fiche_or_404(number)
    assert fiche.current is not None
    return fiche_page(request, fiche, fiche.current)


def fiche_or_404(number: int) -> Fiche:
    return get_object_or_404(Fiche.objects.readable().prefetch_related("methods", "see_also__current"), number=number)


def fiche_version(request: HttpRequest, number: int, version: int) -> HttpResponse:
    """An earlier text of a fiche, at its date; one only proposed to the editor isn't public."""
    fiche = fiche_or_404(number)
    published = fiche.versions.filter(status=FicheVersion.Status.PUBLISHED)
    return fiche_page(request, fiche, get_object_or_404(published, number=version))


def fiche_page(request: HttpRequest, fiche: Fiche, version: FicheVersion) -> HttpResponse:
    neighbours = {n.number: n for n in Fiche.objects.readable().filter(number__in=[fiche.number - 1, fiche.number + 1])}
    return render(
        request,
        "guide/fiche.html",
        {
            "fiche": fiche,
            "version": version,
            "is_current": version.pk == (fiche.current.pk if fiche.current else None),
            "terms": Term.objects.filter(slug__in=version.terms),
            "methods": fiche.methods.all(),
            "cards": initiatives_using(fiche),
            "initiatives_url": catalogue_of(fiche),
            "proposals": Proposal.objects.filter(fiches=fiche).select_related("lever"),
            "see_also": [other for other in fiche.see_also.all() if other.current],
            "versions": fiche.versions.filter(status=FicheVersion.Status.PUBLISHED).defer("body", "sections"),
            "before": neighbours.get(fiche.number - 1),
            "after": neighbours.get(fiche.number + 1),
        },
    )


def initiatives_using(fiche: Fiche) -> list[Card]:
    """Three sheets that used the fiche or a method it presents; else three that support what it helps to carry."""
    used = [f"fiche:{fiche.number}", *(f"methode:{method.slug}" for method in fiche.methods.all())]
    found = search.having(used, 3)
    if not found:
        helped = Proposal.objects.filter(fiches=fiche).values_list("number", flat=True)
        found = search.having([f"proposition:{number}" for number in helped], 3)
    return cards(found)


def catalogue_of(fiche: Fiche) -> str:
    """The catalogue's query for what did it: the fiche's methods where it presents some."""
    return "&".join(f"methode={method.slug}" for method in fiche.methods.all())


def original(request: HttpRequest) -> HttpResponse:
    return render(request, "guide/original.html")


def methods(request: HttpRequest) -> HttpResponse:
    methods = Method.objects.prefetch_related("fiches")
    return render(
        request,
        "guide/methods.html",
        {
            "methods": [method for method in methods if method.kind == Method.Kind.METHOD],
            "approaches": [method for method in methods if method.kind == Method.Kind.APPROACH],
            "notice": SYNTHESIS_NOTICE,
        },
    )


def method(request: HttpRequest, slug: str) -> HttpResponse:
    method = get_object_or_404(Method.objects.prefetch_related("fiches__current"), slug=slug)
    names = dict(Method.objects.values_list("slug", "name"))
    differences = [
        {"slug": row["with"], "name": names[row["with"]], "text": row["text"]}
        for row in method.details.get("differences", [])
        if row["with"] in names
    ]
    return render(
        request,
        "guide/method.html",
        {
            "method": method,
            "details": method.details,
            "differences": differences,
            "numbers": {source["id"]: n for n, source in enumerate(method.details.get("sources", []), 1)},
            "fiches": [fiche for fiche in method.fiches.all() if fiche.current],
            "cards": cards(search.having([f"methode:{method.slug}"], 3)),
            "others": Method.objects.exclude(pk=method.pk),
            "notice": SYNTHESIS_NOTICE,
        },
    )


def glossary(request: HttpRequest) -> HttpResponse:
    terms = sorted(Term.objects.prefetch_related("see_also"), key=lambda term: term.slug)
    letters = [(letter.upper(), list(group)) for letter, group in groupby(terms, key=lambda term: term.slug[0])]
    return render(request, "guide/glossary.html", {"letters": letters, "count": len(terms)})
