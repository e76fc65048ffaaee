"""Writing a fiche on line: a draft, its preview, its publication; nothing typed is lost, nothing is written over."""

import re

import pytest
from django.urls import reverse

from guide import content, editing, french, rendering
from guide.models import Fiche, FicheVersion, Passage
from tests.initiatives.telling import tree

EDIT, PREVIEW = "/guide/edition/fiches/10/", "/guide/edition/fiches/10/apercu/"
PUBLISH, DISCARD, REPO = (f"/guide/edition/fiches/10/{word}/" for word in ("publier", "jeter", "depot"))
NEWS = "Un groupe de zygomatiques se retrouve le mardi."


@pytest.fixture
def fiche(db):
    return Fiche.objects.readable().get(number=10)


def typed(page, **changed):
    """The form as the page shows it, with what one changes."""
    form = next(form for form in tree(page).findall(".//main//form") if form.get("method") == "post")
    data = {}
    for field in [*form.iter("input"), *form.iter("textarea")]:
        name = field.get("name")
        if name and name != "csrfmiddlewaretoken":
            data[name] = field.get("value", "") if field.tag == "input" else "".join(field.itertext()).lstrip("\n")
    return {**data, **changed}


def write(browser, gesture="enregistrer", url=EDIT, **changed):
    return browser.post(url, {**typed(browser.get(url)), "geste": gesture, **changed})


def publish(browser):
    return browser.post(PUBLISH, {k: v for k, v in typed(browser.get(PREVIEW)).items() if k in ("seen", "current")})


def draft():
    return FicheVersion.objects.filter(status="draft").first()


def test_from_a_draft_to_what_everyone_reads(fiche, as_, gaby):
    browser, old = as_(gaby), fiche.current
    assert "Écrire le guide" in browser.get("/guide/").text
    page = browser.get(EDIT)
    assert f"Vous partez de la version {old.number}" in page.text
    sent = write(browser, "apercu", section_0=f"{NEWS}\n\n- un\n- deux", change_note="Une scène de plus.")
    assert sent["Location"] == PREVIEW
    assert NEWS not in as_(None).get("/guide/fiches/10/").text, "nothing changes for readers"
    preview = browser.get(PREVIEW).text
    assert "<ins>" in preview
    assert "Un groupe de zygomatiques" in preview
    assert "Une scène de plus." in preview
    done = publish(browser)
    assert done["Location"] == "/guide/fiches/10/"
    public = as_(None).get("/guide/fiches/10/").text
    assert "zygomatiques" in public
    assert "Une scène de plus." in public
    fiche.refresh_from_db()
    assert (fiche.current.origin, fiche.current.number, fiche.current.written_by) == ("editor", old.number + 1, gaby)
    past = as_(None).get(reverse("guide:fiche_version", args=[10, old.number]))
    assert past.status_code == 200
    assert "zygomatiques" not in past.text
    assert not draft()


def test_what_is_published_is_found_and_its_words_are_defined(fiche, as_, gaby):
    browser = as_(gaby)
    write(browser, section_0=f"{NEWS} L’aide mutuelle y compte.", change_note="Une scène.")
    publish(browser)
    assert Passage.objects.filter(text__contains="zygomatiques", url__startswith="/guide/fiches/10/").exists()
    assert "/guide/fiches/10/" in as_(None).get("/recherche/?q=zygomatiques").text
    assert 'popovertarget="mot-aide-mutuelle"' in as_(None).get("/guide/fiches/10/").text


def test_an_untouched_form_changes_nothing(fiche, as_, gaby):
    """What the page shows, sent back as it is, is the same text to the letter."""
    browser = as_(gaby)
    for number in (1, 5, 10, 21):
        current = Fiche.objects.readable().get(number=number).current
        write(browser, url=f"/guide/edition/fiches/{number}/")
        kept = FicheVersion.objects.get(fiche=number, status="draft")
        assert (kept.title, kept.summary, kept.body, kept.sources) == (
            current.title, current.summary, current.body, current.sources,
        )  # fmt: skip
        assert "le même texte" in browser.get(f"/guide/edition/fiches/{number}/apercu/").text


