"""The coordinators' queue: its views and their counts, the oldest first; and gestures on several cases at once."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.models import Case, Initiative
from initiatives.search.text import legible
from initiatives.views.roles import holder_or_404

CASES_A_PAGE = 20
MAX_ASKED = 120
TO_REFRESH = "a-actualiser"
# Name in the address: (on the tab, as a title, when there is nothing).
VIEWS = {
    "a-traiter": ("À traiter", "Aucun dossier n’attend. Vous pouvez souffler."),
    "les-miens": ("Les miens", "Vous n’avez pris aucun dossier."),
    "signalements": ("Signalements", "Personne n’a rien signalé sur les pages de votre territoire."),
    "secondes-lectures": ("Secondes lectures", "Aucun auteur n’a demandé une seconde lecture."),
    "sans-territoire": ("Territoire indéterminé", "Tous les dossiers ont trouvé leur territoire."),
    "chez-l-auteur": ("Chez l’auteur", "Personne n’a de complément à vous envoyer."),
    "chez-un-tiers": ("Chez un tiers", "Aucun dossier n’attend la réponse d’un tiers."),
    "en-retard": ("En retard", "Aucun dossier n’a dépassé le jour promis."),
    TO_REFRESH: ("À actualiser", "Toutes les fiches de votre territoire ont été vérifiées depuis moins d’un an."),
    "decides": ("Décidés", "Aucune décision pour l’instant."),
}


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    person = holder_or_404(request, "coordinator")
    cases = Case.objects.moderable_by(person)
    asked = legible(request.GET.get("q", "")).strip()[:MAX_ASKED]
    view = request.GET.get("vue", "a-traiter")
    if view not in VIEWS:
        messages.warning(request, "Cette vue n’existe pas : voici les dossiers à traiter.")
        view = "a-traiter"
    title, empty = VIEWS[view]
    sheets = Initiative.objects.moderable_by(person).to_refresh()
    counts = {**cases.counts(person), TO_REFRESH: sheets.count()}
    if asked:
        view, title = "", f"Dossiers trouvés pour « {asked} »"
        empty = "Aucun dossier de votre territoire n’a ce numéro, ni ces mots dans son titre."
        found = cases.named(asked).order_by("-received_at", "-pk")
    elif view == "decides":
        found = cases.view(view, person).order_by("-decided_at", "-pk")
    elif view != TO_REFRESH:
        found = cases.view(view, person).order_by("-urgent", "received_at", "pk")
    context = {
        "view": view,
        "title": title,
        "empty": empty,
        "asked": asked,
        "tabs": [(slug, label, counts[slug]) for slug, (label, _) in VIEWS.items()],
        "waits_long": counts["en-retard"],
        "gestures": {"a-traiter": "confier", "sans-territoire": "confier", "en-retard": "confier"}.get(
            view, "rappeler" if view == "chez-l-auteur" else ""
        ),
    }
    if view == TO_REFRESH:
        rows = sheets.select_related("public_version__place__departement").order_by("verified_on", "pk")
        context["sheets"] = Paginator(rows, CASES_A_PAGE).get_page(request.GET.get("page"))
        return render(request, "initiatives/queue.html", context)
    shown = found.select_related(
        "version__place__departement", "initiative", "territory", "claimed_by", "opened_by", "report"
    )
    context["page"] = Paginator(shown, CASES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "initiatives/queue.html", context)
