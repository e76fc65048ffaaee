"""The pieces every screen is made of say in words what they draw."""

import re

from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from accounts.templatetags import hexagons


def drawn(source: str, **context: object) -> str:
    context.setdefault("request", RequestFactory().get("/initiatives/?levier=3&page=2"))
    return Template(source).render(Context(context))


class Telling(forms.Form):
    title = forms.CharField(label="Titre", max_length=120, help_text="Comme à un collègue.")
    about = forms.CharField(label="Résumé", widget=forms.Textarea, min_length=150, max_length=400, required=False)
    state = forms.ChoiceField(label="État", widget=forms.RadioSelect, choices=[("a", "En cours"), ("b", "Finie")])


def test_the_ring_names_its_levers() -> None:
    page = drawn("{% hexagon_ring levers %}", levers=[{"number": 6, "short": "Coopérer"}, 3])
    assert "<title>Soutient : 3 Pouvoir d’agir, 6 Coopérer</title>" in page
    assert page.count('class="on') == 2


def test_an_empty_ring_says_so_and_a_decorative_one_says_nothing() -> None:
    assert "Aucun levier indiqué" in drawn("{% hexagon_ring levers %}", levers=[])
    assert "<title>" not in drawn("{% hexagon_ring levers decorative=True %}", levers=[1])


def test_lever_1_is_at_the_top_right_then_clockwise() -> None:
    places = [(float(one["x"]) > 0, float(one["y"]) < 0) for one in hexagons.segments()]
    assert places[0] == (True, True)
    assert places[2] == (True, False)
    assert places[3] == (False, False)
    assert places[5] == (False, True)


def test_the_map_links_101_departements_and_says_the_same_in_a_list() -> None:
    page = drawn('{% hexagon_map counts "/initiatives/?departement=" %}', counts={"62": 12, "2A": 1, "999": 3})
    assert page.count("<a href=") == 101 + 2  # hexagons, then rows of the list
    # The drawing is for who sees it; the list is for everyone, and no key has to be pressed a hundred times.
    assert page.count(" tabindex=-1") == 101
    assert 'aria-hidden="true"' in page
    assert "<title>Pas-de-Calais (62) : 12 initiatives</title>" in page
    assert "<title>Corse-du-Sud (2A) : 1 initiative</title>" in page
    assert "<title>Ain (01) : aucune initiative connue</title>" in page


def test_the_map_escapes_addresses_and_puts_the_code_where_it_is_wanted() -> None:
    page = drawn("{% hexagon_map counts url %}", counts={}, url='/?q="x"&departement={code}&page=1')
    assert 'href="/?q=&quot;x&quot;&amp;departement=62&amp;page=1"' in page


def test_classes_are_quantiles_and_the_legend_says_what_is_really_met() -> None:
    level, legend = hexagons.classes({code: value for value, code in enumerate(hexagons.cells())})
    assert set(level.values()) == {1, 2, 3, 4}
    assert legend[0][1] == 1
    assert legend[-1][2] == 100
    assert hexagons.classes({}) == ({}, [])
    assert hexagons.classes({"62": 4})[1] == [(2, 4, 4)]


def test_a_field_ties_its_help_limit_and_error() -> None:
    form = Telling({"title": "", "about": "court"})
    page = drawn("{% for one in form %}{% field one %}{% endfor %}", form=form)
    for identifier in re.findall(r'aria-describedby="([^"]+)"', page):
        for one in identifier.split():
            assert f'id="{one}"' in page
    assert page.count('aria-invalid="true"') >= 2
    assert "maxlength" not in page, "a pasted text would be cut without a word"
    assert "Entre 150 et 400 signes" in page
    assert page.count("(facultatif)") == 1
    assert "<legend>État" in page


def test_the_summary_leads_to_each_control() -> None:
    form = Telling({"title": "", "about": "court"})
    page = drawn("{% form_errors form %}{% for one in form %}{% field one %}{% endfor %}", form=form)
    assert "Il y a 3 points à corriger" in page
    targets = re.findall(r'<a href="#([^"]+)"', page)
    assert len(targets) == 3
    assert all(f'id="{target}"' in page for target in targets)
    assert drawn("{% error_prefix form %}", form=form) == "Erreur : "
    assert drawn("{% form_errors form %}{% error_prefix form %}", form=Telling()).strip() == ""


def test_pages_keep_the_question() -> None:
    page = drawn("{% pagination page %}", page=Paginator(range(50), 10).page(2))
    assert 'href="?levier=3&amp;page=3"' in page
    assert 'rel="prev" href="?levier=3"' in page
    assert page.count('aria-current="page"') == 1


def test_every_icon_asked_for_is_drawn() -> None:
    from django.conf import settings

    names = set(re.findall(r'id="([\w-]+)"', (settings.BASE_DIR / "static/img/icons.svg").read_text()))
    asked = {
        name
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([\w-]+)"', path.read_text())
    }
    assert not asked - names
