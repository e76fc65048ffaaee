"""The one normaliser of French: what is indexed and what is asked meet under the same key, whatever their form.

A word loses its accents and its case; rules bring back plurals and feminines the Snowball stemmer misses (travaux,
jeux, emplois, éducatrice, chômeuse, villageoise), then the stemmer takes the rest (cuisine, cuisiner, cuisinons).
Keys are ASCII letters and digits: they are safe in any query, and mean nothing by themselves.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

from accounts.territories import LIGATURES

# PostgreSQL's french.stop without accents (it knows « même », not « meme »), « les », which it forgets, and the heads
# of elisions. « été » is left out of it: it is a participle in a story, and a season in « atelier d’été ».
STOP = frozenset(
    """a les au aux avec ce ces dans de des du elle en et eux il je la le leur lui ma mais me meme mes moi mon ne nos
    notre nous on ou par pas pour qu que qui sa se ses son sur ta te tes toi ton tu un une vos votre vous c d j l m n
    s t y etes etant etante etants etantes suis es est sommes sont serai seras sera serons serez seront
    serais serait serions seriez seraient etais etait etions etiez etaient fus fut fumes futes furent sois soit soyons
    soyez soient fusse fusses fussions fussiez fussent ayant ayante ayantes ayants eu eue eues eus ai as avons avez ont
    aurai auras aura aurons aurez auront aurais aurait aurions auriez auraient avais avait avions aviez avaient eut
    eumes eutes eurent aie aies ait ayons ayez aient eusse eusses eussions eussiez eussent
    jusqu lorsqu puisqu quoiqu quelqu aujourd hui comment pourquoi quel quelle quels quelles quoi combien""".split()  # noqa: SIM905
)

# A letter or a digit, then letters, digits and combining accents: a word written in decomposed Unicode is one word.
_WORD = re.compile("[^\\W_](?:[^\\W_]|[\u0300-\u036f])*")
_NOT_KEY = re.compile(r"[^a-z0-9]+")

# Words a rule or the stemmer would confuse with another: café and CAF, foyer and foi, cours, cour and courses.
_APART = {
    "caf": "caf", "cours": "cours", "course": "courses", "courses": "courses", "fils": "fils", "fois": "fois",
    "foyer": "foyer", "foyers": "foyer", "gens": "gens", "maux": "mal", "repas": "repas", "sens": "sens",
    "faux": "faux", "taux": "taux", "chaux": "chaux", "doux": "doux", "epoux": "epou", "epouse": "epou",
    "epouses": "epou", "serviette": "serviette", "serviettes": "serviette", "porte": "porte", "portes": "porte",
    "collectif": "collectif", "collectifs": "collectif", "collective": "collectif", "collectives": "collectif",
    "aidant": "aidant", "aidants": "aidant", "aidante": "aidant", "aidantes": "aidant",
    "departement": "departement", "departements": "departement", "environ": "environ", "france": "france",
    "communication": "communiqu", "communications": "communiqu", "usager": "usager", "usagers": "usager",
    "conseiller": "conseiller", "conseillers": "conseiller", "conseillere": "conseiller",
    "conseilleres": "conseiller", "partir": "partir", "gers": "gers",
    # One word in several forms.
    "vieil": "vieux", "vieille": "vieux", "vieilles": "vieux", "vieux": "vieux",
    "nouveau": "nouveau", "nouveaux": "nouveau", "nouvel": "nouveau", "nouvelle": "nouveau", "nouvelles": "nouveau",
    "beau": "beau", "beaux": "beau", "belle": "beau", "belles": "beau",
    "jardinage": "jardin", "jardinages": "jardin", "jardinier": "jardin", "jardiniers": "jardin",
    "jardiniere": "jardin", "benevolat": "benevol", "aider": "aide", "aidee": "aide", "aidees": "aide",
    "aident": "aide", "preter": "pret", "prete": "pret", "pretes": "pret", "voisinage": "voisin",
    "travaux": "travail", "baux": "bail", "vitraux": "vitrail",
    "noyaux": "noyau", "tuyaux": "tuyau", "joyaux": "joyau", "preaux": "preau", "fleaux": "fleau",
}  # fmt: skip
# Plurals in -eux whose singular is in -eu; the others are adjectives (heureux, heureuse).
_EU = {
    "jeux",
    "enjeux",
    "feux",
    "lieux",
    "milieux",
    "cheveux",
    "neveux",
    "voeux",
    "aveux",
    "adieux",
    "essieux",
    "pneux",
}
# « Ils bricolent » is the commonest verb of a story; these are no verbs.
_ENT = frozenset(
    """absent accent accident adherent adolescent agent argent client coherent competent concurrent content continent
    convalescent couvent decent different diligent dissident divergent dolent eloquent emergent equivalent evident
    excellent fervent frequent imminent incident incompetent inconvenient indecent independent indifferent indigent
    influent innocent insolent intelligent intermittent latent malentent negligent occident opulent orient parent
    patient permanent pertinent precedent present president prudent recent referent resident sergent serpent
    somnolent souvent strident talent torrent transparent turbulent urgent violent virulent vent""".split()  # noqa: SIM905
)
# Each is tried once the plural « s » is gone; the first that applies is the only one.
_RULES = (
    (re.compile(r"eaux$"), "eau"),
    (re.compile(r"(?<=[a-z]{2})aux$"), "al"),
    (re.compile(r"oux$"), "ou"),
    (re.compile(r"trice$"), "teur"),
    # chômeur and chômeuse, heureux and heureuse: which of them a feminine belongs to, no rule knows.
    (re.compile(r"(?:euse|eux)$"), "eur"),
    (re.compile(r"(?<=[a-z]{2})([iglch])ere$"), r"\1er"),
    (re.compile(r"enne$"), "en"),
    (re.compile(r"(?<=[a-z]{3})elle$"), "el"),
    (re.compile(r"(?<=[a-z]{2})ive$"), "if"),
    (re.compile(r"oise$"), "oi"),
    (re.compile(r"(?<=[a-z]{3})aise$"), "ai"),
    (re.compile(r"ee$"), "e"),
)
_SHORT = 4
_local = threading.local()


class Token(NamedTuple):
    """A word of a text: its place, in code points, and its key."""

    start: int
    end: int
    key: str


@lru_cache(maxsize=65_536)
def normal(word: str) -> str:
    """The key of one word; "" for a word too common to be searched, a letter alone, or no Latin letter at all."""
    text = unicodedata.normalize("NFKD", word.translate(LIGATURES)).lower().replace("ß", "ss")
    text = _NOT_KEY.sub("", text)
    if text in STOP or (len(text) < 2 and not text.isdigit()):
        return ""
    if text in _APART:
        return _APART[text]
    if any(sign.isdigit() for sign in text):
        return text
    if text in _EU:
        return text[:-1]
    if len(text) > 3 and text.endswith("s") and not text.endswith("ss"):
        text = text[:-1]
    if len(text) > 5 and text.endswith("ent") and not text.endswith("ment") and text not in _ENT:
        text = text[:-2]
    for rule, form in _RULES:
        text, changed = rule.subn(form, text)
        if changed:
            break
    if text in _APART:
        return _APART[text]
    # A short word has no ending to lose: « café » is not « CAF », nor « mère » « mer ».
    return text if len(text) <= _SHORT else _NOT_KEY.sub("", _stemmer().stemWord(text)) or text


def _stemmer() -> snowballstemmer.stemmer:
    """One a thread: it keeps the word it works on."""
    if not hasattr(_local, "stemmer"):
        _local.stemmer = snowballstemmer.stemmer("french")
    return _local.stemmer


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order, those too common left out. An elision, a hyphen or a slash divides words."""
    for found in _WORD.finditer(text):
        key = normal(found[0])
        if key:
            yield Token(found.start(), found.end(), key)


def normals(text: str) -> list[str]:
    """The keys of a text, in order."""
    return [key for word in _WORD.findall(text) if (key := normal(word))]
