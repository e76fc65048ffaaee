"""A list of students in a file: read as spreadsheets write it, shown with its faults, done once, by itself."""

import codecs
import csv
import io
from contextlib import suppress
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Letter, Person
from tests import factories
from tests.training.gestures import url
from training import imports
from training.models import Enrolment, Group, Invitation, StudentImport

PLAIN = "mail;nom;prénom;groupe\nlea@exemple.test;Roy;Léa;TD 1\nzoe@exemple.test;Été;Zoé;\n"
CRLF = "\r\n"


def upload(browser, cohort, content, name="liste.csv", **more):
    content = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile(name, content)
    return browser.post(url("import_students", cohort.pk), {"file": file}, **more)


def read(content):
    return imports.read_bytes(content if isinstance(content, bytes) else content.encode())


def done(browser, cohort, content):
    """The whole way: sent, confirmed, done by the process."""
    upload(browser, cohort, content)
    reading = StudentImport.objects.latest("pk")
    browser.post(url("student_import", cohort.pk, reading.pk), {"action": "confirm"})
    while imports.next_lines():
        pass
    reading.refresh_from_db()
    return reading


# --- What spreadsheets write ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", pytest.param("utf-16-le-bom", id="utf-16 of Excel")]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_what_a_spreadsheet_writes_is_read(delimiter, encoding, ends):
    text = PLAIN.replace(";", delimiter).replace("\n", ends)
    content = codecs.BOM_UTF16_LE + text.encode("utf-16-le") if encoding.endswith("bom") else text.encode(encoding)
    assert [(row.line, row.email, row.name, row.group, row.fault) for row in read(content)] == [
        (2, "lea@exemple.test", "Léa Roy", "TD 1", ""),
        (3, "zoe@exemple.test", "Zoé Été", "", ""),
    ]


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("adresse;nom;prénom", "lea@exemple.test;Roy;Léa"),
        ("Nom,PRENOM,E-mail", "Roy,Léa,lea@exemple.test"),
        ("Prénom ;  NOM;Adresse électronique ", "Léa;Roy;lea@exemple.test"),
        ("Nom de famille;Prénom;Courriel;;;", "Roy;Léa;lea@exemple.test;;;"),
        ("n°;mail;nom complet;remarques", "12;LEA@Exemple.TEST;Léa Roy;arrive en octobre"),
        ("adresse;mail;prénom et nom", "3 rue des Lilas;lea@exemple.test;Léa Roy"),
        ("sep=;\nmail;nom;prénom", "lea@exemple.test;Roy;Léa"),
        ('"mail";"nom";"prénom"', '" <lea@exemple.test> ";"Roy";"Léa\u200b"'),
        ("\n\nmail;nom;prénom", "\n;;;\nmailto:lea@exemple.test;Roy;Léa"),
    ],
)
def test_columns_come_in_any_order_and_under_any_of_their_names(header, line):
    rows = read(f"{header}\n{line}\n")
    assert [(row.email, row.name, row.fault) for row in rows] == [("lea@exemple.test", "Léa Roy", "")]


def test_a_cell_on_several_lines_counts_its_lines():
    rows = read('mail;nom\n"lea@exemple.test";"Léa\nRoy"\n\nzoe@exemple;Zoé\n')
    assert [(row.line, row.name, row.fault) for row in rows] == [
        (2, "Léa Roy", ""),
        (5, "Zoé", "Cette adresse n’est pas valable."),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (";Roy;Léa;", "L’adresse manque."),
        ("lea;Roy;Léa;", "n’est pas valable"),
        ("lea@exemple.test@exemple.test;Roy;;", "n’est pas valable"),
        (f"{'l' * 64}@{'e' * 63}.{'e' * 63}.{'e' * 63}.fr;Roy;;", "trop long"),
        ("lea@exemple.test;=1+1;;", "formule"),
        ("lea@exemple.test;Roy;@SUM(A1);", "formule"),
        ("lea@exemple.test;=1+1;Léa;", "formule"),
        ("lea@exemple.test;Roy;Léa;TD 1, =1+1", "formule"),
        ("lea@exemple.test;Roy;Léa;=cmd|' /C calc'!A0", "formule"),
        (f"lea@exemple.test;{'x' * 200};;", "trop long"),
        (f"lea@exemple.test;Roy;;{'g' * 61}", "groupe est trop long"),
        ("lea@exemple.test;Roy;Léa;TD 1;;;encore", "plus de cellules"),
    ],
)
def test_a_line_that_can_not_be_done_says_why(line, said):
    (row,) = read(f"mail;nom;prénom;groupe\n{line}\n")
    assert said in row.fault


