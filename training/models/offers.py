"""An accepted note on its way to the catalogue: three agreements, each of which can be taken back until it is public.

The student asks, a trainer of the centre agrees, and a sheet is begun with the words of the note; its author completes
it and sends it, and the site reads it as any other. Nothing here publishes.
"""

from __future__ import annotations

from typing import Self

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Person
from accounts.models.roles import RoleKind
from accounts.rights import Someone
from initiatives.models import Initiative, Move, Version
from initiatives.workflow import IN_TRAINING, Refused, SheetStatus, Verb
from training.models.centres import centres_of
from training.models.works import SentNote, Work

IS_PUBLIC = "La fiche est publiée\u00a0: elle se retire depuis sa propre page."


class OfferQuerySet(models.QuerySet["Offer"]):
    def of(self, someone: Someone) -> Self:
        return self.filter(note__work__student=someone) if isinstance(someone, Person) else self.none()

    def answerable_by(self, someone: Someone) -> Self:
        """What the students of the centres where one teaches have asked, and not taken back."""
        centres = centres_of(someone, RoleKind.TRAINER)
        return self.filter(note__work__assignment__cohort__centre__in=centres, withdrawn_at=None)

    def waiting(self) -> Self:
        return self.filter(withdrawn_at=None, trainer_agreed_at=None, refused_at=None)

    def with_places(self) -> Self:
        return self.select_related(
            "note__work__student", "note__work__assignment__cohort__centre__organisation", "initiative", "trainer"
        ).defer("note__work__draft", "note__work__answers")


