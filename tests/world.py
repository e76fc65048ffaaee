"""A small world in which everything that can be asked for exists, in every state it can be in.

People are known by their first name, things by their kind and state (« sheet:masked »): the matrix of rights is written
with these words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from lti_tool.models import Key, LtiContext
from psycopg.sql import SQL, Identifier

from accounts import rhythms
from accounts.links import tokens, uid_of
from accounts.models import Person, Role
from guide import editing
from guide.models import Feedback, Fiche, FicheVersion, Method, SynonymGroup
from initiatives import adoption, dictation, press, together
from initiatives.models import (
    Agreement,
    Alert,
    Booklet,
    Case,
    Edition,
    Initiative,
    Opinion,
    Printing,
    Report,
    Reuse,
)
from initiatives.workflow import SheetStatus
from levers.models import Call, Note, Proposal
from tests import factories
from tests.training import lti_platform
from training import tokens as tokens_of_training
from training.lti import registering
from training.models import (
    Attestation,
    Calendar,
    Cohort,
    CourseLink,
    Expected,
    Extension,
    Invitation,
    Offer,
    RegistrationLink,
    StudentImport,
    Work,
)

PUBLIC = "public"


class World:
    """Who and what there is. `people` maps a first name to a person; « public » is nobody."""

    def __init__(self) -> None:
        self.people: dict[str, Person | None] = {PUBLIC: None}
        self.things: dict[str, dict[str, Any]] = {}
        self._cookies: dict[str, Any] = {PUBLIC: SimpleCookie()}
        self._browsers: dict[tuple[str, ...], Client] = {}

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def path(self, name: str, of: str = "") -> str:
        """The address of a view for a thing: `path("initiatives:step", "sheet:draft step=quoi")`."""
        thing, *rest = of.split() or [""]
        if "=" in thing:
            thing, rest = "", [thing, *rest]
        known = {**(self.things[thing] if thing else {}), **dict(part.split("=", 1) for part in rest)}
        asked = parameters(name)
        assert asked <= known.keys(), f"{name} asks for {asked - known.keys()}, which « {of} » hasn't"
        return reverse(name, kwargs={key: known[key] for key in asked})

    def browser(self, name: str, **options: Any) -> Client:
        """A browser signed in as someone since a while; a page that breaks answers 500 in it, as it would."""
        key = (name, *options)
        if key not in self._browsers:
            self._browsers[key] = Client(raise_request_exception=False, **options)
        browser = self._browsers[key]
        browser.cookies = self._cookies[name].copy()
        return browser

    def anew(self) -> World:
        """The same with nothing remembered: neither roles a person was found to have, nor a browser's cookies."""
        _marks.clear()
        other = World()
        other.people, other.things, other._cookies = deepcopy((self.people, self.things, self._cookies))
        return other

    def sign_in(self, name: str, person: Person) -> None:
        self.people[name] = person
        client = Client()
        client.force_login(person)
        self._cookies[name] = client.cookies


