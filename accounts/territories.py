"""Words of the geographic code: one spelling key for a name, whatever its accents, case and hyphens."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})


def key_of(name: str) -> str:
    """« Saint-Étienne » → « saint etienne »; « St » at the head stands for « saint »."""
    text = unicodedata.normalize("NFKD", name.translate(LIGATURES))
    text = "".join(sign for sign in text if not unicodedata.combining(sign)).lower()
    text = re.sub(r"[^a-z0-9]+", " ", text).strip()
    return re.sub(r"\b(st|ste)\b", lambda found: {"st": "saint", "ste": "sainte"}[found[1]], text)