class Offer(models.Model):
    """An accepted note on its way to the catalogue: the student asks, the trainer agrees, then the site as always."""

    note = models.OneToOneField(SentNote, on_delete=models.CASCADE, related_name="offer")
    student_agreed_at = models.DateTimeField(default=timezone.now)
    trainer = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    trainer_agreed_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField("raison", max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    initiative = models.OneToOneField(
        "initiatives.Initiative", on_delete=models.SET_NULL, null=True, blank=True, related_name="offer"
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = "note proposée au catalogue"
        verbose_name_plural = "notes proposées au catalogue"

    @property
    def is_waiting(self) -> bool:
        return not (self.withdrawn_at or self.refused_at or self.trainer_agreed_at)

    @property
    def is_agreed(self) -> bool:
        return bool(self.trainer_agreed_at) and not (self.withdrawn_at or self.refused_at)

    @property
    def is_public(self) -> bool:
        """Published, now or once: what becomes of it is then said on its own page."""
        return self.initiative is not None and self.initiative.published_at is not None

    @property
    def was_thrown_away(self) -> bool:
        """Its author gave up the sheet that was begun."""
        return self.initiative is not None and not self.is_public and self.initiative.status == SheetStatus.WITHDRAWN

    @property
    def may_be_asked_again(self) -> bool:
        """Refused, taken back or given up, and never public: its student may ask once more."""
        is_under_way = self.is_waiting or (self.is_agreed and not self.was_thrown_away)
        return not (self.is_public or is_under_way)

    @classmethod
    def ask(cls, work: Work) -> Offer:
        """The student's agreement, about the last note of an accepted work; asked again, a refused one waits again."""
        with transaction.atomic():
            held = Work.objects.select_for_update(of=("self",)).defer("draft", "answers").get(pk=work.pk)
            if not held.is_accepted:
                raise Refused("Une note se propose quand le travail est accepté.")
            note = held.notes.order_by("-number")[0]
            offer, is_new = cls.objects.select_for_update(of=("self",)).get_or_create(note=note)
            if is_new or not offer.may_be_asked_again:
                return offer
            if offer.was_thrown_away:
                offer.initiative = None
            offer.student_agreed_at, offer.withdrawn_at, offer.refused_at = timezone.now(), None, None
            offer.trainer, offer.trainer_agreed_at, offer.reason = None, None, ""
            offer.save()
        return offer

    def agree(self, by: Person) -> Offer:
        """A trainer's agreement: a sheet is begun, in the hands of its author alone."""
        with transaction.atomic():
            offer = self._held()
            if by.pk == offer.note.work.student_id:
                raise Refused(
                    "Cette note est la vôtre\u00a0: une autre personne de votre centre dira si elle est d’accord."
                )
            if offer.is_agreed:
                return offer
            if not offer.is_waiting:
                raise Refused("Cette demande a reçu une réponse, ou elle a été retirée.")
            if not offer.note.work.is_accepted:
                raise Refused("Ce travail est de nouveau à reprendre\u00a0: sa note ne se propose pas.")
            offer.trainer, offer.trainer_agreed_at = by, timezone.now()
            if offer.initiative is None:
                offer.initiative = begun(offer.note)
            offer.save()
            Move.say(
                offer.initiative,
                Verb.AGREE,
                by=by,
                motive=IN_TRAINING,
                text="Le centre de formation est d’accord pour que cette note d’étudiant soit proposée.",
            )
        return offer

    def refuse(self, by: Person, reason: str) -> Offer:
        """A trainer doesn't agree, or no longer does: what is being reviewed comes back to its author."""
        if not reason.strip():
            raise Refused("Dites pourquoi\u00a0: l’étudiant le lira.")
        with transaction.atomic():
            offer = self._held()
            if offer.withdrawn_at or offer.refused_at:
                raise Refused("Cette demande a reçu une réponse, ou elle a été retirée.")
            if offer.is_public:
                raise Refused(IS_PUBLIC)
            was_agreed = offer.is_agreed
            offer.trainer, offer.reason = by, reason.strip()[:300]
            offer.refused_at, offer.trainer_agreed_at = timezone.now(), None
            offer.save()
            if was_agreed and offer.initiative:
                _back_to_draft(offer.initiative, by)
                Move.say(offer.initiative, Verb.DISAGREE, by=by, motive=IN_TRAINING)
        return offer

    def withdraw(self, by: Person) -> Offer:
        """The student takes it back: the sheet that was begun is given up with it."""
        with transaction.atomic():
            offer = self._held()
            if offer.withdrawn_at:
                return offer
            if offer.is_public:
                raise Refused(IS_PUBLIC)
            offer.withdrawn_at = timezone.now()
            offer.save()
            if offer.initiative and offer.initiative.status != SheetStatus.WITHDRAWN:
                _back_to_draft(offer.initiative, by)
                offer.initiative.discard(by)
        return offer

    def _held(self) -> Offer:
        """As it stands, once who came before is done: read after the lock, for what is joined would be older."""
        Offer.objects.select_for_update().get(pk=self.pk)
        held = Offer.objects.select_related("note__work__student", "initiative").get(pk=self.pk)
        if held.initiative:
            held.initiative = Initiative.objects.hold(held.initiative.pk)
        return held


def begun(note: SentNote) -> Initiative:
    """A sheet of its student with the words of the note: they complete it on the screens, as any author."""
    student = note.work.student
    sheet = Initiative.start(student)
    sheet.origin = Initiative.Origin.TRAINING
    sheet.save(update_fields=["origin"])
    version = sheet.working_version()
    assert version is not None
    version.story = note.text
    version.save(update_fields=["story"])
    return sheet


def _back_to_draft(sheet: Initiative, by: Person) -> None:
    case = sheet.open_case()
    if case:
        case.cancel(by)
        sheet.refresh_from_db()


def lacking(version: Version) -> dict[str, str]:
    """What a sheet written in training lacks beside what any sheet does: its centre's agreement, where it isn't given.

    The sheet's own journal says it: what a cohort kept of the demand may have been erased since.
    """
    moves = Move.objects.filter(initiative=version.initiative_id, motive=IN_TRAINING)
    last = moves.order_by("-pk").values_list("verb", flat=True).first()
    if last == Verb.AGREE:
        return {}
    return {
        "employer_agrees": "Votre centre de formation n’est plus d’accord\u00a0: parlez-en, puis proposez de nouveau."
    }
