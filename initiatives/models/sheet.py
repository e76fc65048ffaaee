"""The sheet: `Initiative` is its identity and its status, `Version` (in `version.py`) is all it says.

A version is being written (`frozen_at` empty, one at most a sheet) or frozen when sent; going on copies it. The public
reads `Initiative.public_version` and nothing else.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts import rights
from accounts.models import Person
from accounts.rights import Someone
from guide.french import slug_of
from initiatives.workflow import ABOUT_A_PAGE, IN_CATALOGUE, OPEN, READABLE, CaseStatus, Refused, SheetStatus, Verb

if TYPE_CHECKING:
    from initiatives.models.version import Version

RESERVED_SLUGS = {
    "proposer", "mes-initiatives", "mes-reprises", "moderation", "flux", "brouillons", "suivi", "communes", "alertes",
    "pdf",
}  # fmt: skip


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def readable(self) -> Self:
        """By anyone who has the address."""
        return self.filter(status__in=READABLE, masked_at=None, public_version__isnull=False)

    def published(self) -> Self:
        """In the catalogue."""
        return self.readable().filter(status__in=IN_CATALOGUE)

    def using_fiche(self, fiche: Any) -> Self:
        """Published sheets that say they used this fiche, or a method it presents."""
        return (
            self.published()
            .filter(Q(public_version__fiches=fiche) | Q(public_version__methods__in=fiche.methods.all()))
            .distinct()
        )

    def written_by(self, someone: Someone) -> Self:
        """Those a person tells; who only asks to take one over has no right on it yet."""
        if not isinstance(someone, Person):
            return self.none()
        writing = someone.authorships.writing().exclude(role=Authorship.Role.ADOPTER)
        return self.filter(pk__in=writing.values("initiative"))

    def signed_by(self, someone: Someone) -> Self:
        """Those a person answers for: not those written under someone's dictation."""
        if not isinstance(someone, Person):
            return self.none()
        return self.filter(pk__in=someone.authorships.signing().values("initiative"))

    def editable_by(self, someone: Someone) -> Self:
        """Those of which a person may write a version: one's own, and one that is being taken over."""
        if not isinstance(someone, Person):
            return self.none()
        mine = self.filter(pk__in=someone.authorships.writing().values("initiative"))
        return mine.exclude(status__in=[SheetStatus.WITHDRAWN, SheetStatus.MERGED])

    def moderable_by(self, someone: Someone) -> Self:
        """Sheets the public has read, of the territories a person coordinates; all of them for the national team."""
        known = self.filter(published_at__isnull=False, public_version__isnull=False)
        if rights.is_national_coordinator(someone):
            return known
        territories = rights.coordinated_territories(someone)
        if not territories:
            return self.none()
        place = "public_version__place"
        return known.filter(
            Q(**{f"{place}__departement__in": territories})
            | Q(**{f"{place}__departement__region__in": territories})
            | Q(**{f"{place}__region__in": territories})
        )

    def to_refresh(self, today: date | None = None) -> Self:
        """In the catalogue, and said to be out of date or not verified for a year; the public sources apart."""
        year_ago = (today or timezone.localdate()) - timedelta(days=365)
        old = Q(status=SheetStatus.STALE) | Q(verified_on__lt=year_ago)
        return self.published().filter(old).exclude(origin="public_source")

    def hold(self, pk: int) -> Initiative:
        """The sheet as it stands, held until the transaction ends. Moves hold it before their case, all in this order:

        those that meet wait for one another, never in a ring.
        """
        return self.select_for_update(no_key=True).get(pk=pk)

    def with_cards(self) -> Self:
        """What a card shows, in a bounded number of queries."""
        return self.select_related(
            "public_version__place__departement", "public_version__place__region"
        ).prefetch_related("public_version__methods", "public_version__themes")


