"""Letters to those one tells with: questions by a secret link and their answers, invitations, and being called.

A link's token is known when it is made and never again, so its letter is written in the transaction that asks.
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts import post
from accounts.models import Person, Territory
from initiatives.emails.writing import write
from initiatives.models import Agreement, Case, Initiative, Move

Kind, Answer = Agreement.Kind, Agreement.Answer
LETTERS = {
    Kind.EMPLOYER: "agreement_asked",
    Kind.PEOPLE: "agreement_asked",
    Kind.AUTHOR: "author_asked",
    Kind.CO_AUTHOR: "co_author_invited",
    Kind.HAND_OVER: "hand_over_offered",
}


def asked(question: Agreement, token: str) -> None:
    """To the person asked, with the link that answers."""
    link = settings.SITE_URL + reverse("agreement", args=[token])
    _write(question.email, LETTERS[Kind(question.kind)], question, link_url=link)


def answered(question: Agreement) -> None:
    """To who asked: yes, no, or what is to be changed."""
    name = "author_answered" if question.kind == Kind.AUTHOR else "agreement_answered"
    if question.asked_by:
        _write(question.asked_by, name, question)


def signed(question_by: Person | None, case: Case, *, on_paper: bool = False) -> None:
    """To the author whose sheet leaves, how to find it again; and to who typed it, that it left."""
    author = case.opened_by
    assert author is not None
    about: dict[str, Any] = {
        "case": case, "initiative": case.initiative, "title": case.version.title, "on_paper": on_paper,
    }  # fmt: skip
    links: dict[str, Any] = {
        "follow_url": settings.SITE_URL + reverse("initiatives:follow", args=[case.initiative_id]),
        "sign_in_url": settings.SITE_URL + reverse("accounts:request_link"),
        "contact": settings.CONTACT_EMAIL,
    }
    key = f"signed-{case.pk}"
    post.write(author, "initiatives/author_signed", key=key, **about, **links)
    if question_by:
        post.write(question_by, "initiatives/typed_sheet_sent", key=key, author=author, **about)


def joined(move: Move) -> None:
    _others(move, "joined")


def left(move: Move) -> None:
    _others(move, "left")


def handed_over(move: Move) -> None:
    _others(move, "handed_over")


def call_me(said: dict[str, str], territory: Territory | None, people: list[Person], before: date) -> None:
    """To those who coordinate the territory; what is said stands in this letter and nowhere else."""
    key = secrets.token_hex(8)
    start = settings.SITE_URL + reverse("initiatives:tell_for")
    for person in people:
        post.write(
            person, "initiatives/call_me", key=key, said=said, territory=territory, before=before, start_url=start
        )


def _others(move: Move, name: str) -> None:
    """To those who sign the sheet, but for the one who moved."""
    signing = move.initiative.authorships.signing().select_related("person")
    for authorship in signing.exclude(person=move.by):
        if authorship.person.is_active:
            write(move, authorship.person, name, who=move.by, people_url=_people_url(move.initiative))


def _people_url(initiative: Initiative) -> str:
    return settings.SITE_URL + reverse("initiatives:people", args=[initiative.pk])


def _write(to: Person | str, name: str, question: Agreement, **context: Any) -> None:
    sheet = question.initiative
    post.write(
        to,
        f"initiatives/{name}",
        key=f"agreement-{question.pk}",
        question=question,
        initiative=sheet,
        title=(question.version.title if question.version else "") or "Une initiative",
        people_url=_people_url(sheet),
        check_url=settings.SITE_URL + reverse("initiatives:check", args=[sheet.pk]),
        contact=settings.CONTACT_EMAIL,
        **context,
    )
