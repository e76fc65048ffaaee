"""Letters about sheets taken up elsewhere: to their authors, without a name; and to who took one up, once."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts import post
from accounts.models import Person
from accounts.models.letters import Topic
from initiatives import lineage, reuses
from initiatives.emails.readers import authors_of
from initiatives.models import Initiative, Move, Reuse
from initiatives.workflow import ABOUT_A_PAGE


def inspired(reuse: Reuse) -> None:
    """To the authors: one more team, nobody named. One letter a week for a sheet, however many they are."""
    sheet = reuse.initiative
    if not sheet.is_public or sheet.public_version is None:
        return
    for person in authors_of(sheet):
        post.write(
            person,
            "initiatives/reuse_inspired",
            key=f"reuse-{sheet.pk}-{timezone.localdate():%G-W%V}",
            topic=Topic.REUSE,
            title=sheet.public_version.title,
            people=lineage.of(sheet.pk).people,
            sheet_url=settings.SITE_URL + sheet.get_absolute_url(),
        )


def where_are_you(found: reuses.Taken) -> None:
    """To who took it up, six months later: three links, each to a page where one answers."""
    sheet, reuse = found.sheet, found.reuse
    assert sheet is not None
    post.write(
        reuse.person,
        "initiatives/reuse_news",
        key=f"reuse-{reuse.pk}",
        topic=Topic.REUSE,
        title=found.title,
        since=timezone.localdate(reuse.inspired_at),
        has_tried=reuse.stage == Reuse.Stage.TRIED,
        sheet_url=settings.SITE_URL + sheet.get_absolute_url(),
        urls={
            name: settings.SITE_URL + reverse(f"initiatives:reuse_{name}", args=[reuse.pk])
            for name in ("tried", "adapted", "dropped")
        },
    )


def born(move: Move) -> None:
    """A version is published that comes from a sheet, as the one before it didn't say: to that sheet's authors."""
    child, case = move.initiative, move.case
    if case is None or case.kind in ABOUT_A_PAGE or not child.is_public or child.public_version is None:
        return
    known = set(reuses.parents_of(case.replaced).values_list("pk", flat=True)) if case.replaced_id else set()
    mine = {person.pk for person in authors_of(child)}
    for parent in reuses.parents_of(case.version).exclude(pk__in=known).select_related("public_version"):
        for person in authors_of(parent):
            if person.pk not in mine:
                _tell_birth(move, parent, child, person)


def _tell_birth(move: Move, parent: Initiative, child: Initiative, person: Person) -> None:
    assert parent.public_version
    assert child.public_version
    post.write(
        person,
        "initiatives/reuse_born",
        key=f"born-{parent.pk}-{child.pk}",
        topic=Topic.REUSE,
        title=parent.public_version.title,
        child_title=child.public_version.title,
        child_url=settings.SITE_URL + child.get_absolute_url(),
        sheet_url=settings.SITE_URL + parent.get_absolute_url(),
    )
