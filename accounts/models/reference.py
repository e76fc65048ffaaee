from django.db import models


class Reference(models.Model):
    """A set of reference texts or data kept in files, as it was last copied into the database."""

    name = models.SlugField(primary_key=True)
    digest = models.CharField(max_length=64)
    vintage = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=200, blank=True)
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "référence"

    def __str__(self) -> str:
        return f"{self.name} ({self.vintage})"
