"""Figures of training for who heads a centre and for the national team: none from which one person could be found.

What is counted is people. A figure is shown when at least five people stand in it and at least five outside it, among
those of the figure that holds it; it is then rounded down to a multiple of five, so that two months' figures never tell
one person apart. Totals add what is shown and nothing else: what is hidden can't be found by subtraction. All stops at
the end of a month that is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from training.models import Assignment, Centre, Cohort, Comment, Enrolment, SentNote

LEAST = 5
LABELS = ("Étudiants", "Ont envoyé une note", "Ont un travail accepté")


@dataclass(frozen=True)
class Line:
    """One cohort, or one centre: how many assignments were given, and people counted, None where it isn't shown."""

    name: str
    given: int
    figures: tuple[int | None, ...]
    cohorts: int = 1


@dataclass(frozen=True)
class Table:
    until: date
    lines: list[Line]

    @property
    def total(self) -> Line:
        return added("Ensemble", self.lines)


def shown(counts: Sequence[int]) -> tuple[int | None, ...]:
    """Numbers of people, each among those of the one before: what may be read of them."""
    told: list[int | None] = []
    around: int | None = None
    for count in counts:
        apart = around is None or around - count >= LEAST
        if count >= LEAST and apart and (around is not None or not told):
            told.append(count - count % LEAST)
            around = count
        else:
            told.append(None)
    return tuple(told)


def added(name: str, lines: Iterable[Line]) -> Line:
    """What is shown of them, added; nothing of what isn't."""
    rows = list(lines)
    columns = zip(*(line.figures for line in rows), strict=True)
    figures = [[figure for figure in column if figure is not None] for column in columns]
    return Line(
        name,
        sum(line.given for line in rows),
        tuple(sum(column) if column else None for column in figures) or (None,) * len(LABELS),
        sum(line.cohorts for line in rows),
    )


def last_month(today: date) -> date:
    """The last day of the month before this one."""
    return today.replace(day=1) - timedelta(days=1)


def of_cohorts(centres: Iterable[int], today: date | None = None) -> Table:
    """Line by line, the cohorts of these centres that still have somebody, the last begun first."""
    until = last_month(today or timezone.localdate())
    counts = _counts(until)
    cohorts = Cohort.objects.filter(centre__in=list(centres)).order_by("-starts_on", "name")
    return Table(until, [_line(cohort.name, cohort.pk, counts) for cohort in cohorts if cohort.pk in counts])


def of_centres(today: date | None = None) -> Table:
    """Line by line, the centres; each adds what is shown of its cohorts."""
    until = last_month(today or timezone.localdate())
    counts = _counts(until)
    cohorts: dict[int, list[Line]] = {}
    for cohort in Cohort.objects.filter(pk__in=counts):
        cohorts.setdefault(cohort.centre_id, []).append(_line(cohort.name, cohort.pk, counts))
    centres = Centre.objects.select_related("organisation").order_by("organisation__name", "pk")
    return Table(until, [added(str(centre), cohorts[centre.pk]) for centre in centres if centre.pk in cohorts])


def _line(name: str, cohort: int, counts: dict[int, dict[str, int]]) -> Line:
    row = counts[cohort]
    return Line(name, row["given"], shown((row["students"], row["sent"], row["accepted"])))


def _counts(until: date) -> dict[int, dict[str, int]]:
    """By cohort, at the end of a day: who was in it then, and of them who had sent, and had a work accepted."""
    end = timezone.make_aware(datetime.combine(until + timedelta(days=1), time()))
    sent = SentNote.objects.filter(
        sent_at__lt=end, work__student=OuterRef("student"), work__assignment__cohort=OuterRef("cohort")
    )
    accepted = Comment.objects.filter(
        at__lt=end,
        verdict=Comment.Verdict.ACCEPTED,
        note__work__student=OuterRef("student"),
        note__work__assignment__cohort=OuterRef("cohort"),
    )
    inside = Enrolment.objects.filter(Q(left_at=None) | Q(left_at__gte=end), joined_at__lt=end)
    people: Any = (
        inside.order_by()
        .values("cohort")
        .annotate(
            students=Count("pk"),
            sent=Count("pk", filter=Exists(sent)),
            accepted=Count("pk", filter=Exists(sent) & Exists(accepted)),
        )
    )
    given = dict(
        Assignment.objects.filter(created_at__lt=end).order_by().values_list("cohort").annotate(Count("pk"))
    )  # fmt: skip
    return {row["cohort"]: {**row, "given": given.get(row["cohort"], 0)} for row in people}
