"""A recueil fixed at a date, and the files made of it: PDF, EPUB, pages to carry away."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Self

from django.core.files.storage import default_storage
from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from guide.models import FicheVersion
from initiatives.models.booklet import MOST_ITEMS
from initiatives.models.sheet import Initiative
from initiatives.models.version import Version
from initiatives.senders import one_at_a_time
from initiatives.workflow import Refused

LEASE = timedelta(minutes=5)
PUT_OFF = timedelta(minutes=1)  # before what broke is tried again
MOST_ATTEMPTS = 3
MOST_FOREWORD = 3000
MOST_IN_A_CASE = 5
MONTHS_KEPT = 24  # without an account, since it was fixed
FIXED_A_DAY = 60  # from one place, or by one person: a class fixes behind one address
FOLDER = "tirages"
DAY = timedelta(days=1)

type Thing = FicheVersion | Initiative

_signer = Signer(salt="initiatives.edition", sep=".")


class TooManyEditions(Refused):
    """Too many were fixed from one place today."""


class TakenOver(Exception):
    """Another process makes this printing now."""


class EditionQuerySet(models.QuerySet["Edition"]):
    def led_to_by(self, token: str) -> Self:
        """The one a link leads to; none for a forged link."""
        try:
            return self.filter(key=_signer.unsign(token))
        except BadSignature:
            return self.none()

    def over(self, now: datetime) -> Self:
        """Nobody's, and fixed long ago."""
        return self.filter(person=None, made_at__lt=months_before(now, MONTHS_KEPT))


def new_key() -> str:
    return secrets.token_urlsafe(16)


def months_before(now: datetime, months: int) -> datetime:
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, 28))


class Edition(models.Model):
    """A selection as it was on one day, at a secret link: it points at versions, never copies them.

    It is filtered again at each reading: what isn't public any more is a line without words.
    """

    class Kind(models.TextChoices):
        BOOKLET = "booklet", "recueil"
        CASE_FOR = "case_for", "argumentaire"

    class Cover(models.TextChoices):
        HIVE = "hive", "Alvéoles"
        BAND = "band", "Bandeau de couleur"
        PLAIN = "plain", "Sobre, qui demande peu d’encre"

    class Paper(models.TextChoices):
        A4 = "a4", "A4"
        A5 = "a5", "A5, un petit livre"

    key = models.CharField(max_length=32, unique=True, default=new_key)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.BOOKLET)
    title = models.CharField("titre", max_length=120)
    foreword = models.TextField("avant-propos", blank=True)
    addressee = models.CharField("à qui l’argumentaire s’adresse", max_length=120, blank=True)
    cover = models.CharField("couverture", max_length=6, choices=Cover, default=Cover.HIVE)
    paper = models.CharField("format", max_length=2, choices=Paper, default=Paper.A4)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="editions")
    sender = models.CharField(max_length=64, blank=True, help_text="keyed digest of the sender's address, for 7 days")
    made_at = models.DateTimeField("fixée le", default=timezone.now)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "recueil fixé"
        verbose_name_plural = "recueils fixés"
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("edition", args=[self.token])

    @classmethod
    def fix(cls, things: Iterable[Thing], *, key: str, person: Person | None, sender: str, **said: str) -> Edition:
        """A selection as it is read now: of a fiche its version, of a sheet the one the public reads.

        `key` names one showing of the form: sent twice with the same words, it makes one edition.
        """
        things = list(things)
        if not things:
            raise Refused("Il n’y a rien à fixer : aucune fiche de ce recueil ne se lit aujourd’hui.")
        if len(things) > MOST_ITEMS:
            raise Refused(f"Un recueil contient {MOST_ITEMS} fiches au plus : retirez-en pour pouvoir le fixer.")
        with transaction.atomic():
            one_at_a_time()
            known = cls.objects.filter(key=key).first()
            if known and known.says(things, **said):
                return known
            mine = cls.objects.filter(made_at__gt=timezone.now() - DAY)
            mine = mine.filter(person=person) if person else mine.filter(sender=sender)
            if mine.count() >= FIXED_A_DAY:
                raise TooManyEditions("Beaucoup de recueils ont été fixés d’ici aujourd’hui : revenez demain.")
            edition = cls.objects.create(
                key=new_key() if known else key, person=person, sender="" if person else sender, **said
            )
            EditionItem.objects.bulk_create(EditionItem.of(edition, n, thing) for n, thing in enumerate(things, 1))
        return edition

    def says(self, things: Iterable[Thing], **said: str) -> bool:
        """Whether it is this selection, under these words."""
        mine = [item.marks for item in self.items.all()]
        theirs = [EditionItem.of(self, 0, thing).marks for thing in things]
        return mine == theirs and all(getattr(self, name) == value for name, value in said.items())

    def erase(self) -> None:
        """With its files: its link leads nowhere any more."""
        with transaction.atomic():
            self.printings.all().forget()
            self.delete()

    @property
    def token(self) -> str:
        return _signer.sign(self.key)

    @property
    def is_case(self) -> bool:
        return self.kind == self.Kind.CASE_FOR

    @property
    def kept_until(self) -> datetime | None:
        """When it is erased by itself; never, for who has an account."""
        return None if self.person_id else months_before(self.made_at, -MONTHS_KEPT)


