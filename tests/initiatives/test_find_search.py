"""Asking the catalogue: French words as people type them, counts that are right, and nothing hidden that comes out."""

import random
import sys

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from guide import passages
from guide.models import Term
from initiatives import search
from initiatives.models import Entry, Initiative, Posting, PostingChange, Version, Word
from initiatives.search import Question, ask, excerpts, spelling, writing
from initiatives.search.nightly import check, nightly
from initiatives.search.text import read
from tests import factories


@pytest.fixture
def kitchen(ana, max):
    return factories.published(ana, max, title="La cuisine partagée des travaux de l’été")


@pytest.fixture
def garden(ana, max):
    return factories.published(
        ana, max, title="Un jardin d’insertion et ses emplois", story="Des légumes, des bottes et un potager. " * 12,
        summary="Un potager de quartier, cultivé par des personnes âgées et des jeunes, avec une association." * 2,
        beginning="Un terrain vide.", place=factories.commune("75056"),
    )  # fmt: skip


@pytest.fixture
def alone(db):
    """Only what the test publishes."""
    factories.empty_catalogue()


def found(typed, **about):
    return set(ask(Question(typed, **about)).ids)


@pytest.mark.parametrize(
    "typed",
    ["cuisine partagée", "CUISINE PARTAGEE", "cuisines partagés", "cuisiner", "travail", "travaux",
     "l'été de la cuisine",
     "d’habitantes cuisine", '"cuisine partagée"', "cuisine -jardin", "cuisine-partagée", "assistantes sociales"],
)  # fmt: skip
def test_words_as_people_type_them(alone, kitchen, garden, typed):
    assert kitchen.pk in found(typed)


@pytest.mark.parametrize("typed", ['"partagée cuisine"', "cuisine -partagées", "-cuisine", "fusée"])
def test_words_that_do_not_match(alone, kitchen, typed):
    assert kitchen.pk not in found(typed)


def test_phrases_are_cut_from_what_is_found(alone, ana, max):
    both = factories.published(ana, max, title="Un bateau lavoir et un moulin vent")
    one = factories.published(ana, max, title="Un lavoir au bateau, un moulin vent")
    assert found('"bateau lavoir"') == found('"bateau lavoir" "moulin vent"') == {both.pk}
    assert found('bateau -"bateau lavoir"') == {one.pk}
    assert found('"moulin vent" -"bateau lavoir" -"lavoir moulin"') == {one.pk}
    nearest = ask(Question('"bateau lavoir" "moulin vent" zygomatiques'))
    assert (nearest.nearest, nearest.ids) == (True, [both.pk, one.pk])


@pytest.mark.parametrize("few", [True, False])
def test_by_title(alone, ana, max, few):
    titles = ["Zèbres", "abeilles", "École", "Été"]
    made = {title: factories.published(ana, max, title=title, depth="instantane") for title in titles}
    for n in range(6 if few else 0):
        factories.published(ana, max, title=f"Autre {n}", story=f"{factories.STORY} Un autre mot : zygomatique.")
    answer = ask(Question("-zygomatique", order="titre", size=3))
    assert answer.ids == [made[title].pk for title in ("abeilles", "École", "Été")]
    assert ask(Question("-zygomatique", order="titre", size=3, page=2)).ids == [made["Zèbres"].pk]


def test_inflections_the_stemmer_misses(alone, garden):
    assert found("emploi") == found("emplois") == {garden.pk}


def test_synonyms_find_the_same_sheets(db):
    answers = [ask(Question(words)).ids for words in ("ISIC", "intervention collective", "travail social collectif")]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]


def test_seniors_are_personnes_agees(alone, garden):
    assert garden.pk in found("seniors") == found("personne agée")


def test_a_typo_is_forgiven_and_said(alone, garden):
    answer = ask(Question("potagre"))
    assert answer.ids == [garden.pk]
    assert answer.spelling == "potager"


@pytest.mark.parametrize(
    ("one", "other", "most", "away"),
    [("parnets", "parents", 1, 1), ("epicrie", "epicerie", 1, 1), ("asociasion", "association", 2, 2),
     ("chat", "chien", 1, 2)],
)  # fmt: skip
def test_distance(one, other, most, away):
    assert spelling.distance(one, other, most) == away


