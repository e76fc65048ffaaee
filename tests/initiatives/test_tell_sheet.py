"""Tell: four screens, saved one by one; a draft may be incomplete, a refusal keeps all that was typed."""

import pytest
from django.urls import reverse

from initiatives.models import Case, Initiative, Version
from initiatives.workflow import CaseStatus, SheetStatus
from tests import factories
from tests.initiatives.telling import RIGHTS, STORY, WHAT, WHERE, address, shown, tree, write


def test_from_zero_to_sent_without_a_script(ana, max, network, as_):
    browser = as_(ana)
    begin = browser.get(reverse("initiatives:propose"))
    answer = browser.post(reverse("initiatives:propose"), shown(begin, "key"))
    version = Version.objects.get(initiative__authors=ana)
    assert answer.headers["Location"] == address("quoi", version)
    for step, typed, following in (
        ("quoi", WHAT, "ou"),
        ("ou", WHERE, "recit"),
        ("recit", STORY, None),
        ("droits", RIGHTS, "relire"),
    ):
        answer = write(browser, step, version, go="next", **typed)
        assert answer.status_code == 302
        if following:
            assert answer.headers["Location"].endswith(f"/{following}/")
    version.refresh_from_db()
    assert version.missing() == {}
    assert version.edition == 4
    assert (version.place.code, version.start_month) == ("62498", 3)
    assert {tag.name for tag in version.tags.all()} == {"soupe", "courrier"}

    check = browser.get(reverse("initiatives:check", args=[version.initiative_id]))
    assert "Des lettres jamais ouvertes" in check.text
    assert network.name in check.text
    sent = browser.post(reverse("initiatives:submit", args=[version.initiative_id]), shown(check), follow=True)
    case = Case.objects.get(initiative=version.initiative_id)
    assert case.status == CaseStatus.RECEIVED
    for said in (case.number, "Pas-de-Calais", network.name, "Premier signe", "Décision", "La fiche est envoyée."):
        assert said in sent.text


def test_who_has_no_account_reads_what_is_asked_and_comes_back(as_):
    answer = as_(None).get(reverse("initiatives:propose"))
    assert answer.status_code == 200
    assert "?next=/initiatives/proposer/" in answer.text
    assert not tree(answer).findall(".//main//form")
    assert as_(None).post(reverse("initiatives:propose")).headers["Location"].endswith("?next=/initiatives/proposer/")
    assert not Initiative.objects.filter(origin="author").exists()


def test_a_draft_may_be_incomplete(ana, as_):
    version = factories.draft(ana)
    answer = write(as_(ana), "quoi", version, title="Le jardin", go="stay", follow=True)
    assert "Enregistré à" in answer.text
    assert "points à compléter" in answer.text
    check = as_(ana).get(reverse("initiatives:check", args=[version.initiative_id]))
    assert "Il manque encore" in check.text
    links = [link.get("href") for link in tree(check).findall(".//section[@aria-labelledby='manque']//a")]
    assert f"{address('recit', version)}#id_story_field" in links
    for link in links:
        path, _, anchor = link.partition("#")
        assert f'id="{anchor}"' in as_(ana).get(path).text
    assert not [form for form in tree(check).iter("form") if "envoyer" in form.get("action", "")]
    sent = as_(ana).post(reverse("initiatives:submit", args=[version.initiative_id]), {"edition": 1})
    assert sent.status_code == 409
    assert not Case.objects.exists()