def build() -> World:
    """The world, in the transaction of the test that asks for it; about a second."""
    world = World()
    _people(world)
    _sheets(world)
    _teaching(world)
    _people_of_training(world)
    _reference(world)
    _asked_and_noted(world)
    return world


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside leaves no trace, even when the database refused it."""
    mark, marks = transaction.savepoint_create(), dict(_marks)
    try:
        yield
    finally:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(mark)
        for table in [table for table, taken in _marks.items() if taken != marks.get(table)]:
            del _marks[table]


# --- People ---------------------------------------------------------------------------------------------------------

# The cast of docs/words.md, then those who almost have their rights.
CAST = ("ana", "max", "nora", "tess", "ilan", "stan", "eve", "hugo", "gaby", "dan", "ada", "otto")
ALMOST = {
    "ben": "writes with Ana",
    "lise": "coordinates another territory",
    "fred": "coordinated Pas-de-Calais until yesterday",
    "gina": "will coordinate Pas-de-Calais from tomorrow",
    "mia": "coordinates Pas-de-Calais, and has no second factor yet",
    "max_writes": "coordinates Pas-de-Calais and tells a sheet there",
    "tim": "trains at the centre, and has no second factor yet",
    "jo": "trained at the centre until yesterday",
    "sam": "studies at the other centre",
    "kim": "left the cohort",
}
ALMOST_IN = {
    "initiatives": ("ben", "lise", "fred", "gina", "max_writes"),
    "file": ("ben", "lise", "fred", "gina", "max_writes"),
    "levers": ("ben", "lise", "fred", "gina", "max_writes"),
    "training": ("tim", "jo", "sam", "kim"),
    "lti": ("tim", "jo", "sam", "kim"),
}


def _people(world: World) -> None:
    password = make_password(factories.PASSWORD)
    for name in (*CAST, *ALMOST):
        address = f"{name.replace('_', '-')}@essaim.test"
        person = Person.objects.create(email=address, name=name.replace("_", " ").title(), password=password)
        EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
        world.sign_in(name, person)
    today = timezone.localdate()
    yesterday, last_year = today - timedelta(days=1), today - timedelta(days=400)
    pas_de_calais = factories.departement("62")
    network = factories.organisation("Réseau du Pas-de-Calais")
    national = factories.organisation("Équipe nationale")
    centre, other = factories.centre(), factories.centre("École supérieure d’un autre bord")
    local = {"territory": pas_de_calais, "organisation": network}
    there = {"organisation": centre.organisation}
    factories.role(world.max, "coordinator", **local)
    factories.role(world.max_writes, "coordinator", **local)
    Role.objects.create(person=world.mia, kind="coordinator", **local)
    factories.role(world.fred, "coordinator", **local, from_on=last_year, until_on=yesterday)
    factories.role(world.gina, "coordinator", **local, from_on=today + timedelta(days=1))
    factories.role(world.lise, "coordinator", territory=factories.departement("42"))
    factories.role(world.nora, "coordinator", organisation=national)
    factories.role(world.tess, "trainer", **there)
    Role.objects.create(person=world.tim, kind="trainer", **there)
    factories.role(world.jo, "trainer", **there, from_on=last_year, until_on=yesterday)
    factories.role(world.hugo, "centre_head", **there)
    factories.role(world.otto, "trainer", organisation=other.organisation)
    factories.role(world.eve, "expert")
    factories.role(world.gaby, "guide_editor")
    factories.role(world.dan, "dpo")
    factories.role(world.ada, "administrator")
    world.things |= {
        "centre:own": {"centre": centre, "pk": centre.pk},
        "centre:other": {"centre": other, "pk": other.pk},
        "role:current": {"pk": world.max.roles.get().pk},
        "role:ended": {"pk": world.fred.roles.get().pk},
        "role:administrator": {"pk": world.ada.roles.get().pk},
        "role:dpo": {"pk": world.dan.roles.get().pk},
        "role:trainer": {"pk": world.tess.roles.get().pk},
        "link:stan": {"uid": uid_of(world.stan), "token": tokens.make_token(world.stan)},
        "link:wrong": {"uid": uid_of(world.ana), "token": tokens.make_token(world.stan)},
    }


# --- Sheets and cases -----------------------------------------------------------------------------------------------


WITH_A_FILE = {"draft", "claimed", "elsewhere", "nowhere", "published", "archived", "masked", "withdrawn", "merged"}


def _sheets(world: World) -> None:
    ana, ben, max_, lise, nora = world.ana, world.ben, world.max, world.lise, world.nora
    elsewhere = factories.commune("42218")
    cases: dict[str, Case] = {}
    sheets: dict[str, Initiative] = {}

    def kept(state: str, initiative: Initiative, **status: Any) -> Initiative:
        if status:
            Initiative.objects.filter(pk=initiative.pk).update(**status)
        initiative.refresh_from_db()
        sheets[state] = initiative
        if initiative.authorships.filter(person=ana).exists():
            factories.co_author(initiative, ben)
        return initiative

    kept("draft", factories.draft(ana, title="Un brouillon d’Ana").initiative)
    kept("complete", factories.complete_draft(ana, title="Un brouillon qui ne manque de rien").initiative)
    kept("stan", factories.draft(world.stan, title="Un brouillon de Stan").initiative)
    discarded = factories.draft(ana, title="Un brouillon jeté").initiative
    discarded.discard(ana)
    kept("discarded", discarded)

    cases["received"] = factories.sent(ana, title="Une fiche reçue")
    kept("in_review", cases["received"].initiative)
    cases["claimed"] = factories.claimed(ana, max_, title="Une fiche prise par Max")
    kept("claimed", cases["claimed"].initiative)
    cases["elsewhere"] = factories.claimed(ana, lise, title="Une fiche de la Loire", place=elsewhere)
    kept("elsewhere", cases["elsewhere"].initiative)
    cases["nowhere"] = factories.sent(ana, title="Une fiche sans territoire")
    Case.objects.filter(pk=cases["nowhere"].pk).update(territory=None)
    kept("nowhere", cases["nowhere"].initiative)
    cases["to_complete"] = factories.claimed(ana, max_, title="Une fiche à compléter")
    cases["to_complete"].request_changes(max_, "Dites comment cela a commencé.", {"beginning": "Qui a eu l’idée ?"})
    kept("to_complete", cases["to_complete"].initiative)
    cases["refused"] = factories.claimed(ana, max_, title="Une fiche refusée")
    cases["refused"].refuse(max_, "trop-peu", "Racontez une séance, du début à la fin, sans nommer personne.")
    kept("refused", cases["refused"].initiative)
    cases["waiting"] = factories.claimed(ana, max_, title="Une fiche qui attend un tiers")
    cases["waiting"].ask_third_party(max_, "La direction du CCAS", "Votre service est-il d’accord ?")
    kept("waiting", cases["waiting"].initiative)
    cases["redirected"] = factories.claimed(ana, max_, title="Une fiche orientée ailleurs")
    cases["redirected"].redirect(max_, "La revue du réseau", "Elle y trouvera ses lecteurs.")
    kept("redirected", cases["redirected"].initiative)
    cases["advised"] = factories.claimed(ana, max_, title="Une fiche sur laquelle on demande un avis")
    opinion = Opinion.ask(cases["advised"], world.eve, max_, "Le cadre est-il bien posé ?")
    decided = factories.claimed(ana, max_, title="Un avis venu trop tard")
    over = Opinion.ask(decided, world.eve, max_, "Le cadre est-il bien posé ?")
    over.case.accept(max_)
    world.things |= {"opinion:asked": {"pk": opinion.pk}, "opinion:over": {"pk": over.pk}}
    cases["mine"] = factories.sent(world.max_writes, title="Une fiche écrite par une coordinatrice")
    kept("by_coordinator", cases["mine"].initiative)

    for state, status in {
        "published": {},
        "stale": {"status": SheetStatus.STALE},
        "archived": {"status": SheetStatus.ARCHIVED},
        "masked": {"masked_at": timezone.now()},
        "withdrawn": {"status": SheetStatus.WITHDRAWN, "withdrawn_reason": "author"},
        "merged": {"status": SheetStatus.MERGED},
    }.items():
        case = factories.claimed(ana, max_, title=f"Une fiche publiée puis {state}")
        case.accept(max_)
        kept(state, case.initiative, **status)
        cases[f"of_{state}"] = case
    Initiative.objects.filter(pk=sheets["merged"].pk).update(merged_into=sheets["published"])
    lost = kept("merged_into_masked", factories.published(ana, nora, title="Une fiche réunie à une masquée"))
    Initiative.objects.filter(pk=lost.pk).update(status=SheetStatus.MERGED, merged_into=sheets["masked"])

    revised = kept("in_revision", factories.published(ana, max_, title="Une fiche publiée et modifiée"))
    working = factories.fill(revised.version_to_edit(ana), title="Un titre que personne ne doit encore lire")
    cases["revision"] = Case.submit(working, ana)
    cases["revision"].claim(max_)
    revising = kept("being_revised", factories.published(ana, max_, title="Une fiche publiée qu’Ana récrit"))
    revising.version_to_edit(ana)

    world.things |= {f"sheet:{state}": {"pk": sheet.pk, "slug": sheet.slug} for state, sheet in sheets.items()}
    world.things |= {f"case:{state}": {"pk": case.pk} for state, case in cases.items()}
    _files(world, sheets, cases)
    source = Initiative.objects.published().filter(origin="public_source").order_by("pk").first()
    assert source is not None, "the real initiatives are loaded after migrate"
    world.things["sheet:public_source"] = {"pk": source.pk, "slug": source.slug}
    _around_sheets(world)
    _people_around_sheets(world)
    _taken_up(world)


def _taken_up(world: World) -> None:
    """What Stan took up: a sheet he tried, and one that is hidden since."""
    for name, state in {"stan": "stale", "of_masked": "masked"}.items():
        reuse = Reuse.objects.create(initiative_id=world.things[f"sheet:{state}"]["pk"], person=world.stan)
        reuse.try_it(timezone.localdate(), "Une note de Stan.", reuse.mark)
        world.things[f"reuse:{name}"] = {"pk": reuse.pk}


def _files(world: World, sheets: dict[str, Initiative], cases: dict[str, Case]) -> None:
    """A photograph in each state of the sheet that shows it; « file:revision » is in the proposed version alone."""
    shown = {state: sheet.versions.order_by("-number")[0] for state, sheet in sheets.items() if state in WITH_A_FILE}
    for state, version in {**shown, "revision": cases["revision"].version}.items():
        upload = factories.picture(version)
        world.things[f"file:{state}"] = {"token": upload.token, "name": upload.served[0]}


def _around_sheets(world: World) -> None:
    """A page hidden by a claim that Max holds, and a public source that Stan is taking over."""
    reported = factories.published(world.ana, world.max, title="Une fiche où quelqu’un se reconnaît")
    said = {"field": "", "text": "C’est moi.", "email": "", "sender": "world"}
    claim = Report.send(reported, kind="personal", **said)
    assert claim.case
    claim.case.claim(world.max)
    taken = Initiative.objects.published().filter(origin="public_source").order_by("-pk").first()
    assert taken is not None
    adoption.begin(taken, world.stan)
    world.things |= {
        "sheet:reported": {"pk": reported.pk, "slug": reported.slug},
        "case:report": {"pk": claim.case.pk},
        "sheet:adopted": {"pk": taken.pk, "slug": taken.slug},
    }


def _people_around_sheets(world: World) -> None:
    """Questions asked by a link, in each state; and a sheet that Max types for Rose, complete, and asked of her."""
    complete = Initiative.objects.get(pk=world.things["sheet:complete"]["pk"])
    typed = dictation.start(world.max, "Rose", "rose@exemple.test")
    version = factories.fill(typed.working_version(), **factories.complete(title="Une fiche que Max écrit pour Rose"))
    now = timezone.now()

    def asked(state: str, sheet: Initiative, kind: str, by: Person, email: str, **then: Any) -> None:
        row, token = together.ask(sheet, kind, by, "Zoé", email)
        type(row).objects.filter(pk=row.pk).update(**{"asked_at": now, **then})
        world.things[f"agreement:{state}"] = {"token": token, "pk": sheet.pk, "question": row.pk}

    asked("employer", complete, "employer", world.ana, "direction@exemple.test")
    asked("used", complete, "people", world.ana, "zoe@exemple.test", answer="yes", answered_at=now)
    asked("expired", complete, "people", world.ana, "lea@exemple.test", expires_at=now)
    asked("invitation", complete, "co_author", world.ana, world.stan.email)
    asked("author", version.initiative, "author", world.max, "rose@exemple.test")
    news, link = Agreement.ask(
        Initiative.objects.get(pk=world.things["sheet:published"]["pk"]), "freshness", days=9, email=world.ana.email
    )
    world.things["agreement:news"] = {"token": link, "question": news.pk}
    world.things["stop:ana"] = {"token": rhythms.stop_url(world.ana, "thread").rstrip("/").rpartition("/")[2]}
    _set_aside(world)
    world.things["sheet:typed"] = {"pk": typed.pk, "slug": typed.slug}


def _set_aside(world: World) -> None:
    """Ana's recueil, shared by a link; one whose link was stopped; an alert to confirm and one that runs."""
    mine, _ = Booklet.start(world.ana)
    mine.add(Initiative.objects.get(pk=world.things["sheet:published"]["pk"]))
    mine.add(Initiative.objects.get(pk=world.things["sheet:masked"]["pk"]))
    mine.share()
    other, _ = Booklet.start(None)
    other.share()
    for state, shared in {"shared": mine, "stopped": other}.items():
        world.things[f"booklet:{state}"] = {"token": shared.share_path.rstrip("/").rpartition("/")[2]}
    other.stop_sharing()
    _fixed(world)
    said = {"query": "levier=3", "words": "Initiatives : levier 3", "rhythm": "weekly"}
    asked = Alert.ask("zoe@exemple.test", sender="world", **said)
    assert asked
    world.things |= {
        "alert:asked": {"token": asked.token},
        "alert:running": {"token": Alert.start(world.ben, **said).token},
        "synonyms:known": {"pk": SynonymGroup.objects.create(words=["les aides de la maison", "le guichet commun"]).pk},
    }


