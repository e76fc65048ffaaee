"""The one normaliser of French: what is indexed and what is asked meet under the same key, whatever their form.

A word loses its accents and its case; tables and rules bring back what the Snowball stemmer misses (travaux, jeux,
emplois, éducatrice, petite, privée) and hold apart what it confuses (loyer and loi), then the stemmer takes the rest
(cuisine, cuisiner, cuisinons).
Keys are ASCII letters and digits: they are safe in any query, and mean nothing by themselves. A key is not a word: it
has no key of its own, and `normal` is never asked for one.
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
# What is longer than any word is read in pieces: a text of a million letters is neither a key nor kept by the cache.
_WORD = re.compile("[^\\W_]{1,64}(?:[\u0300-\u036f]{1,4}[^\\W_]{0,64}){0,16}")
_NOT_KEY = re.compile(r"[^a-z0-9]+")

# Words a rule or the stemmer would cut too short, and so take for another: loyer and loi, café and CAF, Vendée and
# vendez, répit and repas. Nouns in -ée stand here where the verb is another matter: the armée is not armed.
_WHOLE = """caf cours fils fois foyer gens potager repas sens faux taux chaux vaux loyer mars gers france maine loire
    martinique vendee serviette porte departement usager conseiller partir attention equipement isolation reference
    permanence terrasse malaise allaitement repit vente verger villa voirie parlement stationnement sorte gros bas prix
    armee assemblee donnee duree entree rentree tournee
    relai delai palai marai calai balai mauvai anglai francai irlandai portugai japonai hollandai polonai pakistanai
    soudanai senegalai togolai camerounai congolai rwandai libanai antillai reunionnai lyonnai marseillai bordelai
    nantai rennai rouennai""".split()  # noqa: SIM905
# Words in several forms no rule brings together, and homographs to hold apart: a key, then the forms that take it.
# A key begins with the two letters its forms begin with: excerpts look for them (no « œil yeux » here).
_FAMILIES = """
    aide aidé | aidant aidante | beau belle | bas basse | blanc blanche | bref brève | cle clef | doux douce |
    epou époux épouse | fou folle | frais frai fraîche | grec grecque | gros grosse | interdit interdite |
    jalou jalouse | laic laïque | long longue | neuf neuve | nouveau nouvel nouvelle |
    paysan paysanne | petit petite | public publique | sec sèche | tout tous | turc turque | veuf veuve |
    vieux vieil vieille | vif vive | collectif collective | mal maux | travail travaux | bail baux | vitrail vitraux |
    materiau matériaux | noyau noyaux | tuyau tuyaux | joyau joyaux | preau préaux | fleau fléaux |
    aliment alimentaire | autism autiste | benefici bénéficie bénéficier | benevol bénévolat |
    bricol bricolage bricoleur | budget budgétaire | citoyen citoyenneté | coloc colocataire |
    communiqu communication | compost compostage composteur | concertation concerte concerter |
    coordin coordonnateur | courses course | cre création | energ énergétique |
    environ environnemental environnementale | environs environ | errant errance | formats format |
    garde garder gardez gardait gardant | jardin jardinage jardinier jardinière |
    licenci licencie licencier licenciement | log loge | maraich maraîchage | marie marier | migr migration |
    negoc négociation | parrain parrainage | paye paie | pauvr pauvreté | peut peux | precair précarité |
    pret prête prêter | publ publication | psycholog psychologue | refuges refuge | rural ruralité |
    scolair scolarité | souffr souffrance | soutien soutenir soutenu soutenue | tri trie trier | urgent urgence |
    vari varie varier | vieil vieillesse | violent violence | voisin voisinage
