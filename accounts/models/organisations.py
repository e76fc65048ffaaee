from django.db import models

from accounts.siret import validate_siret


class OrganisationKind(models.Model):
    code = models.SlugField(primary_key=True)
    label = models.CharField(max_length=120)
    data_inclusion = models.CharField("code data·inclusion", max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        verbose_name = "sorte d’organisation"

    def __str__(self) -> str:
        return self.label


class Organisation(models.Model):
    """An employer, a network or a training centre: a legal body with an account's or a role's name on it."""

    name = models.CharField("nom", max_length=200)
    kind = models.ForeignKey(OrganisationKind, on_delete=models.PROTECT, null=True, blank=True, verbose_name="sorte")
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validate_siret])
    territory = models.ForeignKey(
        "accounts.Territory", on_delete=models.PROTECT, null=True, blank=True, verbose_name="territoire"
    )

    class Meta:
        verbose_name = "organisation"
        constraints = [
            models.UniqueConstraint(
                fields=["siret"],
                condition=~models.Q(siret=""),
                name="organisation_siret_once",
                violation_error_message="Une organisation porte déjà ce SIRET.",
            )
        ]

    def __str__(self) -> str:
        return self.name
