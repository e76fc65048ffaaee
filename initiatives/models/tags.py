"""Free words, with slugs that know their letters."""

from __future__ import annotations

from typing import Self

from django.db import models
from taggit.models import ItemBase, TagBase

from guide.french import slug_of


class TagQuerySet(models.QuerySet["Tag"]):
    def in_catalogue(self) -> Self:
        """Those a published sheet wears: a word of a draft is nobody's to read."""
        from initiatives.models.sheet import Initiative

        worn = TaggedVersion.objects.filter(content_object__public_of__in=Initiative.objects.published())
        return self.filter(pk__in=worn.values("tag"))


class Tag(TagBase):
    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = "étiquette"

    def slugify(self, tag: str, i: int | None = None) -> str:
        slug = slug_of(tag) or "etiquette"
        return f"{slug}-{i}" if i else slug


class TaggedVersion(ItemBase):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged_versions")
    content_object = models.ForeignKey("initiatives.Version", on_delete=models.CASCADE, related_name="taggings")

    class Meta:
        verbose_name = "étiquette d’une version"