class EditionItem(models.Model):
    """One chapter: a fiche at one of its versions, or a sheet at the version read that day."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField("place")
    fiche_version = models.ForeignKey(FicheVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "chapitre d’un recueil fixé"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fiche_version__isnull=False, initiative=None, version=None)
                | Q(fiche_version=None, initiative__isnull=False),
                name="edition_item_is_one_thing",
            ),
            models.UniqueConstraint(fields=["edition", "position"], name="edition_item_place"),
        ]

    @classmethod
    def of(cls, edition: Edition, position: int, thing: Thing) -> EditionItem:
        if isinstance(thing, Initiative):
            return cls(edition=edition, position=position, initiative=thing, version_id=thing.public_version_id)
        return cls(edition=edition, position=position, fiche_version=thing)

    @property
    def marks(self) -> tuple[int | None, ...]:
        return self.fiche_version_id, self.initiative_id, self.version_id


class PrintingQuerySet(models.QuerySet["Printing"]):
    def to_make(self, now: datetime) -> Self:
        """Nobody makes them, or who did was killed."""
        waiting = self.filter(status=Printing.Status.WAITING)
        return waiting.filter(Q(leased_until=None) | Q(leased_until__lt=now))

    def ask(self, edition: Edition | None, format: str, digest: str) -> Printing:
        """Asked twice, it is the same; one that failed is begun again."""
        found, is_new = self.get_or_create(edition=edition, format=format, digest=digest)
        if not is_new and found.status == Printing.Status.FAILED:
            found.begin_again()
        return found

    def take(self) -> Printing | None:
        """The one that has waited longest, held for the time of the lease; those that others hold are passed over.

        Counted when it is taken: one that kills its process is given up too.
        """
        now = timezone.now()
        with transaction.atomic():
            waiting = self.to_make(now).select_for_update(skip_locked=True, of=("self",))
            for printing in waiting.select_related("edition").order_by("asked_at", "pk"):
                if printing.attempts < MOST_ATTEMPTS:
                    printing.attempts += 1
                    printing.done, printing.leased_until = 0, now + LEASE
                    printing.save(update_fields=["attempts", "done", "leased_until"])
                    return printing
                printing.give_up()
        return None

    def forget(self) -> int:
        """Rows first, then their files: nobody is ever led to a file that is going."""
        with transaction.atomic():
            folders = [printing.folder for printing in self]
            gone = self.delete()[0]
            transaction.on_commit(lambda: drop_folders(folders))
        return gone


def drop_folders(folders: Iterable[str]) -> None:
    """What can't be erased now is swept by another night: it has no row, so nobody reads it."""
    for folder in folders:
        with suppress(OSError):
            default_storage.forget_folder(folder)  # type: ignore[attr-defined]


class Printing(models.Model):
    """A file asked for: made outside the request by another process, then kept. Without edition, it is the whole guide.

    `digest` says what it was made of: other words, another state of a sheet, are another printing. The one that makes
    it holds it until `leased_until`; past that, it was killed and another takes it again.
    """

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        EPUB = "epub", "EPUB"
        PAGES = "zip", "pages à lire sans réseau"

    class Status(models.TextChoices):
        WAITING = "waiting", "en attente"
        READY = "ready", "prêt"
        FAILED = "failed", "en échec"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, null=True, blank=True, related_name="printings")
    format = models.CharField(max_length=4, choices=Format)
    digest = models.CharField(max_length=64)
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    done = models.PositiveSmallIntegerField("chapitres composés", default=0)
    total = models.PositiveSmallIntegerField("chapitres", default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    made_at = models.DateTimeField("composé le", null=True, blank=True)
    size = models.PositiveIntegerField("octets", null=True, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = PrintingQuerySet.as_manager()

    class Meta:
        verbose_name = "tirage"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "format", "digest"], name="printing_once", nulls_distinct=False),
        ]

    @property
    def folder(self) -> str:
        return f"{FOLDER}/{self.pk}"

    @property
    def path(self) -> str:
        """Where its file is in the storage."""
        return f"{self.folder}/{self.digest[:32]}.{self.format}"

    @property
    def is_too_heavy(self) -> bool:
        """It failed by its weight, which trying again won't change."""
        return self.status == self.Status.FAILED and self.size is not None

    @property
    def before_it(self) -> int:
        """How many others are made first."""
        return Printing.objects.filter(status=self.Status.WAITING, asked_at__lt=self.asked_at).count()

    # The moves of who makes it. Each is one conditional UPDATE: what another process took over is left to it.

    def _mine(self) -> models.QuerySet[Printing]:
        return Printing.objects.filter(pk=self.pk, status=self.Status.WAITING, attempts=self.attempts)

    def advance(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if not self._mine().update(done=done, total=total, leased_until=timezone.now() + LEASE):
            raise TakenOver

    def ready(self, size: int, pages: int | None) -> None:
        now = timezone.now()
        done = self._mine().update(
            status=self.Status.READY, done=F("total"), size=size, pages=pages, made_at=now, leased_until=None
        )
        if not done:
            raise TakenOver

    def put_off(self) -> None:
        """Something broke: a little later, or never again after the last attempt."""
        if self.attempts >= MOST_ATTEMPTS:
            self.give_up()
        else:
            self._mine().update(leased_until=timezone.now() + PUT_OFF)

    def give_up(self, size: int | None = None) -> None:
        self._mine().update(status=self.Status.FAILED, leased_until=None, size=size)

    def begin_again(self) -> None:
        failed = Printing.objects.filter(pk=self.pk, status=self.Status.FAILED)
        failed.update(status=self.Status.WAITING, attempts=0, size=None, asked_at=timezone.now())
        self.refresh_from_db()
