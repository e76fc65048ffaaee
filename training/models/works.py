"""The private work of each student: a draft that is theirs alone, notes as they were sent, and what was answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Self

from django.apps import apps
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from accounts.models import Person
from accounts.models.roles import RoleKind
from accounts.rights import Someone
from initiatives.workflow import Refused, SavedElsewhere
from training import deadlines
from training.guided import Answer
from training.models.assignments import Assignment
from training.models.centres import Cohort, Enrolment, Group, centres_of
from training.models.fiches import AssignedFiche

MAX_NOTE = 20_000
MAX_COMMENT = 4_000


class WorkQuerySet(models.QuerySet["Work"]):
    def of(self, someone: Someone) -> Self:
        return self.filter(student=someone) if isinstance(someone, Person) else self.none()

    def sent(self) -> Self:
        return self.exclude(status=Work.Status.BEGUN)

    def of_current_students(self) -> Self:
        current = Enrolment.objects.current().filter(
            cohort=OuterRef("assignment__cohort"), student=OuterRef("student")
        )  # fmt: skip
        return self.filter(Exists(current))

    def with_last_note(self) -> Self:
        """What is said of the last note of each: `sent_late`, `last_sent_at`, `last_number`."""
        last = SentNote.objects.filter(work=OuterRef("pk")).order_by("-number")
        return self.annotate(
            sent_late=Subquery(last.values("is_late")[:1]),
            last_sent_at=Subquery(last.values("sent_at")[:1]),
            last_number=Subquery(last.values("number")[:1]),
        )

    def to_reread_by(self, someone: Someone, cohort: Cohort, group: Group | None = None) -> Self:
        """What waits for an answer in a cohort, assignment by assignment, those that have waited most first."""
        waiting = self.readable_by_trainer(someone).filter(assignment__cohort=cohort, status=Work.Status.SENT)
        if group:
            waiting = waiting.filter(student__in=group.enrolments.values("student"))
        in_order = waiting.of_current_students().with_last_note()
        return in_order.order_by("assignment__due_at", "assignment", "last_sent_at", "pk")

    def readable_by_trainer(self, someone: Someone) -> Self:
        """What was sent to the centres where a person teaches; the draft isn't even fetched."""
        return (
            self.sent()
            .filter(assignment__cohort__centre__in=centres_of(someone, RoleKind.TRAINER))
            .defer("draft", "answers")
        )


