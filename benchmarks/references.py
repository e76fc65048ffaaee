"""What a generated sheet may be filed under: the words of our own vocabularies, in the order of the generator's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Model

from accounts.models import Territory
from benchmarks.vocabulary import LEXICON
from guide.french import slug_of
from guide.models import Fiche, Method
from initiatives.models import Obstacle, Public, Tag, Theme
from levers.models import DAGBERT, Lever, Proposal

METHODS = (
    "travail-social-de-groupe", "actions-collectives-de-territoire", "travail-social-communautaire",
    "animation-socio-culturelle", "mediation-sociale", "dpa-pc", "recherche-action-collaborative",
)  # fmt: skip
PUBLICS = (
    "familles", "enfants", "jeunes", "seniors", "personnes-en-situation-de-handicap",
    "beneficiaires-des-minimas-sociaux", "personnes-isolees", "personnes-en-situation-durgence", "personnes-exilees",
    "residents-qpv-frr", "femmes", "aidants", "personnes-en-precarite", "actifs",
)  # fmt: skip
THEMES = (
    "acces-aux-droits", "logement", "insertion", "education", "parentalite", "sante", "lien-social", "alimentation",
    "budget", "numerique", "mobilite", "isolement", "vieillissement", "handicap", "cadre-de-vie", "culture",
    "vacances-et-loisirs", "interculturalite", "energie", "citoyennete",
)  # fmt: skip
LEVERS, PROPOSALS = 12, 26
"""How many the generator draws from; ours are fewer, and come round again."""
OUR_LEVERS = 6


@dataclass(frozen=True)
class Place:
    """A commune, and the chance it has of being drawn."""

    territory: Territory
    weight: float

    @property
    def name(self) -> str:
        return self.territory.name


@dataclass(frozen=True)
class References:
    places: list[Place]
    methods: list[Method]
    publics: list[Public]
    themes: list[Theme]
    tags: list[Tag] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)
    fiches: list[Fiche] = field(default_factory=list)
    levers: list[Lever] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    order: dict[Model, int] = field(default_factory=dict)
    """The place of each word in its vocabulary, which is the order a sheet gives them in."""

    def in_order[T: Model](self, things: Iterable[T]) -> list[T]:
        return sorted(things, key=lambda thing: self.order[thing])


def references(tags: list[str]) -> References:
    """Read from the database, where the tags of the generator are added."""
    Tag.objects.bulk_create((Tag(name=name, slug=slug_of(name)) for name in tags), ignore_conflicts=True)
    known_tags = {tag.slug: tag for tag in Tag.objects.all()}
    methods = {method.slug: method for method in Method.objects.all()}
    publics = {public.code: public for public in Public.objects.all()}
    themes = {theme.code: theme for theme in Theme.objects.all()}
    return References(
        places=_places(),
        methods=[methods[slug] for slug in METHODS],
        publics=[publics[code] for code in PUBLICS],
        themes=[themes[code] for code in THEMES],
        tags=[known_tags[slug_of(name)] for name in tags],
        obstacles=list(Obstacle.objects.order_by("number")),
        fiches=list(Fiche.objects.order_by("number")),
        levers=list(Lever.objects.filter(framework=DAGBERT).order_by("number")),
        proposals=list(Proposal.objects.filter(lever__framework=DAGBERT).select_related("lever").order_by("number")),
        order={
            thing: place
            for model in (Method, Public, Theme, Tag, Obstacle, Fiche)
            for place, thing in enumerate(model._default_manager.all())
        },
    )


def _places() -> list[Place]:
    """For each département, as many communes as the generator has, the largest first, with their chances."""
    communes: dict[str, list[Territory]] = {}
    read = Territory.objects.communes().filter(population__gt=0).select_related("epci", "departement", "region")
    for commune in read.order_by("-population", "code"):
        communes.setdefault(commune.departement.code, []).append(commune)
    return [
        Place(communes[code][rank % len(communes[code])], weight * (12 if rank == 0 else 1 + 6 / (rank + 1)))
        for code, weight in LEXICON["departements"]
        for rank in range(12 + weight * 3)
    ]
