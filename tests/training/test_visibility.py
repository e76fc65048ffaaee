"""« Ce que mon formateur voit » is exact: every address of training opened as each person, every letter, all that a

platform is told. Each fact has a mark of its own, found in what the table names and nowhere else.
"""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pypdf
import pytest
from django.urls import get_resolver
from django.utils import timezone
from lti_tool.models import LtiResourceLink

from accounts.models import Letter, Person
from initiatives.models import Case
from tests import factories
from tests.training.gestures import answer, save, sent, url
from training import emails, visibility
from training.lti import grades
from training.lti import urls as of_lti
from training.models import Attestation, Calendar, Comment, Enrolment, Extension, GradeReturn, Offer, Placement, Work
from training.models import Reminder as Told
from training.urls import urlpatterns
from training.visibility import Viewer

# Each fact as only it would be told. A page holds a fact when one of its marks is there.
MARKS = {
    "name": ["Ilanissime"],
    "email": ["canari@essaim.test"],
    "groups": ["TD-canari"],
    "left": ["3 janvier 2019"],
    "extension": ["17 h 43", "17:43"],
    "reason": ["Raison-canari"],
    "note": ["Note-envoyée-canari."],
    "sent_at": ["4 h 17", "04:17"],
    "verdict": ['badge-ok">accepté</span></a>', "Votre note est acceptée", "Completed"],
    "answer": ["Réponse-canari.", "Grille-canari"],
    "attestation": [],  # its number, drawn
    "offer": ["Refus-canari."],
    "sheet": ["Fiche-canari"],
    "draft": ["Brouillon-canari."],
    "saved_at": ["5 h 23", "05:23"],
    "reading": ["1 fiche lue", ">lue<", "1 fiche lue sur"],
    "reminder": ["Vous n’avez encore rien envoyé."],
    "calendar": ["agenda/canari"],
    "headcount": ["37 étudiants", '<td class="number">37</td>'],
    "figures": ['<td class="number">45</td>'],
}
KEY = "canari" + "k" * 37
# What a walk opens beside the addresses of training.
ELSEWHERE = (
    "/compte/", "/compte/roles/", "/compte/profil/", "/compte/lettres/", "/initiatives/mes-initiatives/",
    "/initiatives/moderation/", "/initiatives/protection/", "/statistiques/", "/recherche/?q=canari",
    "/initiatives/?q=canari", "/initiatives/flux.atom", "/sitemap.xml", "/leviers/couverture/", "/",
)  # fmt: skip
QUERIES = {"students": ["?liste=partis", "?liste=attendus"], "work": ["?changements=1"]}
NOT_READ = {405}


@pytest.fixture
def scene(registered, tied, recognised, cohort, assignment, ilan, tess, hugo, nora, as_, clock, max):
    """All that can be known of Ilan, each fact with its mark."""
    Person.objects.filter(pk=ilan.pk).update(name="Ilanissime", email="canari@essaim.test")
    ilan.refresh_from_db()
    type(assignment).objects.update(opens_at=timezone.now() - timedelta(days=400), grid=["Écoute"])
    crowd(cohort, 36)
    with clock(2026, 11, 20, 4, 17):
        save(as_(ilan), assignment, "Note-envoyée-canari.")
        work = Work.objects.get(assignment=assignment)
        work.refresh_from_db()
        work.send()
    answer(as_(tess), work, "Réponse-canari.", "to_redo")
    Comment.objects.update(grid={"Écoute": "Grille-canari"})
    with clock(2026, 11, 20, 5, 23):
        save(as_(ilan), assignment, "Brouillon-canari.", 1)
    as_(ilan).post(url("declare_read", assignment.pk, assignment.fiches.first().pk))
    cohort.enrolments.get(student=ilan).groups.add(cohort.groups.create(name="TD-canari"))
    past = factories.cohort(cohort.centre, "Une promotion d’avant")
    past.enrol(ilan)
    past.enrolments.update(left_at=datetime(2019, 1, 3, 12, tzinfo=UTC), graduated=True)

    # A second assignment: accepted, attested, told to the platform, offered and refused.
    second = factories.assignment(cohort, title="Un deuxième devoir")
    recognised(ilan, "42")
    link = LtiResourceLink.objects.create(context=tied.context, id_on_platform="lien-1")
    accepted = sent(second, ilan, "Une autre note.")
    answer(as_(tess), accepted)
    attestation = Attestation.make(accepted)
    offer = Offer.ask(accepted)
    offer.refuse(tess, "Refus-canari.")
    emails.offer_refused(offer)
    # A third: its note becomes a sheet, which is being reviewed.
    third = factories.assignment(cohort, title="Un troisième devoir")
    other = sent(third, ilan, factories.STORY)
    answer(as_(tess), other)
    agreed = Offer.ask(other).agree(tess)
    told = {**factories.complete(title="Fiche-canari"), "story": factories.STORY}
    case = Case.submit(factories.fill(agreed.initiative.working_version(), **told), ilan)
    # A fourth: more time, and a reminder.
    fourth = factories.assignment(cohort, title="Un quatrième devoir")
    until = datetime(2026, 12, 9, 16, 44, tzinfo=UTC)
    extension = Extension.objects.create(assignment=fourth, student=ilan, due_at=until, reason="Raison-canari")
    Told.objects.create(assignment=fourth, student=ilan, days=1, due_at=until)
    emails.reminded(fourth, ilan, 1, until)
    Calendar.objects.create(person=ilan, key=KEY)
    Calendar.objects.create(person=tess)
    # A class large enough to be counted.
    large = factories.cohort(cohort.centre, "Une grande promotion")
    crowd(large, 47)
    Enrolment.objects.filter(cohort=large).update(joined_at=datetime(2020, 1, 1, tzinfo=UTC))
    return {
        "centres": [cohort.centre_id],
        "promotions": [cohort.pk, past.pk],
        "devoirs": [assignment.pk, second.pk, third.pk, fourth.pk],
        "travaux": [work.pk, accepted.pk, other.pk],
        "propositions": [offer.pk, agreed.pk],
        "enrolment": [cohort.enrolments.get(student=ilan).pk, past.enrolments.get(student=ilan).pk],
        "group": [cohort.groups.get().pk],
        "fiche": [assignment.fiches.first().pk],
        "role": [tess.roles.get().pk],
        "extension": [extension.pk],
        "closure": [cohort.centre.closures.create(name="Hiver", first_on="2026-12-20", last_on="2027-01-03").pk],
        "competence": [cohort.centre.competences.create(code="C1", label="Animer").pk],
        "code": [cohort.join_code],
        "number": [attestation.spoken],
        "platforms": [registered.pk],
        "courses": [tied.pk],
        "placement": (link, second),
        "case": case.pk,
    }


