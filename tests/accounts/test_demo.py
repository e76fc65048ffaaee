"""The demonstration: its mailbox, its people, and what they have already done."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import NoReverseMatch, reverse

from accounts import post, rights
from accounts.models import Letter, Person
from initiatives.models import Case, Initiative
from training.models import Assignment, Cohort

in_demo = pytest.mark.urls("tests.accounts.demo_urls")


def put(to, subject="Une lettre", body="Texte\n"):
    return post.put(key=f"{subject}:{to}", to=to, person=None, subject=subject, body=body)


# The mailbox


def test_it_is_nowhere_but_in_the_demo(client, db):
    assert client.get("/demo/courrier/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("demo_mailbox")


@in_demo
def test_newest_letters_come_first_with_their_state(client, db, django_assert_max_num_queries):
    put("ana@essaim.test", "Première")
    put("max@essaim.test", "Seconde")
    call_command("send_letters")
    put("ana@essaim.test", "Troisième")
    with django_assert_max_num_queries(12):
        answer = client.get("/demo/courrier/")
    assert [letter.subject for letter in answer.context["page"]] == ["Troisième", "Seconde", "Première"]
    assert answer.text.count(">envoyée<") == 2
    assert answer.text.count(">en attente<") == 1


@in_demo
def test_one_finds_the_letters_of_an_address(client, db):
    put("ana@essaim.test")
    put("max@essaim.test")
    answer = client.get("/demo/courrier/", {"adresse": "ANA@"})
    assert [letter.to for letter in answer.context["page"]] == ["ana@essaim.test"]
    assert "Aucune lettre" in client.get("/demo/courrier/", {"adresse": "%"}).text


@in_demo
@pytest.mark.parametrize(
    "query", ["page=-1", "page=x", "adresse=%00", "adresse=" + "x" * 9000, "page=9999999999999999"]
)
def test_absurd_questions_are_answered(client, db, query):
    assert client.get(f"/demo/courrier/?{query}").status_code == 200


@in_demo
def test_a_letter_is_read_and_its_links_followed(client, db):
    letter = put(
        "ana@essaim.test", body="Ouvrez ce lien :\nhttp://127.0.0.1:8000/compte/lien/MQ/abc-def/\n<script>x</script>"
    )
    text = client.get(f"/demo/courrier/{letter.pk}/").text
    assert 'href="http://127.0.0.1:8000/compte/lien/MQ/abc-def/"' in text
    assert "<script>x" not in text
    assert client.get("/demo/courrier/999999999/").status_code == 404


# The people


@pytest.fixture
def demo(settings, db):
    settings.DEMO = True
    settings.SECOND_FACTOR_REQUIRED = False
    call_command("demo_cast")


def test_the_cast_is_refused_anywhere_else(db):
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo_cast")
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("email", "where"),
    [
        ("sociale@essaim.test", "/initiatives/mes-initiatives/"),
        ("collegue@essaim.test", "/initiatives/mes-initiatives/"),
        ("formation@essaim.test", "/formation/"),
        ("etudiante@essaim.test", "/formation/"),
        ("coordination62@essaim.test", "/initiatives/moderation/"),
        ("coordination@essaim.test", "/initiatives/moderation/"),
        ("dpo@essaim.test", "/initiatives/mes-initiatives/"),
        ("admin@essaim.test", "/initiatives/mes-initiatives/"),
    ],
)
def test_each_signs_in_with_the_demos_word(demo, client, email, where):
    signed = client.post("/compte/connexion/", {"login": email, "password": "essaim-demo"})
    assert signed["Location"] == "/compte/bienvenue/"
    assert client.get("/compte/bienvenue/")["Location"] == where


def test_the_names_are_those_the_command_prints(demo):
    from config.demo import ACCOUNTS

    signing_in = [person.email for person in Person.objects.all() if person.has_usable_password()]
    assert set(signing_in) == set(ACCOUNTS)


def test_the_demo_is_not_empty(demo):
    coordinator = Person.objects.get(email="coordination62@essaim.test")
    student = Person.objects.get(email="etudiante@essaim.test")
    author = Person.objects.get(email="sociale@essaim.test")
    sheets = Initiative.objects.written_by(author)
    assert sorted(sheets.values_list("status", flat=True)) == ["draft", "in_review", "published"]
    assert all("(exemple de démonstration)" in str(sheet) for sheet in sheets)
    assert Case.objects.moderable_by(coordinator).to_do().count() == 1
    assert not Case.objects.moderable_by(coordinator).to_do().get().conflict_for(coordinator)
    past, assignment = Assignment.objects.given_to(student)
    assert assignment.fiches.count() == 2
    assert past.is_late
    statuses = past.works.order_by("status").values_list("status", flat=True)
    assert list(statuses) == ["accepted", "accepted", "sent", "to_redo"]
    assert len(past.recipients()) == 5
    assert Cohort.objects.taught_by(Person.objects.get(email="formation@essaim.test")).count() == 1
    assert rights.has_role(Person.objects.get(email="dpo@essaim.test"), "dpo")


def test_letters_follow_from_what_was_done(demo):
    call_command("send_letters")
    assert Letter.objects.filter(to="sociale@essaim.test", subject__startswith="Publiée").exists()
    assert Letter.objects.filter(to="coordination62@essaim.test").exists()


def test_a_second_run_changes_nothing(demo, django_assert_max_num_queries):
    author = Person.objects.get(email="sociale@essaim.test")
    Person.objects.filter(pk=author.pk).update(name="Autre nom")
    Assignment.objects.all().delete()
    author.roles.all().delete()
    with django_assert_max_num_queries(5):
        call_command("demo_cast")
    author.refresh_from_db()
    assert author.name == "Autre nom"
    assert not author.roles.exists()
    assert not Assignment.objects.exists()
    assert Initiative.objects.written_by(author).count() == 3


def test_a_person_who_left_comes_back_and_nothing_is_done_twice(demo):
    Person.objects.filter(email="dpo@essaim.test").delete()
    call_command("demo_cast")
    assert rights.has_role(Person.objects.get(email="dpo@essaim.test"), "dpo")
    assert Initiative.objects.written_by(Person.objects.get(email="sociale@essaim.test")).count() == 3
    assert Cohort.objects.filter(centre__organisation__name="Centre de formation de démonstration").count() == 1