@given(st.text("abcde", min_size=4, max_size=14), st.data())
def test_two_words_a_typo_apart_share_a_deletion(word, data):
    """Whatever the letters added, dropped, changed or swapped, the index offers the word that was meant."""
    typed = word
    for _ in range(data.draw(st.integers(0, 2))):
        place = data.draw(st.integers(0, max(0, len(typed) - 1)))
        letter = data.draw(st.sampled_from("abcdexyz"))
        change = data.draw(st.sampled_from(("add", "drop", "change", "swap")))
        rest = {"add": typed[place:], "swap": typed[place + 2 :]}.get(change, typed[place + 1 :])
        middle = {"add": letter, "drop": "", "change": letter, "swap": typed[place : place + 2][::-1]}[change]
        typed = typed[:place] + middle + rest
    most = spelling.allowed(typed)
    if most and spelling.distance(typed, word, most) <= most:
        assert spelling.deletions(typed, most) & set(spelling.kept(word))


def test_a_word_longer_than_any_is_published_and_found(alone, ana, max):
    sheet = factories.published(ana, max, title="Une fiche", story=f"{factories.STORY} {'x' * 3_000} {'é' * 3_000}")
    assert sheet.pk in found("x" * 128)


def test_a_word_of_the_guide_is_no_typo(alone, garden):
    Term.objects.create(slug="potagor", name="Potagor", definition="Un mot du guide.")
    assert ask(Question("potagor")).spelling == "potager"
    passages.renew("terme")
    assert ask(Question("potagor")).spelling == ""


def test_a_typo_is_not_corrected_when_something_is_found(alone, kitchen, garden):
    assert ask(Question("cuisine")).spelling == ""


def test_a_typo_that_has_the_stem_of_another_word_is_doubted_when_nothing_is_found(alone, ana, max):
    yurt = factories.published(ana, max, title="Une yourte solidaire au bord du canal")
    factories.published(ana, max, title="Des voisins qui se solidarisent")
    answer = ask(Question("yourte solidarie"))
    assert (answer.ids, answer.spelling) == ([yurt.pk], "yourte solidaire")
    assert ask(Question("solidarisent canal")).total == 0  # both words are said, never together: nobody is corrected


def test_of_two_spellings_the_one_that_goes_with_the_rest_comes_first(alone, ana, max):
    for place in range(3):
        factories.published(ana, max, title=f"La cabine du quartier, fois {place}")
    cuisine = factories.published(ana, max, title="La cantine des zibelines")
    assert ask(Question("catine zibeline")).ids == [cuisine.pk]


def test_spelling_never_offers_the_word_of_a_sheet_that_left(alone, ana, max):
    sheet = factories.published(ana, max, title="Les zygomatiques du mardi")
    assert ask(Question("zygomatiqeus")).spelling == "zygomatiques"
    Initiative.objects.filter(pk=sheet.pk).update(masked_at=timezone.now())
    sheet.refresh_from_db()
    search.index(sheet)
    assert not Entry.objects.filter(pk=sheet.pk).exists()
    answer = ask(Question("zygomatiqeus"))
    assert (answer.spelling, answer.total) == ("", 0)
    nightly(timezone.localdate())
    assert not Word.objects.filter(key="zygomatiques").exists()


def test_stop_words_alone_ask_nothing_and_it_is_said(db):
    answer = ask(Question("à la"))
    assert answer.total == ask(Question()).total
    assert answer.ignored


@pytest.mark.parametrize("change", [{"masked_at": "now"}, {"status": "withdrawn"}, {"status": "archived"}])
def test_what_a_hand_hides_in_the_database_is_hidden_at_once(alone, kitchen, change):
    values = {name: timezone.now() if value == "now" else value for name, value in change.items()}
    Initiative.objects.filter(pk=kitchen.pk).update(**values)
    answer = ask(Question("cuisine"))
    assert answer.total == 0
    assert not any(answer.counts.values())


def test_a_sheet_deleted_is_counted_no_more(alone, kitchen, garden):
    Entry.objects.filter(pk=kitchen.pk).delete()
    assert ask(Question()).total == 1


def test_a_draft_is_not_indexed(alone, ana):
    version = factories.complete_draft(ana, title="Canari des brouillons")
    search.index(version.initiative)
    assert not found("canari")


def test_rebuild_gives_the_same_index(alone, kitchen, garden):
    named = ("pk", "terms", "said", "card", "verified_on", "title_key")
    before = list(Entry.objects.order_by("pk").values(*named)), list(Word.objects.order_by("key").values())
    assert list(search.rebuild())[-1] >= 2
    assert list(Entry.objects.filter(pk__in=[kitchen.pk, garden.pk]).order_by("pk").values(*named)) == before[0]
    assert all(word in list(Word.objects.values()) for word in before[1])
    assert list(check()) == []
    assert garden.pk in found("potager")