REFUSED = [
    ("quoi", "title", "t" * 121, "gardez-en 120 au plus"),
    ("quoi", "summary", "s" * 401, "gardez-en 400 au plus"),
    ("quoi", "state", "inventé", "Choisissez parmi les réponses proposées"),
    ("quoi", "state", "unknown", "Choisissez parmi les réponses proposées"),
    ("quoi", "start_year", "l’an dernier", "quatre chiffres"),
    ("quoi", "start_year", "9" * 5000, "quatre chiffres"),
    ("quoi", "start_year", "1492", "entre 1900 et 2100"),
    ("quoi", "start_month", "13", "Choisissez parmi les réponses proposées"),
    ("quoi", "title", "Un titre\x00coupé", "signe illisible"),
    ("ou", "organisation_siret", "13002526500014", "sa clé est fausse"),
    ("ou", "organisation_siret", "1300", "compte 14 chiffres"),
    ("ou", "organisation_siret", "\x00", "que des chiffres"),
    ("ou", "organisation_kind", "inventée", "Choisissez parmi les réponses proposées"),
    ("ou", "place", "Trifouilly-les-Oies", "Nous ne connaissons pas cette commune"),
    ("ou", "place", "99999", "Nous ne connaissons pas cette commune"),
    ("ou", "place", "!!!", "Nous ne connaissons pas cette commune"),
    ("ou", "scope", "univers", "Choisissez parmi les réponses proposées"),
    ("recit", "publics", ["martiens"], "Choisissez parmi les réponses proposées"),
    ("recit", "publics", ["\x00"], "caractère nul"),
    ("recit", "themes", ["logement", "sante", "numerique", "mobilite"], "gardez les trois"),
    ("recit", "methods", ["hypnose"], "Choisissez parmi les réponses proposées"),
    ("recit", "words", ",".join("abcdefghi"), "gardez-en 8 au plus"),
    ("recit", "words", "m" * 41, "est trop long"),
    ("recit", "story", "r" * 20_001, "gardez-en 20000 au plus"),
    ("droits", "contact_mode", "pigeon", "Choisissez parmi les réponses proposées"),
    ("droits", "contact_address", "pas une adresse", "adresse complète"),
    ("droits", "licence", "copyright", "Choisissez parmi les réponses proposées"),
    ("droits", "anonymity", ["noms", "inventé"], "Choisissez parmi les réponses proposées"),
]
ELSEWHERE = {
    "quoi": ("title", "Ce titre que j’avais tapé"),
    "ou": ("organisation_name", "Ce nom que j’avais tapé"),
    "recit": ("beginning", "Ce début que j’avais tapé"),
    "droits": ("contact_address", "tape@centre-social.fr"),
}


@pytest.mark.parametrize(("step", "field", "value", "sentence"), REFUSED)
def test_what_makes_no_sense_is_refused_with_a_sentence_and_all_is_kept(step, field, value, sentence, ana, as_):
    version = factories.draft(ana)
    other, text = ELSEWHERE[step]
    typed = {other: text, field: value}
    answer = write(as_(ana), step, version, **typed)
    assert answer.status_code == 200
    page = tree(answer)
    assert page.find(".//title").text.startswith("Erreur : ")
    assert sentence in answer.text.replace("\u202f", "").replace("20\xa0000", "20000")
    assert page.findall(".//div[@id='erreurs']//a[@href]")
    if other != field:
        assert shown(answer)[other] == [text]
    version.refresh_from_db()
    assert version.edition == 0
    assert version.missing() == factories.draft(ana).missing()


def test_dates_go_forward(ana, as_):
    version = factories.draft(ana)
    answer = write(as_(ana), "quoi", version, start_year="2024", end_year="2020")
    assert "a commencé en 2024" in answer.text
    assert shown(answer)["end_year"] == ["2020"]
    answer = write(as_(ana), "quoi", version, start_month="4", start_year="")
    assert "écrivez aussi l’année" in answer.text


def test_a_siret_may_be_written_with_spaces(ana, as_):
    version = factories.draft(ana)
    assert write(as_(ana), "ou", version, organisation_siret="130 025 265 00013").status_code == 302
    version.refresh_from_db()
    assert version.organisation_siret == "13002526500013"


def test_a_commune_that_has_namesakes_is_chosen_in_a_list(ana, as_):
    version = factories.draft(ana)
    answer = write(as_(ana), "ou", version, place="Saint-Denis")
    assert "Plusieurs communes portent ce nom" in answer.text
    offered = [radio.get("value") for radio in tree(answer).findall(".//input[@name='place_code']")]
    assert {"93066", "97411"} <= set(offered)
    assert len(offered) <= 20
    answer = as_(ana).post(address("ou", version), {**shown(answer), "place_code": "97411"})
    assert answer.status_code == 302
    version.refresh_from_db()
    assert version.place.code == "97411"
    # The same name typed again is the same place; another name is another place, whatever was ticked before.
    assert write(as_(ana), "ou", version, scope="commune").status_code == 302
    version.refresh_from_db()
    assert version.place.code == "97411"
    write(as_(ana), "ou", version, place="arras", place_code="97411")
    version.refresh_from_db()
    assert version.place.code == "62041"


@pytest.mark.parametrize("typed", ["Lens", "lens", "LENS (62)", "62300 Lens", " 62300  lens "])
def test_a_commune_is_known_by_its_name_or_its_postal_code(typed, ana, as_):
    version = factories.draft(ana)
    assert write(as_(ana), "ou", version, place=typed).status_code == 302
    version.refresh_from_db()
    assert version.place.code == "62498"


