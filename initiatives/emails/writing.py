"""To whom letters about a sheet go, and what each of them may say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts import post
from accounts.models import Person
from initiatives.models import Authorship, Move
from initiatives.workflow import ABOUT_A_PAGE, Verb


def authors_of(move: Move) -> Iterable[Person]:
    writing = Authorship.objects.writing().filter(initiative=move.initiative_id)
    return Person.objects.filter(authorships__in=writing, is_active=True, erased_at=None).order_by("pk")


def to_authors(move: Move, name: str, *, besides: Person | None = None, **context: Any) -> None:
    for person in authors_of(move):
        if besides is None or person.pk != besides.pk:
            write(move, person, name, **context)


def to_claimant(move: Move, name: str, **context: Any) -> None:
    """To the person who held the case until this line: the last claim before it says who."""
    holder = last_to_say(move, Verb.CLAIM)
    if holder:
        write(move, holder, name, **context)


def last_to_say(move: Move, *verbs: str) -> Person | None:
    """Who said one of these verbs last, before this line of the case."""
    assert move.case is not None
    last = move.case.moves.filter(verb__in=verbs, pk__lt=move.pk).select_related("by").order_by("-pk").first()
    return last.by if last else None


def write(move: Move, to: Person | str, name: str, *, key: str = "", **context: Any) -> None:
    """One letter for one line of the journal; `key` where several lines tell the same thing."""
    case = move.case
    post.write(
        to,
        f"initiatives/{name}",
        key=key or f"move-{move.pk}",
        move=move,
        case=case,
        initiative=move.initiative,
        about_a_page=bool(case and case.kind in ABOUT_A_PAGE),
        title=case.version.title if case else str(move.initiative),
        follow_url=settings.SITE_URL + reverse("initiatives:follow", args=[move.initiative_id]),
        case_url=settings.SITE_URL + reverse("initiatives:case", args=[case.pk]) if case else "",
        sheet_url=settings.SITE_URL + move.initiative.get_absolute_url(),
        **context,
    )
