"""Where a student is with an assignment, in the words of each: what a trainer is told stops at what was sent."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

from training.models import Assignment, Work


class Standing(TextChoices):
    """All a trainer learns. Begun or not, what isn't sent is « pas encore envoyé »: drafts are nobody else's."""

    TO_REREAD = "to_reread", "à relire"
    TO_REDO = "to_redo", "à reprendre"
    ACCEPTED = "accepted", "accepté"
    LATE = "late", "en retard"
    NOT_SENT = "not_sent", "pas encore envoyé"

    def counted(self, count: int) -> str:
        """« 2 acceptés »."""
        plural = count > 1 and self in (Standing.ACCEPTED, Standing.NOT_SENT)
        return f"{count} {self.label}{'s' if plural else ''}"

    @property
    def badge(self) -> str:
        return {"to_reread": "badge-wait", "accepted": "badge-ok", "late": "badge-late"}.get(self.value, "badge-off")


SENT = {
    Work.Status.SENT: Standing.TO_REREAD,
    Work.Status.TO_REDO: Standing.TO_REDO,
    Work.Status.ACCEPTED: Standing.ACCEPTED,
}


def standing(assignment: Assignment, status: str = Work.Status.BEGUN) -> Standing:
    return SENT.get(Work.Status(status)) or (Standing.LATE if assignment.is_late else Standing.NOT_SENT)


@dataclass(frozen=True)
class Cell:
    """One student and one assignment, as a trainer sees them; `work` leads to the note when there is one."""

    standing: Standing
    work: int | None = None
    sent_late: bool = False


def cell(assignment: Assignment, work: Work | None) -> Cell:
    """`work` is one that was sent, with `sent_late` said of its last note (`Work.objects.with_last_note()`)."""
    if work is None:
        return Cell(standing(assignment))
    return Cell(standing(assignment, work.status), work.pk, bool(getattr(work, "sent_late", False)))


def tally(assignment: Assignment, students: int, by_status: dict[str, int]) -> list[tuple[Standing, str]]:
    """How many students stand where, in words, the states met only."""
    counts = {SENT[Work.Status(status)]: n for status, n in by_status.items()}
    missing = students - sum(counts.values())
    counts[standing(assignment)] = missing
    return [(each, each.counted(counts[each])) for each in Standing if counts.get(each, 0) > 0]