"""
# Plurals in -eux whose singular is in -eu; the others are adjectives (heureux, heureuse).
_EU = frozenset("jeux enjeux feux lieux milieux cheveux neveux voeux aveux adieux essieux pneux".split())  # noqa: SIM905
# « Ils bricolent » is the commonest verb of a story; these are no verbs.
_ENT = frozenset(
    """absent accent accident adherent adolescent agent apparent ardent argent client coefficient coherent competent
    concurrent conscient content contingent continent convalescent couvent decent deficient detergent different
    diligent dissident divergent eloquent emergent equivalent evident excellent fervent florent frequent imminent
    impatient incident incoherent incompetent inconscient inconvenient indecent independent indifferent indigent
    influent ingredient innocent insolent intelligent intermittent latent laurent negligent occident opulent orient
    parent patient permanent pertinent precedent present president prudent quotient recent recipient recurrent referent
    resident sergent serpent somnolent souvent strident talent torrent transparent turbulent urgent violent virulent
    vincent""".split()  # noqa: SIM905
)
# Verbs of five letters, which the stemmer cuts below their own participle: poser, posé.
_ER = frozenset(
    """aider coder dater doter durer feter filer fixer garer gerer jeter jouer juger laver lever loger louer mener
    meler miser mixer nager noter nouer payer peser poser rater rever semer taper tirer viser voler voter""".split()  # noqa: SIM905
)
# Verbs in -ier: « étudie » has no trace of the « i » that the stemmer leaves to « étudier » as it does to « métier ».
_IER = re.compile(
    r"(?:[^f]f|etud|remed|exped|negoc|assoc|apprec|remerc|oubl|publ|concil|multipl|repl|rel|rall|cop|appropr|rapatr"
    r"|conv|init|privileg|graph)ier$"
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
    # The feminine, for it is also a verb: privé, arrivée.
    (re.compile(r"(?<=[a-z]{2})if$"), "ive"),
    (re.compile(r"(?<=[a-z]{3})oise$"), "oi"),
    (re.compile(r"(?<=[a-z]{3})aise$"), "ai"),
    (re.compile(r"(?<=[a-z]{2})asse$"), "ass"),
)
_SHORT, _LONGEST = 4, 80
_local = threading.local()


class Token(NamedTuple):
    """A word of a text: its place, in code points, and its key."""

    start: int
    end: int
    key: str


def _plain(word: str) -> str:
    text = unicodedata.normalize("NFKD", word.translate(LIGATURES)).lower().replace("ß", "ss")
    return _NOT_KEY.sub("", text)


def _keys() -> dict[str, str]:
    families = [[_plain(form) for form in family.split()] for family in _FAMILIES.split("|")]
    return {word: word for word in (*_WHOLE, *(key for key, *_ in families))} | {
        form: key for key, *forms in families for form in forms
    }


_KEYS = _keys()


@lru_cache(maxsize=65_536)
def normal(word: str) -> str:
    """The key of one word; "" for a word too common to be searched, a letter alone, or no Latin letter at all."""
    text = _plain(word)[:_LONGEST]
    if text in STOP or (len(text) < 2 and not text.isdigit()):
        return ""
    if any(sign.isdigit() for sign in text):
        return text
    for simpler in (str, _singular, _base):
        text = simpler(text)
        if text in _KEYS:
            return _KEYS[text]
    # A short word has no ending to lose: « café » is not « CAF », nor « mère » « mer ».
    return text if len(text) <= _SHORT else _stem(text)


def _singular(text: str) -> str:
    if text in _EU or (len(text) > 3 and text.endswith("s") and not text.endswith("ss")):
        return text[:-1]
    return text


def _base(text: str) -> str:
    """The masculine; of a verb, the form the stemmer reads best."""
    if len(text) > 5 and text.endswith("ent") and not text.endswith("ment") and text not in _ENT:
        text = text[:-1] if text.endswith(("tient", "vient")) else text[:-2]
    if text in _ER or _IER.search(text) or text.endswith("ee"):
        text = text[:-1]
    for rule, form in _RULES:
        text, changed = rule.subn(form, text)
        if changed:
            break
    return text


def _stem(text: str) -> str:
    stem = _NOT_KEY.sub("", _stemmer().stemWord(text)) or text
    # essayer and essayé, envoyer and envoyé: the stemmer knows the first only.
    return f"{stem[:-1]}i" if stem.endswith("y") else stem


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
    return list(filter(None, map(normal, _WORD.findall(text))))
