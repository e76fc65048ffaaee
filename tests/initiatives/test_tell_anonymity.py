"""Before sending, the assistant reads: what designates someone goes, or a name stays with a reason that is read."""

import pytest
from django.urls import reverse

from initiatives import findings
from initiatives.files import keeping
from initiatives.models import Attachment, Case, Milestone, NameKept, Partner, Tag
from initiatives.workflow import Refused
from levers.models import Lever, Mapping
from tests import factories
from tests.initiatives import samples

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


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (3, "Paul Petit »,"), (4, "et 1 autre,"), (6, "et 3 autres,"),
    ],
)  # fmt: skip
def test_what_holds_a_sheet_back_is_counted(ana, names, said):
    known = ["Mme Durand", "M. Lefebvre", "Paul Petit", "Mme Garcia", "M. Bernard", "Mme Moreau"][:names]
    told = ". ".join(f"Nous avons vu {name} chaque mardi" for name in known)
    version = factories.complete_draft(ana, story=f"{told}. {told}. " + factories.STORY)
    with pytest.raises(Refused, match=said):
        Case.submit(version, ana)


def test_a_sentence_of_proof_is_read(ana, as_):
    version = factories.complete_draft(ana)
    lever = Lever.objects.of_dagbert().first()
    Mapping.objects.create(version=version, lever=lever, sentence="Mme Durand décide avec nous du jour.")
    (name,) = found(version)
    assert name.step.slug == "leviers"
    act(as_(ana), version, name, do="replace")
    assert version.mapping_rows.get().sentence == "une personne du groupe décide avec nous du jour."


def test_a_tag_is_read_and_changed_on_its_screen_alone(ana, as_):
    version = factories.complete_draft(ana, tags=["Mme Durand"])
    (name,) = found(version)
    assert not name.can_be_replaced
    act(as_(ana), version, name, do="replace")
    assert Tag.objects.filter(name="Mme Durand").exists()
    with pytest.raises(Refused, match="Mme Durand"):
        Case.submit(version, ana)


@pytest.fixture
def documented(ana):
    version = factories.complete_draft(ana)
    text = "Bilan. Le 12 mars, Mme Durand a noté : rappeler sa fille au 06 39 98 12 34 avant vendredi."
    upload = keeping.receive(version.initiative, ana, "bilan.pdf", samples.pdf(1, text))
    Attachment.objects.create(version=version, upload=upload, title="Le bilan", credit="L’équipe")
    return version


def test_a_document_is_read_inside(documented, ana, as_, django_assert_max_num_queries):
    (phone,), (name,) = found(documented, "TEL"), found(documented)
    assert "rappeler sa fille au " in phone.before
    assert phone.after.startswith(" avant vendredi")
    assert not phone.can_be_replaced
    browser = as_(ana)
    with django_assert_max_num_queries(20):
        page = browser.get(check(documented)).text
    assert "Ce document le dit" in page
    assert "dans le fichier" in page
    # Dates and ages of a document are a human's to judge, and aren't listed one by one.
    assert not found(documented, "DATE")
    with pytest.raises(Refused, match="06 39 98 12 34"):
        Case.submit(documented, ana)
    act(browser, documented, phone, do="replace")
    assert found(documented, "TEL")
    act(browser, documented, name, do="keep", reason="Élue municipale, d’accord pour être citée")
    assert not [each for each in found(documented) if each.must_go]


def test_the_storage_away_hides_no_page(documented, ana, as_, monkeypatch):
    def away(upload):
        raise OSError

    findings._held_by.cache_clear()
    monkeypatch.setattr(keeping, "text_of", away)
    assert as_(ana).get(check(documented)).status_code == 200
