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


class Agreed(models.TextChoices):
    """Who may be recognised on a picture, and who agreed."""

    NOBODY = "personne", "on ne reconnaît personne"
    ADULTS = "adultes", "les adultes reconnaissables ont donné leur accord écrit"
    MINORS = "mineurs", "pour chaque mineur, ses deux parents ont donné leur accord écrit"


class LinkKind(models.TextChoices):
    FILM = "film", "film"
    SOUND = "son", "son"
    PAGE = "page", "page"


class Kin(models.TextChoices):
    """What ties a sheet to another one."""

    INSPIRED = "inspiree", "inspirée de"
    SEQUEL = "suite", "suite de"
    PART = "partie", "partie de"
    NEAR = "proche", "proche de"


PARTICIPANTS = {
    "moins-de-10": "moins de 10 personnes",
    "10-24": "de 10 à 24 personnes",
    "25-49": "de 25 à 49 personnes",
    "50-99": "de 50 à 99 personnes",
    "100-et-plus": "100 personnes ou davantage",
}
BUDGETS = {
    "aucun": "aucun, hors temps de travail",
    "moins-de-500": "moins de 500 €",
    "500-2000": "de 500 à 2 000 €",
    "2000-10000": "de 2 000 à 10 000 €",
    "plus-de-10000": "plus de 10 000 €",
}
LANGUAGES = {
    "fr": "français", "en": "anglais", "ar": "arabe", "ber": "berbère", "es": "espagnol", "it": "italien",
    "pt": "portugais", "tr": "turc", "uk": "ukrainien", "ru": "russe", "ro": "roumain", "fa": "persan, dari",
    "ps": "pachto", "ti": "tigrigna", "ln": "lingala", "bm": "bambara", "ff": "peul", "so": "somali", "zh": "chinois",
    "vi": "vietnamien", "ta": "tamoul", "bn": "bengali", "gcf": "créole antillais", "rcf": "créole réunionnais",
    "swb": "mahorais", "fsl": "langue des signes française", "autre": "une autre langue",
}  # fmt: skip


# What a team offers to those who would like to see.
HOSTING = {
    "collegue": "Un collègue",
    "stagiaire": "Un stagiaire",
    "temoigne": "Témoigne en formation",
    "partenaire": "Cherche un partenaire",
}

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


MIN_SUMMARY, MAX_SUMMARY, MIN_STORY, MAX_TEXT = 150, 400, 300, 20_000
