"""Where the law asks for it, who protects data empties a text: gone from every table; its row and its date stay."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts import post
from initiatives import emails, redaction, search
from initiatives.models import (
    Agreement,
    Case,
    Initiative,
    Inquiry,
    Kinship,
    Move,
    Opinion,
    Remark,
    Report,
    TypedText,
    Version,
    Voice,
)
from initiatives.workflow import Refused, Verb
from levers.models import Lever, Mapping
from tests import factories

WORD = "Zibelinette"
WHY = "Une personne citée l’a demandé le 3 mars."


def tables() -> list[str]:
    """Every table that holds the word, wherever in a row."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        held = []
        for name in names:
            table = connection.ops.quote_name(name)
            cursor.execute(f"SELECT 1 FROM {table} t WHERE t::text ILIKE %s LIMIT 1", [f"%{WORD}%"])  # noqa: S608
            if cursor.fetchone():
                held.append(name)
    return held


@pytest.fixture
def told(ana, max, eve):
    """A sheet that says the word wherever it can: two versions, rows, the journal, a letter, what is typed."""
    case = factories.claimed(
        ana, max, title=f"Le jardin de {WORD}", story=f"{factories.STORY} {WORD} arrive.", tags=[WORD],
        doubts=[f"Le rôle de {WORD}"], place_note=f"chez {WORD}",
    )  # fmt: skip
    case.request_changes(max, f"Parlez-nous de {WORD}.", {"story": f"Qui est {WORD} ?"})
    version = case.initiative.version_to_edit(ana)
    Voice.objects.create(version=version, text=f"Merci {WORD}.", speaker="une participante", agreed=True)
    lever = Lever.objects.of_dagbert().first()
    Mapping.objects.create(
        version=version, lever=lever, proposal=lever.proposals.first(), sentence=f"{WORD} décide.", status="validated"
    )
    version.refresh_from_db()
    case = Case.submit(version, ana)
    case.claim(max)
    case.fill_grid(max, {"anonymat": {"answer": "no", "note": f"On reconnaît {WORD}."}, "recit": {"answer": "yes"}})
    Opinion.objects.create(case=case, expert=eve, asked_by=max, question=f"Que penser de {WORD} ?", text=f"Oui, {WORD}")
    Move.say(case.initiative, Verb.NOTE, by=max, case=case, text=f"{WORD} m’a appelé, à ne pas dire.")
    case.accept(max, f"Bravo à {WORD}.")
    sheet = Initiative.objects.get(pk=case.initiative_id)
    Report.send(sheet, kind="other", sender="s", field="", text=f"Je suis {WORD}.", email="")
    Inquiry.objects.create(initiative=sheet, name=WORD, email="a@b.test", text=f"Ici {WORD}.")
    Agreement.ask(sheet, "people", days=9, name=WORD, word=f"D’accord, {WORD}")
    working = sheet.version_to_edit(ana)
    TypedText.objects.create(version=working, step="recit", person=ana, window="w", data={"story": [f"{WORD} !"]})
    kin = factories.complete_draft(ana, title="Un autre jardin")
    Kinship.objects.create(version=kin, kind="inspiree", other=sheet)
    Case.submit(kin, ana)
    emails.tell_moves()
    return sheet


def address(sheet) -> str:
    return reverse("initiatives:redact", args=[sheet.pk])


def test_a_word_is_found_wherever_it_is(told, dan):
    found = redaction.found(told, "zibelinètte".replace("è", "e").upper())
    kinds = {text.kind for text in found}
    assert kinds >= {
        "initiative", "version", "voice", "mapping", "taggedversion", "move", "remark", "opinion", "report", "inquiry",
        "agreement", "typedtext", "letter", "case", "kinship",
    }  # fmt: skip
    assert {text.kind for text in found if text.field == "grid"} == {"move", "case"}
    assert all(WORD.lower() not in text.where.lower() for text in found)
    secret = [text for text in found if text.secret]
    assert len(secret) == 3  # a note of the coordination, the grid of the case, and the one its decision kept
    assert all((text.before, text.word, text.after) == ("", "", "") for text in secret)
    assert not redaction.found(told, "note")  # the form of a grid is nobody's words


