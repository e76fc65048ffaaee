"""Writing a fiche on line: one draft a fiche, published as a new version; nothing is written over unseen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Person
from guide import french, passages, rendering
from guide.difference import Change, words
from guide.models import Fiche, FicheVersion

WRITTEN = ("title", "summary", "body", "sources", "change_note")
Status = FicheVersion.Status


class Conflict(Exception):
    """Somebody wrote or published meanwhile: `other` is what they did, None when they threw the draft away."""

    def __init__(self, other: FicheVersion | None) -> None:
        super().__init__()
        self.other = other


def draft_of(fiche: Fiche) -> FicheVersion | None:
    return fiche.versions.filter(status=Status.DRAFT).select_related("written_by", "written_from").first()


def proposal_of(fiche: Fiche) -> FicheVersion | None:
    """What the file in the repository says, when the fiche was edited on line since."""
    return fiche.versions.filter(status=Status.PENDING).order_by("-number").first()


def save_draft(fiche: Fiche, by: Person, said: Mapping[str, Any], *, seen: str) -> FicheVersion:
    """Keep what is written. `seen` is the mark of the draft one read, empty if there was none."""
    with transaction.atomic():
        held = _held(fiche)
        draft = draft_of(held)
        if (draft.mark if draft else "") != seen:
            raise Conflict(draft)
        current = held.current
        assert current is not None
        draft = draft or FicheVersion(
            fiche=held,
            number=_next_number(held),
            title_status=current.title_status,
            subject=current.subject,
            origin=FicheVersion.Origin.EDITOR,
            status=Status.DRAFT,
            written_from=current,
            updated_on=timezone.localdate(),
        )
        for key in WRITTEN:
            setattr(draft, key, said[key])
        draft.title, draft.summary = french.typeset(draft.title), french.typeset(draft.summary)
        draft.change_note = french.typeset(draft.change_note)
        draft.sources = [{**source, "title": french.typeset(source["title"])} for source in draft.sources]
        draft.written_by, draft.touched_at = by, timezone.now()
        draft.save()
    return draft


def faults(draft: FicheVersion) -> list[tuple[str, str]]:
    """What stands in the way of publishing: (heading of a section or name of a field, sentence)."""
    found = rendering.faults(draft.summary, draft.body, draft.sources)
    if not draft.title:
        found.insert(0, ("title", "Donnez un titre à la fiche."))
    if not draft.summary:
        found.insert(0, ("summary", "Écrivez « En bref » : ce que l’on tirera de la fiche."))
    if not draft.change_note:
        found.append(("change_note", "Dites en une phrase ce qui a changé : les lecteurs le verront."))
    return found


def publish(fiche: Fiche, by: Person, *, seen: str, current: int) -> FicheVersion:
    """The draft becomes what everyone reads, if it is the one that was looked at, beside the version it replaces."""
    with transaction.atomic():
        held = _held(fiche)
        draft = draft_of(held)
        if draft is None or draft.mark != seen:
            raise Conflict(draft)
        if held.current_id != current:
            raise Conflict(held.current)
        if wrong := faults(draft):
            raise rendering.Faulty(wrong[0][1])
        draft.written_by = by
        return _publish(held, draft)


def accept(fiche: Fiche, *, seen: int, current: int) -> FicheVersion:
    """The file's text replaces what was edited on line."""
    with transaction.atomic():
        held = _held(fiche)
        proposal = proposal_of(held)
        if proposal is None or proposal.pk != seen or held.current_id != current:
            raise Conflict(proposal)
        return _publish(held, proposal)


def set_aside(fiche: Fiche, *, seen: int) -> None:
    """What stands on line stays; the file's text isn't proposed again."""
    if not fiche.versions.filter(pk=seen, status=Status.PENDING).update(status=Status.SET_ASIDE):
        raise Conflict(proposal_of(fiche))


def discard(fiche: Fiche, *, seen: str) -> None:
    with transaction.atomic():
        draft = draft_of(_held(fiche))
        if draft is None:
            return
        if draft.mark != seen:
            raise Conflict(draft)
        draft.delete()


def _held(fiche: Fiche) -> Fiche:
    """Nobody else writes this fiche until the transaction ends."""
    return Fiche.objects.select_for_update(of=("self",)).select_related("current").get(pk=fiche.pk)


def _next_number(fiche: Fiche) -> int:
    return int(fiche.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def _publish(fiche: Fiche, version: FicheVersion) -> FicheVersion:
    """Its number follows those of all that was written before; its date is today's."""
    version.sections, version.terms = rendering.rendered(
        fiche.number, version.body, version.sources, rendering.definitions()
    )
    last = fiche.versions.exclude(pk=version.pk).exclude(status=Status.DRAFT).aggregate(last=Max("number"))["last"] or 0
    taken = fiche.versions.exclude(pk=version.pk).filter(number__gt=last).values_list("number", flat=True)
    version.number = max([last, *taken]) + 1
    version.status, version.updated_on, version.touched_at = Status.PUBLISHED, timezone.localdate(), timezone.now()
    version.save()
    Fiche.objects.filter(pk=fiche.pk).update(current=version)
    passages.renew("fiche")
    return version


# What changed

LABELS = {"title": "Titre", "summary": "En bref", "sources": "Sources"}


def between(before: FicheVersion, after: FicheVersion) -> list[Change]:
    """The parts of two texts that differ, each with its words kept, added and removed."""
    old, new = _said(before), _said(after)
    return [
        Change(label, words(old.get(label, ""), new.get(label, "")))
        for label in dict.fromkeys([*new, *old])
        if old.get(label, "") != new.get(label, "")
    ]


def _said(version: FicheVersion) -> dict[str, str]:
    sections = {section.title: section.markdown for section in french.sections(version.body)}
    sources = "\n".join(" – ".join(filter(None, [s["id"], s["title"], s.get("url", "")])) for s in version.sources)
    return {LABELS["title"]: version.title, LABELS["summary"]: version.summary, **sections, LABELS["sources"]: sources}