def test_what_changes_while_the_index_is_made_again_is_read_again(db, ana, max, monkeypatch):
    hidden = factories.published(ana, max, title="Les zygomatiques du mardi")
    emptied = factories.published(ana, max, title="Au bord de l’eau", story=f"{factories.STORY} Des grèbegoulues.")
    monkeypatch.setattr(sys.modules["initiatives.search.index"], "AT_ONCE", 1)  # the door gives its function that name
    being_made = search.rebuild()
    for _ in range(Entry.objects.count()):
        next(being_made)
    Initiative.objects.filter(pk=hidden.pk).update(masked_at=timezone.now())
    Version.objects.filter(pk=emptied.public_version_id).update(story=f"{factories.STORY} Une loutrenelle.")
    search.index(emptied)
    list(being_made)
    assert (found("zygomatiques"), found("grèbegoulues"), found("loutrenelle")) == (set(), set(), {emptied.pk})
    assert not Word.objects.filter(key__in=["zygomatiques", "grebegoulues"]).exists()
    assert list(check()) == []


def test_one_command_makes_the_index_again_and_says_how_far_it_is(alone, kitchen, capsys):
    call_command("index_catalogue")
    total = Initiative.objects.published().count()
    assert capsys.readouterr().out.splitlines() == [f"{total} fiches lues sur {total}", f"{total} fiches indexées"]


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda: Posting.objects.filter(term="t:cuisin").delete(), "t:cuisin : "),
        (lambda: Posting.objects.filter(term="all").delete(), "all : "),
        (lambda: Entry.objects.update(title_key="autre"), "l’index ne dit pas ce que dit la fiche"),
        (lambda: Entry.objects.all().delete(), "mais pas dans les deux"),
    ],
)
def test_one_command_says_what_differs(kitchen, capsys, harm, said):
    writing.merge()
    call_command("check_catalogue")
    assert "L’index dit ce que disent les fiches." in capsys.readouterr().out
    harm()
    with pytest.raises(CommandError, match="index_catalogue"):
        call_command("check_catalogue")
    assert said in capsys.readouterr().out


def test_a_word_not_merged_yet_is_no_forgotten_word(alone, kitchen, monkeypatch):
    """Someone else merges at this moment: nothing is merged here, and the words just published are still said."""
    monkeypatch.setattr(writing, "merge", lambda: 0)
    search.forget_what_left()
    assert Word.objects.filter(key="cuisine").exists()


def test_a_merge_changes_no_answer(alone, kitchen, garden):
    questions = [Question(), Question("cuisine"), Question("jardin"), Question("travail social")]
    before = [(ask(q).docs, ask(q).counts) for q in questions]
    assert writing.merge() > 100
    assert not PostingChange.objects.exists()
    assert [(ask(q).docs, ask(q).counts) for q in questions] == before
    Initiative.objects.filter(pk=garden.pk).update(masked_at=timezone.now())
    garden.refresh_from_db()
    search.index(garden)
    assert found("jardin") == set()
    writing.merge()
    writing.sweep()
    assert not Posting.objects.filter(term="w:potag").exists()
    assert found("cuisine") == {kitchen.pk}


FACETS = ("methode", "theme", "public", "departement", "region", "levier", "proposition", "frein", "profondeur")


def test_counts_equal_brute_force(db, django_assert_max_num_queries):
    entries = {e.pk: set(e.terms) for e in Entry.objects.filter(initiative__in=Initiative.objects.published())}
    assert len(entries) > 40
    values = {
        facet: sorted({t for terms in entries.values() for t in terms if t.startswith(f"{facet}:")}) for facet in FACETS
    }
    dice = random.Random(62)
    for _ in range(40):
        used = dice.sample([facet for facet in FACETS if values[facet]], dice.choice((0, 1, 1, 2, 2, 3)))
        chosen = {
            facet: tuple(dice.sample(values[facet], min(dice.choice((1, 2)), len(values[facet])))) for facet in used
        }
        question = Question(
            choices={facet: tuple(v.partition(":")[2] for v in terms) for facet, terms in chosen.items()}
        )
        with django_assert_max_num_queries(4):
            answer = ask(question)

        def passing(*but, chosen=chosen):
            return [t for t in entries.values() if all(t & set(v) for f, v in chosen.items() if f not in but)]

        assert answer.total == len(passing())
        for facet in FACETS:
            expected = {}
            for terms in passing(facet):
                for term in terms:
                    if term.startswith(f"{facet}:"):
                        expected[term.partition(":")[2]] = expected.get(term.partition(":")[2], 0) + 1
            assert dict(answer.counts.get(facet, {})) == expected
        if not answer.total:
            assert dict(answer.without) == {f: len(passing(f)) for f in chosen if passing(f)}