def _fixed(world: World) -> None:
    """A recueil that Ana fixed, one of nobody's, and an argumentaire; a file that waits, and one that was given up."""
    states = ("published", "masked")
    published, masked = (Initiative.objects.get(pk=world.things[f"sheet:{state}"]["pk"]) for state in states)
    fiche = Fiche.objects.get(number=10).current
    assert fiche
    said = {"foreword": "Quelques mots.", "cover": "hive", "paper": "a4"}
    case = {"kind": Edition.Kind.CASE_FOR, "addressee": "La direction"}
    for state, person, things, more in (
        ("own", world.ana, [published, masked, fiche], {"title": "Un recueil fixé par Ana"}),
        ("nobody", None, [fiche, published], {"title": "Un recueil fixé sans compte"}),
        ("case", None, [published], {"title": "Un argumentaire fixé", **case}),
    ):
        edition = Edition.fix(things, key=f"edition-{state}", person=person, sender="world", **{**said, **more})
        world.things[f"edition:{state}"] = {"token": edition.token}
    nobody = Edition.objects.get(key="edition-nobody")
    Printing.objects.ask(nobody, "pdf", press.digest_of(press.document_of(nobody)))
    Printing.objects.ask(None, "pdf", "0" * 64)
    Printing.objects.update(status=Printing.Status.FAILED)


