"""A transversal note: an editor's article on what several sheets show together."""

from __future__ import annotations

from typing import Any, Self

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import rights
from accounts.models import Person
from accounts.rights import Someone
from guide import passages
from guide.french import slug_of
from initiatives import search
from initiatives.models import Initiative
from levers import citing
from levers.models.frameworks import Lever

RESERVED = {"edition", "nouvelle"}


class NoteQuerySet(models.QuerySet["Note"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def visible_to(self, someone: Someone) -> Self:
        """Drafts are the guide's editors'."""
        return self if rights.edits_guide(someone) else self.published()


class Note(models.Model):
    """It cites at least three sheets by `[[slug]]`; `sheets` are those cited, found again at each saving."""

    LEAST_SHEETS = 3

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField("titre", max_length=120)
    summary = models.CharField("en une phrase", max_length=300)
    body = models.TextField("texte (Markdown)")
    levers = models.ManyToManyField(Lever, related_name="notes", blank=True, verbose_name="leviers")
    fiches = models.ManyToManyField("guide.Fiche", related_name="notes", blank=True, verbose_name="fiches du guide")
    themes = models.ManyToManyField("initiatives.Theme", related_name="notes", blank=True, verbose_name="thèmes")
    sheets = models.ManyToManyField(Initiative, related_name="notes", blank=True, verbose_name="initiatives citées")
    written_by = models.ForeignKey("accounts.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    touched_at = models.DateTimeField("modifiée le", default=timezone.now)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = "note transversale"
        verbose_name_plural = "notes transversales"
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("levers:note", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def write(self, by: Person, *, publish: bool = False, **said: Any) -> None:
        """Save what the editor wrote. The address is settled when the note is first published, and kept."""
        with transaction.atomic():
            for name in ("title", "summary", "body"):
                setattr(self, name, said[name])
            self.written_by = self.written_by or by
            self.touched_at = timezone.now()
            if publish and not self.published_at:
                self.published_at = self.touched_at
            if not self.slug:
                self.slug = _free_slug(self.title)
            self.save()
            for name in ("levers", "fiches", "themes"):
                getattr(self, name).set(said[name])
            self.sheets.set(Initiative.objects.filter(slug__in=citing.slugs(self.body), public_version__isnull=False))
            self._changed()

    def unpublish(self) -> None:
        with transaction.atomic():
            Note.objects.filter(pk=self.pk).update(published_at=None, touched_at=timezone.now())
            self._changed()

    def _changed(self) -> None:
        passages.renew("note")
        search.shown_beside_changed()


def _free_slug(title: str) -> str:
    base = (slug_of(title) or "note")[:80].strip("-")
    slug, n = base, 1
    while slug in RESERVED or Note.objects.filter(slug=slug).exists():
        n += 1
        slug = f"{base}-{n}"
    return slug
