"""Where students are with assignments, in the words of each: what a trainer is told stops at what was sent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices

from accounts.models import Person
from accounts.rights import Someone
from training import deadlines
from training.deadlines import Dates
from training.models import Assignment, Cohort, Enrolment, Extension, Group, Work, by_name
from training.models.assignments import ids_of


class Standing(TextChoices):
    """All a trainer learns. Begun or not, what isn't sent is « pas encore envoyé »: drafts are nobody else's."""

    TO_REREAD = "to_reread", "à relire"
    TO_REDO = "to_redo", "à reprendre"
    ACCEPTED = "accepted", "accepté"
    LATE = "late", "en retard"
    NOT_SENT = "not_sent", "pas encore envoyé"
    NOT_OPEN = "not_open", "pas encore ouvert"
    NOT_CONCERNED = "not_concerned", "pas concerné"

    def counted(self, count: int) -> str:
        """« 2 acceptés »."""
        plural = count > 1 and self not in (Standing.TO_REREAD, Standing.TO_REDO, Standing.LATE)
        return f"{count} {self.label}{'s' if plural else ''}"

    @property
    def badge(self) -> str:
        return {"to_reread": "badge-wait", "accepted": "badge-ok", "late": "badge-late"}.get(self.value, "badge-off")

    @property
    def is_quiet(self) -> bool:
        """Nothing is expected of anyone: said in small."""
        return self in (Standing.NOT_SENT, Standing.NOT_OPEN, Standing.NOT_CONCERNED)


SENT = {
    Work.Status.SENT: Standing.TO_REREAD,
    Work.Status.TO_REDO: Standing.TO_REDO,
    Work.Status.ACCEPTED: Standing.ACCEPTED,
}


@dataclass(frozen=True)
class Cell:
    """One student and one assignment, as a trainer sees them; `work` leads to the note when there is one."""

    standing: Standing
    dates: Dates
    extended_to: datetime | None = None
    work: int | None = None
    sent_at: datetime | None = None
    sent_late: bool = False
    version: int | None = None

    @property
    def extended_in_words(self) -> str:
        return deadlines.in_words(deadlines.last_minute(self.extended_to)) if self.extended_to else ""

    @property
    def extended_briefly(self) -> str:
        """« 12 déc. »."""
        return deadlines.brief(deadlines.last_minute(self.extended_to)) if self.extended_to else ""


@dataclass(frozen=True)
class Line:
    """A student, and where they are with each assignment, in the order of the table's."""

    enrolment: Enrolment
    cells: list[Cell]

    @property
    def student(self) -> Person:
        return self.enrolment.student

    @property
    def groups(self) -> list[Group]:
        """Read with the table when it was asked `with_groups`."""
        return list(self.enrolment.groups.all())


@dataclass(frozen=True)
class Table:
    """The students of a cohort × its assignments."""

    assignments: list[Assignment]
    lines: list[Line]

    @property
    def heads(self) -> list[tuple[Assignment, list[tuple[Standing, str]]]]:
        return [(assignment, self.tally(place)) for place, assignment in enumerate(self.assignments)]

    def tally(self, place: int) -> list[tuple[Standing, str]]:
        """How many students stand where with one assignment, in words, the states met only."""
        counts = Counter(line.cells[place].standing for line in self.lines)
        del counts[Standing.NOT_CONCERNED]
        return [(each, each.counted(counts[each])) for each in Standing if counts[each]]

    def of_group(self, group: Group | None) -> Table:
        if group is None:
            return self
        return Table(self.assignments, [line for line in self.lines if group.pk in ids_of(line.enrolment, "groups")])

    @property
    def to_reread(self) -> list[int]:
        """The works that wait for an answer, in the order of `Work.objects.to_reread_by()`."""
        waiting = [
            (place, cell.sent_at, cell.work)
            for line in self.lines
            for place, cell in enumerate(line.cells)
            if cell.standing == Standing.TO_REREAD and cell.work
        ]
        return [work for _, _, work in sorted(waiting)]


def table(someone: Someone, cohort: Cohort, *, only: Assignment | None = None, with_groups: bool = False) -> Table:
    """One cohort's: of all its assignments or of one. Others' trainers find no work in it."""
    return tables(someone, [cohort], only=only, with_groups=with_groups)[cohort.pk]


def tables(
    someone: Someone, cohorts: Iterable[Cohort], *, only: Assignment | None = None, with_groups: bool = False
) -> dict[int, Table]:
    """By cohort, in a number of queries that depends neither on students nor on assignments."""
    pks = [cohort.pk for cohort in cohorts]
    given = Assignment.objects.filter(cohort__in=pks).with_recipient_ids()
    assignments = list(given.filter(pk=only.pk) if only else given.in_force())
    current = Enrolment.objects.current().filter(cohort__in=pks).with_group_ids().select_related("student")
    enrolments = list(current.prefetch_related("groups") if with_groups else current)
    sent = Work.objects.readable_by_trainer(someone).filter(assignment__in=assignments).with_last_note()
    works = {(work.assignment_id, work.student_id): work for work in sent}
    more = Extension.objects.filter(assignment__in=assignments).values_list("assignment", "student", "due_at")
    extensions = {(assignment, student): due_at for assignment, student, due_at in more}
    of_cohort: dict[int, list[Assignment]] = defaultdict(list)
    for assignment in assignments:
        of_cohort[assignment.cohort_id].append(assignment)
    lines: dict[int, list[Line]] = defaultdict(list)
    for enrolment in sorted(enrolments, key=lambda each: by_name(each.student)):
        cells = []
        for assignment in of_cohort[enrolment.cohort_id]:
            who = (assignment.pk, enrolment.student_id)
            cells.append(cell(assignment, enrolment, works.get(who), extensions.get(who)))
        lines[enrolment.cohort_id].append(Line(enrolment, cells))
    return {pk: Table(of_cohort[pk], lines[pk]) for pk in pks}


def cell(assignment: Assignment, enrolment: Enrolment, work: Work | None, extended_to: datetime | None) -> Cell:
    """`work` is one that was sent, with what `Work.objects.with_last_note()` says of its last note.

    What was sent stays where it is, even by someone it is no longer given to.
    """
    dates = Dates(assignment.due_at, assignment.closes_at).extended_to(extended_to)
    # A date that was moved after the extension may have overtaken it.
    extended_to = dates.due_at if dates.due_at != assignment.due_at else None
    if work is not None:
        standing = SENT[Work.Status(work.status)]
        return Cell(standing, dates, extended_to, work.pk, work.last_sent_at, bool(work.sent_late), work.last_number)
    if not assignment.is_addressed_to(enrolment):
        return Cell(Standing.NOT_CONCERNED, dates)
    if not assignment.is_open:
        return Cell(Standing.NOT_OPEN, dates, extended_to)
    return Cell(Standing.LATE if dates.is_late else Standing.NOT_SENT, dates, extended_to)
