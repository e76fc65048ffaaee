"""Tell further: the récit and the capitalisation, offered once the Instantané is told, and never asked."""

import pytest
from django.urls import reverse

from initiatives import completeness, steps
from initiatives.models import Attachment, Authorship, Case, Initiative, Milestone, Upload, Version, Voice
from initiatives.models.choices import Depth
from initiatives.search import index
from tests import factories
from tests.initiatives.telling import RIGHTS, address, shown, tree, write

FURTHER = ("maniere", "moyens", "effets", "leviers", "etapes", "suites")
PRACTICE = {
    "objectives": "Que chacune ose ouvrir son courrier.",
    "participation_degree": "associes",
    "participation": "Deux participantes préparent la séance.",
    "decisions": "Le groupe a choisi le jour.",
    "trades": "Une CESF",
    "participants_band": "10-24",
    "partner-0-name": "La bibliothèque",
    "partner-0-role": "prête la salle",
}
MEANS = {
    "timeshare-0-role": "assistante sociale",
    "timeshare-0-hours_a_month": "6,5 h",
    "time_granted_by": "La responsable",
    "budget_band": "500-2000",
    "funding": "La CAF",
    "hosting": ["collegue"],
}
EFFECTS = {
    "effects_people": "Huit sur douze ouvrent leur courrier seules.",
    "proof": "observe",
    "obstaclemet-0-obstacle": "3",
    "obstaclemet-0-text": "Pas de salle.",
    "if_again": "Commencer à six.",
    "conditions": "Deux collègues.",
    "fiches": ["26"],
}
STAGES = {
    "milestone-0-year": "2024",
    "milestone-0-month": "3",
    "milestone-0-text": "La première séance.",
    "milestone-1-year": "2023",
    "milestone-1-text": "Une idée sur le palier.",
    "voice-0-text": "Je rangeais les lettres dans le four.",
    "voice-0-speaker": "Une participante",
    "voice-0-agreed": "on",
    "ethics": "On n’ouvre la lettre de personne.",
}


def test_the_instantane_asks_twelve_questions_on_four_screens(ana, as_):
    """Counted: what is numbered, what must be answered before sending, what has an answer from the start."""
    version = factories.draft(ana)
    path = steps.of_depth(Depth.SNAPSHOT)
    assert [step.slug for step in path] == ["quoi", "ou", "recit", "droits"]
    numbered, needed = [], []
    for step in path:
        page = tree(as_(ana).get(address(step.slug, version)))
        questions = page.findall(".//ol[@class='questions']/li")
        numbered += [question.find("./p[@class='question-number']").text for question in questions]
        inside = {control.get("name") for question in questions for control in question.iter() if control.get("name")}
        form = step.form(version, None)
        asked = [name for name, field in form.fields.items() if not getattr(field, "mark_optional", True)]
        assert set(asked) <= inside, "an answer is needed that no number counts"
        needed += asked
    assert numbered == [f"Question {n} sur 12" for n in range(1, 13)]
    assert set(version.missing()) <= set(needed)
    # The place and how far it goes are one question; so are the licence and the agreements.
    assert len(set(version.missing())) == 14


