"""Taking over a sheet made from a public source: its team writes a version, and signs it once it is accepted.

Until then the page stays what it is, and who asks has a right on their own version only.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from initiatives.models import Authorship, Initiative, Version
from initiatives.models.journal import Move
from initiatives.workflow import READABLE, Refused, Verb

SILENT = timedelta(days=60)  # then somebody else may take the sheet over


class Taken(Refused):
    """Somebody else is taking this sheet over."""

    def __init__(self) -> None:
        super().__init__(
            "Quelqu’un reprend déjà cette fiche. Si c’est un collègue, préparez le texte ensemble : une fois la "
            "reprise acceptée, il pourra vous inviter à la signer. Sinon, revenez dans quelques semaines."
        )


def is_open_to_adoption(initiative: Initiative) -> bool:
    return initiative.is_from_public_source and initiative.is_public


def adopter_of(initiative: Initiative) -> Person | None:
    """Who is taking it over now: they write, or they wait for an answer."""
    held = initiative.authorships.filter(role=Authorship.Role.ADOPTER).select_related("person").first()
    if held is None:
        return None
    if initiative.open_case() is not None:
        return held.person
    working = initiative.working_version()
    return held.person if working and working.saved_at > timezone.now() - SILENT else None


def begin(initiative: Initiative, by: Person) -> Version:
    """A version to write, made from what the public reads, or from what this person wrote before.

    One team at a time; pressed twice, it gives the same version.
    """
    with transaction.atomic():
        sheet = Initiative.objects.hold(initiative.pk)
        if not is_open_to_adoption(sheet):
            raise Refused("Cette fiche ne peut pas être reprise.")
        adopter = adopter_of(sheet)
        if adopter and adopter.pk != by.pk:
            raise Taken
        if adopter:
            return sheet.version_to_edit(by)
        # One who went silent, or was answered no, leaves the place.
        sheet.authorships.filter(role=Authorship.Role.ADOPTER).exclude(person=by).delete()
        Authorship.objects.get_or_create(
            initiative=sheet, person=by, defaults={"role": Authorship.Role.ADOPTER, "since": timezone.now()}
        )
        working = sheet.working_version()
        if working and working.created_by_id == by.pk:
            return working
        sheet.versions.working().delete()
        last = sheet.versions.order_by("-number")[0]
        source = last if last.created_by_id == by.pk else sheet.public_version
        assert source is not None
        Move.say(sheet, Verb.START, by=by)
        return source.copy(by)


def is_adoption(initiative: Initiative, by: Person) -> bool:
    """Whether what this person sends is the taking over of a sheet."""
    return initiative.is_from_public_source and adopts(initiative, by)


def adopts(initiative: Initiative, person: Person) -> bool:
    return initiative.authorships.filter(person=person, role=Authorship.Role.ADOPTER).exists()


def settle(initiative: Initiative, version: Version) -> None:
    """Inside the transaction that publishes it: the sheet is its team's; its sources stay cited."""
    if not initiative.is_from_public_source or initiative.status not in READABLE:
        return
    signed = initiative.authorships.filter(role=Authorship.Role.ADOPTER, person=version.created_by_id)
    if signed.update(role=Authorship.Role.OWNER, since=timezone.now()):
        initiative.origin = Initiative.Origin.AUTHOR
        initiative.save(update_fields=["origin"])


def unsettle(initiative: Initiative, version: Version) -> None:
    """Inside the transaction that undoes an adoption: the sheet is again what a public source says."""
    signed = initiative.authorships.filter(role=Authorship.Role.OWNER, person=version.created_by_id)
    signed.update(role=Authorship.Role.ADOPTER)
    initiative.origin = Initiative.Origin.PUBLIC_SOURCE
    initiative.save(update_fields=["origin"])
