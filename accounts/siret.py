"""The SIRET of an establishment: fourteen digits whose key is checked (La Poste's own rule included)."""

import re

from django.core.exceptions import ValidationError
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siret as number


def clean_siret(text: str) -> str:
    """The fourteen digits of what was typed, spaces and dots dropped; a French sentence when it can't be one."""
    digits = re.sub(r"[\s.\u00a0\u202f-]", "", text)
    validate_siret(digits)
    return digits


def validate_siret(digits: str) -> None:
    if not digits:
        return
    if not re.fullmatch(r"[0-9]{14}", digits):
        raise ValidationError("Un SIRET compte 14 chiffres. Laissez vide si l’organisation n’en a pas.")
    try:
        number.validate(digits)
    except NumberError:
        raise ValidationError("Ce SIRET n’existe pas : sa clé est fausse. Vérifiez les chiffres.") from None