def test_the_same_address_twice_counts_once():
    rows = read("mail\nlea@exemple.test\nzoe@exemple.test\nLEA@exemple.test\n")
    assert [row.fault for row in rows] == ["", "", "Cette adresse est déjà à la ligne 2."]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"\n \n\t\n", "vide"),
        (b"\xef\xbb\xbf", "vide"),
        (b"PK\x03\x04" + b"x" * 200, "classeur"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 200, "classeur"),
        ("mail;nom\n".encode("utf-16-le"), "pas un texte"),
        (b"mail;nom\nlea@exemple.test;L\x00a\n", "pas un texte"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "pas un texte"),
        (b"mail;nom\nlea@exemple.test;\x81\x8d\n", "pas un texte"),
        (b"\xff\xfem", "pas un texte"),
        (b"nom;prenom\nRoy;Lea\n", "La première ligne doit nommer"),
        (b"lea@exemple.test;Roy\n", "La première ligne doit nommer"),
        (b"=1+1;nom\n", "'=1+1"),
        (b"mail;mail\na@b.fr;c@d.fr\n", "Deux colonnes"),
        (b'mail;nom\nlea@exemple.test;"Roy\nzoe@exemple.test;Zoe\n', "Ligne 2"),
        (b'mail;nom\nlea@exemple.test;"Roy"x\n', "guillemet"),
        (b"mail" + b";" * 1_000_000 + b"x", "trop gros"),
        (b"mail" + b";x" * 100_000, "colonnes"),
        (b"mail\n" + b"lea@exemple.test\n" * 2001, "2 000 lignes"),
        (b"mail;nom\nlea@exemple.test;" + b"x" * 500_000, "guillemet"),
    ],
)
def test_a_file_that_is_no_list_is_refused_clearly(content, said, tess, cohort, as_):
    answer = upload(as_(tess), cohort, content)
    assert answer.status_code == 200
    assert "Erreur : " in answer.text
    assert said in answer.text.replace("\u00a0", " ").replace("&#x27;", "'")
    assert not StudentImport.objects.exists()


def test_a_bomb_is_not_read(tess, cohort, as_):
    """A hundred megabytes announced are refused before a byte is read; fifty are received and not opened."""
    answer = as_(tess).generic("POST", url("import_students", cohort.pk), b"x", headers={"content-length": "100000000"})
    assert answer.status_code == 413
    with patch("training.imports.read_bytes") as opened:
        answer = upload(as_(tess), cohort, b"mail\n" + b"x" * 5_000_000)
    assert "trop gros" in answer.text
    assert not opened.called