def test_an_unfinished_text_is_kept_and_not_published(fiche, as_, gaby):
    browser = as_(gaby)
    sent = write(browser, "apercu", section_1="", section_2="Un fait[^inconnu]. ![x](schema:nulle-part)", title="")
    preview = browser.get(sent["Location"]).text
    for said in (
        "« Repères » est vide", "cite la source « inconnu »", "Le schéma « nulle-part » n’existe pas",
        "Donnez un titre", "Dites en une phrase ce qui a changé",
    ):  # fmt: skip
        assert said in preview.replace("\u00a0", " ")
    assert f'href="{EDIT}#id_section_1"' in preview
    refused = browser.post(PUBLISH, {"seen": draft().mark, "current": fiche.current.pk})
    assert refused.status_code == 409
    assert "La fiche n’est pas publiée" in refused.text
    fiche.refresh_from_db()
    assert fiche.current.origin == "file"


def test_two_editors_on_one_draft_lose_nothing(fiche, as_, gaby, nora):
    gabys, noras = as_(gaby), as_(nora)
    seen_by_nora = typed(noras.get(EDIT))
    write(gabys, section_0="Le texte de Gaby.")
    refused = noras.post(EDIT, {**seen_by_nora, "section_0": "Le texte de Nora.", "geste": "enregistrer"})
    assert refused.status_code == 409
    assert "Gaby a enregistré ce brouillon pendant que vous écriviez" in refused.text
    assert "Le texte de Nora." in refused.text
    assert "Le texte de Gaby." not in draft().body.replace("Le texte de Gaby.", "", 1)
    again = noras.post(EDIT, {**typed(refused), "geste": "enregistrer"})
    assert again.status_code == 302
    assert "Le texte de Nora." in draft().body
    assert draft().written_by == nora


def test_what_was_published_meanwhile_is_said_and_the_draft_stays(fiche, as_, gaby, nora):
    gabys, noras = as_(gaby), as_(nora)
    write(gabys, section_0="Le texte de Gaby, assez long.", change_note="Une scène.")
    about_to = {k: v for k, v in typed(gabys.get(PREVIEW)).items() if k in ("seen", "current")}
    file = content.read_fiche(next(content.FICHES.glob("10-*.md")))
    content.publish_from_file(fiche, content.FicheFile(file.about, file.body + "\n\nUne ligne.", "neuf"), [])
    refused = gabys.post(PUBLISH, about_to)
    assert refused.status_code == 409
    assert "a publié la version" in refused.text
    assert "Rien n’est perdu" in refused.text
    assert "Ce qui a été publié depuis que ce brouillon a commencé" in refused.text
    assert "Le texte de Gaby" in draft().body
    assert publish(noras).status_code == 302, "having read it, another editor may publish"


def test_a_draft_that_changed_under_its_preview_is_read_again(fiche, as_, gaby, nora):
    gabys = as_(gaby)
    write(gabys, section_0="Le texte de Gaby.", change_note="Une scène.")
    about_to = {k: v for k, v in typed(gabys.get(PREVIEW)).items() if k in ("seen", "current")}
    write(as_(nora), section_0="Le texte de Nora.")
    refused = gabys.post(PUBLISH, about_to)
    assert refused.status_code == 409
    assert "Nora a enregistré ce brouillon entre-temps" in refused.text


def test_publishing_twice_publishes_once(fiche, as_, gaby):
    browser = as_(gaby)
    write(browser, section_0=NEWS, change_note="Une scène.")
    about_to = {k: v for k, v in typed(browser.get(PREVIEW)).items() if k in ("seen", "current")}
    assert browser.post(PUBLISH, about_to).status_code == 302
    assert browser.post(PUBLISH, about_to).status_code == 302, "nothing left: back where one writes"
    assert FicheVersion.objects.filter(fiche=10, origin="editor").count() == 1


def test_discarding_asks_first(fiche, as_, gaby, nora):
    browser = as_(gaby)
    write(browser, section_0=NEWS)
    page = browser.get(DISCARD)
    assert "Jeter ce brouillon" in page.text
    assert "zygomatiques" in page.text, "one sees what would be lost"
    assert draft()
    write(as_(nora), section_0="Entre-temps.")
    assert browser.post(DISCARD, typed(page)).status_code == 409
    assert browser.post(DISCARD, typed(browser.get(DISCARD))).status_code == 302
    assert not draft()
    assert browser.get(DISCARD).status_code == 302
    assert browser.get(PREVIEW)["Location"] == EDIT


