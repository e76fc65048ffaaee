"""Expressions one searches for interchangeably: kept on line, and a deploy takes nothing back."""

import re

import pytest
from django.urls import reverse

from guide import content
from guide.models import SynonymGroup
from initiatives import content as sheets_content
from initiatives.search import Question, ask
from tests import factories


@pytest.fixture
def bus(ana, max):
    return factories.published(ana, max, title="Le bus des zygomatiques")


def found(text):
    return set(ask(Question(text)).ids)


def save(browser, words, group=None, read_at=""):
    url = reverse("synonyms_edit", args=[group.pk]) if group else reverse("synonyms_new")
    return browser.post(url, {"words": words, "read_at": read_at})


def test_a_new_group_is_searched_at_once(bus, gaby, as_):
    assert bus.pk not in found("caravane du rire")
    assert save(as_(gaby), "bus des zygomatiques\n  caravane du   rire ").status_code == 302
    assert bus.pk in found("caravane du rire")
    group = SynonymGroup.objects.get(words__contains=["caravane du rire"])
    assert (group.edited_by, group.file_key) == (gaby, "")


def test_what_each_finds_is_seen_before_saving(bus, nora, as_):
    page = as_(nora).post(reverse("synonyms_new"), {"words": "bus des zygomatiques\ncaravane", "look": "1"})
    assert "bus des zygomatiques&nbsp;: 1 initiative" in page.text
    assert not SynonymGroup.objects.filter(words__contains=["caravane"]).exists()


def test_removing_asks_first(bus, gaby, as_):
    save(as_(gaby), "zygomatiques\nrire")
    group = SynonymGroup.objects.get(words__contains=["rire"])
    url = reverse("synonyms_remove", args=[group.pk])
    assert "Retirer ce groupe" in as_(gaby).get(url).text
    assert SynonymGroup.objects.filter(pk=group.pk).exists()
    as_(gaby).post(url)
    assert bus.pk not in found("rire")


RESTORE = "/guide/synonymes/remettre/"


def removed_by(person, as_, group):
    browser = as_(person)
    answer = browser.post(reverse("synonyms_remove", args=[group.pk]), follow=True)
    assert "Remettre ce groupe" in answer.text
    return browser


def test_what_was_removed_is_put_back_in_one_click(bus, gaby, nora, as_):
    save(as_(gaby), "zygomatiques\nrire")
    browser = removed_by(gaby, as_, SynonymGroup.objects.get(words__contains=["rire"]))
    assert "Remettre ce groupe" not in as_(nora).get(reverse("synonyms")).text
    for _ in range(2):  # pressed twice
        page = browser.post(RESTORE, follow=True)
    assert bus.pk in found("rire")
    assert SynonymGroup.objects.get(words__contains=["rire"]).edited_by == gaby
    assert "rien à remettre" in page.text
    assert "Remettre ce groupe" not in page.text
    assert browser.get(RESTORE).status_code == 405


def test_a_group_of_the_file_comes_back_to_its_own_row(gaby, as_):
    group = SynonymGroup.objects.exclude(file_key="").order_by("pk").first()
    words, number = group.words, SynonymGroup.objects.count()
    removed_by(gaby, as_, group).post(RESTORE)
    group.refresh_from_db()
    assert group.words == words
    assert SynonymGroup.objects.count() == number


def test_what_serves_elsewhere_since_is_not_put_back(gaby, nora, as_):
    save(as_(gaby), "zygomatiques\nrire")
    browser = removed_by(gaby, as_, SynonymGroup.objects.get(words__contains=["rire"]))
    save(as_(nora), "rire\nsourire")
    page = browser.post(RESTORE, follow=True)
    assert "déjà dans un autre groupe" in page.text
    assert "Remettre ce groupe" in page.text
    assert SynonymGroup.objects.filter(words__contains=["rire"]).count() == 1


def test_removing_and_putting_back_are_logged(gaby, as_, caplog):
    save(as_(gaby), "zygomatiques\nrire")
    with caplog.at_level("INFO", logger="initiatives.views.synonyms"):
        removed_by(gaby, as_, SynonymGroup.objects.get(words__contains=["rire"])).post(RESTORE)
    assert [line.split(" by ")[0] for line in caplog.messages] == ["synonyms removed", "synonyms put back"]


