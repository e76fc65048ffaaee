"""Where a person or a service may be reached: telephone, e-mail, profile, postal address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from initiatives.anonymity.reading import Reading
from initiatives.anonymity.spans import Span

_PHONE = re.compile(
    r"(?<![\d,.-])(?:\(?(?:\+|00) ?(?:33|262|590|594|596|508|687|689)\)? ?(?:\( ?0 ?\))? ?[.-]?[1-9]|"
    r"0[ .-]?[1-9]|\(0[1-9]\))"
    r"(?:[ .\-/]{0,3}\d\d){4}(?![\d]|[ ](?:€|euros))"
)
_DIGIT_BY_DIGIT = re.compile(r"(?<!\d )(?<!\d)0(?: \d){9}(?! ?\d)")
_ABROAD = re.compile(
    r"(?<![\d+])(?:\+|00)(?:2[0-9]{1,2}|3[0-24-9]\d?|4\d{1,2}|9\d{1,2}|1|7)(?:[ .-]?\d{1,4}){3,6}(?!\d)"
)
_DIGIT = (
    r"(?:zéro|zero|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|"
    r"trente|quarante|cinquante|soixante|et)"
)
_SPELT = re.compile(
    rf"\bz[ée]ro[ -](?:un|deux|trois|quatre|cinq|six|sept|huit|neuf)(?:[ ,-]+{_DIGIT}){{4,14}}\b", re.IGNORECASE
)
_AT = r"(?:@| @ | ?[(\[] ?(?:at|arobase|chez|a) ?[)\]] ?| (?:arobase|at) )"
_AT_SAID = re.compile("@|arobase|\\bat\\b|[(\\[] ?(?:chez|a) ?[)\\]]", re.IGNORECASE)
_DOT = r"(?:\.| ?[(\[] ?(?:dot|point) ?[)\]] ?| (?:point|dot) )"
_EMAIL = re.compile(
    rf"(?<![\w.+-])[\w+-]{{1,64}}(?:{_DOT}[\w+-]{{1,64}}){{0,5}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,4}}",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"^(?:accueil|contact|info|infos|information|secretariat|mairie|ccas|cias|asso|association|direction|service|"
    r"centre|"
    r"bonjour|hello|administration|inscription|inscriptions|communication|compta|rh|standard|maison|espace|equipe|"
    r"coordination|collectif|jardin|epicerie|ressourcerie|csc|mjc|evs|cs|pmi|mds|udaf|residence|presse|reservation|"
    r"reservations|benevolat|benevoles|mediation|formation|stage|dpo|noreply|no-reply|webmaster|support|projet|"
    r"action)"
)
_PROFILE = re.compile(
    r"(?:https?://)?(?:www\.|m\.|[a-z]{2}(?:-[a-z]{2})?\.)?(?:facebook|fb|instagram|tiktok|snapchat|linkedin|twitter|x|threads|"
    r"youtube)"
    r"\.com/(?:in/|add/|@|profile\.php\?id=)?[\w.@%-]{2,}",
    re.IGNORECASE,
)
_NETWORK = (
    r"(?:facebook|insta(?:gram)?|snap(?:chat)?|tik ?tok|twitter|whats?app|discord|telegram|messenger|linkedin|"
    r"réseaux sociaux)"
)
_HANDLE_SAID = re.compile(
    rf"\b{_NETWORK}\b[^.;\n]{{0,30}}?(?:pseudo(?:nyme)?|compte|identifiant|profil|nom|sous|c'est|est|:)"
    r"[^\w@\n]{0,4}(?:de |d'|est )?"
    r"((?=[\w.@-]*[a-z])(?:@)?[\w.-]*[\d_.@][\w.-]*[\w])",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@./])@[A-Za-zÀ-ÿ_][\w.]{2,29}\b")
# Who answers at that number, as said in the same sentence.
_SERVICE = re.compile(
    r"centre|mairie|ccas|cias|accueil|secr[ée]tariat|standard|association|permanence|service|maison|espace|"
    r"structure|bureau|"
    r"antenne|plateforme|m[ée]diath[èe]que|biblioth[èe]que|r[ée]serv|inscri|[ée]quipe|coordination|école|collège|"
    r"lycée|pmi|"
    r"\bmds\b|\bmjc\b|épicerie|ressourcerie|foyer|h[ôo]pital|clinique|numéro vert|d[ée]partement|conseil|"
    r"renseignements|"
    r"assistante? (?:sociale?|de service)|[ée]ducat(?:eur|rice)|m[ée]diat(?:eur|rice)|conseill[èe]re?|r[ée]f[ée]rente?|"
    r"animat(?:eur|rice)|infirmi[èe]re?|coordinat(?:eur|rice)|office|syndicat|"
    r"f[ée]d[ée]ration|local\b|si[èe]ge|gymnase|salle|tiers[- ]lieu|crèche|halte"
)
_SOMEONE = re.compile(
    r"personnel|portable|domicile|maman|papa|m[èe]re|p[èe]re|habitant|participant|b[ée]n[ée]ficiaire|voisin|"
    r"chez (?:elle|lui|eux|m)|"
    r"\belle\b|\blui\b|\bson (?:fixe|num)|famille (?!s)|bénévole|\bmme\b|\bm\.|madame|monsieur|usag[èe]r|"
    r"r[ée]sident[e ]|locataire|"
    r"fille|fils|soeur|sœur|fr[èe]re|tutrice|tuteur|copin|ami[e]?\b|allocataire|trésori|habite|suivi[e]?\b|grand-"
)
_WAY = (
    r"(?:rue|avenue|av\.?|bd\.?|boulevard|all[ée]es?|impasse|chemin|ruelle|sentier|venelle|mont[ée]e|faubourg|"
    r"sente|traverse|quai|square|route|cours|place|passage|villa|lotissement|r[ée]sidence|hameau|cit[ée]|esplanade|"
    r"promenade|rond-point|lieu-dit)"
)
_LINK = r"(?: (?:de la|de l'|de|du|des|d'|le|la|les|au|aux|en|sur|sous|l'))?"
_NAME = (
    r"(?: ?(?:d'|l')?[A-ZÀ-ÖØ-Þ0-9][\w'.-]{0,30})"
    r"(?: (?:(?:de la|de|du|des|le|la|les|et|sur|en) )?(?:d'|l')?[A-ZÀ-ÖØ-Þ0-9][\w'.-]{0,30}){0,4}"
)
_UNIT = (
    r"(?:r[ée]sidence|b[âa]t(?:iment|\.)?|appart(?:ement|\.)?|appt?\.?|apt\.?|porte|[ée]tage|escalier|esc\.?|"
    r"logement|entr[ée]e|tour|bloc|hall|chambre|studio|\d{1,2}(?:er|e|è|ème|eme)? [ée]tage)"
)
_MORE = (
    rf"(?:,? ?\d{{1,2}}(?:er|e|è|ème|eme) [ée]tage(?: (?:gauche|droite))?|"
    rf",? ?(?:{_UNIT}) ?(?:n° ?)?[\w]{{1,4}}\b(?: ?(?:gauche|droite))?|"
    rf",? ?\d{{5}} [A-ZÀ-Þ][\w'-]+(?:[ -](?!T[ée]l)[A-ZÀ-Þ][\w'-]+){{0,3}}|,? à [A-ZÀ-Þ][\w'-]+)"
)
_STREET = re.compile(
    rf"(?<![\w/])(?:n° ?)?\d{{1,4}}(?: ?(?:bis|ter|quater|[A-D](?= )))?,? (?:{_WAY}){_LINK}{_NAME}{_MORE}{{0,4}}"
)
_STREET_LOW = re.compile(
    r"(?<![\w/])(?:n° ?)?\d{1,4}(?: ?(?:bis|ter|quater))?,? (?:rue|avenue|av\.|bd\.?|boulevard|all[ée]e|impasse|"
    r"chemin)"
    rf" (?:de la |de l'|du |des |de |d')?[a-zà-ÿ'-]{{3,}}{_MORE}{{0,4}}",
    re.IGNORECASE,
)
_HOME = re.compile(
    rf"\b(?:r[ée]sidence|cit[ée]|tour|immeuble|lotissement|hlm|foyer|b[âa]timent|villa) (?:(?:les|le|la|des|du|"
    rf"de la|de|l') ?)?"
    rf"[A-Z0-9À-Þ][\w'-]*(?: [A-ZÀ-Þ][\w'-]*)?(?:,? ?(?:{_UNIT}) ?(?:n° ?)?\w{{1,4}}\b(?: ?(?:gauche|"
    rf"droite))?){{1,4}}",
    re.IGNORECASE,
)
_DOOR = re.compile(
    r"\b(?:appartement|appt\.?|apt\.?|logement|chambre) (?:n° ?|num[ée]ro )\w{1,5}\b|\bappartement \d{1,4}\b",
    re.IGNORECASE,
)


def spans(reading: Reading) -> Iterator[Span]:
    text = reading.text
    for rule in (_PHONE, _DIGIT_BY_DIGIT, _ABROAD, _SPELT):
        for found in rule.finditer(text):
            if rule is _ABROAD and sum(sign.isdigit() for sign in found[0]) < 9:
                continue
            label = "COORD_PRO" if is_service(reading, found.start(), found.end()) else "TEL"
            yield Span(found.start(), found.end(), label, found[0])
    for found in _EMAIL.finditer(text) if _AT_SAID.search(text) else ():
        local = re.split(_AT, found[0], maxsplit=1, flags=re.IGNORECASE)[0].lower()
        label = "COORD_PRO" if _GENERIC.match(local.replace(".", "").replace("-", "")) else "EMAIL"
        yield Span(found.start(), found.end(), label, found[0])
    for found in _PROFILE.finditer(text):
        if not re.search(r"/(?:groups?|pages?|events?|watch|company|school|hashtag|p|reel|posts?)$", found[0]):
            yield Span(found.start(), len(found[0].rstrip(".")) + found.start(), "PROFIL", found[0].rstrip("."))
    for found in _HANDLE_SAID.finditer(text):
        yield Span(*found.span(1), "PROFIL", found[1])
    for found in _HANDLE.finditer(text):
        yield Span(found.start(), found.end(), "PROFIL", found[0])
    yield from addresses(reading)


def addresses(reading: Reading) -> Iterator[Span]:
    text = reading.text
    for rule in (_STREET, _STREET_LOW):
        for found in rule.finditer(text):
            label = "COORD_PRO" if is_service(reading, found.start(), found.end()) else "ADRESSE"
            said = found[0].rstrip(".,' ")
            yield Span(found.start(), found.start() + len(said), label, said)
    for rule in (_HOME, _DOOR):
        for found in rule.finditer(text):
            yield Span(found.start(), found.end(), "ADRESSE", found[0])


def is_service(reading: Reading, start: int, end: int) -> bool:
    """A service answers there, and nothing in the sentence says that it is somebody's own."""
    before, after = reading.before(start, 80), reading.after(end, 30)
    services = list(_SERVICE.finditer(before))
    people = list(_SOMEONE.finditer(before))
    if people and (not services or people[-1].start() > services[-1].start()):
        return False
    return bool(services) or bool(re.match(r"[ ,]*\(?(?:secr|standard|accueil|mairie|ccas|association)", after))
