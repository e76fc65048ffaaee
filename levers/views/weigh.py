"""Frameworks, levers, proposals and obstacles: their text and its source, what supports them, what is missing."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Case, Prefetch, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guide.models import Fiche
from initiatives.models import Initiative, Obstacle, ObstacleMet
from levers import coverage, supporting
from levers.models import DAGBERT, Call, Crosswalk, Framework, Lever, Note, Proposal

A_PAGE = 20


@require_safe
def frameworks(request: HttpRequest) -> HttpResponse:
    levers = Lever.objects.prefetch_related("proposals").order_by("number")
    frameworks = Framework.objects.prefetch_related(Prefetch("levers", levers))
    catalogue = coverage.Catalogue()
    by_lever, by_proposal = catalogue.totals("levier"), catalogue.totals("proposition")
    for framework in frameworks:
        for lever in framework.levers.all():
            lever.__dict__["known"] = by_lever.get(lever.number, 0) if framework.slug == DAGBERT else 0
            for proposal in lever.proposals.all():
                proposal.__dict__["known"] = by_proposal.get(proposal.number, 0)
    proposals = [p for f in frameworks for lever in f.levers.all() for p in lever.proposals.all()]
    return render(
        request,
        "levers/frameworks.html",
        {
            "frameworks": frameworks,
            "stated": sum(proposal.status == Proposal.Status.STATED for proposal in proposals),
            "isolated": sum(proposal.status == Proposal.Status.ISOLATED for proposal in proposals),
            "crosswalks": Crosswalk.objects.select_related("lever", "meets")
            .prefetch_related("proposals")
            .order_by("lever__number", "meets__number"),
            "obstacles": Obstacle.objects.all(),
            "notes": Note.objects.published()[:3],
            "calls": Call.objects.open().with_subject()[:3],
        },
    )


@require_safe
def lever(request: HttpRequest, number: int) -> HttpResponse:
    return lever_page(request, DAGBERT, number)


@require_safe
def framework_lever(request: HttpRequest, framework: str, number: int) -> HttpResponse:
    return lever_page(request, framework, number)


def lever_page(request: HttpRequest, framework: str, number: int) -> HttpResponse:
    levers = list(Lever.objects.filter(framework=framework).select_related("framework"))
    lever = next((each for each in levers if each.number == number), None)
    if lever is None:
        raise Http404
    context = {"lever": lever, "others": levers, "notes": lever.notes.published()}
    if framework != DAGBERT:
        crosswalks = lever.crosswalks.select_related("meets__framework").prefetch_related("proposals")
        ring = sorted({crosswalk.meets.number for crosswalk in crosswalks})
        return render(request, "levers/lever.html", {**context, "crosswalks": crosswalks, "ring": ring})
    catalogue = coverage.Catalogue()
    known, by_proposal = catalogue.known(f"levier:{number}"), catalogue.totals("proposition")
    supports = supporting.of_lever(lever, known.total, request.GET.get("page"))
    proposals = list(lever.proposals.all())
    for proposal in proposals:
        proposal.__dict__["known"] = by_proposal.get(proposal.number, 0)
    return render(
        request,
        "levers/lever.html",
        {
            **context,
            "is_first": True,
            "ring": [number],
            "known": known,
            "map_prefix": f"{reverse('initiatives:catalogue')}?levier={number}&departement=",
            "asked": f"levier={number}",
            "page": supports.page,
            "counter_examples": supports.counter_examples,
            "proposals": proposals,
            "fiches": Fiche.objects.readable().filter(proposals__lever=lever).order_by("number").distinct(),
            "crosswalks": Crosswalk.objects.filter(meets=lever).select_related("lever__framework"),
            "obstacles": Obstacle.objects.filter(answering_levers__contains=[number]),
        },
    )


@require_safe
def proposal(request: HttpRequest, number: int) -> HttpResponse:
    with_lever = Proposal.objects.select_related("lever__framework", "replaced_by")
    proposal = get_object_or_404(with_lever, number=number)
    beside = {row.number: row for row in Proposal.objects.filter(number__in=[number - 1, number + 1])}
    known = coverage.Catalogue().known(f"proposition:{number}")
    supports = supporting.of_proposal(proposal, known.total, request.GET.get("page"))
    return render(
        request,
        "levers/proposal.html",
        {
            "proposal": proposal,
            "ring": [proposal.lever.number],
            "known": known,
            "asked": f"proposition={number}",
            "page": supports.page,
            "counter_examples": supports.counter_examples,
            "fiches": proposal.fiches.readable(),
            "calls": proposal.calls.open().with_subject(),
            "before": beside.get(number - 1),
            "after": beside.get(number + 1),
        },
    )


@require_safe
def obstacle(request: HttpRequest, number: int) -> HttpResponse:
    obstacle = get_object_or_404(Obstacle, number=number)
    met = ObstacleMet.objects.filter(obstacle=obstacle, version__public_of__in=Initiative.objects.published())
    # Those that tell how they got over it come first.
    silent = Case(When(lifted="", then=1), default=0)
    rows = met.select_related("version__public_of", "version__place").defer("version__story", "version__snapshot")
    rows = rows.order_by(silent, "-version__public_of__published_at", "pk")
    return render(
        request,
        "levers/obstacle.html",
        {
            "obstacle": obstacle,
            "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
            "lifted": met.exclude(lifted="").count(),
            "known": coverage.Catalogue().known(f"frein:{number}"),
            "asked": f"frein={number}",
            "levers": Lever.objects.of_dagbert().filter(number__in=obstacle.answering_levers),
            "ring": obstacle.answering_levers,
            "others": Obstacle.objects.all(),
        },
    )
