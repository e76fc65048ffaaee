"""The demonstration's people (product P12), and a few things they have done, so that no page is empty.

Runs at each start of the demo: what exists is left as people made it.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, Person, Role, Territory
from guide.models import Fiche, Method
from initiatives.models import Case, Initiative, Public, Theme, Version
from initiatives.models.choices import ANONYMITY_TICKS
from training import deadlines, demonstration
from training.models import Assignment, Centre, Cohort, school_year

PASSWORD = "essaim-demo"  # noqa: S105 - the demo's, printed on screen
NAMES = {
    "sociale@essaim.test": "Samia",
    "collegue@essaim.test": "Colette",
    "formation@essaim.test": "Fanny",
    "etudiante@essaim.test": "Inès",
    "coordination62@essaim.test": "Maud",
    "coordination@essaim.test": "Nadia",
    "dpo@essaim.test": "Denis",
    "admin@essaim.test": "Alix",
}
NETWORK = "Réseau du travail social collectif du Pas-de-Calais (démonstration)"
NATIONAL_TEAM = "Équipe nationale d’Essaim (démonstration)"
CENTRE = "Centre de formation de démonstration"


class Command(BaseCommand):
    help = "Crée les comptes de la démonstration (DEMO=1 seulement)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Ces comptes ont un mot de passe public : ils n’existent que dans la démonstration (DEMO=1)."
            )
        with transaction.atomic():
            if cast := introduce():
                give_roles(cast)
                teach(cast)
                tell(cast)


def introduce() -> dict[str, Person]:
    """The eight accounts; empty when they are all here already."""
    here = set(Person.objects.filter(email__in=NAMES).values_list("email", flat=True))
    absent = {email: name for email, name in NAMES.items() if email not in here}
    if not absent:
        return {}
    password = make_password(PASSWORD)  # hashed once: that is what takes longest, and the password is public
    for email, name in absent.items():
        person = Person.objects.create(email=email, name=name, password=password)
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return {person.email: person for person in Person.objects.filter(email__in=NAMES)}


def give_roles(cast: dict[str, Person]) -> None:
    pas_de_calais = Territory.objects.get(level="departement", code="62")
    network, national, centre = (
        Organisation.objects.get_or_create(name=name)[0] for name in (NETWORK, NATIONAL_TEAM, CENTRE)
    )
    Centre.objects.get_or_create(organisation=centre, defaults={"opened_by": cast["coordination@essaim.test"]})
    for email, kind, scope in (
        ("sociale@essaim.test", "contributor", {}),
        ("collegue@essaim.test", "contributor", {}),
        ("formation@essaim.test", "trainer", {"organisation": centre}),
        ("etudiante@essaim.test", "student", {"organisation": centre}),
        ("coordination62@essaim.test", "coordinator", {"territory": pas_de_calais, "organisation": network}),
        ("coordination@essaim.test", "coordinator", {"organisation": national}),
        ("dpo@essaim.test", "dpo", {}),
        ("admin@essaim.test", "administrator", {}),
    ):
        if not cast[email].roles.exists():
            Role.objects.create(person=cast[email], kind=kind, granted_by=cast["admin@essaim.test"], **scope)


def teach(cast: dict[str, Person]) -> None:
    """A cohort with its student and her classmates, one assignment behind them and one given."""
    today = timezone.localdate()
    year = school_year(today)
    first = int(year[:4])
    cohort, is_new = Cohort.objects.get_or_create(
        centre=Centre.objects.get(organisation__name=CENTRE),
        name=f"Première année {year}",
        defaults={
            "starts_on": today.replace(year=first, month=9, day=1),
            "ends_on": today.replace(year=first + 3, month=6, day=30),
            "created_by": cast["formation@essaim.test"],
        },
    )
    if not is_new:
        return
    cohort.enrol(cast["etudiante@essaim.test"])
    demonstration.fill(cohort, cast["formation@essaim.test"])
    Assignment.give(
        cohort,
        cast["formation@essaim.test"],
        fiches=Fiche.objects.filter(number__in=(10, 21)),
        title="Découvrir le travail social de groupe",
        instruction="Lisez les deux fiches, puis écrivez une page. Des phrases simples suffisent.",
        question="Dans un groupe vu en stage, que faisait-on à plusieurs qu’on n’aurait pas fait seul ?",
        opens_at=timezone.now() - timedelta(days=2),
        due_at=end_of_day(timezone.now() + timedelta(days=21)),
    )


def end_of_day(moment: datetime) -> datetime:
    return deadlines.closing(timezone.localtime(moment).date(), time(23, 59))


def tell(cast: dict[str, Person]) -> None:
    """One sheet published, one waiting in Pas-de-Calais, one draft: said with the models' own verbs."""
    author, coordinator = cast["sociale@essaim.test"], cast["coordination62@essaim.test"]
    if Initiative.objects.written_by(author).exists():
        return
    published = Case.submit(written(author, **SEWING_ROOM), author)
    published.claim(coordinator)
    published.accept(
        coordinator, text="Merci : on voit bien comment commencer. La phrase sur les clés aidera d’autres équipes."
    )
    Case.submit(written(author, **MARKET_WALKS), author)
    written(author, **WAITING_ROOM)


