"""What a version lacks, and how deep it goes (product P3). Pure reading: nothing is written here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initiatives.models.choices import ANONYMITY_TICKS, MIN_STORY, MIN_SUMMARY, ContactMode, Depth

if TYPE_CHECKING:
    from initiatives.models import Version


def missing(version: Version) -> dict[str, str]:
    """Field → French sentence, in the order of the screens; each origin has its own required set."""
    if version.initiative.origin == "public_source":
        return _missing_from_public_source(version)
    lacks: dict[str, str] = {}
    if not version.title.strip():
        lacks["title"] = "Donnez un titre à votre initiative."
    if len(version.summary.strip()) < MIN_SUMMARY:
        lacks["summary"] = (
            f"Le résumé compte au moins {MIN_SUMMARY} signes ; le vôtre en a {len(version.summary.strip())}."
        )
    if not version.state:
        lacks["state"] = "Dites où en est l’action."
    if not version.organisation_name.strip():
        lacks["organisation_name"] = "Nommez l’organisation ou le collectif qui porte l’action."
    if version.place_id is None:
        lacks["place"] = "Indiquez la commune principale."
    if not version.scope:
        lacks["scope"] = "Indiquez l’étendue de l’action."
    if not version.publics.all():
        lacks["publics"] = "Cochez au moins un public."
    if not version.themes.all():
        lacks["themes"] = "Choisissez au moins un thème."
    if not version.methods.all():
        lacks["methods"] = "Choisissez au moins une méthode."
    if not version.beginning.strip():
        lacks["beginning"] = "Racontez comment cela a commencé."
    if len(version.story.strip()) < MIN_STORY:
        lacks["story"] = f"Le récit compte au moins {MIN_STORY} signes ; le vôtre en a {len(version.story.strip())}."
    if version.contact_mode == ContactMode.PUBLIC and not version.contact_address:
        lacks["contact_address"] = "Écrivez l’adresse à montrer, ou choisissez un autre mode de contact."
    if not version.employer_agrees:
        lacks["employer_agrees"] = "Confirmez l’accord de votre employeur, ou demandez-le avant d’envoyer."
    if not version.people_agree:
        lacks["people_agree"] = "Confirmez l’accord des personnes concernées."
    if set(ANONYMITY_TICKS) - set(version.anonymity):
        lacks["anonymity"] = "Vérifiez les six points d’anonymat : chacun doit être coché."
    return lacks


def _missing_from_public_source(version: Version) -> dict[str, str]:
    lacks: dict[str, str] = {}
    if not version.title.strip():
        lacks["title"] = "Une fiche de source publique a un titre."
    if not version.summary.strip():
        lacks["summary"] = "Une fiche de source publique a un résumé."
    if version.place_id is None:
        lacks["place"] = "Une fiche de source publique a un lieu."
    if not version.methods.all():
        lacks["methods"] = "Une fiche de source publique a une méthode."
    if not version.source_rows.all():
        lacks["sources"] = "Une fiche de source publique cite sa source."
    return lacks


def depth(version: Version) -> str:
    """Récit and capitalisation are earned by what is filled, never declared."""
    has_effect = any(
        [version.effects_people.strip(), version.effects_professionals.strip(), version.effects_territory.strip()]
    )
    story = (
        bool(version.timeshare_rows.all())
        and version.time_granted_by.strip()
        and has_effect
        and version.obstaclemet_rows.all()
        and version.if_again.strip()
        and version.conditions.strip()
    )
    if not story:
        return Depth.SNAPSHOT
    # The third depth asks for dated steps and voices, rows that no version has yet.
    return Depth.STORY
