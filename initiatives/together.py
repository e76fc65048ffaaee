"""Telling together: what is asked of others by a secret link, who writes with whom, who takes a sheet over.

Each verb holds the sheet, then answers a question once (`Agreement.give`), so that two clicks or two links meet in
order. Rights are asked by the querysets; what a link allows, and to whom, is asked here.
"""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from initiatives.models import Agreement, Authorship, Initiative, Move, Version
from initiatives.workflow import Refused, SheetStatus, Verb

Kind, Answer, Role = Agreement.Kind, Agreement.Answer, Authorship.Role

MOST_OPEN = 20
MOST_A_DAY = 40  # asked by one person, links taken back included
MOST_TO_ONE = 3  # asked of one address about one sheet, in a day
# Days a link lasts: an invitation opens rights, so it is short.
DAYS = {Kind.EMPLOYER: 30, Kind.PEOPLE: 30, Kind.AUTHOR: 15, Kind.CO_AUTHOR: 3, Kind.HAND_OVER: 3}
TICKS = {Kind.EMPLOYER: "employer_agrees", Kind.PEOPLE: "people_agree"}
# Kept in `word` until a hand-over is answered: its owner will no longer write the sheet.
LEAVES = "part"
GONE = (SheetStatus.WITHDRAWN, SheetStatus.MERGED)


class Closed(Refused):
    """The link was used, taken back, or is too old."""

    def __init__(self) -> None:
        super().__init__("Ce lien ne sert plus : il a déjà servi, ou il a été repris.")


class TextChanged(Refused):
    """The text is no longer the one this person read."""

    def __init__(self) -> None:
        super().__init__("Le texte vient de changer pendant que vous le lisiez. Le voici : relisez-le, puis répondez.")


class NotInvited(Refused):
    def __init__(self) -> None:
        super().__init__("Cette invitation est pour une autre adresse que les vôtres.")


# Asking


def ask(
    initiative: Initiative, kind: str, by: Person, name: str, email: str, *, leaves: bool = False
) -> tuple[Agreement, str]:
    """One question to one person, and the token of its link. Asked again of the same, the former link stops."""
    if is_address_of(by, email):
        raise Refused("Cette adresse est la vôtre : écrivez celle de la personne à qui vous demandez.")
    with transaction.atomic():
        sheet = Initiative.objects.hold(initiative.pk)
        _may_ask(sheet, kind, by)
        asked = sheet.agreements.filter(kind=kind)
        asked.filter(email__iexact=email).stop()
        if kind in (Kind.HAND_OVER, Kind.AUTHOR):
            asked.stop()
        day = timezone.now() - timedelta(days=1)
        if sheet.agreements.waiting().count() >= MOST_OPEN:
            raise Refused(
                f"{MOST_OPEN} questions attendent déjà une réponse pour cette fiche : reprenez-en une, ou attendez."
            )
        if sheet.agreements.filter(email__iexact=email, asked_at__gt=day).exclude(version=None).count() >= MOST_TO_ONE:
            raise Refused("Vous avez déjà écrit trois fois à cette adresse aujourd’hui : attendez demain.")
        if Agreement.objects.filter(asked_by=by, asked_at__gt=day).count() >= MOST_A_DAY:
            raise Refused("Vous avez beaucoup demandé aujourd’hui : reprenez demain.")
        version = sheet.working_version() or sheet.versions.order_by("-number").first()
        word = LEAVES if leaves else ""
        return Agreement.ask(
            sheet, kind, days=DAYS[Kind(kind)], by=by, name=name, email=email, version=version, word=word
        )


def _may_ask(sheet: Initiative, kind: str, by: Person) -> None:
    if sheet.status in GONE:
        raise Refused("Cette fiche n’est plus là.")
    roles = sheet.authorships.filter(person=by)
    if kind == Kind.HAND_OVER and not roles.filter(role=Role.OWNER).exists():
        raise Refused("Seule la personne qui porte la fiche peut la passer à quelqu’un.")
    if kind == Kind.CO_AUTHOR and not roles.signing().exists():
        raise Refused("Celles et ceux qui signent la fiche invitent à l’écrire ensemble.")
    if kind == Kind.AUTHOR and not is_typed_by(sheet, by):
        raise Refused("Cette fiche a déjà son auteur.")


def take_back(asked: Agreement) -> bool:
    """Its link leads nowhere any more; False when it was answered first."""
    return bool(Agreement.objects.filter(pk=asked.pk).stop())


def stands(asked: Agreement) -> bool:
    """Whether its link still works: in time, unanswered, about a sheet that is there, asked by who still may."""
    if not asked.is_open or asked.initiative.status in GONE:
        return False
    if asked.kind == Kind.AUTHOR:
        return asked.asked_by is not None and is_typed_by(asked.initiative, asked.asked_by)
    if asked.kind == Kind.FRESHNESS:
        return asked.initiative.is_public and author_asked(asked) is not None
    if not asked.is_invitation:
        return True
    roles = asked.initiative.authorships.filter(person=asked.asked_by, person__is_active=True)
    return roles.filter(role=Role.OWNER).exists() if asked.kind == Kind.HAND_OVER else roles.signing().exists()