def crowd(cohort, size):
    """Other students, so many that their number is met nowhere else."""
    people = Person.objects.bulk_create(
        Person(email=f"{cohort.pk}-{number}@essaim.test", name=f"Autre {number}") for number in range(size)
    )
    Enrolment.objects.bulk_create(Enrolment(cohort=cohort, student=person) for person in people)


# Addresses that lead somewhere only to who has their secret, or to a row this scene hasn't.
SECRETS = {"token", "key", "state", "invitation", "reading"}


def addresses(scene):
    """Every address of training, for everything of the scene; one that takes something unknown here fails by name."""
    for pattern in urlpatterns:
        yield from filled(scene, pattern, "/formation/", str(pattern.pattern))
    for pattern in of_lti.urlpatterns:
        yield from filled(scene, pattern, "/lti/", str(pattern.pattern))


def filled(scene, pattern, root, route):
    asked = re.findall(r"<(?:\w+:)?(\w+)>", route)
    if SECRETS & set(asked):
        return
    of = {"plateformes": "platforms", "cours": "courses"}.get(route.split("/")[0], route.split("/")[0])
    places = [route]
    for name in asked:
        values = scene.get(of if name == "pk" else name)
        assert values, f"{root}{route}: the walk doesn’t know what « {name} » is"
        places = [re.sub(rf"<(?:\w+:)?{name}>", str(value), place) for place in places for value in values]
    for place in places:
        for query in ["", *QUERIES.get(pattern.name, [])]:
            yield root + place + query


def bare(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", html.unescape(text)).replace("\u200b", "")


def read(answer) -> str:
    """What is told, whatever the kind of file."""
    content = b"".join(answer) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = [file.read(name).decode("utf-8", "ignore") for name in file.namelist() if name.endswith("ml")]
        return bare(re.sub(r"</?(?!td\b)[^>]+>", "", " ".join(parts)).replace("T04:17", " 04:17"))
    if content.startswith(b"%PDF"):
        return bare(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))
    return bare(content.decode("utf-8", "replace"))


def seen_by(person, scene, as_, opened) -> str:
    """All that someone can open, and all that is written to them; `opened` keeps what one did open."""
    browser, told = as_(person), []
    for address in (*addresses(scene), *ELSEWHERE):
        answer = browser.get(address)
        assert answer.status_code < 500, address
        if answer.status_code == 200:
            opened.add((person, address))
            told.append(f"{address}\n{read(answer)}")
    if own := Calendar.objects.filter(person=person).first():  # its address is known to them alone
        told.append(read(browser.get(url("calendar_feed", own.key))))
    letters = Letter.objects.filter(person=person) if person else Letter.objects.none()
    told += [bare(f"{letter.subject}\n{letter.body}") for letter in letters]
    return "\n".join(told)