class Work(models.Model):
    """What one student does with one assignment. The draft is the student's alone; others read only sent notes."""

    class Status(models.TextChoices):
        BEGUN = "begun", "en cours"
        SENT = "sent", "envoyé"
        TO_REDO = "to_redo", "à reprendre"
        ACCEPTED = "accepted", "accepté"

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="works")
    student = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="works")
    status = models.CharField(max_length=10, choices=Status, default=Status.BEGUN)
    draft = models.TextField("note", blank=True, validators=[MaxLengthValidator(MAX_NOTE)])
    answers = models.JSONField(
        "réponses",
        default=list,
        blank=True,
        help_text="[{question, text}, …] of which a guided draft is made",
    )
    edition = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)

    # Of `with_last_note()`.
    sent_late: bool
    last_sent_at: datetime
    last_number: int

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = "travail"
        constraints = [models.UniqueConstraint(fields=["assignment", "student"], name="work_once")]

    @property
    def saved_in_words(self) -> str:
        return deadlines.in_words(self.saved_at) if self.saved_at else ""

    @property
    def is_accepted(self) -> bool:
        return self.status == self.Status.ACCEPTED

    def save_draft(self, text: str, edition: int, answers: Iterable[Answer] = ()) -> None:
        """Keep what is written, only if nobody saved since this edition: the same words twice are no conflict.

        `answers` are those of a guided note, of which `text` is the whole.
        """
        now, said = timezone.now(), list(answers)
        mine = Work.objects.filter(pk=self.pk).exclude(status=self.Status.ACCEPTED)
        if mine.filter(edition=edition).update(draft=text, answers=said, edition=edition + 1, saved_at=now):
            self.draft, self.answers, self.edition, self.saved_at = text, said, edition + 1, now
            return
        self.refresh_from_db(fields=["draft", "answers", "edition", "saved_at", "status"])
        if self.is_accepted:
            raise Refused("Ce travail est accepté : sa note ne change plus.")
        if (self.draft, self.answers) != (text, said):
            raise SavedElsewhere

    def send(self, edition: int | None = None) -> SentNote:
        """Freeze the draft as a new sent note; sent again unchanged, it is the same note.

        `edition` is the one that was reread. Late is what arrives after the student's own date; closed, nothing more
        is sent. What a trainer has asked for again is neither late nor closed.
        """
        now = timezone.now()
        with transaction.atomic():
            work = Work.objects.select_for_update(of=("self",)).select_related("assignment", "student").get(pk=self.pk)
            last = work.notes.order_by("-number").first()
            if last and (last.text, last.answers) == (work.draft, work.answers) and work.status == Work.Status.SENT:
                return last
            if work.is_accepted:
                raise Refused("Ce travail est accepté : il n’y a plus rien à envoyer.")
            dates, asked_again = work.assignment.dates_of(work.student), work.status == Work.Status.TO_REDO
            if dates.closes_at and now >= dates.closes_at and not asked_again:
                raise Refused(
                    f"Les envois sont fermés depuis le {dates.closes_in_words}. Votre note reste enregistrée : "
                    "demandez un délai à votre formatrice ou à votre formateur."
                )
            if not work.draft.strip():
                raise Refused("Écrivez votre note avant de l’envoyer.")
            if edition is not None and edition != work.edition:
                raise SavedElsewhere
            note = SentNote.objects.create(
                work=work,
                number=last.number + 1 if last else 1,
                text=work.draft,
                answers=work.answers,
                sent_at=now,
                is_late=now >= dates.due_at and not asked_again,
            )
            Work.objects.filter(pk=work.pk).update(status=Work.Status.SENT)
        self.status = Work.Status.SENT
        return note

    def answer(
        self,
        note: SentNote,
        by: Person,
        *,
        text: str,
        verdict: str = "",
        grid: Mapping[str, str] | None = None,
        seen: int | None = None,
    ) -> Comment:
        """What a trainer says of the last note, of each criterion of its grid, and whether it is to be done again.

        Said twice, it is said once. `seen` is the last comment that was read, 0 for none: two trainers don't answer
        over one another. Nor does a student who trains there meanwhile answer themselves.
        """
        if by.pk == self.student_id:
            raise Refused("Cette note est la vôtre\u00a0: une autre personne de votre centre y répondra.")
        said = dict(grid or {})
        with transaction.atomic():
            work = Work.objects.select_for_update(of=("self",)).get(pk=self.pk)
            if work.notes.order_by("-number").first() != note:
                raise Refused("Une version plus récente est arrivée entre-temps : lisez-la avant de répondre.")
            last = note.comments.order_by("-pk").first()
            if last and (last.by_id, last.text, last.verdict, last.grid) == (by.pk, text, verdict, said):
                return last
            if seen is not None and seen != (last.pk if last else 0):
                who = last.by if last and last.by_id != by.pk else "Quelqu’un"
                raise Refused(f"{who} a répondu entre-temps : lisez cette réponse avant d’envoyer la vôtre.")
            comment = Comment.objects.create(note=note, by=by, text=text, verdict=verdict, grid=said)
            if verdict:
                Work.objects.filter(pk=work.pk).update(status=verdict)
                self.status = verdict
            if verdict == Comment.Verdict.TO_REDO:
                # What said it was accepted no longer holds.
                apps.get_model("training", "Attestation").objects.filter(work=work).revoke()
        return comment


class SentNote(models.Model):
    """A note as it was sent: every version is kept."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="notes")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    answers = models.JSONField("réponses", default=list, blank=True)
    sent_at = models.DateTimeField(default=timezone.now)
    is_late = models.BooleanField("en retard", default=False)

    class Meta:
        verbose_name = "note envoyée"
        ordering = ["work", "number"]
        constraints = [models.UniqueConstraint(fields=["work", "number"], name="sent_note_once")]

    @property
    def sent_in_words(self) -> str:
        return deadlines.in_words(self.sent_at)


class Comment(models.Model):
    """What a trainer answers to a sent note, with or without a verdict."""

    class Verdict(models.TextChoices):
        TO_REDO = "to_redo", "à reprendre"
        ACCEPTED = "accepted", "accepté"

    note = models.ForeignKey(SentNote, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True, validators=[MaxLengthValidator(MAX_COMMENT)])
    grid = models.JSONField("grille", default=dict, blank=True, help_text="{criterion: what is said of it}")
    verdict = models.CharField("avis", max_length=10, choices=Verdict, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "commentaire"
        ordering = ["at", "pk"]

    @property
    def said_of_grid(self) -> list[tuple[str, str]]:
        """Each criterion, with what is said of it."""
        return list(self.grid.items())

    @property
    def said_in_words(self) -> str:
        return deadlines.in_words(self.at)


class Reading(models.Model):
    """« Lu »: declared by the student, never observed."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="readings")
    fiche = models.ForeignKey(AssignedFiche, on_delete=models.CASCADE, related_name="readings")
    declared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "lecture déclarée"
        constraints = [models.UniqueConstraint(fields=["work", "fiche"], name="reading_once")]