def test_it_is_gone_from_every_table(told, dan):
    assert {"initiatives_version", "initiatives_move", "accounts_letter", "initiatives_entry"} <= set(tables())
    counts = {model: model.objects.count() for model in (Version, Move, Remark, Report, Opinion, Inquiry)}
    dates = list(Move.objects.filter(initiative=told).order_by("pk").values_list("pk", "at", "by", "verb"))
    keys = [text.key for text in redaction.found(told, WORD)]
    redaction.redact(told, dan, WORD, keys, WHY)
    assert tables() == []
    for model, count in counts.items():
        assert model.objects.count() == count + (2 if model is Move else 0)
    kept = Move.objects.filter(initiative=told).order_by("pk").values_list("pk", "at", "by", "verb")
    assert list(kept)[: len(dates)] == dates
    move = Move.objects.get(verb=Verb.REDACT)
    assert move.by == dan
    assert WHY in move.text
    assert "Version 1 : récit" in move.text or "ce qui s’est passé" in move.text
    case = Case.objects.get(pk=move.initiative.cases.order_by("pk")[0].pk)
    decided = Move.objects.get(case=case, verb=Verb.ACCEPT)
    for grid in (case.grid, decided.grid):
        assert grid["answers"]["anonymat"] == {"answer": "no", "note": ""}
        assert grid["answers"]["recit"]["answer"] == "yes"
    told.refresh_from_db()
    assert told.masked_at is not None  # without its title, the page waits for its team
    assert search.ask(search.Question(text=WORD)).total == 0


def test_what_is_not_chosen_stays(told, dan, as_):
    found = redaction.found(told, WORD)
    story = next(text for text in found if text.is_public and text.field == "story")
    redaction.redact(told, dan, WORD, [story.key], WHY)
    version = Version.objects.get(pk=story.pk)
    assert version.story == ""
    assert WORD in version.title
    assert version.snapshot["story"] == ""
    assert WORD in version.snapshot["title"]
    assert as_(None).get(told.get_absolute_url()).status_code == 200
    assert not TypedText.objects.exists()


def test_the_officer_reads_before_emptying(told, dan, as_):
    browser = as_(dan)
    assert browser.get(address(told)).status_code == 200
    found = browser.post(address(told), {"mot": WORD, "geste": "chercher"})
    assert f"<mark>{WORD}</mark>" in found.text
    assert "à ne pas dire" not in found.text
    key = next(text.key for text in redaction.found(told, WORD) if text.field == "place_note")
    shown = browser.post(address(told), {"mot": WORD, "textes": [key], "geste": "relire"})
    assert "Ce qui sera vidé en entier" in shown.text
    assert Version.objects.filter(place_note__contains=WORD).exists()
    done = browser.post(address(told), {"mot": WORD, "textes": [key], "geste": "vider", "why": WHY})
    assert done.url == reverse("initiatives:data_journal", args=[told.pk])
    assert WHY in browser.get(done.url).text


def test_the_reason_never_holds_the_word(told, dan, as_):
    key = redaction.found(told, WORD)[0].key
    data = {"mot": WORD, "textes": [key], "geste": "vider", "why": f"{WORD.lower()} l’a demandé."}
    page = as_(dan).post(address(told), data)
    assert page.status_code == 200
    assert "N’écrivez pas ici le mot" in page.text
    assert not Move.objects.filter(verb=Verb.REDACT).exists()
    with pytest.raises(Refused):
        redaction.redact(told, dan, WORD, [key], data["why"])


@pytest.mark.parametrize(
    "data",
    [
        {"mot": "ab"}, {"mot": "\0\0\0\0"}, {"mot": WORD, "geste": "vider", "why": WHY},
        {"mot": WORD, "geste": "vider", "why": WHY, "textes": ["move:1:text"]},
        {"mot": WORD, "geste": "relire", "textes": ["person:1:email"]},
    ],
)  # fmt: skip
def test_forged_choices_empty_nothing(told, dan, as_, data):
    before = tables()
    assert as_(dan).post(address(told), data).status_code == 200
    assert tables() == before


def test_only_who_protects_data(told, ana, max, nora, ada, stan, as_):
    key = redaction.found(told, WORD)[0].key
    data = {"mot": WORD, "textes": [key], "geste": "vider", "why": WHY}
    for person in (ana, max, nora, ada, stan):
        assert as_(person).post(address(told), data).status_code == 404
        assert as_(person).get(reverse("initiatives:data_requests")).status_code == 404
        assert as_(person).get(reverse("initiatives:data_journal", args=[told.pk])).status_code == 404
    assert Version.objects.filter(title__contains=WORD).exists()


