"""Another centre's numbers, in addresses and in forms, five hundred of them: nothing is found and nothing changes."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from itertools import cycle, islice

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from tests import factories
from tests.training.gestures import sent
from training.models import Assignment, Cohort, Enrolment, Extension, Group, Offer, SentNote, Work
from training.urls import urlpatterns

MANY = 500
# What a number names in an address: `pk` is read from the first word of the path.
NAMED_BY_PK = {
    "centres": "centre", "promotions": "cohort", "devoirs": "assignment", "travaux": "work", "propositions": "offer",
}  # fmt: skip


@pytest.fixture
def elsewhere(other_centre, otto):
    """Another centre at work: a hundred of each of the things a number names."""
    now, hundred = timezone.now(), range(100)
    cohort = factories.cohort(other_centre, "La leur")
    people = Person.objects.bulk_create(Person(name=f"É{n}", email=f"e{n}@ailleurs.test") for n in hundred)
    enrolments = Enrolment.objects.bulk_create(Enrolment(cohort=cohort, student=person) for person in people)
    groups = Group.objects.bulk_create(Group(cohort=cohort, name=f"TD {n}") for n in hundred)
    cohorts = Cohort.objects.bulk_create(
        Cohort(centre=other_centre, name=f"P{n}", curriculum="2018", join_code=f"ZZZZZ{n:03}",
               starts_on="2026-09-01", ends_on="2029-06-30") for n in hundred
    )  # fmt: skip
    given = factories.assignment(cohort)
    assignments = Assignment.objects.bulk_create(
        Assignment(cohort=cohort, title=f"D{n}", question="?", opens_at=now, due_at=now + timedelta(days=9))
        for n in hundred
    )
    works = Work.objects.bulk_create(Work(assignment=given, student=person, status="sent") for person in people)
    note = SentNote.objects.create(work=works[0], number=1, text="La leur.")
    first = {
        "offer": Offer.objects.create(note=note).pk,
        "competence": other_centre.competences.create(code="C1", label="Animer un groupe").pk,
        "closure": other_centre.closures.create(name="Hiver", first_on="2026-12-20", last_on="2027-01-03").pk,
        "invitation": cohort.invitations.create(email="zoe@ailleurs.test").pk,
        "reading": cohort.imports.create(by=otto, file_name="liste.csv", rows=[]).pk,
        "role": otto.roles.get().pk,
        "fiche": given.fiches.get().pk,
        "extension": given.extensions.create(student=people[0], due_at=now + timedelta(days=20)).pk,
        "centre": other_centre.pk,
    }
    return {
        **{name: [pk] for name, pk in first.items()},
        **{
            name: [row.pk for row in rows]
            for name, rows in {
                "enrolment": enrolments, "group": groups, "cohort": cohorts, "assignment": assignments, "work": works,
                "student": people,
            }.items()
        },
    }  # fmt: skip


def addresses(own: dict[str, int], theirs: dict[str, list[int]]) -> list[str]:
    """Every address with a number: their thing alone, their thing in ours, our thing in theirs."""
    found = []
    for pattern in urlpatterns:
        names = list(pattern.pattern.converters)
        if not names or "pk" not in names:
            continue
        outer = NAMED_BY_PK[str(pattern.pattern).split("/")[0]]
        inner = [name for name in names if name != "pk"]
        ways = [(theirs[outer], {name: theirs[name] for name in inner})]
        if inner:
            ways.append(([own[outer]], {name: theirs[name] for name in inner}))
            ways.append((theirs[outer], {name: [own[name]] for name in inner}))
        for pks, others in ways:
            for row in islice(zip(cycle(pks), *(cycle(ids) for ids in others.values()), strict=False), 4):
                kwargs = dict(zip(["pk", *others], row, strict=True))
                found.append(reverse(f"training:{pattern.name}", kwargs=kwargs))
    return found


def imprint() -> str:
    """A digest of every row of training, and of the letters."""
    tables = sorted(
        model._meta.db_table for model in apps.get_app_config("training").get_models(include_auto_created=True)
    )
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in (*tables, "accounts_letter", "accounts_role"):
            rows = connection.ops.quote_name(table)
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {rows} t")  # noqa: S608
            digest.update(cursor.fetchone()[0].encode())
    return digest.hexdigest()


def every_field(theirs: dict[str, list[int]]) -> dict[str, object]:
    """Five hundred of their numbers, under the names a form may read."""
    one = {name: ids[0] for name, ids in theirs.items()}
    several = ("groups", "students", "competences", "enrolment", "enrolments", "sections")
    pks = cycle(
        pk for ids in zip(*(theirs[name] for name in ("enrolment", "group", "student")), strict=True) for pk in ids
    )
    many = {name: list(islice(pks, MANY // len(several))) for name in several}
    words = {"action": "renew", "verdict": "accepted", "number": "1", "text": "Pirate", "edition": "0", "confirm": "on"}
    return {**one, **many, **words}


def test_nothing_of_another_centre_is_found_nor_changed(tess, ilan, cohort, assignment, elsewhere, as_):
    work = sent(assignment, ilan)
    own = {
        "centre": cohort.centre_id,
        "cohort": cohort.pk,
        "assignment": assignment.pk,
        "work": work.pk,
        "offer": Offer.objects.create(note=work.notes.get()).pk,
        "fiche": assignment.fiches.first().pk,
        "extension": assignment.extensions.create(student=ilan, due_at=assignment.due_at + timedelta(days=2)).pk,
        "enrolment": cohort.enrolments.get(student=ilan).pk,
        "student": ilan.pk,
        "group": cohort.groups.create(name="TD 1").pk,
        "invitation": cohort.invitations.create(email="zoe@exemple.test").pk,
        "reading": cohort.imports.create(by=tess, file_name="liste.csv", rows=[]).pk,
        "closure": cohort.centre.closures.create(name="Été", first_on="2027-07-20", last_on="2027-08-20").pk,
        "competence": cohort.centre.competences.create(code="C1", label="Animer un groupe").pk,
        "role": tess.roles.get().pk,
    }
    asked = addresses(own, elsewhere)
    assert len(asked) > MANY / 4
    before, said = imprint(), every_field(elsewhere)
    for browser, some in ((as_(tess), asked), (as_(ilan), asked[::4])):
        for address in some:
            assert browser.get(address).status_code in (404, 405), address
            answer = browser.post(address, said)
            # What asks to prove who one is asks it before looking for anything.
            asks_first = answer.status_code == 302 and answer["Location"].startswith("/compte/confirmer-identite/")
            assert asks_first or answer.status_code in (404, 405), address
    assert imprint() == before


def test_their_numbers_in_our_own_forms_change_nothing_of_theirs(tess, ilan, cohort, assignment, elsewhere, as_):
    """What a form reads is looked for in one's own centre: a number of elsewhere is refused, or is nobody."""
    group = cohort.groups.create(name="TD 1")
    extension = Extension.grant(assignment, ilan, tess, due_at=assignment.due_at + timedelta(days=9))
    before = imprint()
    browser, said = as_(tess), every_field(elsewhere)
    for name, *args in (
        ("new_assignment", cohort.pk), ("group", cohort.pk, group.pk), ("graduates", cohort.pk),
        ("add_student", cohort.pk), ("groups", cohort.pk), ("edit_cohort", cohort.pk), ("new_cohort",),
        ("edit_assignment", assignment.pk), ("extensions", assignment.pk), ("clone_assignments", cohort.pk),
        ("change_extension", assignment.pk, extension.pk),
    ):  # fmt: skip
        answer = browser.post(reverse(f"training:{name}", args=args), said)
        assert answer.status_code in (200, 404), name
    assert imprint() == before


