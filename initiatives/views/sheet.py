from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from guide.french import NBSP
from guide.models import Fiche, Method
from initiatives import search, sections
from initiatives.cards import cards
from initiatives.models import Initiative, ObstacleMet, Partner, Public, Source, Tag, Theme, TimeShare, Version
from initiatives.models.choices import HOSTING, ContactMode, Licence
from initiatives.workflow import READABLE, SheetStatus

LICENCE_URLS = {
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/deed.fr",
    Licence.ETALAB: "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}
# Why a sheet was withdrawn, in classes only: what happened is nobody's business.
REASONS = {
    "author": "Ses auteurs l’ont retirée.",
    "account": "Le compte de ses auteurs a été supprimé.",
    "person": "Une personne concernée a demandé son retrait.",
    "rights": "Un droit sur ses textes ou ses images s’y opposait.",
    "error": "Elle contenait une erreur qui ne pouvait pas être corrigée.",
}
MOST_MERGES = 5


def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    initiative = _sheets().filter(slug=slug).first()
    if initiative is None:
        raise Http404
    if initiative.masked_at and initiative.published_at:
        return render(request, "initiatives/masked.html", status=404)
    if initiative.status == SheetStatus.WITHDRAWN and initiative.published_at:
        reason = REASONS.get(initiative.withdrawn_reason, "Elle n’a plus sa place dans le catalogue.")
        return render(request, "initiatives/withdrawn.html", {"reason": reason}, status=410)
    if initiative.status == SheetStatus.MERGED:
        return HttpResponsePermanentRedirect(_merged_into(initiative).get_absolute_url())
    version = initiative.public_version
    if initiative.status not in READABLE or initiative.masked_at or version is None:
        raise Http404
    told = sections.of(version)
    words: Any = initiative
    near = search.neighbours(
        initiative,
        [
            *(f"methode:{method['slug']}" for method in words.methods_told),
            *(f"theme:{theme['code']}" for theme in words.themes_told),
            *(f"public:{public['code']}" for public in words.publics_told),
        ],
    )
    context = {
        "initiative": initiative,
        "version": version,
        "sections": told,
        "levers": sections.ring(told),
        "place_steps": _place_steps(version),
        "hours": sum(row["hours"] for row in words.times_told),
        "hosting": [(offer, HOSTING[offer]) for offer in version.hosting if offer in HOSTING],
        "fiches": _fiches(words),
        "neighbours": cards(near),
        "contact_address": version.contact_address if version.contact_mode == ContactMode.PUBLIC else "",
        "can_edit": Initiative.objects.editable_by(request.user).filter(pk=initiative.pk).exists()
        if request.user.is_authenticated
        else False,
        "licence_url": LICENCE_URLS.get(Licence(version.licence), ""),
        "cite": _cite(initiative, version),
        "address": settings.SITE_URL + initiative.get_absolute_url(),
        "linked_data": _linked_data(initiative, version),
    }
    return render(request, "initiatives/sheet.html", context)


def _sheets() -> QuerySet[Any, Any]:
    """A sheet with all its public version says, in one statement: its rows come as lists of {name: value}."""

    def told(rows: QuerySet[Any, Any], **fields: str) -> ArraySubquery:
        return ArraySubquery(rows.values(row=JSONObject(**fields)))

    def linked(model: Any, **fields: str) -> ArraySubquery:
        return told(model.objects.filter(version=OuterRef("public_version")), **fields)

    def rows(model: Any, **fields: str) -> ArraySubquery:
        return told(model.objects.filter(version=OuterRef("public_version")).order_by("position", "pk"), **fields)

    current = Fiche.objects.filter(current__isnull=False).order_by("number")
    return Initiative.objects.select_related(
        "public_version__place__epci",
        "public_version__place__departement",
        "public_version__place__region",
        "public_version__organisation_kind",
        "verified_by",
    ).annotate(
        methods_told=linked(Method, slug="slug", name="name", in_brief="in_brief"),
        themes_told=linked(Theme, code="code", label="label"),
        publics_told=linked(Public, code="code", label="label"),
        tags_told=told(
            Tag.objects.filter(tagged_versions__content_object=OuterRef("public_version")), slug="slug", label="name"
        ),
        obstacles_told=rows(ObstacleMet, number="obstacle_id", label="obstacle__label", text="text", lifted="lifted"),
        partners_told=rows(Partner, name="name", role="role"),
        times_told=rows(TimeShare, role="role", hours="hours_a_month"),
        sources_told=rows(Source, title="title", url="url", date="date"),
        fiches_used=told(current.filter(version=OuterRef("public_version")), number="number", title="current__title"),
        fiches_of_methods=told(
            current.filter(methods__version=OuterRef("public_version")).distinct(),
            number="number",
            title="current__title",
        ),
    )


def _merged_into(initiative: Initiative) -> Initiative:
    """The sheet that took its place, at the end of the chain; 404 where there is none to read."""
    into = initiative.merged_into
    for _ in range(MOST_MERGES):
        if into is None or into.status != SheetStatus.MERGED:
            break
        into = into.merged_into
    if into is None or not into.is_public:
        raise Http404
    return into


def _fiches(words: Any) -> list[dict[str, Any]]:
    used = {fiche["number"]: {**fiche, "used": True} for fiche in words.fiches_used}
    helping = {fiche["number"]: fiche for fiche in words.fiches_of_methods}
    return [fiche for _, fiche in sorted((helping | used).items())]


def _place_steps(version: Version) -> list[tuple[str, str]]:
    """(label, address in the catalogue) of the région, the département and the commune of a sheet."""
    place = version.place
    if place is None:
        return []
    catalogue = reverse("initiatives:catalogue")
    steps = [(level, found) for level, found in (("region", place.region), ("departement", place.departement)) if found]
    if place.level == "commune":
        steps.append(("commune", place))
    return [
        (found.name if level != "departement" else found.label, f"{catalogue}?{level}={found.code}")
        for level, found in steps
    ]


def _cite(initiative: Initiative, version: Version) -> str:
    on = timezone.localdate(version.frozen_at) if version.frozen_at else None
    dated = f", version du {on:%d/%m/%Y}" if on else ""
    who = "Essaim" if initiative.is_from_public_source else version.organisation_name or "Essaim"
    return f"{who}, «{NBSP}{version.title}{NBSP}», Essaim{dated}, {version.get_licence_display()}."


def _linked_data(initiative: Any, version: Version) -> dict[str, Any]:
    address = settings.SITE_URL + initiative.get_absolute_url()
    words = (*initiative.themes_told, *initiative.publics_told, *initiative.tags_told)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": address,
        "url": address,
        "headline": version.title,
        "abstract": version.summary,
        "inLanguage": "fr",
        "isAccessibleForFree": True,
        "license": LICENCE_URLS.get(Licence(version.licence), ""),
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME, "url": settings.SITE_URL},
        "keywords": [word["label"] for word in words],
        "about": [{"@type": "DefinedTerm", "name": method["name"]} for method in initiative.methods_told],
    }
    if initiative.published_at:
        data["datePublished"] = timezone.localdate(initiative.published_at).isoformat()
    if version.frozen_at:
        data["dateModified"] = timezone.localdate(version.frozen_at).isoformat()
    if version.place:
        data["spatialCoverage"] = {"@type": "Place", "name": version.place.label}
    if version.organisation_name and not initiative.is_from_public_source:
        data["author"] = {"@type": "Organization", "name": version.organisation_name}
    sources = [source for source in initiative.sources_told if source["url"]]
    if sources:
        data["isBasedOn"] = [{"@type": "CreativeWork", "name": s["title"], "url": s["url"]} for s in sources]
    return data
