"""A fiche as a PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from guide.print import chapters, keeping
from guide.views.reading import fiche_or_404


@require_safe
def fiche_pdf(request: HttpRequest, number: int) -> HttpResponseBase:
    """As its page says it now, with its words defined."""
    fiche = fiche_or_404(number)
    version = fiche.current
    assert version is not None
    version.fiche = fiche
    chapter = chapters.fiche(version, chapters.terms_of([version]))
    return keeping.answer(request, chapter, keeping.name_of("fiche", str(number), version.title))
