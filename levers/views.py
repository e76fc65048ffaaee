"""What is weighed: frameworks, levers, proposals, obstacles, and the matrix of what is known."""

from __future__ import annotations

import csv

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.models import Territory
from initiatives.models import Initiative, Obstacle, ObstacleMet
from levers import coverage as covering
from levers.models import DAGBERT, Crosswalk, Framework, Lever, Mapping, MappingQuerySet, Proposal

SUPPORTS_A_PAGE = 20


def frameworks(request: HttpRequest) -> HttpResponse:
    supported = Count(
        "mappings__version__public_of",
        filter=Q(mappings__in=Mapping.objects.supporting().public()),
        distinct=True,
    )
    levers = Lever.objects.annotate(supported=supported).prefetch_related("proposals").order_by("number")
    return render(
        request,
        "levers/frameworks.html",
        {
            "frameworks": Framework.objects.prefetch_related(Prefetch("levers", levers)),
            "crosswalks": Crosswalk.objects.select_related("lever", "meets").order_by("lever__number", "meets__number"),
            "obstacles": Obstacle.objects.all(),
        },
    )


def lever(request: HttpRequest, number: int) -> HttpResponse:
    return lever_page(request, DAGBERT, number)


def framework_lever(request: HttpRequest, framework: str, number: int) -> HttpResponse:
    return lever_page(request, framework, number)


def lever_page(request: HttpRequest, framework: str, number: int) -> HttpResponse:
    lever = get_object_or_404(Lever.objects.select_related("framework"), framework=framework, number=number)
    supports = listed(Mapping.objects.supporting().public().filter(lever=lever))
    places = supports.values_list("version__place__departement__code", "version__public_of").distinct()
    counts: dict[str, int] = {}
    for code, _ in places.order_by():
        counts[code] = counts.get(code, 0) + 1
    counts.pop(None, None)  # type: ignore[call-overload]
    crosswalks = Crosswalk.objects.select_related("lever__framework", "meets__framework").prefetch_related("proposals")
    proposals = lever.proposals.annotate(
        supported=Count(
            "mappings__version__public_of", filter=Q(mappings__in=Mapping.objects.supporting().public()), distinct=True
        )
    )
    return render(
        request,
        "levers/lever.html",
        {
            "lever": lever,
            "ring": [number],
            "map_prefix": f"{reverse('initiatives:catalogue')}?levier={number}&departement=",
            "page": Paginator(supports, SUPPORTS_A_PAGE).get_page(request.GET.get("page")),
            "known": Initiative.objects.published().filter(public_version__in=supports.values("version")).count(),
            "counts": counts,
            "proposals": proposals,
            "crosswalks": crosswalks.filter(Q(lever=lever) | Q(meets=lever)),
            "others": Lever.objects.filter(framework=lever.framework),
            "obstacles": Obstacle.objects.filter(answering_levers__contains=[number]) if framework == DAGBERT else [],
        },
    )


def proposal(request: HttpRequest, number: int) -> HttpResponse:
    proposal = get_object_or_404(Proposal.objects.select_related("lever__framework"), number=number)
    mappings = Mapping.objects.settled().public().filter(proposal=proposal)
    supports = listed(mappings.exclude(strength=Mapping.Strength.COUNTER_EXAMPLE))
    return render(
        request,
        "levers/proposal.html",
        {
            "proposal": proposal,
            "page": Paginator(supports, SUPPORTS_A_PAGE).get_page(request.GET.get("page")),
            "counter_examples": listed(mappings.filter(strength=Mapping.Strength.COUNTER_EXAMPLE)),
            "fiches": proposal.fiches.readable(),
            "before": Proposal.objects.filter(number=number - 1).first(),
            "after": Proposal.objects.filter(number=number + 1).first(),
        },
    )


def listed(mappings: MappingQuerySet) -> MappingQuerySet:
    """Mappings as lists show them: direct before indirect, with their sheet and its place."""
    return mappings.select_related("version__public_of", "version__place__departement", "proposal", "lever").order_by(
        "strength", "-version__public_of__published_at", "pk"
    )


def obstacle(request: HttpRequest, number: int) -> HttpResponse:
    obstacle = get_object_or_404(Obstacle, number=number)
    met = ObstacleMet.objects.filter(
        obstacle=obstacle, version__public_of__in=Initiative.objects.published()
    ).select_related("version__public_of", "version__place__departement")
    return render(
        request,
        "levers/obstacle.html",
        {
            "obstacle": obstacle,
            "page": Paginator(met.order_by("-version__public_of__published_at", "pk"), SUPPORTS_A_PAGE).get_page(
                request.GET.get("page")
            ),
            "levers": Lever.objects.of_dagbert().filter(number__in=obstacle.answering_levers),
            "others": Obstacle.objects.all(),
        },
    )


def coverage(request: HttpRequest) -> HttpResponse:
    code = request.GET.get("region", "")
    region = Territory.objects.regions().filter(code=code[:12].replace("\x00", "")).first() if code else None
    if code and not region:
        messages.warning(request, "Cette région n’existe pas : voici le pays entier.")
    matrix = covering.matrix(region.code if region else "")
    if request.GET.get("format") == "csv":
        return coverage_csv(matrix)
    regions = Territory.objects.regions().filter(pk__in=Territory.objects.on_map().values("region")).order_by("key")
    return render(request, "levers/coverage.html", {"matrix": matrix, "region": region, "regions": regions})


def coverage_csv(matrix: covering.Matrix) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="couverture-leviers.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    writer.writerow(["code", "département", *[str(lever) for lever in matrix.levers], "initiatives connues"])
    for row in matrix.rows:
        writer.writerow([row.departement.code, row.departement.name, *[cell.count for cell in row.cells], row.total])
    return response
