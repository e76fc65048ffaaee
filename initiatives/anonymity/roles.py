"""Who is named in the exercise of a function, as an author or as a figure; and what only looks like a person."""

from __future__ import annotations

import re
from functools import cache

from initiatives.anonymity import lexicon
from initiatives.anonymity.reading import Reading

_OFFICE = (
    r"directeurs?|directrices?|maires?|maire-adjoint\w*|adjoint\w*(?: au maire)?|[ée]lue?s?|pr[ée]sidente?s?|"
    r"vice-pr[ée]sidente?s?|"
    r"conseill(?:er|[èe]re)s?|d[ée]put[ée]e?s?|s[ée]nat(?:eur|rice)s?|ministres?|pr[ée]f[èe]te?s?|"
    r"sous-pr[ée]f[èe]te?s?|chef(?:fe)?s?|"
    r"responsables?|secr[ée]taires?|sociologues?|chercheu(?:r|se)s?|philosophes?|historien(?:ne)?s?|"
    r"[ée]conomistes?|psychologues?|"
    r"anthropologues?|ethnologues?|p[ée]dagogues?|auteur(?:e|s)*|autrices?|[ée]crivain(?:e|s)*|po[èe]tes?|"
    r"chanteu(?:r|se)s?|com[ée]dien(?:ne)?s?|"
    r"artistes?|plasticien(?:ne)?s?|r[ée]alisat(?:eur|rice)s?|photographes?|metteu(?:r|se)s?|dessinat(?:eur|"
    r"rice)s?|illustrat(?:eur|rice)s?|"
    r"professeure?s?|enseignante?s?|enseignante?-chercheu\w*|formateurs?|formatrices?|journalistes?|"
    r"intervenante?s?|avocate?s?|notaires?|"
    r"m[ée]decins?|docteurs?|docteure|sage-femme|coordinat(?:eur|rice)s?|coordonnat(?:eur|rice)s?|animat(?:eur|"
    r"rice)s?|[ée]ducat(?:eur|rice)s?|"
    r"assistante?s? (?:sociale?s?|de service social)|assistante?s? sociaux|travailleu(?:r|se)s? sociale?s?|"
    r"travailleurs sociaux|cesf|"
    r"m[ée]diat(?:eur|rice)s?|infirmi(?:er|[èe]re)s?|pu[ée]ricultrices?|r[ée]f[ée]rente?s?|charg[ée]e?s? (?:de|"
    r"d')[\w' -]{3,30}|"
    r"d[ée]l[ée]gu[ée]e?s?(?! (?:de|des|du) (?:parents|locataires|habitants|usagers|classe|groupe))|architectes?|"
    r"paysagistes?|chef de service|cadres?|principale?s?|"
    r"proviseure?s?|"
    r"juges?|inspect(?:eur|rice)s?|rapporteu(?:r|se)s?|consultante?s?|conf[ée]renci(?:er|[èe]re)s?|superviseu(?:r|"
    r"se)s?|facilitat(?:eur|rice)s?"
)
_QUALITY = (
    r"(?: (?:g[ée]n[ée]rale?s?|municipale?s?|d[ée]partementale?s?|r[ée]gionale?s?|nationale?s?|sociale?s?|"
    r"adjointe?s?|sp[ée]cialis[ée]e?s?|technique|"
    r"p[ée]dagogique|scientifique|culturel(?:le)?|socio-?culturel(?:le)?s?|familiale?s?|scolaire|jeunesse|famille|"
    r"honoraire|fondat(?:eur|rice)|"
    r"en [ée]conomie sociale(?: et)? familiale|num[ée]rique|de proximit[ée]|ind[ée]pendante?))*"
)
_OF = r"(?: (?:de|du|des|d'|à|au|aux|en|chez)(?: ?(?:la|le|les|l'))? ?[\w'’. -]{2,45}?)?"
# « La directrice du CCAS, Mme … »: a comma when the function is told at length; « le maire Patrick … » without.
_NAMED_AFTER = re.compile(rf"\b(?:{_OFFICE}){_QUALITY}(?:{_OF} ?[,:(] ?(?:(?:à savoir|notre|il s'agit de) )?| )$")
_NAMED_LONG = re.compile(
    rf"\b(?:{_OFFICE}){_QUALITY} (?:de|du|des|d'|à|au)(?: ?(?:la|l'))? ?(?:ccas|cias|caf|msa|centre social|"
    rf"d[ée]partement|mairie|commune|ville|service|association|mjc|[ée]cole|coll[èe]ge|lyc[ée]e|"
    rf"r[ée]gion)[\w'-]{{0,3}} $"
)
_NAMED_BEFORE = re.compile(
    rf"^ ?[,(–-] ?(?:alors |notre |la |le |l'|une? |ancien(?:ne)? |nouve(?:au|l|lle) |actuel(?:le)? |"
    rf"premi[èe]re? )?(?:{_OFFICE})\b(?! b[ée]n[ée]vole| du groupe| d'un jour)"
)
# What people take part in also has authors (a poem, a photograph): that does not excuse a name.
_WRITTEN_BY = re.compile(
    r"\b(?:articles?|livres?|ouvrages?|rapports?|films?|documentaires?|th[èe]se|travaux|conf[ée]rences?|[ée]tudes?|"
    r"romans?|m[ée]thode|p[ée]dagogie|notion|concept|th[ée]orie|citation|lois?|plan|commission|circulaire|prix|"
    r"fondation|recherches?|essai|pr[ée]face)(?: [\w'-]+){0,3}? (?:de|d'|du|par) ?$"
    r"|(?:\bselon|\bd'apr[èe]s|\bcf\.?|\bvoir|\blire|\bcomme l'[ée]crit|\bdixit|\bpar exemple chez|\bs'inspire de|"
    r"\binspir[ée]e?s? (?:de|par)|\bloi|\bplan|\bprix|\brapport|\bfondation|\bcommission|\bauteur(?:e|s|ice)* ?:|"
    r"\bdirection de|\bphoto ?:?|\bcr[ée]dits?(?: photos?)? ?:?|©|\brecueillis par) ?$"
)
_DATED = re.compile(
    r"^ ?(?:\([^)\n]{0,45}?(?:1[89]|20)\d\d\b|, (?:1[89]|20)\d\d\b|\(dir|\(coord|\(éd)"
    r"|^,? ?(?:\([^)\n]{1,20}\),? )?«|^ [a-zé]+ (?:le|la|les|en|des?) [\w' ]{0,30}\((?:1[89]|20)\d\d\)"
)
# A line of a bibliography: an initial, a surname, then a title and a year.
_REFERENCE = re.compile(r"^(?:,| et|\)| \()[^\n]{3,160}?(?:«|\béd\.|\bn° ?\d|(?:1[89]|20)\d\d\b|https?:)")
# Whatever precedes, it is one of those whom the action is for.
_ACCOMPANIED = re.compile(
    r"^,? ?\(?(?:(?:une?|la|le|l'|notre|qui est|elle-m[êe]me|lui-m[êe]me) ?)?(?:habitante?|participante?|usag[èe]re?|"
    r"b[ée]n[ée]ficiaire|allocataire|locataire|r[ée]sidente?|voisine?|m[èe]re|p[èe]re|maman|papa|veu[fv]e?|"
    r"retrait[ée]e?|"
    r"suivie?|accompagn[ée]e?|h[ée]berg[ée]e?|orient[ée]e?|r[ée]fugi[ée]e?|ch[ôo]meu|\d{1,3} ans|[âa]g[ée]e?|"
    r"n[ée]e? )"
)
# « Présents : Karim Ziani, le directeur et la CESF »: another one of the list.
_LISTED = re.compile(
    r"\b(?:pr[ée]sente?s?|absente?s?|excus[ée]e?s?|participante?s?|inscrite?s?|liste|invit[ée]e?s?)\b.*:"
)
_ANOTHER = re.compile(r"^ ?, ?(?:le|la|l'|les|une?|deux|trois) ?")
# Not what people do as well: a fresco is made, a song signed, a group founded by those who live there.
_LED_BY = re.compile(
    r"\b(?:pr[ée]sid[ée]|dirig[ée]|coordonn[ée]|mandat[ée]|parrain[ée]|invent[ée]|th[ée]oris[ée])e?s?(?: en \d{4})?"
    r" par (?:le |la )?$"
)
_WAY = (
    r"rues?|avenue|av\.|boulevard|bd\.?|places?|square|all[ée]es?|impasse|quais?|cours|parcs?|quartiers?|cit[ée]s?|"
    r"gare|"
    r"arr[êe]t|station|m[ée]tro|tram|pont|port|plage|mont|lac|for[êe]t|bois|[ée]glise|chapelle|h[ôo]pital|clinique|"
    r"ville|[îi]le|zac|[îi]lot|secteur|paroisse|faubourg|rond-point|hameau|lotissement|canton|pays|vall[ée]e"
)
_NAMED_AFTER_SOMEONE = (
    rf"{_WAY}|jardins?|[ée]coles?|coll[èe]ges?|lyc[ée]es?|centres?|maisons?|espaces?|salles?|m[ée]diath[èe]que|"
    r"biblioth[èe]que|ludoth[èe]que|r[ée]sidences?|foyers?|gymnase|stade|piscine|th[ée][âa]tre|institut|"
    r"universit[ée]|"
    r"cimeti[èe]re|cr[èe]che|halte-garderie|ehpad|chrs|cada|groupe scolaire|complexe|p[ôo]le|tour|b[âa]timent|"
    r"immeuble|ferme|moulin|halle|promotion|auditorium|cin[ée]ma|amphith[ée][âa]tre|campus|mjc|csc|evs|itep|ime|esat|"
    r"mecs|pmi|accueil de jour|ateliers?|association|compagnie|collectif|f[ée]d[ée]ration|ets|entreprise|[ée]picerie|"
    r"restaurant|caf[ée]|boulangerie|pharmacie|magasin|supermarch[ée]|marque|dispositif|programme|op[ée]ration|"
    r"r[ée]seau|m[ée]thode|outil|plateforme|projet|logiciel|application|site|label|groupe|troupe|chorale|fanfare|"
    r"journal|revue|magazine|radio|film|conte|album|chanson|jeu|exposition|fonds|festival|f[êe]te|bus|camion|"
    r"saint|sainte|st|ste|abb[ée]"
)
# « École publique Jules-Ferry », « rue de Verdun », « maison de retraite Marguerite »; not « à l'école avec Karim ».
_PLACE = re.compile(
    rf"\b(?:(?:{_NAMED_AFTER_SOMEONE})(?: [a-zà-ÿ-]+(?:al|ale|aire|el|elle|ique|if|ive|[ée]e?|aux|ain|aine|ente|"
    rf"eur))?"
    r"(?: (?:de |des |d'|du |de la |de l'|pour )[a-zà-ÿ]{3,}){0,2}(?: (?:du|des|les?|la|l'))?"
    rf"|(?:{_WAY})(?: (?:de|d'))"
    r")[ -]?(?:['\"«] ?)?$"
)
_NOT_SOMEONE = (
    r"mascottes?|marionnettes?|poup[ée]es?|chien(?:ne)?s?|chat(?:te)?s?|poneys?|[âa]nes?(?:se)?|chevaux|cheval|"
    r"jument|poules?|coqs?|lapins?|"
    r"personnages?(?: fictifs?)?|h[ée]ros|h[ée]ro[ïi]nes?|robots?|perroquets?|vaches?|ch[èe]vres?|brebis|cochons?|"
    r"tortues?|doudou|logiciel|"
    r"application|minibus|bus|camion|caravane|bateau|p[ée]niche|v[ée]lo|triporteur|temp[êe]tes?|cyclones?|"
    r"ouragans?|statue|fus[ée]e|association"
)
_CREATURE_AFTER = re.compile(rf"^ ?[,(] ?(?:notre |la |le |l'|une? |son |sa |leur )?(?:{_NOT_SOMEONE})\b")
_CREATURE_BEFORE = re.compile(
    rf"\b(?:{_NOT_SOMEONE})(?: du (?:centre|quartier|groupe))?,? (?:(?:nomm[ée]|appel[ée]|baptis[ée]|"
    rf"dit)e?s? )?(?:\w+(?:, \w+)* et )?(?:« ?)?$"
)
_MADE_UP_AFTER = re.compile(
    r"^ ?\*|^,? c'est (?:le (?:nom|surnom)|comme ça qu)|"
    r"^ ?[,(]? ?(?:dont )?(?:ce |le |son |un )?"
    r"(?:pr[ée]nom|nom) (?:a [ée]t[ée] |est |d'emprunt|fictif|modifi|"
    r"chang|invent)|"
    r"^ ?\((?:pr[ée]nom|nom|pseudo)|^,? (?:appelons|nommons)|^ ?\(nom"
)
_MADE_UP_BEFORE = re.compile(
    r"(?:appelons|nommons|pr[ée]nommons)-(?:la|le|les) |(?:nous |l')?appellerons |que nous (?:appellerons|"
    r"nommerons) |"
    r"sous le (?:pr[ée]nom|nom|pseudonyme) de |pseudonyme de |pr[ée]nom d'emprunt[ ,:]* |pr[ée]nom fictif[ ,:]* |"
    r"disons |imaginons "
)
ALL_MADE_UP = re.compile(
    r"(?:tous )?les (?:pr[ée]noms|noms)(?: et les (?:pr[ée]noms|noms|lieux))?(?: des (?:personnes|participants|"
    r"participantes|enfants))? (?:ont (?:tous )?[ée]t[ée]|sont) "
    r"(?:modifi|chang|fictif|d'emprunt|invent)|\(?(?:pr[ée]noms|noms) (?:modifi[ée]s|chang[ée]s|d'emprunt|fictifs)|"
    r"les pr[ée]noms (?:de ce récit |utilisés |cités |employés )?(?:ont|sont)",
    re.IGNORECASE,
)
# One first name is enough to know them.
LONE_FIGURES = frozenset(
    """voltaire moliere coluche zola socrate platon aristote jesus marie-madeleine dieu allah bouddha cosette
    pinocchio cendrillon asterix obelix tintin guignol gavroche quasimodo antigone medee tartuffe
    scapin""".split()  # noqa: SIM905
)