def right(assignment, **more):
    """A form that would be accepted, but for what is forged in it."""
    due_on = (timezone.localdate() + timedelta(days=30)).isoformat()
    said = {"title": "Un devoir", "fiches": ["10"], "question": "Quoi ?", "due_on": due_on, "due_time": "23:59"}
    return {**said, "seen": assignment.mark, "audience": "some", **more}


def test_among_right_answers_each_of_their_numbers_is_refused(tess, ilan, cohort, assignment, elsewhere, as_):
    """Everything else is as it should be, one number of ours among them: 500 of theirs, and not one is taken."""
    ours = cohort.groups.create(name="TD 1")
    before = imprint()
    addresses = [reverse("training:new_assignment", args=[cohort.pk])]
    addresses.append(reverse("training:edit_assignment", args=[assignment.pk]))
    competences = list(range(elsewhere["competence"][0], elsewhere["competence"][0] + 100))
    for name, sentence, ids in (
        ("groups", "n’est pas de cette promotion", elsewhere["group"]),
        ("students", "n’est pas dans cette promotion", elsewhere["student"]),
        ("competences", "n’est pas proposée à cette promotion", competences),
        ("sections", "n’existe plus dans sa fiche", [f"10:{pk}" for pk in elsewhere["fiche"]]),
    ):
        for address in addresses:
            for some in (ids, [ids[0]], [ids[-1], ours.pk]):
                page = as_(tess).post(address, right(assignment, **{"groups": [ours.pk], name: some}))
                assert page.status_code == 200
                assert sentence in page.text, (name, address)
    extensions = reverse("training:extensions", args=[assignment.pk])
    due = {"due_on": (timezone.localdate() + timedelta(days=60)).isoformat(), "due_time": "23:59"}
    for pk in elsewhere["student"]:
        assert "n’est pas donné à cette personne" in as_(tess).post(extensions, {"student": pk, **due}).text
    # The number of a cohort of theirs may well be that of an assignment of ours.
    for pk in {*elsewhere["assignment"], *elsewhere["cohort"]} - {assignment.pk}:
        address = f"{addresses[0]}?modele={pk}"
        assert as_(tess).get(address).context["model"] is None
    for pk in elsewhere["cohort"]:
        address = f"{reverse('training:clone_assignments', args=[cohort.pk])}?de={pk}"
        assert not as_(tess).post(address, {f"{assignment.pk}-take": "on"}).context["rows"]
    assert imprint() == before
    # The same answers with our own numbers are taken.
    as_(tess).post(addresses[0], right(assignment, groups=[ours.pk], students=[ilan.pk]))
    assert imprint() != before
