from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.rights import Someone
from guide.print import keeping
from initiatives import fate, lineage, printing, reading, search, sections
from initiatives.cards import cards
from initiatives.models import Initiative, Inquiry, Reuse, Version
from initiatives.models.choices import ContactMode, Licence
from initiatives.reading import Told
from initiatives.workflow import READABLE, SheetStatus

LICENCE_URLS = {
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/deed.fr",
    Licence.ETALAB: "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}


def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    initiative = _read(request, slug, "initiatives:sheet")
    if isinstance(initiative, HttpResponse):
        return initiative
    version = initiative.public_version
    parts = sections.of(version)
    words = reading.told(version)
    near = search.neighbours(initiative)
    context = {
        "initiative": initiative,
        "version": version,
        "told": words,
        "sections": parts,
        "levers": sections.ring(parts),
        "place_steps": _place_steps(version),
        "neighbours": cards(near),
        "contact_address": version.contact_address if version.contact_mode == ContactMode.PUBLIC else "",
        "can_edit": initiative.can_edit,
        "taken_up": initiative.taken_up,
        "lineage": lineage.of(initiative.pk),
        "can_write": Inquiry.may_reach(initiative),
        "joined": fate.credits(initiative),
        "licence_url": LICENCE_URLS.get(Licence(version.licence), ""),
        "cite": printing.cite(initiative, version),
        "address": settings.SITE_URL + initiative.get_absolute_url(),
        "linked_data": _linked_data(initiative, version, words),
    }
    return render(request, "initiatives/sheet.html", context)


@require_safe
def sheet_pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What the page says, on paper: where the page isn't read, neither is this, whatever was composed before."""
    initiative = _read(request, slug, "initiatives:sheet_pdf")
    if isinstance(initiative, HttpResponse):
        return initiative
    chapter = printing.chapter(initiative, initiative.public_version)
    return keeping.answer(request, chapter, keeping.name_of(initiative.slug))


def _read(request: HttpRequest, slug: str, page: str) -> Any:
    """The sheet that anyone may read at this address; else what is answered in its place."""
    initiative = _sheets(request.user).filter(slug=slug).first()
    if initiative is None:
        raise Http404
    if initiative.masked_at and initiative.published_at:
        return render(request, "initiatives/masked.html", status=404)
    if initiative.status == SheetStatus.WITHDRAWN and initiative.published_at:
        reason = fate.REASONS.get(initiative.withdrawn_reason, "Elle n’a plus sa place dans le catalogue.")
        return render(request, "initiatives/withdrawn.html", {"reason": reason}, status=410)
    if initiative.status == SheetStatus.MERGED:
        return HttpResponsePermanentRedirect(reverse(page, args=[_merged_into(initiative).slug]))
    if initiative.status not in READABLE or initiative.masked_at or initiative.public_version is None:
        raise Http404
    return initiative


def _sheets(someone: Someone) -> QuerySet[Any]:
    """With what someone may do here: whether they tell it, and the number of their own reuse of it."""
    mine = Initiative.objects.written_by(someone).filter(pk=OuterRef("pk"))
    taken_up = Reuse.objects.of(someone).filter(initiative=OuterRef("pk")).exclude(stage=Reuse.Stage.DROPPED)
    sheets = Initiative.objects.annotate(can_edit=Exists(mine), taken_up=Subquery(taken_up.values("pk")[:1]))
    return sheets.select_related(
        "public_version__place__epci",
        "public_version__place__departement",
        "public_version__place__region",
        "public_version__organisation_kind",
        "verified_by",
    )


def _merged_into(initiative: Initiative) -> Initiative:
    """The sheet that took its place, at the end of the chain; 404 where there is none to read."""
    into = initiative.merged_into
    for _ in range(fate.MOST_MERGES):
        if into is None or into.status != SheetStatus.MERGED:
            break
        into = into.merged_into
    if into is None or not into.is_public:
        raise Http404
    return into


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


def _linked_data(initiative: Initiative, version: Version, told: Told) -> dict[str, Any]:
    address = settings.SITE_URL + initiative.get_absolute_url()
    words = (*told.themes, *told.publics, *told.tags)
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
        "about": [{"@type": "DefinedTerm", "name": method["name"]} for method in told.methods],
    }
    if initiative.published_at:
        data["datePublished"] = timezone.localdate(initiative.published_at).isoformat()
    if version.frozen_at:
        data["dateModified"] = timezone.localdate(version.frozen_at).isoformat()
    if version.place:
        data["spatialCoverage"] = {"@type": "Place", "name": version.place.label}
    if version.organisation_name and not initiative.is_from_public_source:
        data["author"] = {"@type": "Organization", "name": version.organisation_name}
    sources = [source for source in told.sources if source["url"]]
    if sources:
        data["isBasedOn"] = [{"@type": "CreativeWork", "name": s["title"], "url": s["url"]} for s in sources]
    return data
