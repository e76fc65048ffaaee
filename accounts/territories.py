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


# How one says « in » a département or a région: the article belongs to the language, not to the geographic code.
_SAID = {
    "departement": {
        "dans l’": "01 02 03 10 11 12 27 34 36 60 61 89 91",
        "dans la": "23 42 50 51 53 55 58 72 80 86",
        "dans le": "14 15 18 25 29 30 32 39 45 46 56 59 62 63 67 68 69 81 83 84 90 94 95",
        "dans les": "04 05 06 08 13 22 40 64 65 66 78 79 88 92",
        "à": "75 974 976",
    },
    "region": {"à": "04 06", "dans les": "32 52", "dans le": "44"},
}
_BEFORE = {
    level: {code: words for words, codes in said.items() for code in codes.split()} for level, said in _SAID.items()
}


def located(level: str, code: str, name: str) -> str:
    """« dans le Pas-de-Calais », « en Gironde », « à Lens », « au Havre »."""
    if level == "nation":
        return "en France"
    if level in _BEFORE:
        words = _BEFORE[level].get(code, "en")
        return f"{words}{name}" if words.endswith("’") else f"{words} {name}"
    if name.startswith("Le "):
        return f"au {name[3:]}"
    if name.startswith("Les "):
        return f"aux {name[4:]}"
    return f"à {name}"
