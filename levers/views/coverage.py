"""The tables of what is known and of what isn't."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.templatetags import hexagons
from initiatives.search.text import legible
from levers import coverage as covering
from levers import exports

LEVELS = {"departement": "département", "region": "région"}


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """A table of a kind (`tableau`), of the country or of a région, by département or by région (`niveau`)."""
    table, level = _one_of(request, "tableau", covering.TABLES), _one_of(request, "niveau", LEVELS)
    code = legible(request.GET.get("region", "")[:12]).strip()
    places = covering.mapped()
    regions = covering.regions_of(places)
    region = next((each for each in regions if each.code == code), None)
    if code and not region:
        messages.warning(request, "Cette région n’existe pas : voici le pays entier.")
    matrix = covering.matrix(table, region, by_region=level == "region", places=places)
    if request.GET.get("format") == "csv":
        return exports.as_csv(matrix)
    return render(
        request,
        "levers/coverage.html",
        {
            "matrix": matrix,
            "box": hexagons.map_box(),
            "region": region,
            "regions": regions,
            "tables": covering.TABLES,
            "level": level,
            "levels": LEVELS,
            "more": f"{request.GET.urlencode()}&format=csv" if request.GET else "format=csv",
        },
    )


def _one_of(request: HttpRequest, name: str, known: dict[str, str]) -> str:
    """What is asked of a few, the first when nothing is; what isn't one of them is said to be left aside."""
    asked = request.GET.get(name, "")
    if asked and asked not in known:
        messages.warning(request, "Ce tableau n’existe pas : voici celui des leviers, par département.")
    return asked if asked in known else next(iter(known))
