"""The people and things of the stories, in the states stories begin with. Plain functions: one reads what is made."""

from __future__ import annotations

import io
import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils import timezone
from PIL import Image

from accounts.models import Organisation, Person, Role, Territory
from accounts.rights import GUARDED_KINDS
from guide.models import Fiche, Method
from initiatives.files import keeping
from initiatives.models import (
    Authorship,
    Case,
    Entry,
    Initiative,
    Milestone,
    ObstacleMet,
    Partner,
    Picture,
    Public,
    Theme,
    TimeShare,
    Upload,
    Version,
    Voice,
    WebLink,
    Word,
)
from initiatives.models.choices import ANONYMITY_TICKS
from training.models import AssignedFiche, Assignment, Centre, Cohort

_count = itertools.count(1)
LONG_AGO = date(2020, 1, 1)
PASSWORD = "le-miel-coule-le-mardi"
SUMMARY = (
    "Chaque mardi, douze habitantes et deux assistantes sociales cuisinent ensemble puis ouvrent le courrier "
    "resté fermé. "
    "On y vient pour la soupe, on repart avec un dossier rempli et des voisines."
)
STORY = (
    "Le groupe s’est formé autour d’une cuisine prêtée par le centre social. Chaque séance commence par l’épluchage, "
    "et la conversation vient avec. Au bout d’un mois, les participantes ont proposé d’apporter leurs papiers. "
    "Deux collègues se relaient, l’une aux fourneaux, l’autre aux dossiers. Le groupe tient maintenant un carnet de "
    "recettes et un carnet d’adresses, que les nouvelles reçoivent en arrivant."
)


def person(name: str, email: str = "", **fields: Any) -> Person:
    email = email or f"{name.lower().replace(' ', '.')}-{next(_count)}@essaim.test"
    made = Person.objects.create_user(email=email, password=PASSWORD, name=name, **fields)
    EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
    return made


def role(person: Person, kind: str, **scope: Any) -> Role:
    """A current role, held since long whatever day a story is set on, with the second factor its kind asks for."""
    made = Role.objects.create(**{"person": person, "kind": kind, "from_on": LONG_AGO, **scope})
    if kind in GUARDED_KINDS and not Authenticator.objects.filter(user=person).exists():
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    return made


def organisation(name: str = "CCAS de Lens", **fields: Any) -> Organisation:
    return Organisation.objects.create(name=name, **fields)


def departement(code: str) -> Territory:
    return Territory.objects.get(level="departement", code=code)


def commune(code: str = "62498") -> Territory:
    """Lens (62) unless told otherwise."""
    return Territory.objects.get(level="commune", code=code)


def draft(author: Person, **fields: Any) -> Version:
    """The working version of a sheet just begun by its author: empty but for what is given."""
    version = Initiative.start(author).working_version()
    assert version is not None
    return fill(version, **fields) if fields else version


def complete_draft(author: Person, **fields: Any) -> Version:
    """A working version that lacks nothing."""
    return fill(draft(author), **complete(**fields))


def complete(**fields: Any) -> dict[str, Any]:
    return {
        "title": "La cuisine partagée qui ouvre les boîtes aux lettres",
        "summary": SUMMARY,
        "state": "ongoing",
        "start_year": 2023,
        "organisation_name": "Centre social du Bassin",
        "place": commune(),
        "scope": "quartier",
        "publics": [Public.objects.get(code="familles")],
        "themes": [Theme.objects.get(code="alimentation")],
        "methods": [Method.objects.get(slug="travail-social-de-groupe")],
        "beginning": "Des lettres jamais ouvertes, et une cuisine vide le mardi.",
        "story": STORY,
        "employer_agrees": True,
        "people_agree": True,
        "anonymity": list(ANONYMITY_TICKS),
        **fields,
    }


def fill(version: Version, **fields: Any) -> Version:
    many = {name: fields.pop(name) for name in ("publics", "themes", "methods", "fiches") if name in fields}
    tags = fields.pop("tags", None)
    for name, value in fields.items():
        setattr(version, name, value)
    version.save()
    for name, values in many.items():
        getattr(version, name).set(values)
    if tags is not None:
        version.tags.set(tags)
    return version


def sent(author: Person, **fields: Any) -> Case:
    """A complete sheet, sent: its case is in the queue of its territory."""
    return Case.submit(complete_draft(author, **fields), author)


def claimed(author: Person, by: Person, **fields: Any) -> Case:
    case = sent(author, **fields)
    case.claim(by)
    return case


