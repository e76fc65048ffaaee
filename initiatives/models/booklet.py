"""The open « recueil »: what one sets aside while reading, in one's own order, with or without an account."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Self

from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from guide.models import Fiche
from initiatives.models.sheet import Initiative
from initiatives.workflow import Refused

MOST_ITEMS = 60
KEPT_FOR = timedelta(days=90)  # without an account, since it was last touched
UNTITLED = "Mon recueil"

_signer = Signer(salt="initiatives.booklet.share", sep=".")


class BookletQuerySet(models.QuerySet["Booklet"]):
    def of(self, person: Person | None, token: str) -> Self:
        """The one of an account; without an account, the one of a browser that holds this token."""
        if person:
            return self.filter(person=person)
        return self.filter(token_hash=hash_of(token)) if token else self.none()

    def shared_by(self, token: str) -> Self:
        """The one a link leads to, while it is shared by this very link."""
        try:
            key = _signer.unsign(token)
        except BadSignature:
            return self.none()
        return self.filter(share_key=key).exclude(share_key="")

    def over(self, now: datetime) -> Self:
        """Left alone for too long by a browser without an account."""
        return self.filter(person=None, touched_at__lt=now - KEPT_FOR)


class Booklet(models.Model):
    """A selection of initiatives and fiches, in order. It is of a person, or of the browser that holds its token.

    `share_key` makes the address of its reading page; empty, nobody reads it but its owner.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="booklet")
    token_hash = models.CharField(max_length=64, blank=True)
    title = models.CharField("titre", max_length=120, blank=True)
    foreword = models.TextField("avant-propos", blank=True)
    share_key = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField("commencé le", default=timezone.now)
    touched_at = models.DateTimeField("modifié le", default=timezone.now)

    objects = BookletQuerySet.as_manager()

    class Meta:
        verbose_name = "recueil"
        ordering = ["-touched_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, token_hash__gt="") | Q(person__isnull=False, token_hash=""),
                name="booklet_has_one_owner",
            ),
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="booklet_of_one_browser"),
            models.UniqueConstraint(fields=["share_key"], condition=~Q(share_key=""), name="booklet_shared_once"),
        ]

    def __str__(self) -> str:
        return self.title or UNTITLED

    @classmethod
    def start(cls, person: Person | None) -> tuple[Booklet, str]:
        """A person's own, made when there is none; or a new one for a browser, with the token it must keep."""
        if person:
            return cls.objects.get_or_create(person=person)[0], ""
        token = secrets.token_urlsafe(32)
        return cls.objects.create(token_hash=hash_of(token)), token

    # What is in it

    def add(self, thing: Initiative | Fiche, position: int | None = None) -> bool:
        """At its end, or back where it was; False when it was there already."""
        with transaction.atomic():
            self._hold()
            if self.items.filter(**about(thing)).exists():
                return False
            places = list(self.items.values_list("position", flat=True))
            if len(places) >= MOST_ITEMS:
                raise Refused(
                    f"Un recueil contient {MOST_ITEMS} fiches au plus : retirez-en une pour ajouter celle-ci."
                )
            last = max(places, default=0) + 1
            here = position if position is not None and 0 < position < last else last
            self.items.filter(position__gte=here).update(position=models.F("position") + 1)
            self.items.create(position=here, **about(thing))
            self._touch()
        return True

    def remove(self, item: BookletItem) -> None:
        with transaction.atomic():
            self._hold()
            item.delete()
            self._touch()

    def move(self, item: BookletItem, *, up: bool) -> bool:
        """Past the one before it, or after it; False when it is first, or last, already."""
        with transaction.atomic():
            self._hold()
            order = list(self.items.values_list("pk", flat=True))
            if item.pk not in order:
                return False
            here = order.index(item.pk)
            there = here - 1 if up else here + 1
            if not 0 <= there < len(order):
                return False
            order[here], order[there] = order[there], order[here]
            self._renumber(order)
            self._touch()
        return True

    def join(self, other: Booklet) -> int:
        """Take what another one holds, after one's own and as far as there is room; how many came. The other ends."""
        with transaction.atomic():
            self._hold()
            here = {(item.initiative_id, item.fiche_id) for item in self.items.all()}
            last = self.items.aggregate(last=Max("position"))["last"] or 0
            coming = [item for item in other.items.all() if (item.initiative_id, item.fiche_id) not in here]
            coming = coming[: max(0, MOST_ITEMS - len(here))]
            BookletItem.objects.bulk_create(
                BookletItem(booklet=self, initiative_id=item.initiative_id, fiche_id=item.fiche_id, position=last + n)
                for n, item in enumerate(coming, 1)
            )
            if other.title and not self.title:
                self.title = other.title
                self.save(update_fields=["title"])
            other.delete()
            self._touch()
        return len(coming)

    def rename(self, title: str) -> None:
        self.title = title
        self.save(update_fields=["title"])
        self._touch()

    # Its link

    def share(self) -> None:
        """Give it a link; the one it had leads nowhere any more."""
        self.share_key = secrets.token_urlsafe(16)
        self.save(update_fields=["share_key"])
        self._touch()

    def stop_sharing(self) -> None:
        self.share_key = ""
        self.save(update_fields=["share_key"])
        self._touch()

    @property
    def share_path(self) -> str:
        return reverse("shared_booklet", args=[_signer.sign(self.share_key)]) if self.share_key else ""

    def _hold(self) -> None:
        """Two windows of one person wait for one another."""
        if not Booklet.objects.select_for_update(no_key=True).filter(pk=self.pk).exists():
            raise Refused("Ce recueil vient d’être effacé.")

    def _touch(self) -> None:
        self.touched_at = timezone.now()
        self.save(update_fields=["touched_at"])

    def _renumber(self, order: Sequence[int]) -> None:
        items = {item.pk: item for item in self.items.all()}
        for position, pk in enumerate(order, 1):
            items[pk].position = position
        BookletItem.objects.bulk_update(items.values(), ["position"])


class BookletItem(models.Model):
    """One line of a recueil: a sheet or a fiche, once. A sheet that isn't read any more keeps its line."""

    booklet = models.ForeignKey(Booklet, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField("place")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField("ajoutée le", default=timezone.now)

    class Meta:
        verbose_name = "ligne d’un recueil"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(initiative=None, fiche__isnull=False) | Q(initiative__isnull=False, fiche=None),
                name="booklet_item_is_one_thing",
            ),
            models.UniqueConstraint(fields=["booklet", "initiative"], name="initiative_once_a_booklet"),
            models.UniqueConstraint(fields=["booklet", "fiche"], name="fiche_once_a_booklet"),
        ]


def about(thing: Initiative | Fiche) -> dict[str, Initiative | Fiche]:
    return {"initiative": thing} if isinstance(thing, Initiative) else {"fiche": thing}


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
