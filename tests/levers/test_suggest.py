"""What a text makes one think of: proposals, with the words that made them, never decided for the team."""

from django.urls import reverse

from levers import suggestions
from levers.models import Mapping, Proposal
from tests import factories

STORY = (
    "Au comité d’usagers, les personnes concernées votent le budget participatif. Les commerçants du quartier donnent "
    "leurs invendus, et des bénévoles les trient. " * 3
)


def step(version):
    return reverse("initiatives:step", args=[version.initiative_id, "leviers"])


def test_each_suggestion_says_which_words_made_it():
    found = {suggestion.proposal: suggestion.words for suggestion in suggestions.suggest(STORY)}
    assert "comité d’usagers" in found[24]
    assert "invendus" in found[23] or "commerçants" in found[23]


def test_words_are_found_whatever_their_accents_and_endings():
    for text in ("On a CO-CONSTRUIT le lieu", "la coconstruction", "une co‑construction"):
        assert 22 in {suggestion.proposal for suggestion in suggestions.suggest(text)}
    assert suggestions.suggest("Nous avons pris le bus.") == []
    assert suggestions.suggest("") == []


def test_every_signal_is_of_a_proposal_that_exists(db):
    known = set(Proposal.objects.values_list("number", flat=True))
    assert {number for numbers in suggestions._signals().values() for number in numbers} == known


def test_taking_one_is_writing_its_sentence(ana, as_):
    version = factories.draft(ana, story=STORY)
    browser = as_(ana)
    page = browser.get(step(version))
    assert "Parce que vous avez écrit" in page.text
    suggested = [found.proposal for found in page.context["form"].suggestions]
    assert 24 in suggested
    browser.post(
        step(version), {"suggested_24": "Le comité vote les dépenses.", "edition": version.edition, "go": "stay"}
    )
    mapping = Mapping.objects.get(version=version)
    assert (mapping.proposal_id, mapping.sentence) == (24, "Le comité vote les dépenses.")
    assert 24 not in [found.proposal for found in browser.get(step(version)).context["form"].suggestions]


def test_leaving_them_all_is_writing_nothing(ana, as_):
    version = factories.draft(ana, story=STORY)
    assert as_(ana).post(step(version), {"edition": version.edition}).status_code == 302
    assert not Mapping.objects.filter(version=version).exists()


def test_the_same_proposal_twice_is_said(ana, as_):
    version = factories.draft(ana, story=STORY)
    answer = as_(ana).post(
        step(version),
        {"suggested_24": "Il vote.", "proposal_0": "24", "sentence_0": "Il vote aussi.", "edition": version.edition},
    )
    assert "Vous avez déjà choisi cette proposition." in answer.text
    assert "Il vote aussi." in answer.text


def test_a_text_changed_on_another_screen_makes_no_conflict(ana, as_):
    """The suggestions shown differ then; what the person wrote doesn’t."""
    version = factories.draft(ana, story=STORY)
    browser = as_(ana)
    seen = browser.get(step(version)).context["seen"]
    factories.fill(version, story="Rien de tout cela. " * 30)
    type(version).objects.filter(pk=version.pk).update(edition=version.edition + 1)
    answer = browser.post(step(version), {"proposal_0": "3", "sentence_0": "Un repas.", "edition": 0, "seen": seen})
    assert answer.status_code == 302
    assert Mapping.objects.get(version=version).sentence == "Un repas."


def test_a_sentence_is_kept_when_its_suggestion_is_gone(ana, as_):
    version = factories.draft(ana, story="Rien de tout cela. " * 30)
    as_(ana).post(step(version), {"suggested_24": "Le comité vote.", "suggested_999": "?", "edition": version.edition})
    assert list(Mapping.objects.filter(version=version).values_list("proposal_id", "sentence")) == [
        (24, "Le comité vote.")
    ]
