"""Letters around a published sheet: who reported it, who decides, who wrote it; and the messages it receives."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts import post, rhythms
from accounts.models import Person, Role
from accounts.models.letters import Topic
from initiatives import fate
from initiatives.forms.readers import PLACES
from initiatives.models import Authorship, Case, Initiative, Inquiry, Move, Report
from initiatives.models.routing import network_for, routed_to


def reported(move: Move) -> None:
    """At once, to those who decide; the national team too when the page could not be hidden by itself."""
    report = report_of(move)
    case = report.case
    if case is None:
        return
    for person in who_decides(case):
        tell(move, person, "reported", report=report)
    if report.email:
        tell(move, report.email, "report_received", report=report)


def found(move: Move) -> None:
    """What the site sees on a page when its own rules get better: at once, to those who decide."""
    report = report_of(move)
    assert move.case is not None
    for person in who_decides(move.case):
        tell(move, person, "found", report=report)


def hidden(move: Move) -> None:
    """To the authors: the page is hidden, and why; never by whom."""
    for person in authors_of(move.initiative):
        tell(move, person, "hidden", by_claim=move.by_id is None)


def shown_again(move: Move) -> None:
    """A page that comes back with its correction is told by the letter of its publication."""
    if move.by_id:
        for person in authors_of(move.initiative):
            tell(move, person, "shown_again")


def upheld(move: Move) -> None:
    answered(move)
    said = Report.Outcome
    letters: dict[str, str] = {said.TO_CORRECT: "asked_to_correct", said.PASSED_ON: "correction_passed_on"}
    if letter := letters.get(move.motive):
        for person in authors_of(move.initiative):
            tell(move, person, letter, report=report_of(move))


def answered(move: Move) -> None:
    """To who wrote, where they left an address."""
    report = report_of(move)
    if report.email:
        tell(move, report.email, "report_answered", report=report)


def withdrawn(move: Move) -> None:
    """To the authors of a page that was read; a draft one throws away asks for no letter."""
    if move.initiative.published_at:
        for person in authors_of(move.initiative):
            tell(
                move, person, "withdrawn", why=fate.REASONS.get(move.motive, ""), by_authors=move.motive == fate.AUTHOR
            )


def restored(move: Move) -> None:
    for person in authors_of(move.initiative):
        tell(move, person, "restored")


def merged(move: Move) -> None:
    """To both teams: whose address leads where, and that they are both thanked."""
    into = move.initiative.merged_into
    if into is None:
        return
    teams = dict.fromkeys([*authors_of(move.initiative), *authors_of(into)])
    for person in teams:
        tell(move, person, "merged", into=into, into_url=settings.SITE_URL + into.get_absolute_url())


def unmerged(move: Move) -> None:
    for person in authors_of(move.initiative):
        tell(move, person, "unmerged")


def relay(inquiry: Inquiry) -> None:
    """To the team, or to the coordination where it chose so or has nobody left; and a copy to the writer."""
    sheet = inquiry.initiative
    version = sheet.public_version
    assert version is not None
    # A team that receives no such message leaves it to the coordination: nothing sent here is read by nobody.
    team = [person for person in inquiry.team() if rhythms.wants(person, Topic.CONTACT)]
    people = team or network_for(routed_to(version), version)[0]
    about: dict[str, Any] = {
        "inquiry": inquiry,
        "initiative": sheet,
        "title": version.title,
        "sheet_url": settings.SITE_URL + sheet.get_absolute_url(),
        "to_team": bool(team),
    }
    key = f"inquiry-{inquiry.pk}"
    for person in people:
        post.write(person, "initiatives/inquiry", key=key, topic=Topic.CONTACT if team else "", **about)
    post.write(inquiry.email, "initiatives/inquiry_copy", key=key, **about)


# Who, and how


def who_decides(case: Case) -> list[Person]:
    """The network of the sheet; the national team too, where the page stays visible until somebody decides."""
    people, _ = network_for(case.territory, case.version)
    return list(dict.fromkeys([*people, *national_team()])) if case.urgent else people


def report_of(move: Move) -> Report:
    assert move.case is not None
    return Report.objects.select_related("case__version", "case__territory").get(case=move.case_id)


def authors_of(initiative: Initiative) -> list[Person]:
    """Those who answer for a sheet: not who typed for them, nor who only asks to take it over."""
    signed = Authorship.objects.signing().filter(initiative=initiative)
    return list(Person.objects.filter(authorships__in=signed, is_active=True, erased_at=None).order_by("pk"))


def national_team() -> list[Person]:
    roles = Role.objects.current().of_kind("coordinator").filter(territory=None, person__is_active=True)
    return [role.person for role in roles.select_related("person")]


def tell(move: Move, to: Person | str, name: str, **context: Any) -> None:
    sheet, case = move.initiative, move.case
    report = context.get("report")
    post.write(
        to,
        f"initiatives/{name}",
        key=f"move-{move.pk}",
        move=move,
        case=case,
        initiative=sheet,
        title=case.version.title if case else str(sheet),
        place=PLACES.get(report.field, "") if isinstance(report, Report) and report.field else "",
        follow_url=settings.SITE_URL + reverse("initiatives:follow", args=[sheet.pk]),
        edit_url=settings.SITE_URL + reverse("initiatives:edit", args=[sheet.slug]),
        case_url=settings.SITE_URL + reverse("initiatives:case", args=[case.pk]) if case else "",
        sheet_url=settings.SITE_URL + sheet.get_absolute_url(),
        contact=settings.CONTACT_EMAIL,
        **context,
    )
