"""What becomes of a published sheet: hidden and shown again, withdrawn and put back, joined to another and parted.

Each verb is one conditional UPDATE under the sheet's lock, one line of the journal, and the index in the same
transaction. Who may is asked by the queryset; what a decision asks (no conflict, another person) is asked here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from initiatives import workflow
from initiatives.models import Case, Initiative, Move, Report
from initiatives.models.delays import NOT_WAITING, UNCLAIMED
from initiatives.models.routing import employed_by, writing
from initiatives.workflow import ABOUT_A_PAGE, OPEN, READABLE, CaseKind, Refused, SheetStatus, Verb

if TYPE_CHECKING:
    from initiatives.models import Version

# Why a sheet was withdrawn, in classes only: what happened is nobody's business.
AUTHOR, ACCOUNT, PERSON, RIGHTS, ERROR = "author", "account", "person", "rights", "error"
REASONS = {
    AUTHOR: "Ses auteurs l’ont retirée.",
    ACCOUNT: "Le compte de ses auteurs a été supprimé.",
    PERSON: "Une personne concernée a demandé son retrait.",
    RIGHTS: "Un droit sur ses textes ou ses images s’y opposait.",
    ERROR: "Elle contenait une erreur qui ne pouvait pas être corrigée.",
}
ANOTHER = "Vous avez pris cette décision : une autre personne de la coordination peut la défaire."
MOST_MERGES = 5


def conflict_with(initiative: Initiative, person: Person) -> str:
    """Why this person may not decide about a sheet, as a sentence; empty when they may."""
    version = initiative.public_version
    them = Person.objects.filter(pk=person.pk)
    if version is None:
        return ""
    if them.filter(writing(version)).exists():
        return "Vous avez écrit cette fiche : une autre personne de la coordination décidera."
    if version.organisation_siret and them.filter(employed_by(version)).exists():
        return "Cette fiche vient de votre organisation : une autre personne de la coordination décidera."
    return ""


def mask(initiative: Initiative, by: Person | None, *, case: Case | None = None, text: str = "") -> bool:
    """Hide a page everywhere at once; False when it was hidden already. Any coordinator may: it protects first."""
    if by:
        _forbid_conflict(initiative, by)
    with transaction.atomic():
        hidden = _held(initiative, status__in=READABLE, masked_at=None).update(masked_at=timezone.now())
        if not hidden:
            return False
        _after(initiative, Verb.MASK, by, case=case, text=text)
    return True


def unmask(initiative: Initiative, by: Person | None, *, case: Case | None = None, text: str = "") -> None:
    """Show a page again: after the last claim on it, and never by the one who hid it."""
    if by:
        _forbid_conflict(initiative, by)
        if case is None:
            _another_than(initiative, by, Verb.MASK, Verb.UPHOLD)
    with transaction.atomic():
        held = _held(initiative, masked_at__isnull=False)
        if claims_pending(initiative):
            raise Refused("Une demande attend encore une décision sur cette page : elle reste masquée jusque-là.")
        if not held.update(masked_at=None):
            raise Refused("Cette page n’est pas masquée.")
        _after(initiative, Verb.UNMASK, by, case=case, text=text)


def claims_pending(initiative: Initiative) -> bool:
    """Whether a claim that hides the page is still to be decided."""
    return Report.objects.filter(initiative=initiative, masked=True, case__status__in=OPEN).exists()


def came_back_corrected(initiative: Initiative, version: Version) -> None:
    """Inside the transaction that publishes a version: a page hidden before it was sent is shown again."""
    if initiative.masked_at is None or claims_pending(initiative):
        return
    if not initiative.versions.filter(pk=version.pk, frozen_at__gt=initiative.masked_at).exists():
        return
    Initiative.objects.filter(pk=initiative.pk).update(masked_at=None)
    initiative.masked_at = None
    Move.say(initiative, Verb.UNMASK, by=None)


def withdraw(
    initiative: Initiative, by: Person | None, reason: str, *, case: Case | None = None, text: str = ""
) -> None:
    """Take a page away for good (410), with the class of reason; the case in hand stops."""
    if reason not in REASONS:
        raise Refused("Choisissez une raison.")
    if by and reason not in (AUTHOR, ACCOUNT):
        _forbid_conflict(initiative, by)
    sources = workflow.SHEET_MOVES[Verb.WITHDRAW].sources & set(READABLE)
    with transaction.atomic():
        was = Initiative.objects.hold(initiative.pk).status
        gone = _held(initiative, status__in=sources).update(
            status=SheetStatus.WITHDRAWN, withdrawn_reason=reason, masked_at=None
        )
        if not gone:
            raise Refused("Cette fiche n’est plus en ligne.")
        close_case(initiative, by)
        _after(initiative, Verb.WITHDRAW, by, case=case, text=text, motive=reason, was=was)


def restore(initiative: Initiative, by: Person, text: str) -> None:
    """Put a withdrawn page back, by another coordinator than the one who withdrew it, who says why."""
    _forbid_conflict(initiative, by)
    if initiative.withdrawn_reason == ACCOUNT:
        raise Refused("Ses auteurs ont supprimé leur compte : cette fiche ne revient pas.")
    _another_than(initiative, by, Verb.WITHDRAW)
    with transaction.atomic():
        held = _held(initiative, status=SheetStatus.WITHDRAWN, published_at__isnull=False, public_version__isnull=False)
        if not held.update(status=workflow.SHEET_MOVES[Verb.RESTORE].target, withdrawn_reason=""):
            raise Refused("Cette fiche n’est pas retirée.")
        _after(initiative, Verb.RESTORE, by, text=text, was=SheetStatus.WITHDRAWN)


def merge(initiative: Initiative, into: Initiative, by: Person, text: str = "") -> None:
    """Join a sheet to the one that tells the same action: its address leads there, its credit is kept."""
    if initiative.pk == into.pk:
        raise Refused("Choisissez deux fiches différentes.")
    for sheet in (initiative, into):
        _forbid_conflict(sheet, by)
    with transaction.atomic():
        # Always in the same order: two merges of one pair wait for one another, never in a ring.
        sheets = {pk: Initiative.objects.hold(pk) for pk in sorted((initiative.pk, into.pk))}
        if sheets[into.pk].status not in READABLE or any(sheet.masked_at for sheet in sheets.values()):
            raise Refused("Une de ces deux fiches n’est plus en ligne, ou elle est masquée : décidez d’abord de cela.")
        if Case.objects.open().filter(initiative=initiative, kind=CaseKind.REPORT).exists():
            raise Refused("Un signalement attend une décision sur la fiche à réunir : décidez-en d’abord.")
        was = sheets[initiative.pk].status
        sources = workflow.SHEET_MOVES[Verb.MERGE].sources
        joined = _held(initiative, status__in=sources).update(status=SheetStatus.MERGED, merged_into=into)
        if not joined:
            raise Refused("Cette fiche n’est plus en ligne.")
        for case in Case.objects.open().filter(initiative=initiative):
            case.move(Verb.CANCEL, by=by, **UNCLAIMED, **NOT_WAITING)
        _after(initiative, Verb.MERGE, by, text=text, was=was)


def unmerge(initiative: Initiative, by: Person, text: str = "") -> None:
    """Part it from the other, by another coordinator: it has its own page again."""
    _forbid_conflict(initiative, by)
    _another_than(initiative, by, Verb.MERGE)
    with transaction.atomic():
        held = _held(initiative, status=SheetStatus.MERGED)
        if not held.update(status=workflow.SHEET_MOVES[Verb.UNMERGE].target, merged_into=None):
            raise Refused("Cette fiche n’est pas réunie à une autre.")
        _after(initiative, Verb.UNMERGE, by, text=text, was=SheetStatus.MERGED)


AMENDABLE = (
    "title", "summary", "period_note", "organisation_name", "place_note", "beginning", "story", "participation",
    "effects", "conditions", "means",
)  # fmt: skip


def amend(initiative: Initiative, by: Person, texts: dict[str, str]) -> None:
    """Correct some texts of a sheet nobody signs: a new version, which the public reads at once."""
    from initiatives import search
    from initiatives.difference import snapshot

    with transaction.atomic():
        sheet = Initiative.objects.hold(initiative.pk)
        before = sheet.public_version
        if before is None or sheet.status not in READABLE or sheet.signed_by_someone():
            raise Refused("Cette fiche a une équipe : c’est elle qui la corrige.")
        if not texts or not set(texts) <= set(AMENDABLE) or all(getattr(before, n) == t for n, t in texts.items()):
            raise Refused("Corrigez au moins un texte.")
        version = before.copy(by, frozen=True)
        for name, text in texts.items():
            setattr(version, name, text)
        lacks = version.missing()
        if lacks:
            raise Refused(" ".join(lacks.values()))
        version.snapshot = snapshot(version)
        version.save(update_fields=[*texts, "snapshot"])
        Initiative.objects.filter(pk=sheet.pk).update(public_version=version)
        initiative.refresh_from_db()
        search.index(initiative)


def credits(initiative: Initiative) -> list[Version]:
    """What the sheets joined to this one said of themselves, to thank their teams; nothing of a hidden one."""
    joined, level = Q(merged_into=initiative), "merged_into"
    for _ in range(MOST_MERGES - 1):
        level = f"merged_into__{level}"
        joined |= Q(**{level: initiative})
    sheets = Initiative.objects.filter(joined, status=SheetStatus.MERGED, masked_at=None)
    found = sheets.select_related("public_version").order_by("pk")
    return [sheet.public_version for sheet in found if sheet.public_version]


def close_case(initiative: Initiative, by: Person | None) -> None:
    """Stop the case that has a version; what readers said of the page is still to be answered."""
    for case in Case.objects.open().filter(initiative=initiative).exclude(kind__in=ABOUT_A_PAGE):
        case.move(Verb.CANCEL, by=by, **UNCLAIMED, **NOT_WAITING)


def _held(initiative: Initiative, **where: Any) -> Any:
    """The sheet, locked, if it still stands so."""
    Initiative.objects.hold(initiative.pk)
    return Initiative.objects.filter(pk=initiative.pk, **where)


def _after(
    initiative: Initiative, verb: str, by: Person | None, *, was: str = "", case: Case | None = None, **about: Any
) -> None:
    from initiatives import search

    initiative.refresh_from_db(fields=["status", "masked_at", "withdrawn_reason", "merged_into"])
    standing = {"from_status": was, "to_status": initiative.status} if was else {}
    Move.say(initiative, verb, by=by, case=case, **standing, **about)
    search.index(initiative)


def _forbid_conflict(initiative: Initiative, by: Person) -> None:
    conflict = conflict_with(initiative, by)
    if conflict:
        raise Refused(conflict)


def _another_than(initiative: Initiative, by: Person, *verbs: str) -> None:
    """Refused to who said the last of these verbs on this sheet."""
    last = initiative.moves.filter(verb__in=verbs).order_by("-pk").first()
    if last and last.by_id == by.pk:
        raise Refused(ANOTHER)


def credits_of_all(initiatives: Iterable[Initiative]) -> dict[int, list[Version]]:
    """The same for several, by their key: one statement, and one more for each rank of sheets joined to others."""
    roots = {initiative.pk: initiative.pk for initiative in initiatives}
    found: dict[int, list[Version]] = {pk: [] for pk in roots}
    joined = Initiative.objects.filter(status=SheetStatus.MERGED).select_related("public_version").order_by("pk")
    for _ in range(MOST_MERGES):
        rank = list(joined.filter(merged_into__in=list(roots))) if roots else []
        roots = {sheet.pk: roots[sheet.merged_into_id or 0] for sheet in rank}
        for sheet in rank:
            if sheet.public_version and sheet.masked_at is None:
                found[roots[sheet.pk]].append(sheet.public_version)
    return found
