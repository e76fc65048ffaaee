"""Addresses nobody would type: an answer that means something, always; and nothing of a draft in it."""

import pytest

from tests import factories

HUGE = "9" * 40
VERY = "9" * 5000


@pytest.mark.parametrize(
    "path",
    [
        "/guide/fiches/{}/", "/guide/fiches/1/versions/{}/", "/leviers/{}/", "/leviers/dubasque/{}/",
        "/leviers/propositions/{}/", "/freins/{}/", "/initiatives/brouillons/{}/", "/initiatives/brouillons/{}/quoi/",
        "/initiatives/brouillons/{}/relire/", "/initiatives/brouillons/{}/envoyer/",
        "/initiatives/brouillons/{}/supprimer/", "/initiatives/suivi/{}/", "/initiatives/suivi/{}/annuler/",
        "/initiatives/moderation/{}/", "/initiatives/{}/", "/initiatives/{}/modifier/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("number", ["99999999999", HUGE, VERY, "0"])
def test_no_such_number(path, number, max, as_):
    assert as_(max).get(path.format(number)).status_code == 404


@pytest.mark.parametrize("act", ["prendre", "rendre", "completer", "refuser", "publier"])
def test_no_such_case(act, max, as_):
    assert as_(max).post(f"/initiatives/moderation/{HUGE}/{act}/").status_code == 404


ABSURD = (str(10**30), VERY, "-1", "1e400", "nan", "²", "%00", "%ED%A0%80", "1&page=2")
ASKED = ("page", "q", "commune", "lieu", "depuis", "region", "departement", "etiquette", "levier")


@pytest.mark.parametrize("absurd", ABSURD)
def test_absurd_questions(absurd, max, as_):
    browser = as_(max)
    for name in ASKED:
        assert browser.get(f"/initiatives/?{name}={absurd}").status_code == 200
    for path in (
        "/initiatives/flux.atom", "/initiatives/mes-initiatives/", "/initiatives/moderation/", "/leviers/1/",
        "/leviers/propositions/1/", "/freins/1/", "/recherche/", "/leviers/couverture/",
    ):  # fmt: skip
        assert browser.get(f"{path}?page={absurd}&vue={absurd}&q={absurd}").status_code == 200


@pytest.mark.parametrize(
    ("step", "field"),
    [
        ("quoi", "title"), ("quoi", "start_year"), ("quoi", "start_month"), ("ou", "organisation_kind"),
        ("ou", "place"),
        ("ou", "place_code"), ("ou", "organisation_siret"), ("recit", "publics"), ("recit", "themes"),
        ("recit", "methods"), ("recit", "words"), ("leviers", "proposal_0"), ("leviers", "sentence_0"),
        ("droits", "contact_address"), ("droits", "anonymity"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("typed", ["\x00", "a\x00b", "9" * 5000, "-1", "²", "\ufffd"])
def test_absurd_answers(step, field, typed, ana, as_):
    version = factories.draft(ana)
    browser = as_(ana)
    for data in ({field: typed}, {field: typed, "edition": typed, "seen": typed, "go": typed}):
        answer = browser.post(f"/initiatives/brouillons/{version.initiative_id}/{step}/", data)
        assert answer.status_code in (200, 302, 409)


def test_a_label_of_a_draft_is_nobodys(ana, max, as_):
    factories.draft(ana, tags=["Canari jaune"])
    assert "Canari jaune" not in as_(None).get("/initiatives/?etiquette=canari-jaune").text
    factories.published(ana, max, tags=["Merle bleu"])
    assert "Merle bleu" in as_(None).get("/initiatives/?etiquette=merle-bleu").text
