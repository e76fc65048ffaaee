"""What a version lacks, and how deep it goes (product P3). Pure reading: nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.statements import Statement
from initiatives.models.choices import ANONYMITY_TICKS, MIN_STORY, MIN_SUMMARY, ContactMode, Depth, Proof

if TYPE_CHECKING:
    from initiatives.models import Version


type Asker = Callable[["Version"], Mapping[str, str]]
_askers: dict[str, Asker] = {}


def register(origin: str, asker: Asker) -> None:
    """Rooms to the right say what else a sheet of an origin lacks: a field of the screens → a French sentence."""
    _askers[origin] = asker


def missing(version: Version, said: dict[str, Any] | None = None) -> dict[str, str]:
    """Field → French sentence, in the order of the screens; each origin has its own required set.

    `said` is what `told` answers, where one has asked already.
    """
    said = told(version) if said is None else said
    if version.initiative.origin == "public_source" and not is_adopted(version):
        return _missing_from_public_source(version, said)
    lacks: dict[str, str] = {}
    if not version.title.strip():
        lacks["title"] = "Donnez un titre à votre initiative."
    if len(version.summary.strip()) < MIN_SUMMARY:
        lacks["summary"] = (
            f"Le résumé compte au moins {MIN_SUMMARY} signes ; le vôtre en a {len(version.summary.strip())}."
        )
    if not version.state:
        lacks["state"] = "Dites où en est l’action."
    if not version.organisation_name.strip():
        lacks["organisation_name"] = "Nommez l’organisation ou le collectif qui porte l’action."
    if version.place_id is None:
        lacks["place"] = "Indiquez la commune principale."
    if not version.scope:
        lacks["scope"] = "Indiquez l’étendue de l’action."
    if not said["publics"]:
        lacks["publics"] = "Cochez au moins un public."
    if not said["themes"]:
        lacks["themes"] = "Choisissez au moins un thème."
    if not said["methods"]:
        lacks["methods"] = "Choisissez au moins une méthode."
    if not version.beginning.strip():
        lacks["beginning"] = "Racontez comment cela a commencé."
    if len(version.story.strip()) < MIN_STORY:
        lacks["story"] = f"Le récit compte au moins {MIN_STORY} signes ; le vôtre en a {len(version.story.strip())}."
    if version.contact_mode == ContactMode.PUBLIC and not version.contact_address:
        lacks["contact_address"] = "Écrivez l’adresse à montrer, ou choisissez un autre mode de contact."
    if not version.employer_agrees:
        lacks["employer_agrees"] = "Confirmez l’accord de votre employeur, ou demandez-le avant d’envoyer."
    if not version.people_agree:
        lacks["people_agree"] = "Confirmez l’accord des personnes concernées."
    if set(ANONYMITY_TICKS) - set(version.anonymity):
        lacks["anonymity"] = "Vérifiez les six points d’anonymat : chacun doit être coché."
    if asker := _askers.get(version.initiative.origin):
        lacks |= asker(version)
    return lacks


def _missing_from_public_source(version: Version, said: dict[str, Any]) -> dict[str, str]:
    lacks: dict[str, str] = {}
    if not version.title.strip():
        lacks["title"] = "Une fiche de source publique a un titre."
    if not version.summary.strip():
        lacks["summary"] = "Une fiche de source publique a un résumé."
    if version.place_id is None:
        lacks["place"] = "Une fiche de source publique a un lieu."
    if not said["methods"]:
        lacks["methods"] = "Une fiche de source publique a une méthode."
    if not said["source"]:
        lacks["sources"] = "Une fiche de source publique cite sa source."
    return lacks


def is_adopted(version: Version) -> bool:
    """Whether a team writes this version of a public-source sheet, and takes it on: all is then asked of it."""
    from initiatives.models import Authorship

    if version.created_by_id is None:
        return False
    adopters = version.initiative.authorships.filter(role=Authorship.Role.ADOPTER)
    return adopters.filter(person=version.created_by_id).exists()


def told(version: Version) -> dict[str, Any]:
    """What a version says, by field: its own columns, and how many rows, links and files. One statement."""
    return with_columns(version, next(_counted([version.pk])))


def numbers(version: Version) -> dict[str, int]:
    """How many rows, links and files a version has, by the names of `counts`. One statement."""
    return {name.removesuffix("_count"): number for name, number in next(_counted([version.pk])).items()}


@Statement
def _counted(keys: Sequence[int]) -> QuerySet[Version, Any]:
    from initiatives.models import Version

    return Version.objects.filter(pk__in=keys).order_by().values(**counts())


def with_columns(version: Version, counted: Mapping[str, Any]) -> dict[str, Any]:
    """What `told` answers, for who has asked for `counts` in a statement of their own."""
    said: dict[str, Any] = {field.name: getattr(version, field.attname) for field in version._meta.concrete_fields}
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    return said | {name.removesuffix("_count"): n for name, n in counted.items() if name.endswith("_count")}


def counts() -> dict[str, Coalesce]:
    """Of a queryset of versions: the number of rows of each kind, by the name of its model; of links, by theirs; of

    words of people who agreed, `voice_agreed`; and of files kept with the sheet, `upload`.
    """
    from initiatives.models import Upload, Version, VersionRow, Voice

    def number(rows: QuerySet[Any, Any], by: str = "version", outer: str = "pk") -> Coalesce:
        counted = rows.filter(**{by: OuterRef(outer)}).order_by().values(by).annotate(number=Count("pk"))
        return Coalesce(Subquery(counted.values("number")), Value(0))

    links = ("publics", "themes", "methods", "fiches")
    found = {kind._meta.model_name: number(kind.objects.all()) for kind in VersionRow.kinds()}
    found |= {name: number(getattr(Version, name).through.objects.all()) for name in links}
    found["voice_agreed"] = number(Voice.objects.filter(agreed=True))
    found["upload"] = number(Upload.objects.all(), "initiative", "initiative")
    return {f"{name}_count": count for name, count in found.items()}


def lacking(version: Version, depth: str, told_already: dict[str, Any] | None = None) -> dict[str, str]:
    """What lacks for a depth, beside the depth before: field → a few words. Nothing lacks for the Instantané."""
    said = told(version) if told_already is None else told_already
    effect = said["effects_people"] or said["effects_professionals"] or said["effects_territory"]
    steps = said["milestone"]
    asked = {
        Depth.STORY: (
            ("timeshare", "le temps par fonction", said["timeshare"]),
            ("time_granted_by", "qui a accordé ce temps", said["time_granted_by"]),
            ("effects_people", "un effet", effect),
            ("obstaclemet", "un frein", said["obstaclemet"]),
            ("if_again", "ce que vous feriez autrement", said["if_again"]),
            ("conditions", "une condition pour commencer", said["conditions"]),
        ),
        Depth.CAPITALISATION: (
            ("milestone", "une autre étape datée" if steps else "deux étapes datées", steps >= 2),
            (
                "proof",
                "une preuve au-delà du «\u00a0déclaré\u00a0»",
                said["proof"] not in ("", Proof.DECLARED),
            ),
            ("voice", "une parole ou un document", said["voice_agreed"] or said["attachment"]),
        ),
    }
    return {field: words for field, words, answered in asked.get(Depth(depth), ()) if not answered}


def depth(version: Version) -> str:
    """Récit and capitalisation are earned by what is filled, never declared."""
    return depth_of(version, told(version))


def depth_of(version: Version, said: dict[str, Any]) -> str:
    """The same, for who knows what is said."""
    if lacking(version, Depth.STORY, said):
        return Depth.SNAPSHOT
    return Depth.STORY if lacking(version, Depth.CAPITALISATION, said) else Depth.CAPITALISATION
