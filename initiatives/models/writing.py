"""Around the writing of a sheet: what is typed and not saved yet, and the sheets that look like it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Self

from django.db import connection, models
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Person
from initiatives.models.sheet import Initiative
from initiatives.models.version import Version

KEPT_FOR = timedelta(days=365)
# Once a version is sent nobody writes in it: what was typed beside it can be copied for that long.
KEPT_AFTER_SENDING = timedelta(days=7)
# For that long, what left a window before it saved may still arrive after.
LATE = timedelta(hours=1)
# Windows of one person on one screen; more than that is no longer writing.
MOST_WINDOWS = 20

# A window's requests may arrive in any order: the last typed wins, not the last arrived. A page without JavaScript has
# no window of its own: what it posts last stands.
KEEP = """
INSERT INTO initiatives_typedtext (version_id, step, person_id, "window", data, seen, count, at)
VALUES (%s, %s, %s, %s, %s::jsonb, %s, %s, %s)
ON CONFLICT (version_id, step, person_id, "window") DO UPDATE
SET data = EXCLUDED.data, seen = EXCLUDED.seen, count = EXCLUDED.count, at = EXCLUDED.at
WHERE initiatives_typedtext.count < EXCLUDED.count OR initiatives_typedtext."window" = ''
RETURNING xmax = 0
"""


class TypedTextQuerySet(models.QuerySet["TypedText"]):
    def of(self, version: Version, person: Person) -> Self:
        return self.filter(version=version, person=person)

    def texts(self) -> Self:
        """What was typed and not saved, the last one first."""
        return self.exclude(data={}).order_by("-at", "-pk")

    def saved(self) -> Self:
        return self.filter(data={})

    def over(self, now: datetime) -> Self:
        """Too old, or beside a version that nobody writes any more."""
        return self.filter(Q(at__lt=now - KEPT_FOR) | Q(version__frozen_at__lt=now - KEPT_AFTER_SENDING))

    def keep(self, version: Version, step: str, person: Person, *, window: str, count: int, seen: str,
             data: Mapping[str, list[str]]) -> bool:  # fmt: skip
        """Write what a window holds, unless it sent later words already; True when the window is a new one."""
        # PostgreSQL has no NUL: what can't be read there is marked where it stood.
        clean = {name.replace("\0", "\ufffd"): [text.replace("\0", "\ufffd") for text in data[name]] for name in data}
        values: list[str | int | datetime] = [version.pk, step, person.pk, window, json.dumps(clean), seen, count]
        with connection.cursor() as cursor:
            cursor.execute(KEEP, [*values, timezone.now()])
            found = cursor.fetchone()
        return bool(found and found[0])

    def tidy(self, version: Version, step: str, person: Person, *, window: str, count: int) -> None:
        """A new window holds now what another one held at that count; of too many windows, the last ones stay."""
        here = self.of(version, person).filter(step=step)
        gone = Q(window=window, count__lte=count) & ~Q(data={})
        here.filter(gone | Q(pk__in=here.order_by("-at").values("pk")[MOST_WINDOWS:])).delete()

    def end(self, version: Version, step: str, person: Person, *, window: str, count: int, carried: str,
            carried_count: int) -> None:  # fmt: skip
        """A window has saved its screen: its text is dropped, with that of the window it was carried from.

        A row without text stays: what left the window before may still arrive, and in vain.
        """
        now = timezone.now()
        saved = TypedText(version=version, step=step, person=person, window=window, count=count, at=now)
        self.bulk_create(
            [saved],
            update_conflicts=True,
            unique_fields=["version", "step", "person", "window"],
            update_fields=["data", "seen", "count", "at"],
        )
        here = self.of(version, person).filter(step=step)
        here.filter(window=carried, count__lte=carried_count).update(data={}, at=now)
        here.saved().filter(at__lt=now - LATE).exclude(window=window).delete()


class TypedText(models.Model):
    """One screen as it stands in one window, sent while typing. Only its writer reads it; saving the screen ends it.

    `window` is drawn by the browser for each page, so that two of them never write over one another; `data` is the
    form as posted, `seen` the imprint of what the screen said when it was opened. Without data, the row says that this
    window saved the screen, and when.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="typed")
    step = models.CharField(max_length=20)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    window = models.CharField(max_length=32)
    data = models.JSONField(default=dict)
    seen = models.CharField(max_length=24, blank=True)
    count = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    objects = TypedTextQuerySet.as_manager()

    class Meta:
        verbose_name = "frappe gardée"
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["version", "step", "person", "window"], name="typed_once_a_window")
        ]

    @property
    def when(self) -> str:
        """« à 18 h 02 », « le 19 novembre à 18 h 02 »."""
        at = timezone.localtime(self.at)
        hour = f"à {at:%-H\u00a0h\u00a0%M}"
        return hour if at.date() == timezone.localdate() else f"le {date_format(at, 'j\u00a0F')} {hour}"

    @property
    def mark(self) -> str:
        """What a page says it was carried from: this window, as it stood."""
        return f"{self.window}:{self.count}"

    def posted(self) -> QueryDict:
        """The form as it was posted."""
        data = QueryDict(mutable=True)
        for name, values in self.data.items():
            data.setlist(name, values)
        return data


class Likeness(models.Model):
    """What the authors answered about a sheet that looks like theirs, so as not to ask again."""

    class Answer(models.TextChoices):
        SAME = "same", "c’est la même"
        SEQUEL = "sequel", "la nôtre en est la suite"
        DIFFERENT = "different", "ce n’est pas la même"

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="likenesses")
    other = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField("réponse", max_length=10, choices=Answer)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "ressemblance"
        constraints = [models.UniqueConstraint(fields=["initiative", "other"], name="likeness_answered_once")]
