"""Who is named in the exercise of a function, as an author or as a figure; and what only looks like a person."""

from __future__ import annotations

import re

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
    r"d[ée]l[ée]gu[ée]e?s?|architectes?|paysagistes?|cuisini(?:er|[èe]re)s?|chef de service|cadres?|principale?s?|"
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
    rf"^ ?[,(–-] ?(?:alors |notre |la |le |l'|une? |ancien(?:ne)? |"
    rf"premi[èe]re? )?(?:{_OFFICE})\b(?! b[ée]n[ée]vole| du groupe| d'un jour)"
)
_WRITTEN_BY = re.compile(
    r"\b(?:articles?|livres?|ouvrages?|rapports?|films?|documentaires?|textes?|th[èe]se|travaux|conf[ée]rences?|"
    r"[ée]tudes?|po[èe]mes?|"
    r"chansons?|romans?|spectacles?|expositions?|photographies?|photos?(?= de [a-zé]+ [a-zé]+ \()|pens[ée]e|"
    r"m[ée]thode|p[ée]dagogie|notion|concept|th[ée]orie|citation|mots|"
    r"lois?|plan|rapport|commission|mission|circulaire|prix|fondation|album|pi[èe]ce|recherches?|ouvrages?|essai|"
    r"préface|illustrations?)"
    r"(?: [\w'-]+){0,3}? (?:de|d'|du|par) ?$|(?:\bselon|\bd'apr[èe]s|\bcf\.?|\bvoir|\blire|\bcomme l'[ée]crit|"
    r"\bdixit|\bpar exemple chez|"
    r"\bs'inspire de|\binspir[ée]e?s? (?:de|par)|\bloi|\bplan|\bprix|\brapport|\bfondation|\bcommission|"
    r"\bauteurs? ?:|\bdirection de) ?$"
)
_DATED = re.compile(r"^ ?(?:\((?:dir\.|éd\.|coord\.|[a-zé]+, )?,? ?(?:19|20)\d\d|, (?:19|20)\d\d\b|\(dir)")
_PLACE = re.compile(
    r"\b(?:rues?|avenue|av\.|boulevard|bd\.?|places?|square|all[ée]es?|impasse|quais?|cours|parcs?|jardins?|"
    r"[ée]coles?|coll[èe]ges?|lyc[ée]es?|"
    r"centres?(?: (?:social|socioculturel|culturel|socio-culturel|hospitalier|communal|de loisirs|de formation))?|"
    r"maisons?(?: de quartier| des habitants| pour tous)?|"
    r"espaces?|salles?|m[ée]diath[èe]que|biblioth[èe]que|r[ée]sidences?|foyers?|h[ôo]pital|clinique|cit[ée]s?|"
    r"quartiers?|gymnase|stade|"
    r"th[ée][âa]tre|arr[êe]t|station|m[ée]tro|tram|gare|institut|universit[ée]|pont|[ée]glise|chapelle|"
    r"cimeti[èe]re|cr[èe]che|halte-garderie|"
    r"ehpad|chrs|cada|groupe scolaire|complexe|p[ôo]le|tour|b[âa]timent|immeuble|ferme|moulin|halle|port|plage|"
    r"mont|lac|for[êe]t|bois|"
    r"ville|promotion|lotissement|zac|ilot|îlot|secteur|paroisse|auditorium|cin[ée]ma|amphith[ée][âa]tre|campus|"
    r"mjc|csc|evs|itep|ime|esat|mecs|pmi|"
    r"accueil de jour|ateliers?|association|compagnie|collectif|f[ée]d[ée]ration|ets|entreprise|[ée]picerie|"
    r"restaurant|caf[ée]|boulangerie|pharmacie|"
    r"saint|sainte|st|ste)(?: [a-zà-ÿ]+)?(?: (?:de|du|des|de la|d'|de l'|le|la|les))?[ -]?['\"«]? ?$"
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
    rf"dit)e?s? )?(?:« ?)?$"
)
_MADE_UP_AFTER = re.compile(
    r"^ ?\*|^ ?\(?(?:ce |le |son |un )?(?:pr[ée]nom|nom) (?:a [ée]t[ée] |est |d'emprunt|fictif|modifi|chang|invent)|"
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
# Figures one may name: they gave their name to schools, laws and methods.
FIGURES = frozenset(
    name.strip()
    for name in [
        "simone veil",
        "jean moulin",
        "jules ferry",
        "victor hugo",
        "louise michel",
        "aime cesaire",
        "paulo freire",
        "saul alinsky",
        "\n        celestin freinet",
        "maria montessori",
        "nelson mandela",
        "joseph wresinski",
        "martin luther king",
        "edith piaf",
        "\n        charles de gaulle",
        "abbe pierre",
        "rosa parks",
        "olympe de gouges",
        "georges brassens",
        "jacques brel",
        "jean jaures",
        "\n        leon blum",
        "pierre mendes france",
        "francois mitterrand",
        "jacques chirac",
        "emmanuel macron",
        "didier dubasque",
        "\n        michel dagbert",
        "cristina de robertis",
        "cyprien avenel",
        "marcel jaeger",
        "brigitte bouquet",
        "michel autes",
        "\n        robert castel",
        "pierre bourdieu",
        "michel foucault",
        "francoise dolto",
        "albert jacquard",
        "jean paul sartre",
        "\n        albert camus",
        "frantz fanon",
        "lucie aubrac",
        "germaine tillion",
        "genevieve de gaulle",
        "marie curie",
        "pierre curie",
        "\n        louis pasteur",
        "jean zay",
        "leo lagrange",
        "jane addams",
        "mary richmond",
        "yann le bossu",
        "bernard vallerie",
        "henri wallon",
        "\n        yann le bosse",
        "fernand deligny",
        "anne frank",
        "arthur rimbaud",
        "charles baudelaire",
        "jacques prevert",
        "george sand",
        "\n        marcel pagnol",
        "emile zola",
        "voltaire",
        "moliere",
        "coluche",
    ]
)


def named_in_office(reading: Reading, start: int, end: int, *, titled: bool) -> bool:
    """A function is told right before or right after the name. `titled`: a civility precedes it."""
    before, after = reading.before(start, 110), reading.after(end, 45)
    if _NAMED_AFTER.search(before) or _NAMED_LONG.search(before) or _NAMED_BEFORE.match(after):
        return True
    return not titled and bool(_WRITTEN_BY.search(before) or _DATED.match(after))


def is_a_place(reading: Reading, start: int) -> bool:
    return bool(_PLACE.search(reading.before(start, 60)))


def is_made_up(reading: Reading, start: int, end: int) -> bool:
    """Said to be a name of nobody: changed, borrowed, a mascot's, an animal's."""
    before, after = reading.before(start, 60), reading.after(end, 70)
    return bool(
        _MADE_UP_AFTER.match(after) or _MADE_UP_BEFORE.search(before[-45:])
        or _CREATURE_AFTER.match(after) or _CREATURE_BEFORE.search(before)
    )  # fmt: skip