# --- Teaching -------------------------------------------------------------------------------------------------------


def _teaching(world: World) -> None:
    ilan, kim, sam = world.ilan, world.kim, world.sam
    own = factories.cohort(world.things["centre:own"]["centre"])
    other = factories.cohort(world.things["centre:other"]["centre"])
    own.enrol(ilan)
    other.enrol(sam)
    enrolment = own.enrol(kim)
    type(enrolment).objects.filter(pk=enrolment.pk).update(left_at=timezone.now())
    soon = timezone.now() + timedelta(days=3)
    given = factories.assignment(own, (10, 21))
    written = factories.assignment(own, title="Un devoir commencé")
    accepted = factories.assignment(own, title="Un devoir accepté")
    future = factories.assignment(
        own, title="Un devoir pas encore ouvert", opens_at=soon, due_at=soon + timedelta(days=9)
    )
    elsewhere = factories.assignment(other)
    world.things |= {
        "cohort:own": {"pk": own.pk, "code": own.join_code},
        "cohort:other": {"pk": other.pk, "code": other.join_code},
    }
    for state, assignment in {
        "open": given, "written": written, "accepted": accepted, "future": future, "other": elsewhere,
    }.items():  # fmt: skip
        world.things[f"assignment:{state}"] = {"pk": assignment.pk, "fiche": assignment.fiches.earliest("pk").pk}
    _extended(world, own, other)
    works = {
        "begun": _written_note(written.work_of(ilan)),
        "sent": _sent_note(given.work_of(ilan)),
        "accepted": _sent_note(accepted.work_of(ilan)),
        "left": _sent_note(given.work_of(kim)),
        "other": _sent_note(elsewhere.work_of(sam)),
    }
    _note_sent_again(world, own)
    works["accepted"].answer(works["accepted"].notes.get(), world.tess, text="Merci.", verdict=Work.Status.ACCEPTED)
    world.things |= {f"work:{state}": {"pk": work.pk} for state, work in works.items()}
    world.things["calendar:own"] = {"key": Calendar.open(ilan).key}
    _platforms(world, own)
    _made_of_works(world, own, other)