def test_a_session_that_ends_loses_nothing(fiche, as_, gaby):
    browser = as_(gaby)
    text = typed(browser.get(EDIT), section_0=NEWS, geste="apercu")
    browser.logout()
    assert browser.post(EDIT, text).status_code == 302
    browser.force_login(gaby)
    page = browser.get(EDIT)
    assert "voici le texte que vous veniez d’envoyer" in page.text
    assert NEWS in page.text
    assert browser.post(EDIT, {**typed(page), "geste": "enregistrer"}).status_code == 302
    assert NEWS in draft().body
    assert "voici le texte que vous veniez d’envoyer" not in browser.get(EDIT).text


def test_sources_are_rows_one_adds_and_empties(fiche, as_, gaby):
    browser = as_(gaby)
    before = len(fiche.current.sources)
    empty = f"source-{before}"
    write(browser, **{f"{empty}-title": "Un rapport d’été", f"{empty}-url": "https://exemple.test/r"})
    assert draft().sources[-1] == {
        "id": "un-rapport-d-ete", "title": "Un rapport d’été", "url": "https://exemple.test/r",
    }  # fmt: skip
    write(browser, **{"source-0-title": "", "source-0-id": "", "source-0-url": ""})
    assert len(draft().sources) == before
    page = write(browser, **{"source-0-url": "javascript:alert(1)"})
    assert page.status_code == 200
    assert "qui commence par https://" in page.text.replace("\u00a0", " ")
    page = write(browser, **{"source-0-id": "meme", "source-1-id": "meme"})
    assert "Deux sources s’appellent « meme »" in page.text.replace("\u00a0", " ")


HOSTILE = [
    "<script>window.__xss=1</script><img src=x onerror=alert(1)>",
    "[clic](javascript:alert(1)) [x](data:text/html,x) <a href='javascript:x'>y</a>",
    "![x](javascript:alert(1)) ![y](http://exemple.test/p.png)",
    '<svg onload="alert(1)"><text>x</text></svg>',
    '<a class="term" href="#terme-groupe">x</a> <span class="definition" popover>x</span>',
    "|a" * 20 + "|\n" + "|-" * 20 + "|\n" + "|x\n" * 1000,
    "> " * 3000 + "x",
    "*" * 6000 + "a" + "_" * 5000,
    "[" * 6000,
    "a " * 6000,
    "`" * 11000,
    "[^" * 5000,
    "![](schema:" * 900,
    "### " + "x" * 9000,
    " " * 11990 + "»x",
]


@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_markdown_is_harmless(fiche, as_, gaby, evil):
    browser = as_(gaby)
    sent = write(browser, "apercu", section_0=evil)
    assert sent.status_code == 302
    main = browser.get(PREVIEW).text.split('id="telle-qu-on-la-lira"')[1].split("</article>")[0]
    for tag in re.findall(r"<[^>]+>", main):
        assert not re.match(r"<(script|img|style|iframe|object)\b", tag)
        assert "javascript:" not in tag
        assert " on" not in re.sub(r'"[^"]*"', "", tag)


def test_a_table_nobody_could_read_is_refused(fiche, as_, gaby):
    page = write(as_(gaby), section_0="|a" * 2000 + "|\n" + "|-" * 2000 + "|\n" + "|x\n" * 1000)
    assert "plus de vingt colonnes" in page.text
    assert not draft()


def test_a_title_inside_a_section_is_explained(fiche, as_, gaby):
    page = write(as_(gaby), section_0="## Un faux titre\n\ntexte")
    assert page.status_code == 200
    assert "commencez la ligne par « ### »" in page.text.replace("\u00a0", " ")
    assert "Un faux titre" in page.text


@pytest.mark.parametrize("sent", [{"section_3": "x" * 12_001}, {"title": "x" * 121}, {"section_0": "a\x00b"}])
def test_what_is_too_long_or_unreadable_is_refused_and_kept_on_screen(fiche, as_, gaby, sent):
    page = write(as_(gaby), **sent)
    assert page.status_code == 200
    assert "<title>Erreur" in page.text
    assert not draft()


