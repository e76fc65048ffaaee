"""Its own search, its own facets: one `facet()` each, without the choices of that facet."""

from __future__ import annotations

from typing import Any

from benchmarks.peers.wagtail_site.models import SheetPage

FACETS = {
    "methode": "methode", "theme": "theme", "public": "public", "levier": "levier", "region": "region",
    "departement": "departement", "annee": "year",
}  # fmt: skip


def search(text: str, choices: dict[str, list[str]], since: int | None) -> tuple[int, dict[str, Any], list[SheetPage]]:
    def found(but: str = "") -> Any:
        pages = SheetPage.objects.live()
        for name, values in choices.items():
            if name in FACETS and name != but:
                path = FACETS[name] if name in {"region", "departement"} else f"{FACETS[name]}__code"
                pages = pages.filter(**{f"{path}__in": values})
        if since and but != "annee":
            pages = pages.filter(year__gte=since)
        pages = pages.distinct() if choices else pages
        return pages.order_by("-pk").search(text, order_by_relevance=bool(text)) if text else pages.order_by("-pk")

    def counted(name: str) -> dict[Any, int]:
        pages = found(name)
        if text:
            return dict(pages.facet(FACETS[name]))
        from django.db.models import Count

        return dict(pages.order_by().values_list(FACETS[name]).annotate(number=Count("pk")))

    result = found()
    return result.count(), {name: counted(name) for name in FACETS}, list(result[:20])
