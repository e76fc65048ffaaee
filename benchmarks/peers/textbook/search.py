"""A stored vector, a GIN index, `ts_rank`, one count and one GROUP BY a facet."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, F

from benchmarks.peers.textbook.models import Sheet

CONFIG = "textbook"
FACETS = {
    "methode": "methode__code", "theme": "theme__code", "public": "public__code", "levier": "levier__code",
    "region": "region", "departement": "departement", "annee": "year",
}  # fmt: skip


def search(text: str, choices: dict[str, list[str]], since: int | None, size: int = 20) -> tuple[int, Any, list[Sheet]]:
    """(total, {facet: [(value, sheets)]}, the first twenty)."""
    query = SearchQuery(text, config=CONFIG) if text else None
    matched = Sheet.objects.filter(vector=query) if query else Sheet.objects.all()

    def filtered(but: str = "") -> Any:
        found = matched
        for name, values in choices.items():
            if name != but:
                path = {"etiquette": "etiquette__code"}.get(name) or FACETS[name]
                found = found.filter(**{f"{path}__in": values})
        if since and but != "annee":
            found = found.filter(year__gte=since)
        return found.distinct() if choices else found

    result = filtered()
    if query:
        page = result.annotate(rank=SearchRank(F("vector"), query)).order_by("-rank", "-pk")
    else:
        page = result.order_by("-pk")
    counts = {
        name: list(filtered(name).order_by().values_list(path).annotate(number=Count("pk", distinct=True)))
        for name, path in FACETS.items()
    }
    return result.count(), counts, list(page.defer("vector")[:size])