def named_in_office(reading: Reading, start: int, end: int, *, titled: bool) -> bool:
    """A function is told right before or right after the name. `titled`: a civility precedes it."""
    before, after = reading.before(start, 110), reading.after(end, 60)
    if _ACCOMPANIED.match(after) or (_LISTED.search(before) and _ANOTHER.match(after)):
        return False
    if _LED_BY.search(before):
        return True
    if _NAMED_AFTER.search(before) or _NAMED_LONG.search(before) or _NAMED_BEFORE.match(after):
        return True
    if _DATED.match(after):
        return True
    initial = re.match(r"[A-ZÀ-Þ]\.(?:-?[A-ZÀ-Þ]\.)* ", reading.text[start:end])
    if initial and _REFERENCE.match(reading.text[end : end + 200]):
        return True
    return not titled and bool(_WRITTEN_BY.search(before))


def said_changed(reading: Reading) -> tuple[bool, bool]:
    """The text says that it changed its first names, and its names too."""
    if "noms" not in reading.text.lower():
        return False, False
    found = [said[0].lower() for said in ALL_MADE_UP.finditer(reading.text)]
    return bool(found), any(re.search(r"\bnoms", said) for said in found)


@cache
def figures() -> frozenset[str]:
    """Whom one may name: they gave their name to schools, laws, books and methods."""
    return frozenset((lexicon.DATA / "figures.txt").read_text().split("\n"))


@cache
def _figures_by_initial() -> frozenset[str]:
    return frozenset(f"{figure[0]} {figure.split(maxsplit=1)[1]}" for figure in figures() if " " in figure)


def is_a_figure(key: str) -> bool:
    """« Paulo Freire », « P. Freire »."""
    return key in figures() or key in _figures_by_initial()


def is_a_place(reading: Reading, start: int) -> bool:
    return bool(_PLACE.search(reading.before(start, 60)))


def is_made_up(reading: Reading, start: int, end: int) -> bool:
    """Said to be a name of nobody: changed, borrowed, a mascot's, an animal's."""
    before, after = reading.before(start, 60), reading.after(end, 70)
    return bool(
        _MADE_UP_AFTER.match(after) or _MADE_UP_BEFORE.search(before[-45:])
        or _CREATURE_AFTER.match(after) or _CREATURE_BEFORE.search(before)
    )  # fmt: skip