@pytest.mark.parametrize("typed", ["", "a", "lens", "%", "\\", "é" * 500, "75", "99999", "²²²²²", "%00"])
def test_communes_are_listed_while_typing(typed, as_, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        answer = as_(None).get(reverse("initiatives:places"), {"place": typed})
    assert answer.status_code == 200
    assert answer.text.count('name="place_code"') <= 20
    assert "<html" not in answer.text


def test_a_place_of_another_level_stays_until_changed(ana, as_):
    version = factories.draft(ana, place=factories.departement("62"))
    write(as_(ana), "ou", version, organisation_name="Le collectif")
    version.refresh_from_db()
    assert (version.place.level, version.organisation_name) == ("departement", "Le collectif")


def test_fields_that_are_not_on_the_screen_are_never_written(ana, stan, as_):
    other = factories.draft(stan)
    version = factories.draft(ana)
    before = Version.objects.values().get(pk=version.pk)
    forged = {
        "status": "published", "public_version": str(version.pk), "initiative": str(other.initiative_id),
        "initiative_id": str(other.initiative_id), "pk": str(other.pk), "id": str(other.pk), "number": "99",
        "frozen_at": "2020-01-01", "depth": "capitalisation", "created_by": str(stan.pk), "authors": str(stan.pk),
        "verified_on": "2020-01-01", "story": "ailleurs", "origin": "public_source", "slug": "proposer",
        "masked_at": "2020-01-01",
        "snapshot": "{}", "tags": "pirate", "place_id": "1", "saved_at": "2000-01-01",
    }  # fmt: skip
    assert write(as_(ana), "quoi", version, title="Un titre", **forged).status_code == 302
    after = Version.objects.values().get(pk=version.pk)
    assert {name for name in after if after[name] != before[name]} == {"title", "edition", "saved_at"}
    assert after["edition"] == 1
    initiative = Initiative.objects.get(pk=version.initiative_id)
    assert (initiative.status, initiative.public_version, list(initiative.authors.all())) == ("draft", None, [ana])
    assert not version.tags.exists()


def test_a_sheet_of_someone_else_is_not_found(ana, stan, max, nora, ada, dan, as_):
    version = factories.complete_draft(ana)
    names = ("draft", "check", "submit", "discard", "follow", "cancel")
    addresses = [reverse(f"initiatives:{name}", args=[version.initiative_id]) for name in names]
    read_only = {reverse(f"initiatives:{name}", args=[version.initiative_id]) for name in ("check", "follow")}
    for person in (stan, max, nora, ada, dan):
        for url in [*addresses, address("quoi", version), address("inconnu", version)]:
            assert as_(person).get(url).status_code == 404, (person, url)
            answer = as_(person).post(url, {"title": "Pirate", "edition": "0"})
            assert answer.status_code == (405 if url in read_only else 404), (person, url)
    for url in [*addresses, address("quoi", version)]:
        assert as_(None).get(url).status_code == 302
    assert as_(ana).get(address("inconnu", version)).status_code == 404
    assert as_(ana).get(f"/initiatives/brouillons/{10**30}/quoi/").status_code == 404
    version.refresh_from_db()
    assert version.title != "Pirate"
    assert version.initiative.status == SheetStatus.DRAFT


def test_queries(ana, max, as_, django_assert_max_num_queries):
    version = factories.complete_draft(ana, tags=["soupe", "courrier"], place=factories.commune())
    browser = as_(ana)
    for step in ("quoi", "ou", "recit", "droits"):
        with django_assert_max_num_queries(12):
            assert browser.get(address(step, version)).status_code == 200
    for name in ("check", "discard"):
        with django_assert_max_num_queries(12):
            assert browser.get(reverse(f"initiatives:{name}", args=[version.initiative_id])).status_code == 200
    factories.sent(ana)
    factories.published(ana, max)
    for name in ("propose", "mine"):
        with django_assert_max_num_queries(12):
            assert browser.get(reverse(f"initiatives:{name}")).status_code == 200


def test_every_question_shows_a_good_and_a_bad_example(ana, as_):
    version = factories.draft(ana)
    for step, least in (("quoi", 3), ("ou", 4), ("recit", 6), ("droits", 3)):
        page = tree(as_(ana).get(address(step, version)))
        assert len(page.findall(".//p[@class='example example-good']")) >= least
        assert len(page.findall(".//p[@class='example example-bad']")) >= least
