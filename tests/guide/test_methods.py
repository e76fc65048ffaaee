"""Methods: each whole, several side by side, and which to begin with: all by the address, without a script."""

import itertools
import re

import pytest

from guide import chooser
from guide.models import Method

COMPARE, CHOOSE = "/guide/methodes/comparer/", "/guide/choisir/"


def test_each_method_is_whole(db):
    for method in Method.objects.all():
        details = method.details
        for key in ("purpose", "origin", "steps", "actors", "when", "when_not", "cautions", "sources", "scale", "time"):
            assert details.get(key), f"{method.name}: {key}"
        if method.kind == "method":
            assert details["tools"]
            assert len(details["differences"]) >= 2
        known = {source["id"] for source in details["sources"]}
        for row in details["origin"]:
            assert set(row["sources"]) <= known


def test_methods_stand_side_by_side(as_):
    page = as_(None).get(COMPARE + "?methode=dpa-pc&methode=mediation-sociale").text
    heads = re.findall(r'<th scope="col"><a href="/guide/methodes/([\w-]+)/"', page)
    assert set(heads) == {"dpa-pc", "mediation-sociale"}
    assert page.count('<th scope="row">') >= 10
    assert "Ce qui la distingue" in page
    assert page.count(" checked") == 2


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?methode=telepathie&methode=dpa-pc&methode=mediation-sociale", "elle est laissée de côté"),
        ("?methode=dpa-pc", "Cochez au moins une autre méthode"),
        ("?methode=dpa-pc&methode=dpa-pc", "Cochez au moins une autre méthode"),
        ("", "Souvent confondues"),
    ],
)
def test_what_cannot_be_compared_is_said(as_, query, said):
    page = as_(None).get(COMPARE + query)
    assert page.status_code == 200
    assert said in page.text


def test_four_columns_at_most(as_):
    query = "&".join(f"methode={method.slug}" for method in Method.objects.all())
    page = as_(None).get(f"{COMPARE}?{query}").text
    assert page.count('<th scope="col">') == 4
    assert "Voici les 4 premières" in page


def test_two_or_three_methods_with_reasons_and_what_speaks_against(as_):
    page = as_(None).get(CHOOSE + "?depart=difficulte&but=soutien&echelle=groupe&temps=rien").text
    first, second = page.split('<article class="panel">')[1:3]
    assert "Travail social de groupe" in first
    assert "Pourquoi celle-ci" in first
    assert "Ce qui la gêne ici" in first
    assert "Quand s’en garder" in first
    assert "Développement du pouvoir d’agir" in second
    assert COMPARE in page
    assert "Plusieurs personnes vivent une difficulté proche, chacune de son côté." in page, "one's answers are said"
    assert 'value="difficulte" checked' in page


def test_when_nothing_suits_it_is_said(as_):
    page = as_(None).get(CHOOSE + "?depart=voisinage&but=peser&cadre=decide").text
    assert "Aucune ne convient" in page
    assert "Écartées, et pourquoi" in page
    assert "rouvrir une part de la décision" in page


def test_one_answer_is_not_enough(as_):
    page = as_(None).get(CHOOSE + "?depart=voisinage").text
    assert "Une seule réponse ne suffit pas" in page
    assert '<article class="panel">' not in page


@pytest.mark.parametrize("query", ["?depart=lune&but=soutien", "?couleur=bleu", "?but=%00&depart=<script>"])
def test_unknown_answers_are_ignored_and_said(as_, query):
    page = as_(None).get(CHOOSE + query)
    assert page.status_code == 200
    assert "n’est pas une de nos réponses" in page.text
    assert "<script>" not in page.text.split("<main")[1]


def test_its_table_holds_together(db):
    table = chooser.table()
    assert len(table.questions) == 5
    answers = {question.key: {answer.key for answer in question.answers} for question in table.questions}
    slugs = set(Method.objects.values_list("slug", flat=True))
    assert {row.method for row in table.rows} == slugs, "every method may be proposed"
    for row in table.rows:
        assert row.says.endswith(".")
        assert all(value in answers[key] for key, value in row.when.items())
    used = {(key, value) for row in table.rows for key, value in row.when.items()}
    assert used == {(key, value) for key, values in answers.items() for value in values}, "every answer says something"


def test_most_answers_lead_to_two_or_three_methods():
    """And nobody is told that nothing suits for want of rows: only when what is asked holds no method."""
    questions = chooser.table().questions
    found = []
    for chosen in itertools.product(*[[answer.key for answer in question.answers] for question in questions]):
        answers = dict(zip([question.key for question in questions], chosen, strict=True))
        if answers["cadre"] != "decide":
            found.append(len(chooser.advise(answers)[0]))
    assert max(found) == 3
    assert sum(number >= 2 for number in found) / len(found) > 0.8


def test_each_method_is_first_for_somebody():
    questions, firsts = chooser.table().questions, set()
    for chosen in itertools.product(*[[answer.key for answer in question.answers] for question in questions]):
        suited, _ = chooser.advise(dict(zip([question.key for question in questions], chosen, strict=True)))
        firsts |= {suited[0].method} if suited else set()
    assert firsts == {row.method for row in chooser.table().rows}


def test_it_is_found_from_the_home_page_the_guide_and_the_methods(as_):
    for path in ("/", "/guide/", "/guide/methodes/", "/guide/methodes/dpa-pc/"):
        assert f'href="{CHOOSE}"' in as_(None).get(path).text