def _extended(world: World, own: Cohort, other: Cohort) -> None:
    """In each centre, more time for one student, and a fiche given before the guide's last version; the two mixed."""
    for side, cohort, student, by in (("own", own, world.ilan, world.tess), ("other", other, world.sam, world.otto)):
        given = factories.assignment(cohort, (20,), title=f"Un devoir prolongé ({side})")
        fiche = given.fiches.get()
        old = FicheVersion.objects.get(pk=fiche.version_id)
        old.pk, old.number, old.digest, old.status = None, 990 + cohort.pk % 9, "old", FicheVersion.Status.SET_ASIDE
        old.save()
        given.fiches.update(version=old)
        extension = Extension.grant(given, student, by, due_at=given.due_at + timedelta(days=9))
        world.things[f"extension:{side}"] = {"pk": given.pk, "fiche": fiche.pk, "extension": extension.pk}
    mine, theirs = world.things["extension:own"], world.things["extension:other"]
    world.things |= {"assignment:extended": mine, "assignment:crossed": {**theirs, "pk": mine["pk"]}}


def _platforms(world: World, cohort: Cohort) -> None:
    """A learning platform in each centre; a course of one is a cohort; a link that would register one more."""
    private, public = lti_platform.pair("tool")
    Key.objects.create(private_key=private, public_key=public)
    for whose in ("own", "other"):
        centre, site = world.things[f"centre:{whose}"]["centre"], f"https://moodle-{whose}.exemple.fr"
        urls = {f"{name}_url": f"{site}/mod/lti/{name}.php" for name in ("auth", "token", "keyset")}
        platform = registering.keep(
            centre, world.nora, {"name": f"Moodle {whose}", "issuer": site, "client_id": "abc", **urls}, "1"
        )  # fmt: skip
        world.things |= {f"platform:{whose}": {"pk": platform.pk}, f"for:{whose}": {"pk": centre.pk}}
        if whose == "own":
            deployment = platform.registration.deployments.get()
            context = LtiContext.objects.create(deployment=deployment, id_on_platform="cours-1", title="Le cours")
            tie = CourseLink.objects.create(context=context, cohort=cohort, tied_by=world.tess)
            world.things |= {
                "course:own": {"pk": tie.pk},
                "registration:open": {"token": RegistrationLink.make(centre, world.hugo)},
            }


