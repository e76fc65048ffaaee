"""An attestation on paper: what was kept of it the day it was made, and where anyone can check its number."""

from __future__ import annotations

from django.conf import settings
from django.utils.formats import date_format

from guide.french import NBSP
from guide.print import Chapter, Document, blocks
from training.models import Attestation

CONTENT = (
    "Cette attestation dit que ce travail a été remis et accepté. Elle ne dit rien de ce qu’il contient, n’est pas une "
    "note chiffrée, et ne vaut ni diplôme ni validation d’une compétence."
)


def document_of(attestation: Attestation) -> Document:
    """One page, tagged, with its address in letters and as a QR code."""
    url = settings.SITE_URL + attestation.get_absolute_url()
    said = [
        blocks.paragraph(
            f"{attestation.centre_name} a accepté, le {_day(attestation.accepted_on)}, le travail remis par "
            f"{attestation.student_name}.",
            "lede",
        ),
        blocks.facts(
            [
                ("Remis par", attestation.student_name),
                ("Travail", attestation.title),
                ("Promotion", attestation.cohort_name),
                ("Centre de formation", attestation.centre_name),
                ("Accepté le", _day(attestation.accepted_on)),
                ("Numéro", attestation.spoken),
            ]
        ),
        blocks.paragraph(CONTENT),
        blocks.colophon(
            [
                f"Attestation établie le {_day(attestation.made_on)}, à la demande de la personne qu’elle nomme.",
                f"Son numéro se vérifie sur {settings.SITE_NAME} jusqu’au {_day(attestation.checkable_until)}{NBSP}: "
                "ce qui y est montré doit être ce qui est écrit ici.",
            ]
        ),
    ]
    chapter = Chapter(
        title="Attestation de travail accepté", blocks=said, kicker=f"Numéro {attestation.spoken}", url=url
    )
    return Document(title=f"Attestation {attestation.spoken}", chapters=[chapter], cover="", url=url)


def _day(on: object) -> str:
    return date_format(on, "j F Y")  # type: ignore[arg-type]