def test_a_megabyte_is_refused_without_a_breakdown(fiche, as_, gaby):
    page = write(as_(gaby), section_0="x " * 500_000)
    assert page.status_code == 200
    assert not draft()


@pytest.mark.parametrize("forged", [{"source-TOTAL_FORMS": "x"}, {"source-TOTAL_FORMS": "99999"}, {"seen": "jamais"}])
def test_forged_forms_change_nothing(fiche, as_, gaby, forged):
    assert write(as_(gaby), **forged).status_code in (200, 409)
    assert not draft()


def test_who_edits(fiche, as_, stan, max, nora, gaby):
    for url in ("/guide/edition/", EDIT, PREVIEW, DISCARD, REPO, PUBLISH):
        assert as_(None).get(url).status_code == 302
        for person in (stan, max):
            assert as_(person).get(url).status_code == 404
            assert as_(person).post(url).status_code in (404, 405)
        assert as_(nora).get(url).status_code in (200, 302)
    assert as_(gaby).get("/guide/edition/fiches/27/").status_code == 404


def test_few_queries(fiche, as_, gaby, django_assert_max_num_queries):
    browser = as_(gaby)
    write(browser, section_0=NEWS, change_note="Une scène.")
    for url in ("/guide/edition/", EDIT, PREVIEW, DISCARD):
        with django_assert_max_num_queries(12):
            assert browser.get(url).status_code == 200


# What the repository proposes


@pytest.fixture
def proposed(fiche, as_, gaby):
    browser = as_(gaby)
    write(browser, section_0=NEWS, change_note="Une scène.")
    publish(browser)
    fiche.refresh_from_db()
    file = content.read_fiche(next(content.FICHES.glob("10-*.md")))
    changed = content.FicheFile(file.about, file.body + "\n\nUne ligne du dépôt.", "depot", file.name)
    content.publish_from_file(fiche, changed, rendering.definitions())
    return browser


def test_the_text_of_the_repository_is_compared_then_taken(fiche, proposed, as_):
    assert "Le dépôt propose un autre texte" in proposed.get("/guide/edition/").text
    page = proposed.get(REPO)
    assert "zygomatiques" in page.text
    assert "Une ligne du dépôt." in page.text
    sent = proposed.post(REPO, {**typed(page), "geste": "prendre"})
    assert sent["Location"] == "/guide/fiches/10/"
    public = as_(None).get("/guide/fiches/10/").text
    assert "Une ligne du dépôt." in public
    assert "zygomatiques" not in public
    assert not Passage.objects.filter(text__contains="zygomatiques").exists()


def test_the_text_of_the_repository_is_set_aside_for_good(fiche, proposed, as_):
    proposed.post(REPO, {**typed(proposed.get(REPO)), "geste": "ecarter"})
    assert "zygomatiques" in as_(None).get("/guide/fiches/10/").text
    assert proposed.get(REPO)["Location"] == "/guide/edition/"
    file = content.read_fiche(next(content.FICHES.glob("10-*.md")))
    changed = content.FicheFile(file.about, file.body + "\n\nUne ligne du dépôt.", "depot", file.name)
    content.publish_from_file(fiche, changed, [])
    assert editing.proposal_of(fiche) is None


def test_words_defined_since_are_marked_in_what_was_edited_on_line(fiche, proposed, as_):
    file = content.read_fiche(next(content.FICHES.glob("10-*.md")))
    word = french.Definition("zygomatique", ("zygomatiques",))
    content.publish_from_file(fiche, file, [word])
    fiche.refresh_from_db()
    assert fiche.current.terms == ["zygomatique"]
    assert 'href="#terme-zygomatique"' in fiche.current.sections[0]["html"]


def test_a_newer_text_of_the_repository_replaces_the_one_proposed(fiche, proposed):
    page = proposed.get(REPO)
    file = content.read_fiche(next(content.FICHES.glob("10-*.md")))
    content.publish_from_file(fiche, content.FicheFile(file.about, file.body + "\n\nPlus neuf.", "neuf"), [])
    assert FicheVersion.objects.filter(fiche=10, status="pending").count() == 1
    refused = proposed.post(REPO, {**typed(page), "geste": "prendre"})
    assert refused.status_code == 409
    assert "Plus neuf." in refused.text