def test_two_thousand_lines_and_no_more():
    lines = "".join(f"etudiante{n}@exemple.test\n" for n in range(imports.MAX_LINES))
    assert len(read("mail\n" + lines)) == imports.MAX_LINES
    with pytest.raises(imports.Unreadable):
        read("mail\n" + lines + "une@de-trop.test\n")


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_whatever_the_bytes_they_are_rows_or_a_sentence(content):
    rows = []
    with suppress(imports.Unreadable):
        rows = read(content)
    assert all(row.fault or "@" in row.email for row in rows)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(cells, cells, cells, cells), max_size=12),
    st.permutations(["mail", "nom", "prénom", "groupe"]),
    st.sampled_from([";", ",", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_every_line_of_a_wild_table_is_told_once(table, header, delimiter, encoding):
    """Quotes, delimiters and new lines inside cells: as many lines told as written, done or at fault."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=CRLF)
    writer.writerow(header)
    for row in table:
        writer.writerow(row)
    rows = read(out.getvalue().encode(encoding))
    written = [row for row in table if any(imports.tidy(cell) for cell in row)]
    assert len(rows) == len(written)
    position = header.index("mail")
    for told, row in zip(rows, written, strict=True):
        assert told.fault or imports.tidy(row[position]).lower().strip("<>").removeprefix("mailto:") == told.email
        assert not any(sign in told.name + told.group + told.email for sign in "\n\r\0")
        assert told.fault or not told.name.startswith(imports.FORMULA)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c", "A", " b "]), max_size=15))
def test_an_address_is_never_done_twice(names):
    rows = read("mail\n" + "".join(f"{name}@exemple.test\n" for name in names))
    good = [row.email for row in rows if not row.fault]
    assert len(good) == len(set(good))


# --- Shown, then done -----------------------------------------------------------------------------------------------


def test_nothing_is_done_before_it_is_confirmed(tess, stan, cohort, as_):
    browser = as_(tess)
    answer = upload(browser, cohort, f"mail;nom;groupe\nlea@exemple.test;Léa;TD 1\n{stan.email};Stan;\nfaux;Max;\n")
    reading = StudentImport.objects.get()
    assert answer.headers["Location"] == url("student_import", cohort.pk, reading.pk)
    page = browser.get(answer.headers["Location"]).text
    assert "2 lignes à faire" in page
    assert "1 ligne laissée de côté" in page
    assert "Cette adresse n’est pas valable" in page
    assert "TD 1" in page
    assert not cohort.enrolments.exists()
    assert not Invitation.objects.exists()
    assert not Group.objects.exists()
    assert not Letter.objects.exists()
    assert imports.next_lines() == 0
    browser.post(url("student_import", cohort.pk, reading.pk), {"action": "forget"})
    assert not StudentImport.objects.exists()


def test_a_formula_is_shown_without_its_power(tess, cohort, as_):
    answer = upload(as_(tess), cohort, 'mail;nom\nlea@exemple.test;"=HYPERLINK(""http://x.test"")"\n', follow=True)
    assert "&#x27;=HYPERLINK(" in answer.text
    assert "Aucune ligne ne peut être faite" in answer.text


def test_who_has_an_account_is_enrolled_and_told_others_are_invited(tess, stan, cohort, as_):
    reading = done(as_(tess), cohort, f"mail;nom;groupe\n{stan.email.upper()};Stan;TD 1\nlea@exemple.test;Léa;TD 1\n")
    assert (reading.status, reading.done) == ("done", 2)
    enrolment = cohort.enrolments.get()
    assert enrolment.student == stan
    assert [group.name for group in enrolment.groups.all()] == ["TD 1"]
    invitation = cohort.invitations.get()
    assert (invitation.email, invitation.name, invitation.invited_by) == ("lea@exemple.test", "Léa", tess)
    assert invitation.groups.get() == enrolment.groups.get()
    assert Person.objects.filter(email="lea@exemple.test").count() == 0
    told = Letter.objects.get(person=stan)
    assert "Tess, de « IRTS des Hauts-de-France », vous inscrit" in told.body
    assert reverse("training:leave_cohort", args=[cohort.pk]) in told.body
    invited = Letter.objects.get(to="lea@exemple.test")
    assert "Tess, de « IRTS des Hauts-de-France », vous invite" in invited.body
    assert "/formation/invitations/" in invited.body
    assert "2 lignes faites" in as_(tess).get(url("student_import", cohort.pk, reading.pk)).text


def test_an_address_not_confirmed_is_invited_not_enrolled(tess, cohort, as_):
    unsure = factories.person("Una", "una@exemple.test")
    unsure.emailaddress_set.update(verified=False)
    done(as_(tess), cohort, "mail\nuna@exemple.test\n")
    assert not cohort.enrolments.exists()
    assert cohort.invitations.get().email == "una@exemple.test"


def test_the_same_file_twice_changes_nothing_more(tess, stan, cohort, as_):
    text = f"mail;groupe\n{stan.email};TD 1\nlea@exemple.test;td-1\n"
    for _ in range(2):
        done(as_(tess), cohort, text)
    assert (cohort.enrolments.count(), cohort.invitations.count(), cohort.groups.count()) == (1, 1, 1)
    assert Letter.objects.count() == 2


def test_who_is_there_already_is_counted_and_gets_the_group(tess, ilan, cohort, as_):
    browser = as_(tess)
    page = upload(browser, cohort, f"mail;groupe\n{ilan.email};TD 2\n", follow=True)
    assert "1 est déjà là ou déjà invitée" in page.text
    done(browser, cohort, f"mail;groupe\n{ilan.email};TD 2\n")
    assert cohort.enrolments.get().groups.get().name == "TD 2"
    assert not Letter.objects.exists()


def test_who_had_left_comes_back_and_is_told(tess, ilan, cohort, as_):
    cohort.enrolments.get().leave()
    page = upload(as_(tess), cohort, f"mail\n{ilan.email}\n", follow=True)
    assert "1 était partie et revient" in page.text
    done(as_(tess), cohort, f"mail\n{ilan.email}\n")
    assert cohort.enrolments.current().get().student == ilan
    assert Letter.objects.get().person == ilan


def test_a_trainer_of_the_centre_is_not_made_a_student(tess, cohort, as_):
    page = upload(as_(tess), cohort, f"mail\n{tess.email}\nlea@exemple.test\n", follow=True)
    assert "Cette personne forme dans votre centre" in page.text
    done(as_(tess), cohort, f"mail\n{tess.email}\nlea@exemple.test\n")
    assert not cohort.enrolments.exists()


def test_confirmed_twice_it_is_done_once(tess, cohort, as_):
    upload(as_(tess), cohort, PLAIN)
    reading = StudentImport.objects.get()
    for _ in range(2):
        as_(tess).post(url("student_import", cohort.pk, reading.pk), {"action": "confirm"})
    while imports.next_lines():
        pass
    as_(tess).post(url("student_import", cohort.pk, reading.pk), {"action": "confirm"})
    assert imports.next_lines() == 0
    assert cohort.invitations.count() == 2


def test_killed_in_the_middle_it_goes_on_without_doubling(tess, cohort, as_, monkeypatch):
    """Lines, letters and how far it is are one transaction: what was cut never happened."""
    monkeypatch.setattr(imports, "BATCH", 4)
    lines = "".join(f"e{n}@exemple.test\n" for n in range(10))
    upload(as_(tess), cohort, "mail\n" + lines)
    reading = StudentImport.objects.get()
    as_(tess).post(url("student_import", cohort.pk, reading.pk), {"action": "confirm"})
    for name, where in (("student_import", [reading.pk]), ("students", [])):
        assert "0 ligne faite sur 10" in as_(tess).get(url(name, cohort.pk, *where)).text
    assert imports.next_lines() == 4
    with patch("training.imports.emails.arrived", side_effect=SystemExit), pytest.raises(SystemExit):
        imports.next_lines()
    reading.refresh_from_db()
    assert (reading.done, cohort.invitations.count(), Letter.objects.count()) == (4, 4, 4)
    page = as_(tess).get(url("student_import", cohort.pk, reading.pk)).text
    assert "4 lignes faites sur 10" in page
    assert [imports.next_lines() for _ in range(3)] == [4, 2, 0]
    assert (cohort.invitations.count(), Letter.objects.count()) == (10, 10)


def test_a_turn_does_lists_for_a_while_then_lets_letters_leave(tess, cohort, as_, monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 4)
    upload(as_(tess), cohort, "mail\n" + "".join(f"e{n}@exemple.test\n" for n in range(10)))
    StudentImport.objects.update(status="doing")
    with patch("training.imports.PATIENCE", -1):
        assert imports.each_turn() == 4
    assert [imports.each_turn() for _ in range(2)] == [6, 0]


def test_a_mishap_holds_a_file_back_and_not_the_others(tess, otto, cohort, other_centre, as_):
    theirs = factories.cohort(other_centre)
    for person, where in ((tess, cohort), (otto, theirs)):
        upload(as_(person), where, PLAIN)
        reading = StudentImport.objects.latest("pk")
        as_(person).post(url("student_import", where.pk, reading.pk), {"action": "confirm"})
    with patch("training.imports.emails.arrived", side_effect=ValueError):
        assert imports.next_lines() == 0
    assert not cohort.invitations.exists()
    assert imports.next_lines() == 2
    assert theirs.invitations.count() == 2
    assert imports.next_lines() == 0
    StudentImport.objects.update(leased_until=timezone.now())
    assert imports.next_lines() == 2
    assert cohort.invitations.count() == 2


def test_a_cohort_that_ends_meanwhile_takes_nobody_in(tess, cohort, as_):
    upload(as_(tess), cohort, PLAIN)
    reading = StudentImport.objects.get()
    as_(tess).post(url("student_import", cohort.pk, reading.pk), {"action": "confirm"})
    type(cohort).objects.filter(pk=cohort.pk).update(starts_on="2020-09-01", ends_on="2023-06-30")
    assert imports.next_lines() == 0
    assert not cohort.invitations.exists()
    assert "0 ligne faite sur 2" in as_(tess).get(url("student_import", cohort.pk, reading.pk)).text
    assert "terminée" in upload(as_(tess), cohort, PLAIN).text


def test_a_trainer_whose_role_ends_meanwhile_writes_to_nobody(tess, cohort, as_):
    upload(as_(tess), cohort, PLAIN)
    reading = StudentImport.objects.get()
    as_(tess).post(url("student_import", cohort.pk, reading.pk), {"action": "confirm"})
    tess.roles.update(from_on="2020-01-01", until_on="2020-12-31")
    assert imports.next_lines() == 0
    assert not cohort.invitations.exists()
    assert StudentImport.objects.get().status == "done"


def test_a_file_read_yesterday_is_read_again(tess, cohort, as_):
    upload(as_(tess), cohort, PLAIN)
    StudentImport.objects.update(read_at=timezone.now() - imports.KEPT * 2)
    reading = StudentImport.objects.get()
    answer = as_(tess).post(url("student_import", cohort.pk, reading.pk), {"action": "confirm"}, follow=True)
    assert "envoyez-le de nouveau" in answer.text
    imports.forget(timezone.localdate())
    assert not StudentImport.objects.exists()


def test_who_never_came_is_forgotten_with_the_cohort(centre, cohort):
    over = factories.cohort(centre, "Finie", starts_on="2020-09-01", ends_on="2023-06-30")
    for each in (over, cohort):
        each.invitations.create(email="lea@exemple.test")
    imports.forget(timezone.localdate())
    assert [each.cohort for each in Invitation.objects.all()] == [cohort]


def test_another_trainer_of_the_centre_does_not_confirm_it(tess, cohort, as_):
    tim = factories.person("Tim")
    factories.role(tim, "trainer", organisation=cohort.centre.organisation)
    upload(as_(tess), cohort, PLAIN)
    reading = StudentImport.objects.get()
    assert as_(tim).post(url("student_import", cohort.pk, reading.pk), {"action": "confirm"}).status_code == 404
    assert StudentImport.objects.get().status == "read"
    assert "attend votre accord" in as_(tess).get(url("students", cohort.pk)).text
    assert "attend votre accord" not in as_(tim).get(url("students", cohort.pk)).text
    as_(tess).post(url("student_import", cohort.pk, reading.pk))
    assert StudentImport.objects.get().status == "read"
    as_(tess).post(url("student_import", cohort.pk, reading.pk), {"action": "confirm"})
    for person, leads in ((tess, True), (tim, False)):
        page = as_(person).get(url("students", cohort.pk)).text
        assert "Une liste est en cours" in page
        assert (url("student_import", cohort.pk, reading.pk) in page) == leads


def test_a_confirmed_address_enrols_who_was_expected(tess, cohort, as_, client):
    """The whole way of a newcomer: invited, an account, the address confirmed, in the cohort with the group."""
    done(as_(tess), cohort, "mail;nom;groupe\nlea@exemple.test;Léa;TD 1\n")
    client.post(
        reverse("account_signup"),
        {"name": "Léa", "email": "Lea@Exemple.test", "password1": factories.PASSWORD},
    )
    lea = Person.objects.get(name="Léa")
    assert not cohort.enrolments.exists()
    letter = Letter.objects.filter(body__contains="/confirmation/").latest("pk")
    path = next(line for line in letter.body.split() if "/confirmation/" in line).partition("/compte/")[2]
    client.post(f"/compte/{path}")
    assert cohort.enrolments.get().student == lea
    assert cohort.enrolments.get().groups.get().name == "TD 1"
    assert not cohort.invitations.exists()


def test_an_invitation_written_meanwhile_is_kept_at_the_next_visit(cohort, tess, client):
    lea = factories.person("Léa", "lea@exemple.test")
    cohort.invitations.create(email="lea@exemple.test", invited_by=tess)
    answer = client.post(
        reverse("account_login"), {"login": lea.email, "password": factories.PASSWORD}, follow=True
    )  # fmt: skip
    assert cohort.enrolments.get().student == lea
    assert f"Vous êtes dans la promotion «\u00a0{cohort}\u00a0»" in answer.text


def test_an_invitation_is_refused_without_an_account(tess, cohort, as_):
    done(as_(tess), cohort, "mail\nlea@exemple.test\n")
    link = next(word for word in Letter.objects.get().body.split() if "/formation/invitations/" in word)
    path = link[link.index("/formation/") :]
    page = as_(None).get(path)
    assert "Refuser cette invitation" in page.text
    assert cohort.invitations.exists()
    assert "Invitation refusée" in as_(None).post(path).text
    assert not cohort.invitations.exists()
    assert as_(None).get(path).status_code == 404
    for wrong in (path[:-5] + "/", "/formation/invitations/x/", "/formation/invitations/" + "x" * 2000 + "/"):
        assert as_(None).post(wrong).status_code == 404


def test_who_invites_too_many_is_slowed(tess, cohort, as_, monkeypatch):
    monkeypatch.setattr("training.views.people.MOST_WRITTEN_A_DAY", 3)
    done(as_(tess), cohort, "mail\na@exemple.test\nb@exemple.test\n")
    assert "beaucoup de monde" in upload(as_(tess), cohort, "mail\nc@exemple.test\nd@exemple.test\n").text


def test_pages_of_a_big_cohort_ask_few_questions(tess, cohort, as_, django_assert_max_num_queries):
    lines = "".join(f"e{n}@exemple.test;TD {n % 7}\n" for n in range(600))
    reading = done(as_(tess), cohort, "mail;groupe\n" + lines)
    for number in range(130):
        cohort.enrol(factories.person(f"Élève {number:03}"))
    assert Enrolment.objects.count() == 130
    browser = as_(tess)
    for path in (
        url("students", cohort.pk),
        url("students", cohort.pk) + "?liste=attendus&page=3",
        url("student_import", cohort.pk, reading.pk),
        url("groups", cohort.pk),
        url("group", cohort.pk, cohort.groups.first().pk),
        url("cohort", cohort.pk),
    ):
        with django_assert_max_num_queries(12):
            assert browser.get(path).status_code == 200


def test_a_batch_costs_few_queries(tess, cohort, as_, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(imports.emails, "arrived", lambda *_: None)
    upload(as_(tess), cohort, "mail;groupe\n" + "".join(f"e{n}@exemple.test;TD {n % 3}\n" for n in range(250)))
    StudentImport.objects.update(status="doing")
    with django_assert_max_num_queries(40):
        assert imports.next_lines() == 250
    assert connection.in_atomic_block