def test_looking_costs_the_same_whatever_the_number_of_expressions(gaby, as_, db, django_assert_max_num_queries):
    browser = as_(gaby)
    with django_assert_max_num_queries(12):
        page = browser.post(
            reverse("synonyms_new"), {"words": "\n".join(f"autre mot{n}" for n in range(20)), "look": 1}
        )
    assert page.text.count("&nbsp;: 0 initiative<") == 20


def test_two_editors_never_overwrite_each_other(gaby, nora, as_):
    save(as_(gaby), "zygomatiques\nrire")
    group = SynonymGroup.objects.get(words__contains=["rire"])
    url = reverse("synonyms_edit", args=[group.pk])
    seen_by_nora = as_(nora).get(url)
    seen = seen_by_nora.context["form"].edition
    assert f'name="read_at" value="{seen}"' in seen_by_nora.text
    save(as_(gaby), "zygomatiques\nrire\nsourire", group, seen)
    refused = save(as_(nora), "zygomatiques\nrigolade", group, seen)
    assert "Gaby a changé ce groupe pendant que vous écriviez" in refused.text
    assert "rigolade</textarea>" in refused.text
    again = save(as_(nora), "zygomatiques\nrigolade\nsourire", group, refused.context["form"].edition)
    assert again.status_code == 302
    group.refresh_from_db()
    assert (group.words[-1], group.edited_by) == ("sourire", nora)


def test_what_was_removed_meanwhile_is_not_found(gaby, nora, as_):
    save(as_(gaby), "zygomatiques\nrire")
    group = SynonymGroup.objects.get(words__contains=["rire"])
    as_(nora).post(reverse("synonyms_remove", args=[group.pk]))
    assert save(as_(gaby), "zygomatiques\nsourire", group).status_code == 404


def test_the_page_is_in_the_menu_of_who_keeps_it(gaby, nora, max, as_):
    link = f'href="{reverse("synonyms")}"'
    assert link in as_(gaby).get("/").text
    assert link in as_(nora).get("/").text
    assert link not in as_(max).get("/").text


def test_the_page_says_who_changed_what_and_when(gaby, as_):
    save(as_(gaby), "zygomatiques\nrire")
    page = as_(gaby).get(reverse("synonyms")).text
    assert "zygomatiques" in page
    assert re.search(r"Modifié le \d+ \w+ \d{4} par Gaby", page)


def test_a_deploy_tells_processes_that_began_before_it(bus, gaby, as_, monkeypatch, tmp_path):
    found("rire")  # this process has read the groups
    file = tmp_path / "synonyms.toml"
    file.write_text('[[group]]\nwords = ["bus des zygomatiques", "rire"]\n')
    monkeypatch.setattr(content, "SYNONYMS", file)
    monkeypatch.setattr(sheets_content, "SYNONYMS", file)
    content.after_migrate()
    sheets_content.after_migrate()
    assert bus.pk in found("rire")


def test_a_deploy_takes_nothing_back(gaby, as_):
    changed, removed, *_ = SynonymGroup.objects.exclude(file_key="").order_by("pk")
    save(as_(gaby), "\n".join([*changed.words, "un mot de Gaby"]), changed)
    as_(gaby).post(reverse("synonyms_remove", args=[removed.pk]))
    save(as_(gaby), "zygomatiques\nrire")
    before = SynonymGroup.objects.count()
    content.load_synonyms()
    assert SynonymGroup.objects.count() == before
    assert "un mot de Gaby" in SynonymGroup.objects.get(file_key=changed.file_key).words
    assert SynonymGroup.objects.get(file_key=removed.file_key).words == []
    assert removed.words[0] not in as_(gaby).get(reverse("synonyms")).text or len(removed.words[0]) < 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "au moins deux expressions"),
        ("rire", "Il faut deux expressions"),
        ("rire\nRires", "un pluriel ou un accent n’y changent rien"),
        ("rire\nde la", "trop courants"),
        ("rire\n" + "très " * 40, "trop long"),
        ("rire\nisic", "déjà dans un autre groupe"),
        ("\n".join(f"mot numéro {n}" for n in range(30)), "20 expressions au plus"),
        ("rire\n" + "mot\n" * 2_000, "4000 au plus"),
        ("rire\x00\n\ud800".encode("utf-8", "replace").decode(), ""),
    ],
)
def test_what_is_refused_is_said(gaby, as_, words, said):
    page = save(as_(gaby), words)
    assert page.status_code == 200
    assert said in page.text