def test_the_journal_is_append_only_otherwise(told):
    for change in (
        lambda: Move.objects.filter(initiative=told).update(text=""),
        lambda: Move.objects.filter(initiative=told).update(by=None),
        lambda: Move.objects.filter(initiative=told).delete(),
        lambda: Move.objects.filter(initiative=told, verb=Verb.ACCEPT).update(grid={}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT initiatives_redact('move', 1, 'verb')")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT initiatives_redact_grid('version', 1)")


def test_a_grid_alone_may_be_emptied(told, dan):
    (key,) = [text.key for text in redaction.found(told, WORD) if text.kind == "move" and text.field == "grid"]
    redaction.redact(told, dan, WORD, [key], WHY)
    assert Move.objects.get(initiative=told, verb=Verb.ACCEPT).text == f"Bravo à {WORD}."
    assert WORD in str(told.cases.get(kind="creation").grid)


def test_a_sheet_that_names_it_keeps_its_other_kin(told, dan, ana):
    """Its own copy is told anew from the titles of today; a title that keeps the word isn't copied again."""
    (copied,) = [text for text in redaction.found(told, WORD) if text.kind == "kinship"]
    assert copied.where.startswith("Copie gardée par une fiche parente")
    redaction.redact(told, dan, WORD, [copied.key], WHY)
    assert Version.objects.get(pk=copied.pk).snapshot["kinship"] == redaction.EMPTIED


def test_every_text_the_database_empties_is_named_here(told, dan):
    """The function of the database and this list say the same columns."""
    for kind, fields in redaction.BY_FUNCTION.items():
        for field in fields:
            with connection.cursor() as cursor:
                cursor.execute("SELECT initiatives_redact(%s, %s, %s)", [kind, -1, field])
                assert cursor.fetchone() == (False,)


def test_requests_show_where_each_claim_stands(told, max, dan, as_, django_assert_max_num_queries):
    made = Report.send(told, kind="personal", sender="t", field="", text="C’est ma voisine.", email="x@exemple.test")
    browser = as_(dan)
    with django_assert_max_num_queries(12):
        page = browser.get(reverse("initiatives:data_requests")).text
    assert made.case.number in page
    assert "C’est ma voisine." in page
    assert "x@exemple.test" not in page
    assert "page masquée" in page
    found = browser.get(
        reverse("initiatives:data_requests"), {"fiche": f"https://essaim.test{told.get_absolute_url()}"}
    )
    assert found.url == reverse("initiatives:data_journal", args=[told.pk])
    assert "Aucune fiche" in browser.get(reverse("initiatives:data_requests"), {"fiche": "nulle-part"}).text


def test_the_journal_tells_no_note(told, dan, as_, django_assert_max_num_queries):
    browser = as_(dan)
    with django_assert_max_num_queries(12):
        page = browser.get(reverse("initiatives:data_journal", args=[told.pk])).text
    assert "à ne pas dire" not in page
    assert "Note de la coordination, que vous ne lisez pas." in page
    assert "Parlez-nous de" in page


def test_looking_for_a_word_costs_little(told, dan, as_, django_assert_max_num_queries):
    browser = as_(dan)
    with django_assert_max_num_queries(14):
        browser.post(address(told), {"mot": WORD, "geste": "chercher"})


def test_a_letter_of_another_sheet_is_left_alone(told, dan, stan):
    post.write(stan, "initiatives/unmerged", key="autre", title=WORD, sheet_url="/initiatives/une-autre/")
    redaction.redact(told, dan, WORD, [text.key for text in redaction.found(told, WORD)], WHY)
    assert tables() == ["accounts_letter"]


def test_a_redacted_source_is_not_loaded_again(dan, db):
    from initiatives.content import still_from_source

    source = Initiative.objects.published().filter(origin="public_source").first()
    word = source.public_version.summary.split()[0]
    if len(word) < redaction.LEAST:
        word = max(source.public_version.summary.split()[:9], key=len)
    key = f"version:{source.public_version_id}:summary"
    redaction.redact(source, dan, word, [key], "Une erreur de recopie.")
    assert not still_from_source(Initiative.objects.get(pk=source.pk))
