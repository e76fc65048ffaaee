"""Lists of rows: added, removed and corrected without a script; never anyone else's row, never a word lost."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initiatives.models import Initiative, Partner, Version, Voice
from tests import factories
from tests.initiatives.telling import address, shown, tree, write
from tests.initiatives.test_tell_hostile import wild

ROWS = {
    "partner": ("maniere", {"name": "La bibliothèque", "role": "prête la salle"}, "name"),
    "timeshare": ("moyens", {"role": "assistante sociale", "hours_a_month": "6,5"}, "hours_a_month"),
    "obstaclemet": ("effets", {"obstacle": "3", "text": "Pas de salle.", "lifted": "Un prêt."}, "text"),
    "milestone": ("etapes", {"month": "3", "year": "2024", "text": "La première séance."}, "year"),
    "voice": ("etapes", {"text": "Je les rangeais.", "speaker": "Une voisine", "agreed": "on"}, "speaker"),
    "weblink": (
        "suites",
        {"kind": "film", "title": "Le film", "url": "https://exemple.fr/film", "transcript": "On y voit une cuisine."},
        "transcript",
    ),
    "kinship": ("suites", {"kind": "proche", "other": ""}, "kind"),
}


def posted(kind, place, row):
    return {f"{kind}-{place}-{name}": text for name, text in row.items()}


@pytest.fixture
def other(ana, max):
    return factories.published(ana, max, title="La cuisine d’à côté")


def filled(kind, other):
    step, row, needed = ROWS[kind]
    return step, {**row, "other": other.get_absolute_url()} if kind == "kinship" else row, needed


def told(version, kind):
    return list(getattr(Version.objects.get(pk=version.pk), f"{kind}_rows").all())


@pytest.mark.parametrize("kind", ROWS)
def test_adding_saves_and_comes_back_on_an_empty_row(kind, other, ana, as_):
    step, row, _ = filled(kind, other)
    version = factories.draft(ana)
    browser = as_(ana)
    first = next(iter(row))
    page = tree(browser.get(address(step, version)))
    assert page.find(f".//button[@value='add:{kind}']") is not None
    assert page.find(f".//*[@name='{kind}-0-{first}']") is not None, "a row waits already"
    answer = write(browser, step, version, go=f"add:{kind}", **posted(kind, 0, row))
    assert answer.headers["Location"] == f"{address(step, version)}#id_{kind}-1-{first}"
    assert len(told(version, kind)) == 1
    page = tree(browser.get(address(step, version)))
    assert page.find(f".//*[@id='id_{kind}-1-{first}']") is not None, "where the address leads"
    assert page.find(f".//*[@id='id_{kind}_field']") is not None


@pytest.mark.parametrize("kind", ROWS)
def test_removing_takes_one_row_and_saves_the_rest(kind, other, ana, as_):
    step, row, _ = filled(kind, other)
    version = factories.draft(ana)
    rows = [row, {**row, "kind": "suite"} if kind == "kinship" else row]
    typed = {**posted(kind, 0, rows[0]), **posted(kind, 1, rows[1])}
    write(as_(ana), step, version, **typed)
    assert len(told(version, kind)) == 2
    answer = write(as_(ana), step, version, go=f"remove:{kind}-0")
    place = answer.headers["Location"].partition("#")[2]
    assert tree(as_(ana).get(address(step, version))).find(f".//*[@id='{place}']") is not None
    assert len(told(version, kind)) == 1
    assert shown(as_(ana).get(address(step, version)))[f"{kind}-1-{next(iter(row))}"] == [""]


@pytest.mark.parametrize("kind", ROWS)
def test_a_row_half_filled_is_told_so_at_its_place(kind, other, ana, as_):
    step, row, needed = filled(kind, other)
    version = factories.draft(ana)
    typed = {**posted(kind, 0, row), **posted(kind, 1, {**row, needed: ""})}
    answer = write(as_(ana), step, version, **typed)
    assert answer.status_code == 200
    links = [link.get("href") for link in tree(answer).findall(".//div[@id='erreurs']//a")]
    assert links == [f"#id_{kind}-1-{needed}"]
    control = tree(answer).find(f".//*[@id='id_{kind}-1-{needed}']")
    assert control.get("aria-invalid") == "true"
    assert tree(answer).find(f".//*[@id='{control.get('aria-describedby').split()[-1]}']") is not None
    back = shown(answer)
    for name in typed.keys() & back.keys():
        assert back[name] == [typed[name]]
    assert told(version, kind) == []


def test_order_is_kept_and_empty_rows_are_nothing(ana, as_):
    version = factories.draft(ana)
    typed = posted("partner", 7, {"name": "Troisième"}) | posted("partner", 2, {"name": "Deuxième"})
    typed |= posted("partner", 0, {"name": "Première", "role": " "}) | posted("partner", 1, {"name": "  ", "role": ""})
    assert write(as_(ana), "maniere", version, **typed).status_code == 302
    assert [(row.position, row.name) for row in told(version, "partner")] == [
        (0, "Première"), (1, "Deuxième"), (2, "Troisième"),
    ]  # fmt: skip


def test_what_is_not_touched_is_not_written(ana, as_):
    version = factories.draft(ana)
    write(as_(ana), "maniere", version, **posted("partner", 0, {"name": "La bibliothèque"}))
    before = told(version, "partner")[0].pk
    write(as_(ana), "maniere", version, objectives="Autre chose.")
    assert told(version, "partner")[0].pk == before


def test_more_rows_than_there_is_room_for_are_all_given_back(ana, as_):
    version = factories.draft(ana)
    typed = {}
    for place in range(22):
        typed |= posted("partner", place, {"name": f"Partenaire {place}"})
    answer = write(as_(ana), "maniere", version, **typed)
    assert "Vous en avez écrit 22 : gardez-en 20 au plus." in answer.text.replace("\u00a0", " ")
    assert shown(answer)["partner-21-name"] == ["Partenaire 21"]
    assert told(version, "partner") == []
    del typed["partner-21-name"], typed["partner-20-name"]
    assert as_(ana).post(address("maniere", version), {**typed, "edition": "0", "go": "add:partner"}).status_code == 302
    page = tree(as_(ana).get(address("maniere", version)))
    assert page.find(".//*[@name='partner-20-name']") is None, "no room for a spare row"


@pytest.mark.parametrize(
    ("kind", "change", "sentence"),
    [
        ("timeshare", {"hours_a_month": "un peu"}, "Écrivez un nombre d’heures par mois"),
        ("timeshare", {"hours_a_month": "-3"}, "Écrivez un nombre d’heures par mois"),
        ("timeshare", {"hours_a_month": "0"}, "Écrivez un nombre d’heures par mois"),
        ("timeshare", {"hours_a_month": "1e999"}, "Écrivez un nombre d’heures par mois"),
        ("timeshare", {"hours_a_month": "NaN"}, "Écrivez un nombre d’heures par mois"),
        ("timeshare", {"hours_a_month": "99999"}, "Écrivez un nombre d’heures par mois"),
        ("obstaclemet", {"obstacle": "8"}, "Choisissez parmi les réponses proposées"),
        ("obstaclemet", {"obstacle": ""}, "Choisissez la famille"),
        ("obstaclemet", {"text": "m" * 2001}, "gardez-en 2000 au plus"),
        ("milestone", {"year": "1492"}, "entre 1900 et 2100"),
        ("milestone", {"year": "l’an dernier"}, "quatre chiffres"),
        ("milestone", {"month": "13"}, "Choisissez parmi les réponses proposées"),
        ("milestone", {"text": "m" * 501}, "gardez-en 500 au plus"),
        ("voice", {"text": "m" * 1001}, "gardez-en 1000 au plus"),
        ("voice", {"speaker": ""}, "Dites qui parle, sans nom"),
        ("weblink", {"url": "javascript:alert(1)"}, "Écrivez une adresse entière"),
        ("weblink", {"url": "ftp://exemple.fr/film"}, "Écrivez une adresse entière"),
        ("weblink", {"url": "//exemple.fr"}, "Écrivez une adresse entière"),
        ("weblink", {"kind": "jeu"}, "Choisissez parmi les réponses proposées"),
        ("weblink", {"transcript": ""}, "Résumez en quelques lignes"),
        ("kinship", {"other": "Une fiche qui n’existe pas"}, "Nous ne trouvons pas cette fiche"),
        ("kinship", {"other": "/initiatives/nulle-part/"}, "Nous ne trouvons pas cette fiche"),
        ("kinship", {"kind": "ennemie"}, "Choisissez parmi les réponses proposées"),
        ("partner", {"name": "a\x00b"}, "signe illisible"),
    ],
)
def test_what_makes_no_sense_in_a_row_is_refused_with_a_sentence(kind, change, sentence, other, ana, as_):
    step, row, _ = filled(kind, other)
    version = factories.draft(ana)
    answer = write(as_(ana), step, version, **posted(kind, 0, {**row, **change}))
    assert answer.status_code == 200
    assert sentence in answer.text.replace("\u202f", "").replace("2\u00a0000", "2000").replace("1\u00a0000", "1000")
    assert told(version, kind) == []


def test_a_sheet_is_named_by_its_address_or_its_title(other, ana, max, as_):
    version = factories.draft(ana)
    for typed in (f"https://essaim.fr{other.get_absolute_url()}", "la cuisine d’à côté", other.get_absolute_url()):
        answer = write(as_(ana), "suites", version, **posted("kinship", 0, {"kind": "inspiree", "other": typed}))
        assert answer.status_code == 302, typed
        assert told(version, "kinship")[0].other == other
    factories.published(ana, max, title="La cuisine d’à côté")
    typed = posted("kinship", 0, {"kind": "suite", "other": "La cuisine d’à côté"})
    assert "Plusieurs fiches portent ce titre" in write(as_(ana), "suites", version, **typed).text
    # What is shown of the one it holds says which, whatever the titles.
    typed["kinship-0-other"] = f"La cuisine d’à côté ({other.get_absolute_url()})"
    assert write(as_(ana), "suites", version, **typed).status_code == 302
    assert told(version, "kinship")[0].other == other


def test_no_draft_is_found_and_no_sheet_is_its_own_family(other, ana, stan, as_):
    hidden = factories.complete_draft(stan, title="Un brouillon de Stan").initiative
    version = other.version_to_edit(ana)
    for typed in (hidden.slug, f"/initiatives/{hidden.slug}/", "Un brouillon de Stan"):
        row = posted("kinship", 0, {"kind": "proche", "other": typed})
        assert "Nous ne trouvons pas cette fiche" in write(as_(ana), "suites", version, **row).text
    own = posted("kinship", 0, {"kind": "proche", "other": other.get_absolute_url()})
    assert "Une fiche n’est pas de sa propre famille" in write(as_(ana), "suites", version, **own).text


def test_a_masked_sheet_is_not_named_to_its_kin(other, ana, as_):
    version = factories.draft(ana)
    typed = posted("kinship", 0, {"kind": "proche", "other": other.get_absolute_url()})
    write(as_(ana), "suites", version, **typed)
    Initiative.objects.filter(pk=other.pk).update(masked_at="2026-01-01T00:00Z")
    assert "La cuisine d’à côté" not in as_(ana).get(address("suites", version)).text
    assert "La cuisine d’à côté" not in as_(ana).get(reverse("initiatives:check", args=[version.initiative_id])).text


def test_nobody_s_row_is_reached_by_its_key(ana, stan, as_):
    theirs = Partner.objects.create(version=factories.draft(stan), name="Celui de Stan")
    mine = factories.draft(ana)
    forged = {
        "partner-0-id": str(theirs.pk), "partner-0-pk": str(theirs.pk), "partner-0-version": str(theirs.version_id),
        "partner-0-position": "99", "partner-TOTAL_FORMS": "1000", "partner-INITIAL_FORMS": "1",
        "partner-0-DELETE": "on", "partner-9999999-name": "Trop loin", "partner--1-name": "Négatif",
        "partner-0-name": "La bibliothèque",
    }  # fmt: skip
    assert write(as_(ana), "maniere", mine, **forged).status_code == 302
    assert [(row.name, row.position) for row in told(mine, "partner")] == [("La bibliothèque", 0)]
    theirs.refresh_from_db()
    assert theirs.name == "Celui de Stan"
    assert Partner.objects.filter(version=theirs.version).count() == 1


@pytest.mark.parametrize(
    "go", ["add:", "remove:", "add:story", "remove:partner-", "remove:partner-99999999", "add:\x00"]
)
def test_a_forged_button_only_saves(go, ana, as_):
    version = factories.draft(ana)
    typed = posted("partner", 0, {"name": "La bibliothèque"})
    assert write(as_(ana), "maniere", version, go=go, **typed).status_code == 302
    assert len(told(version, "partner")) == 1


def test_words_without_agreement_are_kept_and_wait(ana, as_):
    version = factories.draft(ana)
    row = {"text": "Je les rangeais dans le four.", "speaker": "Une voisine"}
    assert write(as_(ana), "etapes", version, **posted("voice", 0, row)).status_code == 302
    assert not Voice.objects.get(version=version).agreed
    assert "ne paraîtront pas" in as_(ana).get(reverse("initiatives:check", args=[version.initiative_id])).text


# --- Two windows ----------------------------------------------------------------------------------------------------


def test_two_windows_on_one_list_are_both_kept(ana, as_):
    version = factories.draft(ana)
    browser = as_(ana)
    opened = shown(browser.get(address("maniere", version)))
    other = {**opened, **posted("partner", 0, {"name": "Le bailleur", "role": "prête la salle"})}
    assert browser.post(address("maniere", version), other).status_code == 302
    mine = {**opened, "partner-0-name": "La bibliothèque", "partner-1-name": "La mairie"}
    answer = browser.post(address("maniere", version), mine)
    assert answer.status_code == 409
    for said in ("Le bailleur – prête la salle", "La bibliothèque\nLa mairie", "Avec quels partenaires"):
        assert said in answer.text, said
    choosing = shown(answer)
    # Their own list, then the other one.
    for choice, names in (("mien", ["La bibliothèque", "La mairie"]), ("autre", ["Le bailleur"])):
        settled = browser.post(address("maniere", version), {**choosing, "garder-partner": choice})
        assert settled.status_code == 302
        assert [row.name for row in told(version, "partner")] == names
        Partner.objects.filter(version=version).delete()
        Partner.objects.create(version=version, name="Le bailleur", role="prête la salle")


def test_removing_in_a_window_that_is_behind_takes_nothing_from_the_other(ana, as_):
    version = factories.draft(ana)
    browser = as_(ana)
    write(browser, "maniere", version, **posted("partner", 0, {"name": "La bibliothèque"}))
    opened = shown(browser.get(address("maniere", version)))
    write(browser, "maniere", version, **posted("partner", 0, {"name": "Le bailleur"}))
    answer = browser.post(address("maniere", version), {**opened, "go": "remove:partner-0"})
    assert answer.status_code == 409
    settled = browser.post(address("maniere", version), {**shown(answer), "garder-partner": "autre"})
    assert settled.status_code == 302
    assert [row.name for row in told(version, "partner")] == ["Le bailleur"]


# --- Texts nobody would type ----------------------------------------------------------------------------------------

story = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("kind", ROWS)
def test_wild_text_in_every_question_of_a_row_is_saved_or_refused(kind, ana, as_):
    version = factories.draft(ana)
    step, row, _ = ROWS[kind]
    browser = as_(ana)

    @story
    @given(typed=st.fixed_dictionaries({f"{kind}-{n}-{name}": wild for name in row for n in (0, 1)}), go=wild)
    def told_(typed, go):
        version.refresh_from_db()
        answer = browser.post(address(step, version), {**typed, "edition": version.edition, "seen": "", "go": go})
        assert answer.status_code in (200, 302)
        assert browser.get(address(step, version)).status_code == 200

    told_()
