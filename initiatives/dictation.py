"""« On m’appelle »: a coordinator types what someone tells; it is sent once that person agreed, in their name.

The line of who typed stays when the author signs: they no longer write the sheet, and never decide about it.
"""

from __future__ import annotations

from datetime import date, datetime, time

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from initiatives import findings, together
from initiatives.models import Agreement, Authorship, Case, Initiative, Move, Version
from initiatives.together import Answer, Closed, Kind, TextChanged, is_typed_by, same_address
from initiatives.workflow import Refused, SheetStatus, Verb

MOST_TYPED = 40
OWN_ADDRESS = "Cette adresse est la vôtre : racontez cette initiative en votre nom."


def start(by: Person, name: str, email: str, key: str = "") -> Initiative:
    """A sheet typed for someone else; nothing is asked of them yet."""
    if together.is_address_of(by, email):
        raise Refused(OWN_ADDRESS)
    mine = by.authorships.filter(role=Authorship.Role.TYPIST)
    typed = Initiative.objects.editable_by(by).filter(status=SheetStatus.DRAFT, authorships__in=mine)
    if typed.count() >= MOST_TYPED:
        raise Refused(f"Vous écrivez déjà {MOST_TYPED} fiches pour d’autres : terminez-en une d’abord.")
    with transaction.atomic():
        sheet = Initiative.start(by, key=key, role=Authorship.Role.TYPIST)
        Agreement.note_author(sheet, by, name, email)
    return sheet


def typed_for(initiative: Initiative, person: Person) -> Agreement | None:
    """The last that was said between who types a sheet and its author; None for whoever doesn't type it.

    Of a version None, nothing was asked yet.
    """
    if not is_typed_by(initiative, person):
        return None
    return initiative.agreements.filter(kind=Kind.AUTHOR).order_by("-pk").first()


def forbid_sending(initiative: Initiative, by: Person) -> None:
    """Who types a sheet doesn't send it: its author agrees, and it leaves in their name."""
    if is_typed_by(initiative, by):
        raise Refused("Vous écrivez cette fiche pour quelqu’un : demandez-lui son accord, et elle partira à son nom.")


def ask_author(version: Version, by: Person, name: str, email: str) -> tuple[Agreement, str]:
    """Send the whole text to its author, by a link; the former one stops."""
    refuse_what_lacks(version)
    return together.ask(version.initiative, Kind.AUTHOR, by, name, email)


def refuse_what_lacks(version: Version) -> None:
    lacks = version.missing()
    if lacks:
        raise Refused("Il manque encore : " + " ".join(lacks.values()))
    findings.refuse_what_must_go(version)


def agree(asked: Agreement, edition: int | None) -> Case:
    """The author agrees with the text they read: they sign it, and it is sent in their name, at once."""
    with transaction.atomic():
        together.held(asked)
        version = _read(asked.version, edition)
        if not asked.give(Answer.YES):
            raise Closed
        return _sign_and_send(version, person_at(asked.email, asked.name, proven=True), "Par un lien.")


def agree_on_paper(version: Version, by: Person, name: str, email: str, signed_on: date, edition: int | None) -> Case:
    """The author signed a paper that who typed holds: the same, vouched for by them."""
    refuse_what_lacks(version)
    if together.is_address_of(by, email):
        raise Refused(OWN_ADDRESS)
    with transaction.atomic():
        sheet = Initiative.objects.hold(version.initiative_id)
        if not is_typed_by(sheet, by):
            raise Refused("Cette fiche a déjà son auteur.")
        held = _read(version, edition)
        sheet.agreements.filter(kind=Kind.AUTHOR).stop()
        signed_at = timezone.make_aware(datetime.combine(signed_on, time(12)))
        asked, _ = Agreement.ask(sheet, Kind.AUTHOR, days=0, by=by, name=name, email=email, version=held)
        Agreement.objects.filter(pk=asked.pk).update(answer=Answer.YES, answered_at=signed_at, on_paper=True)
        about = f"Accord signé sur papier le {signed_on:%d/%m/%Y}."
        return _sign_and_send(held, person_at(email, name, proven=False), about, vouched_by=by)


def _read(read: Version | None, edition: int | None) -> Version:
    """The version as it stands, locked; refused when it is no longer the text this person read."""
    held = Version.objects.select_for_update(of=("self",)).select_related("initiative")
    version = held.filter(pk=read.pk).first() if read else None
    if version is None or version.is_frozen:
        raise Closed
    if version.edition != edition:
        raise TextChanged
    return version


def _sign_and_send(version: Version, author: Person, about: str, vouched_by: Person | None = None) -> Case:
    sheet = version.initiative
    Authorship.objects.update_or_create(
        initiative=sheet, person=author, defaults={"role": Authorship.Role.OWNER, "since": timezone.now()}
    )
    case = Case.submit(version, author)
    Move.say(sheet, Verb.AGREE, by=vouched_by or author, case=case, motive=Kind.AUTHOR, text=about)
    return case


def person_at(address: str, name: str, *, proven: bool) -> Person:
    """Whose account this address opens, made when there is none: without a password, it opens by a link.

    `proven` when the person just showed that they read what is sent there. An account somebody opened on that address
    without ever showing it was theirs then loses its password.
    """
    verified = EmailAddress.objects.filter(email__iexact=address, verified=True).select_related("user")
    person = next((each.user for each in verified if same_address(each.email, address)), None)
    if person is None:
        near = list(Person.objects.filter(email__iexact=address))
        person = next((each for each in near if same_address(each.email, address)), None)
        if person is None and near:
            raise Refused(_unusable())
        person = person or Person.objects.create_user(address, None, name=name)
        if proven:
            person.set_unusable_password()
            person.save(update_fields=["password"])
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"verified": proven, "primary": True}
        )
    if not person.is_active or person.erased_at:
        raise Refused(_unusable())
    return person


def _unusable() -> str:
    return f"Cette adresse ne peut pas recevoir la fiche : écrivez-nous à {settings.CONTACT_EMAIL}, nous trouverons."
