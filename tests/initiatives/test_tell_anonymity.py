"""Before sending, the assistant reads: what designates someone goes, or a name stays with a reason that is read."""

import pytest
from django.urls import reverse

from initiatives import findings
from initiatives.models import Case, Milestone, NameKept, Partner
from initiatives.workflow import Refused
from tests import factories

NAMED = "Chaque mardi, Mme Durand ouvre la salle et fait chauffer la soupe pour tout le monde. " * 5
PHONED = "On peut joindre sa fille au 06 39 98 12 34 le soir. " * 8


@pytest.fixture
def version(ana):
    return factories.complete_draft(ana, story=NAMED)


def check(version):
    return reverse("initiatives:check", args=[version.initiative_id])


def act(browser, version, finding, **said):
    return browser.post(reverse("initiatives:anonymity", args=[version.initiative_id]), {"mark": finding.mark, **said})


def found(version, label="NOM"):
    version.refresh_from_db()
    return [each for each in findings.findings(version) if each.span.label == label]


def test_a_name_is_shown_with_its_advice_and_holds_the_sheet_back(version, ana, as_):
    page = as_(ana).get(check(version))
    assert "<mark>Mme Durand</mark>" in page.text
    assert "à retirer avant l’envoi" in page.text
    assert "Envoyer</button>" not in page.text
    with pytest.raises(Refused, match="Mme Durand"):
        Case.submit(version, ana)


def test_it_is_replaced_in_one_click(version, ana, as_):
    browser = as_(ana)
    act(browser, version, found(version)[0], do="replace")
    version.refresh_from_db()
    assert "Durand" not in version.story
    assert version.story.count("une personne du groupe") == 5
    assert version.edition == 1
    assert Case.submit(version, ana)


def test_or_kept_with_a_reason_that_the_coordination_reads(version, ana, max, as_):
    browser = as_(ana)
    act(browser, version, found(version)[0], do="keep", reason="  ")
    assert not NameKept.objects.exists()
    act(browser, version, found(version)[0], do="keep", reason="Élue municipale, d’accord pour être citée")
    version.refresh_from_db()
    case = Case.submit(version, ana)
    case.claim(max)
    assert "Élue municipale, d’accord pour être citée" in as_(max).get(reverse("initiatives:case", args=[case.pk])).text


def test_a_reason_may_be_taken_back(version, ana, as_):
    browser = as_(ana)
    act(browser, version, found(version)[0], do="keep", reason="Élue municipale, d’accord")
    act(browser, version, found(version)[0], do="keep_no_more")
    assert found(version)[0].must_go


def test_a_number_can_never_be_kept(ana, as_):
    version = factories.complete_draft(ana, story=PHONED)
    act(as_(ana), version, found(version, "TEL")[0], do="keep", reason="Elle est d’accord, promis")
    assert not NameKept.objects.exists()
    with pytest.raises(Refused, match="06 39 98 12 34"):
        Case.submit(version, ana)


def test_rows_are_read_too(ana, as_):
    version = factories.complete_draft(ana)
    Partner.objects.create(version=version, name="Association du Bassin", role="Appeler M. Belkacem")
    Milestone.objects.create(version=version, year=2024, text="Fatoumata Diarra rejoint le groupe")
    assert {(each.where.field, each.span.text) for each in found(version)} == {
        ("partner", "M. Belkacem"), ("milestone", "Fatoumata Diarra"),
    }  # fmt: skip
    act(as_(ana), version, found(version)[0], do="replace")
    assert Partner.objects.get(version=version).role == "Appeler une personne du groupe"


def test_what_changed_meanwhile_is_not_replaced_blindly(version, ana, as_):
    before = found(version)[0]
    factories.fill(version, story="Tout autre chose. " * 30)
    answer = as_(ana).post(
        reverse("initiatives:anonymity", args=[version.initiative_id]),
        {"mark": before.mark, "do": "replace"},
        follow=True,
    )
    assert "a changé entre-temps" in answer.text
    version.refresh_from_db()
    assert version.story.startswith("Tout autre chose.")


def test_reminders_hold_nothing_back(ana, as_):
    version = factories.complete_draft(ana, story="Une femme de 43 ans est venue le 18 mars à 20 h 30. " * 8)
    assert "rappel" in as_(ana).get(check(version)).text
    assert Case.submit(version, ana)


def test_only_its_authors(version, stan, as_):
    assert act(as_(stan), version, found(version)[0], do="replace").status_code == 404
    version.refresh_from_db()
    assert version.story == NAMED


def test_a_forged_act_changes_nothing(version, ana, as_):
    act(as_(ana), version, found(version)[0], do="delete")
    version.refresh_from_db()
    assert version.story == NAMED
    assert version.edition == 0


def test_the_page_asks_few_queries(ana, as_, django_assert_max_num_queries):
    version = factories.complete_draft(ana, story=NAMED)
    browser = as_(ana)
    with django_assert_max_num_queries(12):
        browser.get(check(version))