def _people_of_training(world: World) -> None:
    """What each centre keeps of its trainers and of its students, and what one would mix of the two."""
    for side, by, student in (("own", world.tess, world.ilan), ("other", world.otto, world.sam)):
        cohort = Cohort.objects.get(pk=world.things[f"cohort:{side}"]["pk"])
        centre = cohort.centre
        group = cohort.groups.create(name="TD 1")
        enrolment = cohort.enrolments.get(student=student)
        enrolment.groups.add(group)
        Invitation.bring(cohort, [Expected(f"attendue-{side}@exemple.test", "Zoé")], by)
        invitation = cohort.invitations.get()
        reading = StudentImport.objects.create(
            cohort=cohort, by=by, file_name="liste.csv",
            rows=[{"line": 2, "email": f"lue-{side}@exemple.test", "name": "Léa", "group": "", "fault": ""}],
        )  # fmt: skip
        first_on = timezone.localdate() + timedelta(days=30)
        closure = centre.closures.create(name="Hiver", first_on=first_on, last_on=first_on)
        competence = centre.competences.create(code="C1", label="Animer un groupe")
        world.things[f"cohort:{side}"] |= {
            "enrolment": enrolment.pk, "group": group.pk, "invitation": invitation.pk, "reading": reading.pk,
        }  # fmt: skip
        world.things[f"centre:{side}"] |= {
            "role": by.roles.get().pk, "closure": closure.pk, "competence": competence.pk,
        }  # fmt: skip
        world.things[f"invitation:{side}"] = {"token": tokens_of_training.of_invitation(invitation)}
    own, other = world.things["cohort:own"], world.things["cohort:other"]
    kim = Cohort.objects.get(pk=own["pk"]).enrolments.get(student=world.kim)
    named = tokens_of_training.of_naming(world.things["centre:own"]["centre"], world.stan.email, world.hugo)
    world.things |= {
        "cohort:left": {**own, "enrolment": kim.pk},
        "cohort:crossed": {**other, "pk": own["pk"]},
        "cohort:crossed_back": {**own, "pk": other["pk"]},
        "centre:crossed": {**world.things["centre:other"], "pk": world.things["centre:own"]["pk"]},
        "naming:stan": {"token": named},
    }