def published(author: Person, by: Person, **fields: Any) -> Initiative:
    """A sheet told by its author and published by a coordinator."""
    case = claimed(author, by, **fields)
    case.accept(by)
    case.initiative.refresh_from_db()
    return case.initiative


def co_author(initiative: Initiative, person: Person) -> Authorship:
    return Authorship.objects.create(initiative=initiative, person=person, role=Authorship.Role.CO_AUTHOR)


def centre(name: str = "IRTS des Hauts-de-France") -> Centre:
    return Centre.objects.create(organisation=organisation(name))


def cohort(centre: Centre, name: str = "ASS 2026-2029", **fields: Any) -> Cohort:
    dates = {"starts_on": date(2026, 9, 1), "ends_on": date(2029, 6, 30)}
    return Cohort.objects.create(centre=centre, name=name, **{**dates, **fields})


def assignment(cohort: Cohort, fiches: tuple[int, ...] = (10,), **fields: Any) -> Assignment:
    now = timezone.now()
    dates = {"created_at": now, "opens_at": now - timedelta(hours=1), "due_at": now + timedelta(days=14)}
    texts = {"title": "Lire le travail social de groupe", "question": "Où avez-vous vu un groupe s’entraider ?"}
    made = Assignment.objects.create(cohort=cohort, **{**texts, **dates, **fields})
    for position, number in enumerate(fiches):
        version = Fiche.objects.get(number=number).current
        AssignedFiche.objects.create(assignment=made, version=version, position=position)
    return made


RECIT: dict[str, Any] = {
    "objectives": "Que chacune ose ouvrir son courrier.",
    "participation_degree": "associes",
    "participation": "Deux participantes préparent la séance.",
    "decisions": "Le groupe a choisi le jour.",
    "trades": "Une assistante sociale, une CESF",
    "participants_band": "10-24",
    "time_granted_by": "La responsable du service",
    "means": "Une cuisine le mardi matin.",
    "budget_band": "500-2000",
    "funding": "La CAF pour les sorties",
    "effects_people": "Huit sur douze ouvrent leur courrier seules.",
    "effects_professionals": "Nous recevons à deux.",
    "effects_territory": "Le bailleur a réécrit ses lettres.",
    "proof": "declare",
    "if_again": "Commencer à six.",
    "conditions": "Deux collègues, jamais une seule.\nUne cuisine libre le matin.",
    "hosting": ["collegue"],
}
CAPITALISATION: dict[str, Any] = {
    "proof": "observe",
    "variants": "Sans cuisine, autour d’une bouilloire.",
    "ethics": "On n’ouvre jamais une lettre à la place de quelqu’un.",
    "plain_summary": "Le mardi, nous cuisinons ensemble.",
    "plain_with_people": True,
    "languages": ["fr", "ar"],
}


def tell_story(version: Version) -> Version:
    """All the récit: its fields and its rows."""
    fill(version, **RECIT, fiches=[Fiche.objects.get(number=26)])
    TimeShare.objects.create(version=version, role="assistante sociale", hours_a_month=Decimal("8"))
    TimeShare.objects.create(version=version, role="CESF", hours_a_month=Decimal("6.5"), position=1)
    ObstacleMet.objects.create(version=version, obstacle_id=3, text="Pas de salle.", lifted="Un prêt.")
    Partner.objects.create(version=version, name="La bibliothèque", role="prête la salle")
    return version


def capitalise(version: Version) -> Version:
    """All the capitalisation, after the récit."""
    fill(tell_story(version), **CAPITALISATION)
    Milestone.objects.create(version=version, year=2023, text="Une idée sur le palier.")
    Milestone.objects.create(version=version, year=2024, month=3, text="La première séance.", position=1)
    said = {"text": "Je rangeais les lettres dans le four.", "speaker": "Une participante", "agreed": True}
    Voice.objects.create(version=version, **said)
    link = {"kind": "son", "title": "L’émission", "url": "https://radio.example.fr/cuisine"}
    WebLink.objects.create(version=version, **link, transcript="On entend des casseroles.")
    return version


def picture(version: Version, **fields: Any) -> Upload:
    """A photograph that a version shows."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(content, "PNG")
    upload = keeping.receive(version.initiative, version.created_by, "photo.png", content.getvalue())
    said = {"alternative": "Une table et des mains.", "credit": "L’équipe", "agreed": "personne"}
    Picture.objects.create(version=version, upload=upload, **{**said, **fields})
    return upload


def empty_catalogue() -> None:
    """Nothing is found any more: what the test publishes is alone."""
    Entry.objects.all().delete()
    Word.objects.all().delete()
