"""The words generated sheets are made of.

`words.txt` holds the commonest words of our own texts with their counts, so that the generated language has the shape
of the real one; it is frozen, so that a corpus stays the same when a fiche changes. `python -m benchmarks.vocabulary`
makes it again. What a theme talks about is written here; a long tail of rare words is built from roots and endings.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path

HERE = Path(__file__).parent
WORDS = HERE / "words.txt"
COMMONEST, RAREST = 3000, 20_000

THEMES = {
    "logement": "logement loyer bail palier hall rénovation chantier impayé hébergement résidence travaux bailleur",
    "sante": "santé soin médecin dépistage sommeil diabète prévention infirmière vaccination douleur marche souffle",
    "parentalite": "parents école devoirs poussette naissance limites garde grossesse lecture adolescent père mère",
    "numerique": "ordinateur téléphone démarches courriel imprimante formulaire écran connexion tablette clic fichier",
    "alimentation": "repas cuisine épicerie légumes jardin recette panier marché récolte glanage soupe fournil",
    "mobilite": "vélo bus covoiturage permis trajet navette garage route horaires arrêt remorque bicyclette",
    "isolement": "solitude visite voisinage veuvage dimanche papotage veille porte courrier banc sortie téléphone",
    "insertion": "emploi chantier stage entretien métier formation contrat atelier compétence employeur horaires",
    "acces-aux-droits": "droits dossier allocation guichet recours courrier aide attestation rendez-vous permanence",
    "culture": "théâtre musique film exposition lecture chant conte fresque scène répétition bibliothèque atelier",
    "cadre-de-vie": "quartier place fresque déchets bancs square immeuble propreté passage plantation marche chantier",
    "vieillissement": "retraite chute mémoire domicile repas aide canne mouvement génération transmission visite",
    "citoyennete": "conseil vote débat assemblée habitants décision charte pétition élus délégué parole proposition",
    "education": "école collège aide devoirs décrochage réussite orientation cartable enseignante cour bulletin",
    "handicap": "fauteuil accès adaptation aidant autonomie surdité lecture pictogramme accueil trajet rampe",
    "environnement": "compost tri ressourcerie réparation haie rivière récupération mare abeilles plantation semence",
    "energie": "facture chauffage isolation froid écogestes chaudière compteur fenêtre radiateur humidité consommation",
    "vacances-et-loisirs": "vacances séjour mer camping départ valise randonnée jeux sortie pique-nique plage",
    "lien-social": "café rencontre fête voisins échange accueil repas marche tricot entraide bavardage accueil",
    "interculturalite": "langue exil traduction récit cuisine musique voyage cours papiers accueil mosaïque",
    "budget": "budget dettes banque épargne courses crédit surendettement dépenses enveloppe troc conseil",
}
EXPRESSIONS = (
    "groupe de parole", "pouvoir d’agir", "lien social", "centre social", "action collective", "table de quartier",
    "diagnostic partagé", "jardin partagé", "accès aux droits", "aller vers", "porte à porte", "comité de pilotage",
    "travail social de groupe", "développement social local", "épicerie solidaire", "personnes accompagnées",
    "travailleurs sociaux", "espace de vie sociale", "savoirs d’expérience", "conseil de quartier",
)  # fmt: skip
# Each names one sheet, so that a search can be shown to find it.
NEEDLES = (
    "Ricochet du jeudi", "Escampette", "Tisane et timbres", "Brouette enchantée", "Cerf-volant du Ponant",
    "Zeste de palier", "Marelle et Cie", "Guinguette à roulettes", "Luciole", "Chaudron bavard", "Pirouette",
    "Noisetier", "Bouée jaune", "Hirondelle du hall", "Kaléidoscope", "Grain de sel", "Farandole", "Coquelicot",
    "Œil du voisin", "Étincelle",
)  # fmt: skip
NEEDLES_WITHIN = 1000  # so that a quick run has them all

_ROOTS = """abri accord alert altern amorc ancr animat appel appren arbitr assembl associ atelier attach balis bricol
cadr camarad cart cercl chant clar coller compos concert conduct confi contour convers coopér crédi cultiv débat
déclin délib dénou dialog divers donat échang éclair écout écriv effor élan émanc emport encadr enracin entr équip
essaim estim étap éveil expérim fédér festiv format franch fréquent garant glan group habit hospital imagin impuls
inclus initi inspir install invent invit joign lectur liaison lumin maill manif médi mélang mémor métiss mobil modér
mouv mutual négoci nourr nouv observ orient ouvert parol parrain partag passer patient persévér planific pluri port
pratic préven projet promen propos rallier rassembl récipr récolt reconn réconf relay renfor repér répar résid respir
réun rythm sensib servic sign sillon solid soutien stimul territ tiss tradit trajet transm travers tremp usag util
valor veill viv voisin volont voyag""".split()  # noqa: SIM905
_HEADS = ("", "", "", "", "re", "co", "inter", "pré", "multi", "trans", "auto", "dé", "contre-", "mi-")
_TAILS = (
    "ation", "ations", "ement", "ements", "eur", "eurs", "euse", "trice", "ité", "able", "ables", "if", "ive", "ives",
    "iste", "istes", "ique", "iques", "er", "ant", "antes", "é", "ée", "és", "ées", "al", "ale", "aux", "ier", "ière",
    "age", "ages", "ence", "oir", "elle", "ette", "ure", "ures", "isation", "isées", "atif", "ative", "ateurs",
)  # fmt: skip


class Vocabulary:
    """For each theme, words with their cumulated weights, ready for `random.choices`."""

    def __init__(self, seed: int) -> None:
        self.rare = rare_words(seed)
        base = [(word, float(count)) for word, count in known_words()]
        shares = (
            scaled(base, 84),
            scaled(((word, 1 / (rank + 2)) for rank, word in enumerate(EXPRESSIONS)), 3),
            scaled(((word, 1 / (rank + 30)) for rank, word in enumerate(self.rare)), 5),
        )
        common = [pair for share in shares for pair in share]
        self.of_theme: dict[str, tuple[list[str], list[float]]] = {}
        for theme, words in THEMES.items():
            own = scaled(((word, 1 / (rank + 2)) for rank, word in enumerate(words.split())), 8)
            pairs = [*common, *own]
            self.of_theme[theme] = [word for word, _ in pairs], list(accumulate(weight for _, weight in pairs))
        self.tags = sorted({word for words in THEMES.values() for word in words.split()})


def scaled(pairs: Iterable[tuple[str, float]], total: float) -> list[tuple[str, float]]:
    kept = list(pairs)
    whole = sum(weight for _, weight in kept)
    return [(word, total * weight / whole) for word, weight in kept]


def known_words() -> list[tuple[str, int]]:
    lines = WORDS.read_text(encoding="utf-8").split("\n")
    return [(word, int(count)) for word, count in (line.split() for line in lines if line)]


def rare_words(seed: int) -> list[str]:
    dice = random.Random(f"rare:{seed}")
    known = {word for word, _ in known_words()}
    made: dict[str, None] = {}
    while len(made) < RAREST:
        word = dice.choice(_HEADS) + dice.choice(_ROOTS) + dice.choice(_TAILS)
        if dice.random() < 0.6:
            word = f"{dice.choice(_ROOTS)}o{word}" if "-" not in word else word
        if word not in known:
            made[word] = None
    return list(made)


def freeze() -> None:
    """Count the words of our texts, names left out, and write the commonest ones."""
    root = HERE.parent
    files = sorted((root / "guide/content").rglob("*.md")) + sorted((root / "guide/content/methods").glob("*.toml"))
    files += sorted((root / "initiatives/content/public_sources").glob("*.toml"))
    counts: Counter[str] = Counter()
    for file in files:
        # Addresses, keys and identifiers of sources are no words.
        text = re.sub(
            r"https?://\S+|^\w+ = |[\w-]+[-_][\w-]+", " ", file.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        # A word is a name when it is never seen in lower case.
        counts.update(re.findall(r"\b[a-zà-ÿœ]+\b", text))
    kept = [(word, count) for word, count in counts.most_common() if len(word) > 1 or word in "ày"][:COMMONEST]
    WORDS.write_text("".join(f"{word} {count}\n" for word, count in kept), encoding="utf-8")


if __name__ == "__main__":
    freeze()