def _note_sent_again(world: World, cohort: Cohort) -> None:
    """Two versions of one note, to compare."""
    again = factories.assignment(cohort, title="Un devoir repris")
    work = _sent_note(again.work_of(world.ilan))
    work.save_draft("J’ai vu un groupe préparer, puis partager, un repas de quartier.", work.edition)
    work.send()
    world.things["assignment:again"] = {"pk": again.pk, "fiche": again.fiches.get().pk}


def _made_of_works(world: World, own: Cohort, other: Cohort) -> None:
    """What students made of accepted works: attestations, one revoked; notes offered to the catalogue."""
    for state, cohort, student, trainer in (
        ("own", own, world.ilan, world.tess), ("revoked", own, world.ilan, world.tess),
        ("waiting", own, world.ilan, world.tess), ("agreed", own, world.ilan, world.tess),
        ("other", other, world.sam, world.otto),
    ):  # fmt: skip
        work = _sent_note(factories.assignment(cohort, title=f"Un devoir fini, {state}").work_of(student))
        work.answer(work.notes.get(), trainer, text="", verdict=Work.Status.ACCEPTED)
        if state in ("own", "revoked", "other"):
            made = Attestation.make(work)
            world.things[f"attestation:{state}"] = {"number": made.spoken}
            if state == "revoked":
                made.revoke()
        if state in ("waiting", "agreed", "other"):
            offer = Offer.ask(work)
            world.things |= {f"offer:{state}": {"pk": offer.pk}, f"work:{state}": {"pk": work.pk}}
            if state == "agreed":
                offer.agree(trainer)


def _written_note(work: Work) -> Work:
    work.save_draft("J’ai vu un groupe préparer un repas de quartier.", work.edition)
    return work


def _sent_note(work: Work) -> Work:
    _written_note(work).send()
    return work


# --- What is the same for all ---------------------------------------------------------------------------------------


def _reference(world: World) -> None:
    method, proposal = Method.objects.first(), Proposal.objects.first()
    assert method
    assert proposal
    world.things |= {
        "fiche:known": {"number": 10, "version": FicheVersion.objects.get(current_of=10).number},
        "fiche:unknown": {"number": 27, "version": 1},
        **_being_written(world),
        "method:known": {"slug": method.slug},
        "lever:known": {"number": 3, "framework": "dubasque"},
        "proposal:known": {"number": proposal.number},
    }


