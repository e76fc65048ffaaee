"""What a sheet may answer, and its limits."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    PROJECT = "project", "en préparation"
    ONGOING = "ongoing", "en cours"
    ENDED = "ended", "terminée"
    UNKNOWN = "unknown", "inconnu"


class Scope(models.TextChoices):
    QUARTER = "quartier", "un quartier"
    COMMUNE = "commune", "une commune"
    INTERCOMMUNAL = "intercommunalite", "une intercommunalité"
    DEPARTEMENT = "departement", "un département"
    REGION = "region", "une région"
    NATION = "national", "le pays entier"


class ContactMode(models.TextChoices):
    RELAYED = "relayed", "par un message relayé par le site (votre adresse reste cachée)"
    PUBLIC = "public", "par l’adresse que j’écris ici, visible sur la page"
    COORDINATOR = "coordinator", "en passant par la coordination du territoire"


class Licence(models.TextChoices):
    CC_BY = "cc-by-4.0", "Creative Commons Attribution 4.0 (CC BY)"
    ETALAB = "etalab-2.0", "Licence Ouverte 2.0"


class Depth(models.TextChoices):
    SNAPSHOT = "instantane", "instantané"
    STORY = "recit", "récit"
    CAPITALISATION = "capitalisation", "capitalisation"


class Participation(models.TextChoices):
    INFORMED = "informes", "informées"
    CONSULTED = "consultes", "consultées"
    ASSOCIATED = "associes", "associées"
    DECIDING = "codecident", "codécident"
    LEADING = "pilotent", "pilotent"


class Proof(models.TextChoices):
    DECLARED = "declare", "déclaré"
    OBSERVED = "observe", "observé par l’équipe"
    VOICED = "parole", "parole des personnes"
    REPORT = "bilan", "bilan écrit"
    EVALUATION = "evaluation", "évaluation externe"


ANONYMITY_TICKS = {
    "noms": "Aucun nom ni prénom réel de personne accompagnée.",
    "adresses": "Aucune adresse, aucun numéro (téléphone, dossier, sécurité sociale).",
    "dates": "Aucune date de naissance ni date précise qui désigne quelqu’un.",
    "situations": "Aucune situation si rare qu’on reconnaîtrait la personne.",
    "sante": "Aucun détail de santé, de justice ou de famille rattaché à quelqu’un.",
    "collegues": "Les collègues et partenaires nommés sont d’accord.",
}


MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


MIN_SUMMARY, MAX_SUMMARY, MIN_STORY, MAX_TEXT = 150, 400, 300, 20_000
