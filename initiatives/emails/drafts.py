"""The letter that says a draft will be erased, a month before: always sent, since what it is about can't come back."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.urls import reverse

from accounts import post
from accounts.models import Person
from initiatives.models import Authorship, Initiative

TEMPLATE = "initiatives/draft_ends"


def key_of(sheet: Initiative, quiet: date) -> str:
    """How the letters of this silence begin: a draft touched since then, and left again, is told again."""
    return f"{TEMPLATE}:draft-{sheet.pk}-{quiet.isoformat()}:"


def writers(sheet: Initiative) -> list[Person]:
    writing = Authorship.objects.writing().filter(initiative=sheet)
    return list(Person.objects.filter(authorships__in=writing, is_active=True, erased_at=None).order_by("pk"))


def draft_ends(sheet: Initiative, quiet: date, end: date) -> None:
    last = sheet.versions.order_by("-number").first()
    for person in writers(sheet):
        post.write(
            person,
            "initiatives/draft_ends",
            key=f"draft-{sheet.pk}-{quiet.isoformat()}",
            title=last.title if last else "",
            quiet=quiet,
            end=end,
            is_refused=sheet.cases.exists(),
            draft_url=settings.SITE_URL + reverse("initiatives:draft", args=[sheet.pk]),
            mine_url=settings.SITE_URL + reverse("initiatives:mine"),
        )