def author_asked(asked: Agreement) -> Person | None:
    """Whom news of an action is asked of: who has this address and still signs the sheet."""
    signing = asked.initiative.authorships.signing().filter(person__email__iexact=asked.email, person__is_active=True)
    found = signing.select_related("person").first()
    return found.person if found else None


def held(asked: Agreement) -> Initiative:
    """The sheet, held, and the question as it stands; refused when its link no longer works."""
    sheet = Initiative.objects.hold(asked.initiative_id)
    asked.refresh_from_db()
    asked.initiative = sheet
    if not stands(asked):
        raise Closed
    return sheet


# Answering without an account


def answer(asked: Agreement, given: str, word: str, edition: int | None) -> None:
    """What the employer or a participant says of the text they read.

    The tick of the version follows the answer while it is still being written; one already sent keeps what it said,
    and the answer is recorded beside it.
    """
    with transaction.atomic():
        sheet = held(asked)
        version = Version.objects.select_for_update().filter(agreements=asked).first()
        if given == Answer.YES and version and version.edition != edition:
            raise TextChanged
        if not asked.give(given, word):
            raise Closed
        if version and not version.is_frozen:
            _tick(version, TICKS[Kind(asked.kind)], given == Answer.YES)
        verb = Verb.AGREE if given == Answer.YES else Verb.DISAGREE
        about = f"{asked.get_kind_display().capitalize()}, par un lien."
        Move.say(sheet, verb, by=None, case=sheet.open_case(), motive=asked.kind, text=about)


def _tick(version: Version, field: str, agreed: bool) -> None:
    """A save like another: a window open on that screen is told, and writes nothing over it by surprise."""
    if getattr(version, field) != agreed:
        with version.saving(version.edition):
            Version.objects.filter(pk=version.pk).update(**{field: agreed})


def decline(asked: Agreement, given: str = Answer.NO, word: str = "") -> None:
    """An invitation left aside, or what an author wants changed first: nobody needs an account to say so."""
    with transaction.atomic():
        held(asked)
        if not asked.give(given, word):
            raise Closed


# Writing together


def join(asked: Agreement, person: Person) -> None:
    """The invited person writes the sheet too."""
    with transaction.atomic():
        sheet = _accepted(asked, person)
        if sheet.authorships.signing().filter(person=person).exists():
            return
        Authorship.objects.update_or_create(
            initiative=sheet, person=person, defaults={"role": Role.CO_AUTHOR, "since": timezone.now()}
        )
        Move.say(sheet, Verb.JOIN, by=person, case=sheet.open_case())


def take_over(asked: Agreement, person: Person) -> None:
    """The sheet passes to a colleague; who had it goes on writing with them, or leaves, as they chose."""
    with transaction.atomic():
        leaves = asked.word == LEAVES
        sheet = _accepted(asked, person)
        before = asked.asked_by
        assert before is not None
        Authorship.objects.update_or_create(
            initiative=sheet, person=person, defaults={"role": Role.OWNER, "since": timezone.now()}
        )
        Move.say(sheet, Verb.HAND_OVER, by=person, case=sheet.open_case())
        if leaves:
            _leave(sheet, before)
        else:
            sheet.authorships.filter(person=before).update(role=Role.CO_AUTHOR)


def _accepted(asked: Agreement, person: Person) -> Initiative:
    if not is_address_of(person, asked.email):
        raise NotInvited
    sheet = held(asked)
    if not asked.give(Answer.YES):
        raise Closed
    return sheet


def leave(initiative: Initiative, person: Person) -> None:
    """No longer write a sheet with others. Who carries it passes it on first."""
    with transaction.atomic():
        sheet = Initiative.objects.hold(initiative.pk)
        role = sheet.authorships.signing().filter(person=person).values_list("role", flat=True).first()
        if role is None:
            raise Refused("Vous n’écrivez plus cette fiche.")
        if role == Role.OWNER:
            raise Refused("Vous portez cette fiche : passez-la d’abord à quelqu’un, ou retirez-la.")
        _leave(sheet, person)


def _leave(sheet: Initiative, person: Person) -> None:
    sheet.authorships.filter(person=person).delete()
    sheet.agreements.filter(asked_by=person, kind__in=[Kind.CO_AUTHOR, Kind.HAND_OVER]).stop()
    Move.say(sheet, Verb.LEAVE, by=person, case=sheet.open_case())


# Addresses


def same_address(one: str, other: str) -> bool:
    """Never by a look-alike spelling: letters outside of ASCII are compared as they are."""
    return one == other or (one.isascii() and other.isascii() and one.lower() == other.lower())


def is_address_of(person: Person, address: str) -> bool:
    """Whether a person has shown that this address is theirs."""
    known = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    return any(same_address(address, each) for each in known)


# Written under someone's dictation: initiatives/dictation.py


def is_typed_by(initiative: Initiative, person: Person) -> bool:
    """Whether this person types a sheet that nobody signs yet."""
    return initiative.authorships.writing().filter(person=person, role=Role.TYPIST).exists()
