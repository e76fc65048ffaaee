"""What the lists say of a word: a first name, a surname, a word of the language, a town.

They are loaded once; how they were made and their licences are in `data/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from accounts.territories import key_of

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Entry:
    """All that the lists hold of a word, whatever its capital and its accents."""

    key: str
    """Lower case, without accents, hyphens as spaces."""
    parts: tuple[str, ...]
    first: int
    """Not a first name (0), a rare one (1), one often given in France (2)."""
    surname: bool
    common: bool
    """A word of the language too."""
    risky: bool
    """A first name often given, that is a word or a place before it is anybody."""
    town: bool
    """A commune of 2 000 inhabitants or more."""


# Letters that are no accented letter, and are written without their bar or their dot as often as with.
_BARRED = str.maketrans("łŁđĐøØıİ", "lLdDoOiI", "\u0307")


def plain(text: str) -> str:
    return key_of(text.translate(_BARRED))


@lru_cache(maxsize=1 << 15)
def look(text: str) -> Entry:
    key = plain(text)
    parts = tuple(key.split())
    first = _first(key) or (min(map(_first, parts)) if len(parts) > 1 else 0)
    surname = bool(first) or key in surnames() or (len(parts) > 1 and all(map(_is_surname, parts)))
    common = key in words() or key in _words_too() or (not surname and _is_inflected(key))
    return Entry(
        key, parts, first, surname, common, key in RISKY or key in PLACES, key in large_communes() or key in _REGIONS
    )


def _first(key: str) -> int:
    if key in _NOT_NAMES or len(key) < 2:
        return 0
    return 2 if key in common_first_names() else int(key in first_names())


def _is_surname(key: str) -> bool:
    return bool(_first(key)) or key in surnames()


# Beyond the forms that are names, which are listed: plurals, feminines, the usual forms of the verbs.
_ENDINGS = tuple(
    (ending, stem)
    for stem, endings in {
        "": "s x e es", "al": "aux ale ales", "if": "ive ives", "eux": "euse euses", "eur": "euse euses rice rices",
        "er": "e es a ent ons ez ant ants ante antes ait aient ee ees era eront erait erent ere eres",
        "el": "elle elles", "en": "enne ennes", "on": "onne onnes", "et": "ette ettes ete etes", "f": "ve ves",
        "ir": "it i is ie ies issent issait issant issons issez ira", "re": "ent ait ant ons ez u ue us ues",
    }.items()
    for ending in endings.split()
)  # fmt: skip


def _is_inflected(key: str) -> bool:
    known = words()
    return any(key.endswith(ending) and key[: -len(ending)] + stem in known for ending, stem in _ENDINGS)


def _keys(name: str) -> frozenset[str]:
    return frozenset((DATA / name).read_text().split("\n")) - {""}


@cache
def words() -> frozenset[str]:
    """The words of a spelling dictionary, with those it lacks."""
    return _keys("words.txt") | _MORE_WORDS


@cache
def _words_too() -> frozenset[str]:
    """Names that are also a form of a word: « marie », « julienne »."""
    return _keys("words_too.txt")


@cache
def common_first_names() -> frozenset[str]:
    more = {key_of(name) for name in _keys("more_first_names.txt")}
    return (_keys("common_first_names.txt") | more) - _NOT_NAMES


@cache
def first_names() -> frozenset[str]:
    return _keys("first_names.txt") - _NOT_NAMES


@cache
def surnames() -> frozenset[str]:
    return _keys("surnames.txt") - _NOT_NAMES


@cache
def common_surnames() -> frozenset[str]:
    """The most borne in France: told even of a word in lower case, « madame petit »."""
    return _keys("common_surnames.txt") - _NOT_NAMES


@cache
def small_communes() -> frozenset[str]:
    """Under 2 000 inhabitants, when no larger one has the same name."""
    return _keys("small_communes.txt") - _NOT_SMALL


@cache
def large_communes() -> frozenset[str]:
    return _keys("large_communes.txt")


# First names that are words before they are somebody: they may open a sentence, or stand in a title.
RISKY = frozenset(
    """aimable aime aimee alpha amande amarante ambre ange anis arcade argentine aria aube aura aurore avril bara barbe
    barbu baya bebe ben benjamin benoit blanche bonne boubou brune calypso camelia candide cannelle capucine celeste
    cerise chance cheikh cherif chretien christ claire clement clemence colombe conception constance constant crin
    dahlia desir desire desiree dieudonne divine don dora duc eden eglantine emeraude emir epiphanie esperance etoile
    felicite fidele fleur flore fortune franc franco france galant germain germaine gloire gloria grace hadj hans
    harmonie hermine honore hortensia hyacinthe innocent ion iris islam ivoire jade jasmin jihad joie juste laid lamine
    lascar laura laurier lea liane liberte lilas lino loup lucarne luna lundi lune lys mahdi mai maia mama manuel mara
    marguerite marin marine marjolaine mars martial max maxime maya melodie merveille mica mina mira modeste mousse
    myrtille nadir nana narcisse nation nature nene neo noel noria norma ocean oceane octave olive olivier olympe opale
    orchidee or oscar paix paquerette parfait pascal pascale passion patience patrice perla perle peter petit pier
    pierre pierrot place placide prince princesse prosper providence prudence prudent prune raja rama rami ramon reine
    rime roman romaine rosa rosaire rose rosette saint sainte salome samba sana sante sauveur seraphin serein serine
    slim sole soleil solen star sultan sylvestre tao tome toussaint urbain valeriane vanda vanille verite victoire
    violette virginie vital voltaire zoe""".split()  # noqa: SIM905
)
# Alone, they are a feast or a day.
NEVER_ALONE = frozenset(["noel", "toussaint", "ascension", "epiphanie"])
# First names that are a country or a town: « à Florence », « de Paris » is nobody.
PLACES = frozenset(
    """asia brittany carolina cheyenne chelsea dakota florence france india kenya london lorraine madison milan
    normandie paris roma savannah sidney sydney toscane valence vienne""".split()  # noqa: SIM905
)
_REGIONS = frozenset(
    """afrique algerie alsace amerique aquitaine ardeche ardennes artois asie auvergne bearn belgique bourgogne bresil
    bretagne cambresis cameroun canada champagne chine comores congo corse espagne europe flandre flandres guyane
    haiti inde italie lorraine maghreb mali maroc martinique mayotte normandie occitanie orient picardie poitou
    portugal provence pyrenees reunion roumanie savoie senegal somme suisse syrie togo touraine tunisie turquie ukraine
    vendee""".split()  # noqa: SIM905
)
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
    liban libye mali maroc martinique mayotte mauritanie mexique niger nigeria normandie occitanie perou
    pologne portugal reunion roumanie russie savoie senegal serbie soudan suisse syrie tchad togo tunisie turquie
    ukraine vietnam caf ccas cias cada cmu csf cpam dalo epci esat essaim hlm ime irts mdph mjc msa odas pmi rsa sdf
    unaf udaf caritas emmaus apriles sante lois pole nord sud est ouest facebook google moodle excel word internet zoom
    tiktok instagram whatsapp wifi covid ramadan aid janvier fevrier mars avril mai juin juillet aout septembre octobre
    adil adoma afeji afpa anct apf ars atd bafa btp caarud camsp cfa chu cidff clic cmp cmpp cnaf cnape cnsa copil csapa
    ddcs ddets dgcs drees dreets epide fas fcpe fjt lhss nqt ofii ofpra plie rased samsah savs
    segpa sessad siao soliha spada ssiad udccas ulis unapei unccas
    novembre decembre lundi mardi mercredi jeudi vendredi samedi dimanche a ai as au cas dit fait met pris sait tient
    va vient vit voit chers cher chere saint sainte""".split()  # noqa: SIM905
)
_NOT_SMALL = frozenset(
    """le la les mars bourg ville saint contes temple centre plaine salle maison mairie ecole gare poste
    parc""".split()  # noqa: SIM905
)
# Short words, irregular forms, and what one writes of late or in this trade.
_MORE_WORDS = frozenset(
    """absent absente accord achats aidant aidante aidants ainee allez allons avons bailleur benevolat budgets
    coconstruction cuisiniere demarches disons droits echanges emploi emplois enfance etaient etait etes familles
    fetes fil fils furent handicap hlm info infos internet jeux logements maman mamans maraude medias mediatrice
    numerique pouvons ont partage partages participants permettent personnes peuvent proximite quartiers referente
    reseaux resto restos sante savoirs seniors soient soins soit sommes sont sorties soyez soyons suite suites
    territoires tiers travaux unis vacances venait venez venons veulent veut viennent vont voulons wifi zone
    habitat humanisme ecoute insertion animation services jeunesse solidarites""".split()  # noqa: SIM905
)
