"""The guide kept on a device, when its reader asks for it: what the browser's worker may keep, and nothing else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from accounts.models import Reference
from guide.models import Fiche, Method

WORKER = Path(__file__).parents[1] / "worker.js"
ASSETS = (
    "css/essaim.css",
    "css/guide.css",
    "js/essaim.js",
    "js/guide.js",
    "img/icons.svg",
    "img/favicon.svg",
    "fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "fonts/atkinson-hyperlegible-next-latin-wght-italic.woff2",
    "fonts/bricolage-grotesque-latin-wght-normal.woff2",
)
NAMES = ("contents", "original", "methods", "compare", "choose", "glossary", "offline")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What one sees without network where nothing was kept."""
    return render(request, "guide/offline.html")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The worker, with the list of what it keeps; it changes with any text of the guide, and browsers see it then."""
    fiches = list(Fiche.objects.readable())
    methods = list(Method.objects.only("slug"))
    pages = [reverse(f"guide:{name}") for name in NAMES]
    pages += [fiche.get_absolute_url() for fiche in fiches] + [method.get_absolute_url() for method in methods]
    assets = [static(name) for name in ASSETS]
    loaded = Reference.objects.filter(name__in=["glossary", "methods", "fiches"]).order_by("name")
    code = WORKER.read_text(encoding="utf-8")
    told = [code, *pages, *assets, *loaded.values_list("digest", flat=True)]
    told += [f"{fiche.number}:{fiche.current_id}:{fiche.current.touched_at}" for fiche in fiches if fiche.current]
    days = [fiche.current.updated_on for fiche in fiches if fiche.current]
    kept = {
        "version": hashlib.sha256("\n".join(told).encode()).hexdigest()[:16],
        "day": date_format(max(days), "j F Y") if days else "",
        "pages": pages,
        "assets": assets,
        "offline": reverse("guide:offline"),
    }
    answer = HttpResponse(
        f"const KEPT = {json.dumps(kept, ensure_ascii=False)};\n{code}", content_type="text/javascript; charset=utf-8"
    )
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    front = reverse("guide:contents")
    said = {
        "name": "Le guide, sur Essaim",
        "short_name": "Le guide",
        "lang": "fr",
        "id": front,
        "start_url": front,
        "scope": front,
        "display": "standalone",
        "background_color": "#FFFCF5",
        "theme_color": "#FFFCF5",
        "icons": [{"src": static("img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(said, content_type="application/manifest+json")