def test_counts_with_a_text_equal_brute_force(db):
    answer = ask(Question("groupe", size=100))
    for facet, counts in answer.counts.items():
        for value, number in counts.items():
            assert number == Entry.objects.filter(pk__in=answer.ids, terms__contains=[f"{facet}:{value}"]).count()


def test_since_a_year(db):
    answer = ask(Question(since=2015, size=100))
    years = Initiative.objects.published().filter(public_version__start_year__gte=2015)
    assert set(answer.ids) == set(years.values_list("pk", flat=True))


def test_near_first(alone, ana, max, nora):
    lens = factories.published(ana, max, title="À Lens")
    lievin = factories.published(ana, max, title="À Liévin", place=factories.commune("62510"))
    arras = factories.published(ana, max, title="À Arras", place=factories.commune("62041"))
    lille = factories.published(ana, nora, title="À Lille", place=factories.commune("59350"))
    country = factories.published(ana, nora, title="Partout", place=factories.commune("33063"), scope="national")
    factories.published(ana, nora, title="Ailleurs", place=factories.commune("33063"))
    place = factories.commune("62498")
    near = ("commune:62498", f"epci:{place.epci.code}", "departement:62", "region:32", "nation:FR")
    answer = ask(Question(near=near))
    assert answer.ids == [lens.pk, lievin.pk, arras.pk, lille.pk, country.pk]
    assert [f.tier for f in answer.found] == [0, 1, 2, 3, 4]


def test_latest_shows_two_a_departement_at_most(alone, ana, max):
    for n in range(4):
        factories.published(ana, max, title=f"Du Pas-de-Calais, {n}")
    assert len(search.latest(6)) == 2


def test_title_ranks_before_story(alone, ana, max):
    told = factories.published(ana, max, title="Autre chose", story=factories.STORY + " Une péniche passe.")
    titled = factories.published(ana, max, title="La péniche")
    assert ask(Question("péniche")).ids == [titled.pk, told.pk]


def test_queries_of_a_page(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        ask(Question("parnets isolemant"))


@pytest.mark.parametrize(
    ("typed", "text", "shown"),
    [
        ("epicerie", "L’épicerie du CŒUR, des épiceries.", "L’[épicerie] du CŒUR, des [épiceries]."),
        ("coeur oeuvre", "Le cœur à l’œuvre.", "Le [cœur] à l’[œuvre]."),
        ('"groupe de parole"', "Un groupe parle ; un groupe de paroles.", "Un groupe parle ; un [groupe de paroles]."),
        ("vieilles", "Un vieux < mur &", "Un [vieux] &lt; mur &amp;"),
        ("cafe", "Le cafe\u0301 de la CAF", "Le [cafe\u0301] de la CAF"),
        ("jardin -pluie", "Jardin sous la pluie", "[Jardin] sous la pluie"),
    ],
)
def test_the_words_found_are_marked(typed, text, shown):
    found = str(excerpts.marked(text, read(typed).marks))
    assert found.replace("<mark>", "[").replace("</mark>", "]") == shown


def test_a_sentence_finds_what_says_most_of_it(alone, kitchen, garden, as_):
    asked = "comment monter un potager de quartier avec des jeunes et des trapézistes"
    answer = ask(Question(asked))
    assert answer.nearest
    assert answer.ids[0] == garden.pk
    assert "celles qui en disent le plus" in as_(None).get("/initiatives/", {"q": asked}).text
    assert not ask(Question("potager trapézistes")).total


def test_a_passage_begins_with_a_sentence():
    story = "Rien ici. " * 40 + "Le mardi, une épicerie ouvre. Elle vend des légumes. " + "Rien non plus. " * 40
    passage = str(excerpts.passage([story], read("épicerie").marks))
    assert passage.startswith("Le mardi, une <mark>épicerie</mark> ouvre.")
    assert len(passage) < 300