def test_after_the_fourth_screen_one_reads_again_and_is_invited_further(ana, as_):
    version = factories.complete_draft(ana)
    answer = write(as_(ana), "droits", version, go="next", **RIGHTS, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("initiatives:check", args=[version.initiative_id])
    assert "Aller plus loin&nbsp;: le récit" in answer.text
    for lack in ("le temps par fonction", "qui a accordé ce temps", "un effet", "un frein", "une condition"):
        assert lack in answer.text
    invitation = tree(answer).find(".//section[@class='tell-invitation']//a")
    assert invitation.get("href") == address("moyens", version)
    # Nothing of it is needed.
    assert completeness.missing(version) == {}
    assert [form for form in tree(answer).iter("form") if "envoyer" in form.get("action", "")]


def test_the_path_of_each_depth():
    def after(slug):
        following = steps.neighbours(steps.named(slug))[1]
        return following.slug if following else None

    assert [after(slug) for slug in ("quoi", "ou", "recit", "droits")] == ["ou", "recit", "droits", None]
    assert [after(slug) for slug in ("maniere", "moyens", "effets", "leviers")] == ["moyens", "effets", "leviers", None]
    assert after("etapes") in ("images", "suites")
    assert after("suites") is None
    assert steps.neighbours(steps.named("maniere"))[0] is None


def test_from_the_instantane_to_the_capitalisation_without_a_script(ana, as_):
    version = factories.complete_draft(ana)
    browser = as_(ana)
    told = (("maniere", PRACTICE), ("moyens", MEANS), ("effets", EFFECTS), ("etapes", STAGES))
    depths = []
    for step, typed in told:
        assert write(browser, step, version, go="next", **typed).status_code == 302
        version = Version.objects.get(pk=version.pk)
        depths.append(version.computed_depth())
    assert depths == ["instantane", "instantane", "recit", "capitalisation"]
    assert version.timeshare_rows.get().hours_a_month == 6.5
    assert [row.year for row in version.milestone_rows.all()] == [2023, 2024], "put in order by themselves"
    assert (version.participants_band, version.budget_band, version.hosting) == ("10-24", "500-2000", ["collegue"])
    assert [fiche.number for fiche in version.fiches.all()] == [26]
    check = browser.get(reverse("initiatives:check", args=[version.initiative_id])).text
    for said in (
        "Que chacune ose", "assistante sociale&nbsp;: 6,5&nbsp;h", "La responsable", "Pas de salle.", "de 500 à",
        "Commencer à six.", "mars 2024", "Je rangeais les lettres", "On n’ouvre la lettre", "La bibliothèque",
    ):  # fmt: skip
        assert said in check, said
    # What one opens again is what one wrote, and saving it as it is changes nothing.
    edition = version.edition
    for step, typed in told:
        opened = shown(browser.get(address(step, version)))
        assert {name: opened.get(name) for name in typed if "-" not in name} == {
            name: value if isinstance(value, list) else [value] for name, value in typed.items() if "-" not in name
        }
        assert browser.post(address(step, version), opened).status_code == 302
    assert Version.objects.get(pk=version.pk).edition == edition


def without(**fields):
    return lambda version: factories.fill(version, **fields)


def rowless(kind):
    return lambda version: getattr(version, f"{kind}_rows").all().delete()


def unagreed(version):
    version.voice_rows.update(agreed=False)


def document(version):
    version.voice_rows.all().delete()
    upload = Upload.objects.create(
        initiative=version.initiative, kind="document", token="x" * 43, digest="0" * 64, name="bilan.pdf", size=1
    )
    Attachment.objects.create(version=version, upload=upload, title="Bilan", credit="L’équipe")


@pytest.mark.parametrize(
    ("change", "expected", "lack"),
    [
        (lambda version: None, "capitalisation", ""),
        (rowless("timeshare"), "instantane", "timeshare"),
        (without(time_granted_by="  "), "instantane", "time_granted_by"),
        (without(effects_people="", effects_professionals="", effects_territory="\n"), "instantane", "effects_people"),
        (without(effects_people="", effects_professionals=""), "capitalisation", ""),
        (rowless("obstaclemet"), "instantane", "obstaclemet"),
        (without(if_again=""), "instantane", "if_again"),
        (without(conditions=""), "instantane", "conditions"),
        (rowless("milestone"), "recit", "milestone"),
        (lambda version: version.milestone_rows.first().delete(), "recit", "milestone"),
        (without(proof=""), "recit", "proof"),
        (without(proof="declare"), "recit", "proof"),
        (rowless("voice"), "recit", "voice"),
        (unagreed, "recit", "voice"),
        (document, "capitalisation", ""),
        (rowless("partner"), "capitalisation", ""),
        (without(objectives="", trades="", funding="", variants="", ethics="", plain_summary=""), "capitalisation", ""),
    ],
)
def test_depth_is_earned_by_what_is_filled(change, expected, lack, ana):
    version = factories.capitalise(factories.complete_draft(ana))
    change(version)
    assert version.computed_depth() == expected
    lacks = completeness.lacking(version, Depth.STORY) | completeness.lacking(version, Depth.CAPITALISATION)
    assert list(lacks) == ([lack] if lack else [])


def test_depth_is_kept_at_publication_and_found_in_the_catalogue(ana, max, as_):
    version = factories.capitalise(factories.complete_draft(ana))
    case = Case.submit(version, ana)
    case.claim(max)
    case.accept(max)
    sheet = Initiative.objects.get(pk=version.initiative_id)
    assert sheet.public_version.depth == "capitalisation"
    index(sheet)
    assert sheet.public_version.title in as_(None).get("/initiatives/?profondeur=capitalisation").text


def test_the_comb_says_in_words_what_is_filled(ana, as_):
    version = factories.tell_story(factories.complete_draft(ana))
    page = as_(ana).get(address("moyens", version))
    cells = {"".join(li.itertext()).strip() for li in tree(page).findall(".//nav[@class='tell-progress']//li")}
    said = {" ".join(cell.split()) for cell in cells}
    assert {"L’essentiel complet", "Le temps et les moyens rempli", "Ce que cela soutient facultatif"} <= said
    assert "Ce que cela change commencé" in said, "the proof still lacks for the third depth"
    assert "deux étapes datées, une preuve au-delà du «\u00a0déclaré\u00a0», une parole ou un document" in page.text
    empty = as_(ana).get(address("effets", factories.draft(ana)))
    assert "il manque\u00a0: le temps par fonction, qui a accordé ce temps, un effet, un frein" in empty.text


def test_every_question_further_shows_a_good_and_a_bad_example(ana, as_):
    version = factories.draft(ana)
    for slug in ("maniere", "moyens", "effets", "etapes", "suites"):
        form = steps.named(slug).form(version, None)
        for name, field in form.fields.items():
            assert field.label, name
            assert field.help_text, name
            if name != "plain_with_people":
                assert all((field.good, field.bad)), name
        page = as_(ana).get(address(slug, version)).text
        assert page.count("example-good") >= len(form.fields) - 1


REFUSED = [
    ("maniere", "participation_degree", "invitées", "Choisissez parmi les réponses proposées"),
    ("maniere", "participants_band", "mille", "Choisissez parmi les réponses proposées"),
    ("maniere", "trades", "m" * 301, "gardez-en 300 au plus"),
    ("maniere", "objectives", "avant\x00après", "signe illisible"),
    ("moyens", "budget_band", "beaucoup", "Choisissez parmi les réponses proposées"),
    ("moyens", "hosting", ["tout"], "Choisissez parmi les réponses proposées"),
    ("effets", "proof", "sûr", "Choisissez parmi les réponses proposées"),
    ("effets", "fiches", ["27"], "Choisissez parmi les réponses proposées"),
    ("effets", "fiches", ["tout"], "Choisissez parmi les réponses proposées"),
    ("effets", "conditions", "Un\nDeux\nTrois\nQuatre", "gardez les trois"),
    ("suites", "languages", ["klingon"], "Choisissez parmi les réponses proposées"),
    ("suites", "plain_summary", "m" * 4001, "gardez-en 4000 au plus"),
    ("suites", "plain_with_people", "on", "décochez la case"),
]


@pytest.mark.parametrize(("step", "field", "value", "sentence"), REFUSED)
def test_what_makes_no_sense_is_refused_with_a_sentence(step, field, value, sentence, ana, as_):
    version = factories.draft(ana)
    answer = write(as_(ana), step, version, **{field: value})
    assert answer.status_code == 200
    assert tree(answer).find(".//title").text.startswith("Erreur : ")
    assert sentence in answer.text.replace("\u202f", "").replace("\u00a0", "")
    assert tree(answer).findall(".//div[@id='erreurs']//a[@href]")
    version.refresh_from_db()
    assert version.edition == 0


def test_a_story_of_twenty_thousand_words_is_refused_with_its_count_and_kept(ana, as_):
    version = factories.complete_draft(ana)
    long = " ".join(f"mot{n % 10}" for n in range(20_000))
    for step, field in (("recit", "story"), ("maniere", "participation"), ("effets", "if_again"), ("etapes", "ethics")):
        answer = write(as_(ana), step, version, **{field: long})
        assert answer.status_code == 200
        assert f"Ce texte compte {len(long)} signes" in answer.text
        assert shown(answer)[field] == [long], "nothing is cut"


def test_a_sheet_being_adopted_is_asked_what_an_author_is(ana, db):
    sheet = Initiative.objects.published().filter(origin="public_source").first()
    assert sheet.public_version.missing() == {}
    version = sheet.public_version.copy(ana)
    assert version.missing() == {}, "no adopter yet: it still says what its source says"
    Authorship.objects.create(initiative=sheet, person=ana, role=Authorship.Role.ADOPTER)
    assert {"people_agree", "employer_agrees", "anonymity"} <= set(version.missing())
    assert sheet.public_version.missing() == {}, "what the file says is read as before"


def test_what_a_source_said_in_general_may_be_put_in_its_place(ana, as_):
    version = factories.draft(ana)
    assert "en général" not in as_(ana).get(address("effets", version)).text
    factories.fill(version, effects="Trois familles se rendent service.")
    page = as_(ana).get(address("effets", version))
    assert shown(page)["effects"] == ["Trois familles se rendent service."]


def test_queries(ana, as_, django_assert_max_num_queries):
    version = factories.capitalise(factories.complete_draft(ana, tags=["soupe"]))
    Milestone.objects.bulk_create(Milestone(version=version, year=2020, text=f"Étape {n}") for n in range(15))
    Voice.objects.bulk_create(Voice(version=version, text="Oui.", speaker="Une voisine") for _ in range(15))
    browser = as_(ana)
    for step in ("quoi", "ou", "recit", "droits", *FURTHER):
        with django_assert_max_num_queries(12):
            assert browser.get(address(step, version)).status_code == 200
    with django_assert_max_num_queries(12):
        assert browser.get(reverse("initiatives:check", args=[version.initiative_id])).status_code == 200