def _asked_and_noted(world: World) -> None:
    """A call that Ana's draft answers, and one that is closed; a note that is read, and one being written."""
    said = {"question": "Dites-nous où.", "territory": factories.departement("62"), "closes_on": None}
    calls = {state: Call.launch(world.max, title=f"Un appel {state}", **said) for state in ("open", "closed")}
    calls["closed"].close()
    answer = calls["open"].answer_with(Initiative.objects.get(pk=world.things["sheet:draft"]["pk"]))
    world.things |= {f"call:{state}": {"slug": call.slug} for state, call in calls.items()}
    world.things["answer:ana"] = {"slug": calls["open"].slug, "pk": answer.pk}
    for state in ("published", "draft"):
        note = Note()
        words = {"title": f"Une note {state}", "summary": "Ce qu’elles montrent.", "body": "Un texte."}
        note.write(world.gaby, publish=state == "published", **words, levers=[], fiches=[], themes=[])
        world.things[f"note:{state}"] = {"slug": note.slug}


def _being_written(world: World) -> dict[str, dict[str, Any]]:
    """A fiche with a draft of Gaby's, one whose file proposes another text, and what a reader answered."""
    drafted, proposed = (Fiche.objects.readable().get(number=number) for number in (11, 12))
    assert drafted.current
    assert proposed.current
    said = {key: getattr(drafted.current, key) for key in ("summary", "body", "sources")}
    said |= {"title": "Un titre que personne ne doit encore lire", "change_note": "Un titre."}
    draft = editing.save_draft(drafted, world.gaby, said, seen="")
    other = FicheVersion.objects.get(pk=proposed.current.pk)
    other.pk, other.number, other.digest, other.status = None, 999, "world", FicheVersion.Status.PENDING
    other.title = "Un titre que le dépôt propose"
    other.save()
    answer = Feedback.give(drafted.current, "no", "Il manque un exemple.", sender="world")
    return {
        "fiche:drafted": {"number": 11, "seen": draft.mark, "current": drafted.current.pk},
        "fiche:proposed": {"number": 12, "seen": other.pk, "current": proposed.current.pk},
        "feedback:given": {"pk": answer.pk},
    }


# --- Asking Django what it serves, and PostgreSQL what it keeps -----------------------------------------------------


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site: its name with its namespace (or "" when it has none), and its pattern."""
    resolver = resolver or get_resolver()
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from patterns(found, f"{prefix}{found.namespace}:" if found.namespace else prefix)
        else:
            yield (f"{prefix}{found.name}" if found.name else ""), found


def parameters(name: str) -> set[str]:
    return {key for known, found in patterns() if known == name for key in found.pattern.regex.groupindex}


# What changes by itself, or is big and only written by content.load().
NOT_DIGESTED = re.compile(
    "^(django_|accounts_territory$|usersessions_|pghistory_context|cache$|initiatives_word$|initiatives_posting|guide_(?!feedback|ficheversion))"
)


# What was tried in vain is journalled, and changes nothing.
TRIED = {"initiatives_move": " WHERE verb <> 'attempt'"}


# The marks of the tables, each with how many rows had been written in it when it was taken.
_marks: dict[str, tuple[int, str]] = {}
WRITTEN = (
    "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables WHERE pg_table_is_visible(relid)"
)
MARKED = "SELECT {0}, md5(string_agg(mark, ',' ORDER BY mark)) FROM (SELECT md5(t::text) AS mark FROM {1} t{2}) t"


def digest() -> dict[str, str]:
    """A mark of all that is written, table by table; sessions, and reference data that only files change, apart.

    It is asked a thousand times, for a few rows: a table is read again only when rows were written in it since, which
    PostgreSQL counts as long as a transaction lasts. What `undone` takes away it goes on counting: the marks taken
    inside are forgotten with it.
    """
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        written = {table: rows for table, rows in cursor.fetchall() if not NOT_DIGESTED.match(table)}
        again = [table for table, rows in written.items() if table not in _marks or _marks[table][0] != rows]
        if again:
            asked = [SQL(MARKED).format(table, Identifier(table), SQL(TRIED.get(table, ""))) for table in again]
            cursor.execute(SQL(" UNION ALL ").join(asked))
            _marks.update({table: (written[table], mark) for table, mark in cursor.fetchall()})
    return {table: mark for table, (_, mark) in _marks.items()}