class Initiative(models.Model):
    """One real collective action: one address, authors, a status, and the version the public reads."""

    class Origin(models.TextChoices):
        AUTHOR = "author", "racontée par son équipe"
        TRAINING = "training", "écrite en formation"
        IMPORT = "import", "reprise d’une base existante"
        PUBLIC_SOURCE = "public_source", "d’après une source publique"

    slug = models.SlugField(max_length=140, unique=True)
    origin = models.CharField("provenance", max_length=16, choices=Origin, default=Origin.AUTHOR)
    status = models.CharField("état", max_length=12, choices=SheetStatus, default=SheetStatus.DRAFT)
    authors = models.ManyToManyField("accounts.Person", through="initiatives.Authorship", related_name="initiatives")
    public_version = models.OneToOneField(
        "initiatives.Version", on_delete=models.PROTECT, null=True, blank=True, related_name="public_of"
    )
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    masked_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=20, blank=True)
    verified_on = models.DateField("vérifiée le", null=True, blank=True)
    freshness_asked_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(
        "accounts.Organisation", on_delete=models.SET_NULL, null=True, blank=True, verbose_name="vérifiée par"
    )

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = "initiative"
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=READABLE) | Q(public_version__isnull=False),
                name="public_sheet_has_public_version",
            ),
            models.CheckConstraint(
                condition=~Q(slug__in=sorted(RESERVED_SLUGS)),
                name="sheet_slug_not_reserved",
                violation_error_message="Cette adresse est réservée au site.",
            ),
        ]
        indexes = [models.Index(fields=["status", "-verified_on"], name="sheet_status")]

    def __str__(self) -> str:
        version = self.public_version or self.versions.order_by("-number").first()
        return version.title if version and version.title else f"Initiative {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("initiatives:sheet", args=[self.slug])

    @property
    def is_public(self) -> bool:
        return self.status in READABLE and self.masked_at is None

    @property
    def is_from_public_source(self) -> bool:
        return self.origin == self.Origin.PUBLIC_SOURCE

    @property
    def is_written_in_training(self) -> bool:
        return self.origin == self.Origin.TRAINING

    @classmethod
    def start(cls, by: Person, key: str = "", role: str = "owner") -> Initiative:
        """A new sheet in draft with its first, empty version. Its address is settled when it is first published.

        `key` names one press of the button: a second one within a minute gives the same sheet, if still empty.
        `role` is its writer's: the owner, or who types what another tells.
        """
        from initiatives.models.journal import Move
        from initiatives.models.version import Version

        slug = f"brouillon-{key or timezone.now().strftime('%Y%m%d%H%M%S%f')}-{by.pk}"
        try:
            with transaction.atomic():
                initiative = cls.objects.create(slug=slug)
                Authorship.objects.create(initiative=initiative, person=by, role=role)
                Version.objects.create(initiative=initiative, number=1, created_by=by)
                Move.say(initiative, Verb.START, by=by)
        except IntegrityError:
            if not key:
                raise
            recent = cls.objects.filter(slug=slug, created_at__gte=timezone.now() - timedelta(minutes=1))
            return recent.filter(versions__frozen_at=None, versions__edition=0).first() or cls.start(by, role=role)
        return initiative

    def working_version(self) -> Version | None:
        return self.versions.filter(frozen_at=None).first()

    def signed_by_someone(self) -> bool:
        """Whether an author who still has an account answers for it."""
        active = Authorship.objects.signing().filter(person__is_active=True, person__erased_at=None)
        return active.filter(initiative=self).exists()

    def open_case(self) -> Any:
        """The one case in hand that has a version; what readers say of the page stands beside it."""
        open_now = self.cases.filter(status__in=OPEN).exclude(kind__in=ABOUT_A_PAGE)
        return open_now.order_by("-pk").first()

    def version_to_edit(self, by: Person) -> Version:
        """The version being written; made from the last one when there is none. Refused while someone reads it."""
        with transaction.atomic():
            Initiative.objects.hold(self.pk)
            working = self.working_version()
            if working:
                return working
            case = self.open_case()
            if case and case.status != CaseStatus.CHANGES_REQUESTED:
                raise Refused(
                    "Cette fiche est en relecture : attendez la réponse, ou annulez l’envoi pour la reprendre."
                )
            return self.versions.order_by("-number")[0].copy(by)

    def discard(self, by: Person) -> None:
        """Throw away what is being written. A sheet never published and in nobody's hands is given up with it."""
        from initiatives.models.journal import Move

        with transaction.atomic():
            Initiative.objects.hold(self.pk)
            self.versions.working().delete()
            if self.open_case() is None:
                self.authorships.filter(role=Authorship.Role.ADOPTER).delete()
            given_up = Initiative.objects.filter(pk=self.pk, status=SheetStatus.DRAFT)
            if given_up.update(status=SheetStatus.WITHDRAWN, withdrawn_reason="author"):
                Move.say(self, Verb.WITHDRAW, by=by, from_status=SheetStatus.DRAFT, to_status=SheetStatus.WITHDRAWN)

    def take_address(self, title: str) -> None:
        """Settle and keep the address of a sheet published for the first time.

        Another sheet of the same title may take it at the same moment: the constraint tells, and the next one is free.
        """
        while True:
            self.slug = self.settle_slug(title)
            try:
                with transaction.atomic():
                    self.save(update_fields=["slug"])
            except IntegrityError:
                if not Initiative.objects.filter(slug=self.slug).exclude(pk=self.pk).exists():
                    raise
            else:
                return

    def settle_slug(self, title: str) -> str:
        """An address made from a title, never one that is taken or reserved."""
        base = (slug_of(title) or "initiative")[:110].strip("-")
        if base in RESERVED_SLUGS or base.startswith("brouillon-"):
            base = f"initiative-{base}"
        slug, n = base, 1
        while Initiative.objects.filter(slug=slug).exclude(pk=self.pk).exists():
            n += 1
            slug = f"{base}-{n}"
        return slug


class AuthorshipQuerySet(models.QuerySet["Authorship"]):
    def signing(self) -> Self:
        """Of those who tell a sheet and answer for it."""
        return self.filter(role__in=[Authorship.Role.OWNER, Authorship.Role.CO_AUTHOR])

    def signed_with_names(self) -> Self:
        return self.signing().select_related("person").order_by("since", "pk")

    def writing(self) -> Self:
        """Of those who write a version: who types what another tells does so until that person signs."""
        signed = Authorship.objects.signing().filter(initiative=OuterRef("initiative"))
        return self.exclude(Q(role=Authorship.Role.TYPIST) & Exists(signed))


class Authorship(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner", "raconte"
        CO_AUTHOR = "co_author", "raconte avec"
        TYPIST = "typist", "écrit sous la dictée"
        ADOPTER = "adopter", "demande à reprendre la fiche"

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="authorships")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="authorships")
    role = models.CharField(max_length=10, choices=Role, default=Role.OWNER)
    since = models.DateTimeField(default=timezone.now)

    objects = AuthorshipQuerySet.as_manager()

    class Meta:
        verbose_name = "signature"
        constraints = [models.UniqueConstraint(fields=["initiative", "person"], name="author_once")]
