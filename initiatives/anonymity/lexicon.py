"""The lists the rules read, loaded once: how they were made and their licences are in `data/`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from accounts.territories import key_of

DATA = Path(__file__).parent / "data"


def _keys(name: str) -> frozenset[str]:
    return frozenset((DATA / name).read_text().split("\n")) - {""}


@cache
def words() -> frozenset[str]:
    """Words of the language, met without a capital."""
    return _keys("words.txt") | _MORE_WORDS


@cache
def common_first_names() -> frozenset[str]:
    more = {key_of(name) for name in _keys("more_first_names.txt")}
    return (_keys("common_first_names.txt") | more) - _NOT_NAMES


@cache
def first_names() -> frozenset[str]:
    return (common_first_names() | _keys("first_names.txt")) - _NOT_NAMES


@cache
def surnames() -> frozenset[str]:
    return _keys("surnames.txt") - _NOT_NAMES


@cache
def small_communes() -> frozenset[str]:
    """Under 2 000 inhabitants, when no larger one has the same name."""
    return _keys("small_communes.txt") - _NOT_SMALL


@cache
def large_communes() -> frozenset[str]:
    return _keys("large_communes.txt")


# First names that are words, flowers, months, virtues or places as well: alone, they need a sign that someone is meant.
AMBIGUOUS = frozenset(
    """aime ambre ange anemone aurore avril blanche bonne brune cerise charlotte chance claire clement colombe constant
    capucine celeste cesar chine dauphin desire dieudonne dimanche divine domaine douce espoir esperance eglantine
    eve faustine felicite fidele fleur florence fortune france francois galant gloire grace harmonie heureux honore
    hyacinthe immaculee innocent iris ivoire jade janvier jasmin jasmine jean jeudi joie jour julienne juste justice
    lea lys laurier liberte lila lilas loup lucarne luna lundi lune mai mara marguerite marin marine mars marseille
    martial madeleine mardi melodie mercredi merveille milan modeste monte muguet myrtille nation nature noel nice
    norme ocean oceane olive olivier or orion orchidee paix paques parfait paris pascal pascale passion paul perle
    pervenche petit phare pierre place placide praline prince princesse printemps prosper providence prudence prune
    quentin ravi reine remi roch roland roman romain rose rosee royal rubis sable sacha sagesse saint sainte salomon
    samedi san serge saphir savoie serein simple soleil sol solange star toussaint tranquille tulipe urbain val
    valentin valentine valence vendredi verite vermeil vianney victoire victor vienne vigne violette violet vivien
    xavier zelie""".split()  # noqa: SIM905
) | {"constance", "clemence", "patience", "confiance", "amour", "aube", "alma", "elite", "opale", "sirene", "venus"}
# What the lists hold and is no name here: acronyms, institutions, words that only ever open a sentence.
_NOT_NAMES = frozenset(
    """action aide ainsi alors apres aucun aucune aussi autre autres autrement avant avec aux beaucoup bien bon bref
    car ce cela celle celles celui centre certains ces cet cette ceux chacun chaque chez combien comme comment
    conseil contre dans de depuis des deux devant dix donc du durant elle elles en encore enfin ensemble ensuite
    entre et etat europe eux faire fin hier huit ici il ils insee jamais je jusque la le les leur leurs lors lui ma
    mais malgre mes merci mon mr mme monsieur madame nos notre nous oui on ou par parfois parce pas pendant peu peut
    plus plusieurs pour pourquoi puis quand quatre que quel quelle quelques qui quoi sa sans se selon ses seul seule
    six ses si soit son sous souvent sur ta tes toi ton tous tout toute toutes trois tres tu un une vers voici voila
    vos votre vous allemagne afrique algerie amerique angleterre asie belgique bretagne bresil cameroun canada chine
    comores congo corse espagne ethiopie gabon guadeloupe guinee guyane haiti inde irak iran italie japon kosovo
    liban libye mali maroc martinique maurice mayotte mauritanie mexique niger nigeria normandie occitanie perou
    pologne portugal reunion roumanie russie savoie senegal serbie soudan suisse syrie tchad togo tunisie turquie
    ukraine vietnam caf ccas cias cada cmu csf cpam dalo epci esat essaim hlm ime irts mdph mjc msa odas pmi rsa sdf
    unaf udaf caritas emmaus apriles nord sud est ouest facebook google moodle excel word internet zoom tiktok
    instagram whatsapp wifi covid ramadan aid noel""".split()  # noqa: SIM905
)
_NOT_SMALL = frozenset(
    """le la les mars bourg ville saint contes temple centre plaine salle maison mairie ecole gare poste
    parc""".split()  # noqa: SIM905
)
_MORE_WORDS = frozenset(
    """absent absente accord achats adultes agent aine ainee allee ami amie amis ancien ancienne animateur animatrice
    apprentis association associations assistante atelier ateliers bailleur benevole benevoles bibliotheque
    boulanger budget bureau cafe caisse camp carnaval chargee chauffeur citoyen citoyenne citoyens collectif
    collectifs college comite commission commune compagnie conjoint conseillere contact contrat copain copine cousin
    cousine cuisine cuisiniere date debut departement departemental departementale dispositif dossier educateur
    educatrice eleve eleves elu elue enfance enfant enfants epicerie equipe equipes espace etudiante etudiants
    familial famille familles femme femmes fete film fils fille filles foyer frere grand grande groupe groupes
    habitant habitante habitantes habitants habitat handicap horaires identifiant insertion institut jardin jeune
    jeunes jeunesse jeux journee locataire locataires logement lycee maman mamans mari matricule mediateur
    mediatrice mere militante mission montant municipal municipale national nationale nom numero papa parent parents
    parentalite participant participante participantes participants partenaire partenaires permanence personne
    personnes petite petits pole populaire prenom presidente prevention programme projet public publique quartier
    referent referente regie region regional repas reseau residence residente resto retraite retraitee reussite rue
    salarie salariee salaries secours secretaire secteur securite semaine service services social sociale sociales
    sociaux solidaire solidaires solidarite solidarites sortie stage stagiaire stagiaires territoire territorial
    territoriale tiers titulaire travail travaux tutelle tutrice unis vacances veuve vie ville villes voisin voisine
    voisines voisins voyage zone""".split()  # noqa: SIM905
)
