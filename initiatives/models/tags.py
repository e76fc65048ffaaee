"""Free words, with slugs that know their letters."""

from __future__ import annotations

from django.db import models
from taggit.models import ItemBase, TagBase

from guide.french import slug_of


class Tag(TagBase):
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