def reviewed(scene, browser) -> str:
    """The sheet as it is reviewed: signed by its author, as the table says of it."""
    page = bare(browser.get(f"/initiatives/moderation/{scene['case']}/").text)
    assert "envoyé par Ilanissime" in page
    return page.replace("Ilanissime", "")


def told_to(moodle, scene, ilan) -> str:
    """All that left for the platform, of grades and of names."""
    link, assignment = scene["placement"]
    Placement.objects.create(link=link, assignment=assignment, lineitem_url=f"{moodle.url}/items/1")
    grades._looked_at = -grades.EVERY
    grades.each_turn()
    assert GradeReturn.objects.get().told == "done"
    return bare(json.dumps([moodle.scores, [str(each) for each in moodle.asked]], ensure_ascii=False))


def test_the_table_told_to_students_is_what_pages_letters_and_platforms_say(
    moodle, scene, ilan, tess, hugo, nora, max, ada, otto, as_
):
    marks = {**MARKS, "attestation": [str(Attestation.objects.get())]}
    assert set(marks) == {fact.key for fact in visibility.FACTS}
    people = {
        Viewer.STUDENT: [ilan],
        Viewer.TRAINER: [tess],
        Viewer.HEAD: [hugo],
        Viewer.COORDINATION: [nora, max, ada, otto, None],  # the others find no address: tests/test_matrix.py
    }
    wrong, opened = [], set()
    for viewer, some in people.items():
        seen = "\n".join(seen_by(person, scene, as_, opened) for person in some)
        if viewer == Viewer.COORDINATION:
            seen += reviewed(scene, as_(max))
        wrong += faults(viewer, seen, marks)
    wrong += faults(Viewer.PLATFORM, told_to(moodle, scene, ilan), marks)
    assert not wrong, "\n".join(wrong)
    the_walk_opens_what_it_says({address for person, address in opened if person in (tess, ilan)})


def the_walk_opens_what_it_says(opened):
    """Were the addresses wrong, everything would look private."""
    opened = {address for address in opened if address not in ELSEWHERE}
    names = {get_resolver().resolve(address.partition("?")[0]).url_name for address in opened}
    posted = {"renew_code", "declare_read", "student_returns", "save_note", "newer_fiche", "centres", "statistics"}
    heads = {"name_trainer", "end_trainer", "place_centre"}
    expected = {pattern.name for pattern in urlpatterns if not SECRETS & set(pattern.pattern.converters)}
    assert expected - names - posted - heads - {"typing_note", "typing_answer"} == set()


def faults(viewer, seen, marks):
    found = []
    for fact in visibility.FACTS:
        told = [mark for mark in marks[fact.key] if mark in seen]
        if bool(told) is not (viewer in fact.seen_by):
            where = [seen[max(0, seen.index(mark) - 80) : seen.index(mark) + 60] for mark in told[:1]]
            found.append(f"{viewer.value}, {fact.key}: {'seen' if told else 'not seen'} {where}")
    return found


def test_the_page_says_the_whole_table(as_, db):
    page = as_(None).get(url("what_my_trainer_sees")).text
    for fact in visibility.FACTS:
        assert fact.label in page
    for viewer in Viewer:
        assert viewer.label in page
    assert page.count("<strong>oui</strong>") == sum(len(fact.seen_by) for fact in visibility.FACTS)


def test_an_attestation_is_for_who_has_its_number(scene, as_):
    attestation = Attestation.objects.get()
    page = bare(as_(None).get(attestation.get_absolute_url()).text)
    assert "Ilanissime" in page
    for fact in visibility.FACTS:
        if fact.key not in ("name", "attestation", "verdict"):
            assert not [mark for mark in MARKS[fact.key] if mark in page], fact.key


def test_gone_from_the_table_a_fact_leaves_the_pages(scene, tess, as_, monkeypatch):
    """The pages where a student's work is read ask the table: what it no longer grants, they no longer show."""
    monkeypatch.setattr(visibility, "to", lambda viewer: frozenset())
    browser, places = as_(tess), ("/travaux/", "/table/", "/etudiants/")
    pages = [browser.get(each) for each in addresses(scene) if any(place in each for place in places)]
    seen = "\n".join(read(page) for page in pages if page.status_code == 200 and "html" in page["Content-Type"])
    assert "Un deuxième devoir" in seen
    for key in ("email", "note", "answer", "sent_at", "extension", "attestation", "offer"):
        assert not [mark for mark in MARKS[key] if mark in seen], key
    assert str(Attestation.objects.get()) not in seen.replace("/annuler/", "")


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level("CRITICAL", logger="django")