def written(author: Person, **said: Any) -> Version:
    """The working version of a new sheet, with what is said of it."""
    version = Initiative.start(author).working_version()
    assert version is not None
    links = {
        "publics": Public.objects.filter(code__in=said.pop("publics", ())),
        "themes": Theme.objects.filter(code__in=said.pop("themes", ())),
        "methods": Method.objects.filter(slug__in=said.pop("methods", ())),
    }
    if commune := said.pop("commune", ""):
        version.place = Territory.objects.get(level="commune", code=commune)
    for name, value in said.items():
        setattr(version, name, value)
    version.save()
    for name, chosen in links.items():
        getattr(version, name).set(chosen)
    return version


AGREED = {"employer_agrees": True, "people_agree": True, "anonymity": list(ANONYMITY_TICKS)}
SEWING_ROOM = {
    "title": "Un atelier couture tenu par celles qui y viennent (exemple de démonstration)",
    "summary": (
        "À Lens, une dizaine d’habitantes et deux travailleuses sociales ont ouvert un atelier couture dans un local "
        "de quartier. On y répare, on y parle, et depuis un an ce sont les habitantes qui ont les clés et font le "
        "planning."
    ),
    "state": "ongoing",
    "start_year": 2023,
    "start_month": 10,
    "organisation_name": "Maison de la solidarité (exemple)",
    "commune": "62498",
    "scope": "quartier",
    "publics": ["femmes", "personnes-isolees"],
    "themes": ["isolement", "lien-social"],
    "methods": ["travail-social-de-groupe"],
    "beginning": (
        "En permanence, plusieurs femmes disaient la même chose : les journées sont longues et on ne voit personne. "
        "L’une d’elles savait coudre. Nous avions un local vide le mardi."
    ),
    "story": (
        "Nous avons commencé à cinq, avec deux machines prêtées. Les premières séances, nous préparions tout : le "
        "café, le tissu, les chaises. Au bout de deux mois, une participante est arrivée avant nous et attendait "
        "dehors. Nous avons compris qu’il fallait donner les clés.\n\n"
        "Il a fallu trois rendez-vous pour obtenir l’accord du bailleur et une assurance à jour. Depuis, deux "
        "habitantes ouvrent le local, une troisième tient le planning. Nous venons une fois sur deux, non plus pour "
        "faire, mais pour répondre aux questions de droits qui arrivent entre deux ourlets.\n\n"
        "Au printemps, le groupe a proposé de réparer les vêtements de l’école contre une sortie pour les enfants."
    ),
    "means": "Un local prêté par le bailleur, quatre machines d’occasion, 600 euros de fournitures par an.",
    "effects_people": "Trois participantes sur dix ont repris une formation. Toutes disent avoir « un endroit ».",
    "if_again": "Nous parlerions des clés dès la première semaine : attendre un an a retardé le groupe.",
    **AGREED,
}  # fmt: skip
MARKET_WALKS = {
    "title": "Au marché à plusieurs, puis en cuisine (exemple de démonstration)",
    "summary": (
        "Chaque vendredi à Arras, un petit groupe fait le marché avec une conseillère en économie sociale et "
        "familiale, puis cuisine et mange ensemble. On compare les prix, on échange des recettes, on repart avec un "
        "repas d’avance."
    ),
    "state": "ongoing",
    "start_year": 2024,
    "organisation_name": "Centre social des Remparts (exemple)",
    "commune": "62041",
    "scope": "commune",
    "publics": ["familles", "beneficiaires-des-minimas-sociaux"],
    "themes": ["alimentation", "budget"],
    "methods": ["travail-social-de-groupe"],
    "beginning": (
        "Des familles venaient chercher un colis et repartaient avec des légumes qu’elles ne savaient pas préparer."
    ),
    "story": (
        "Nous avons remplacé un atelier budget, où personne ne venait, par un tour de marché. Le groupe fixe un repas "
        "pour six, une somme, et choisit sur place. Les participants négocient avec les commerçants, qui ont fini par "
        "garder des cagettes.\n\n"
        "En cuisine, chacun montre ce qu’il sait faire. Les plus anciens accueillent les nouveaux. Le budget vient "
        "dans la conversation, sans tableau ni leçon : combien, pour combien de temps, et ce qu’on fait des restes."
    ),
    **AGREED,
}  # fmt: skip
WAITING_ROOM = {
    "title": "La salle d’attente qui répond (exemple de démonstration)",
    "summary": "Des habitants se relaient dans la salle d’attente pour accueillir, expliquer un papier ou parler.",
    "state": "project",
    "commune": "62119",
    "scope": "commune",
    "themes": ["acces-aux-droits"],
}  # fmt: skip
