"""Texts nobody would type, everywhere one can type: an answer that means something, and what comes back is a text.

The collection is tests/data/hostile.json: markup, scripts, formulas, directions of writing, questions to the database,
addresses that lead away, forged values.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from accounts.models import Person
from initiatives import press
from initiatives.anonymity import Level, scan
from initiatives.models import Edition, Initiative, Version
from initiatives.steps import all_steps
from tests import factories, world
from tests.initiatives.telling import STORY, shown, tree
from tests.world import PUBLIC
from training.models import Assignment

HOSTILE: list[dict[str, str]] = json.loads((Path(__file__).parent / "data" / "hostile.json").read_text())
SPECIAL = {"parametre", "affectation_masse", "identifiant", "http", "redirection_ouverte"}
TEXTS = [each for each in HOSTILE if each["categorie"] not in SPECIAL]
KINDS = {"markup": "xss", "signs": "unicode", "formulas-and-letters": ("csv", "entete", "recherche", "url")}
BY_KIND = {
    kind: "\n\n".join(each["entree"].replace("\0", "") for each in TEXTS if each["categorie"].startswith(start))
    for kind, start in KINDS.items()
}
# What a page never has, whoever wrote in it: our own pages have no handler and no script of their own in the text.
FORBIDDEN_TAGS = {"iframe", "object", "embed", "base", "math", "style", "frame", "applet", "marquee", "portal"}


def of(*kinds: str) -> list[dict[str, str]]:
    return [each for each in HOSTILE if each["categorie"] in kinds]


def letters(text: str) -> str:
    """What must survive of a text, whatever is done to its spaces, quotes and accents: its letters and digits."""
    flat = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in flat if sign.isalnum() and unicodedata.category(sign) != "Lm").casefold()


def harmless(answer: Any) -> str:
    """The text of a page, once it is sure that nothing in it can run. A page that broke fails here."""
    assert answer.status_code < 500
    if not re.search("<[a-zA-Z]", answer.text):
        return unescape(answer.text)
    page = tree(answer)
    for element in page.iter():
        assert element.tag not in FORBIDDEN_TAGS, element.tag
        if element.tag == "script":
            assert element.get("src") or element.get("type") == "application/ld+json", element.text
        for name, value in element.items():
            assert not name.startswith("on"), (element.tag, name, value)
            assert name not in ("style", "srcdoc", "background"), (element.tag, name, value)
            if name == "formaction":  # the decision's buttons: an address of ours, never one that was typed
                assert re.fullmatch(r"/initiatives/moderation/[0-9]+/[a-z]+/", value), value
            if name in ("href", "src", "action", "xlink:href"):
                assert re.match(r"(/|\?|#|https?://|mailto:)|$", value), (element.tag, name, value)
            if name.startswith(("hx-", "data-hx-")):
                assert name in OUR_HTMX, (element.tag, name, value)
    return " ".join(page.itertext())


OUR_HTMX = {
    "hx-get", "hx-target", "hx-select", "hx-select-oob", "hx-swap", "hx-push-url", "hx-trigger", "hx-sync", "hx-boost",
    "hx-history-elt", "hx-indicator", "hx-request",
}  # fmt: skip


def holds(answer: Any, typed: str) -> None:
    assert letters(typed) in letters(harmless(answer)), typed


# --- Where one writes at length -------------------------------------------------------------------------------------


def anonymous(text: str) -> str:
    """The same text without what the anonymity assistant would hold back: it has its own stories."""
    while found := [span for span in scan(text) if span.level == Level.BLOCK]:
        for span in reversed(found):
            text = f"{text[: span.start]}…{text[span.end :]}"
    return text


@pytest.mark.parametrize("kind", BY_KIND)
def test_a_story_comes_back_whole_to_its_author_its_reader_and_the_public(kind, everything):
    text = anonymous(BY_KIND[kind])
    version = Version.objects.working().get(initiative=everything.things["sheet:complete"]["pk"])
    ana, max_ = everything.browser("ana"), everything.browser("max")
    where = reverse("initiatives:step", args=[version.initiative_id, "recit"])
    opened = shown(ana.get(where))
    typed = {**opened, **STORY, "beginning": text, "story": f"{factories.STORY}\n\n{text}"}
    assert ana.post(where, typed).status_code == 302
    version.refresh_from_db()
    kept = version.beginning
    assert letters(kept) == letters(text), "what was typed is not what is kept"
    holds(ana.get(where), kept)
    holds(ana.get(reverse("initiatives:check", args=[version.initiative_id])), kept)
    ana.post(reverse("initiatives:submit", args=[version.initiative_id]), {"edition": version.edition})
    case = Initiative.objects.get(pk=version.initiative_id).cases.get()
    page = reverse("initiatives:case", args=[case.pk])
    holds(max_.get(page), kept)
    max_.post(reverse("initiatives:claim", args=[case.pk]))
    # What the coordination writes comes back too: in the journal, and to the author.
    short = anonymous(text[:900])
    asked = max_.post(
        reverse("initiatives:request_changes", args=[case.pk]), {"changes-text": short, "changes-remark_story": short}
    )
    assert asked.status_code == 302
    holds(max_.get(page), short)
    holds(ana.get(reverse("initiatives:follow", args=[version.initiative_id])), short)
    again = Initiative.objects.get(pk=version.initiative_id).version_to_edit(everything.ana)
    ana.post(reverse("initiatives:submit", args=[version.initiative_id]), {"edition": again.edition})
    max_.post(reverse("initiatives:claim", args=[case.pk]))
    max_.post(reverse("initiatives:accept", args=[case.pk]), {"accept-text": short})
    sheet = Initiative.objects.get(pk=version.initiative_id)
    assert sheet.is_public
    holds(everything.browser(PUBLIC).get(sheet.get_absolute_url()), kept)
    feed = everything.browser(PUBLIC).get(reverse("initiatives:feed"))
    assert feed.status_code == 200


@pytest.mark.parametrize("kind", BY_KIND)
def test_a_note_and_its_answer_come_back_whole(kind, everything):
    text, short = anonymous(BY_KIND[kind]), anonymous(BY_KIND[kind][:3900])
    ilan, tess = everything.browser("ilan"), everything.browser("tess")
    path = everything.path
    saved = ilan.post(path("training:save_note", "assignment:written"), {"text": text, "edition": 1})
    assert saved.status_code == 302
    holds(ilan.get(path("training:assignment", "assignment:written")), text)
    assert ilan.post(path("training:send_note", "assignment:written"), {"edition": 2}).status_code == 302
    reading = path("training:work", "work:begun")
    holds(tess.get(reading), text)
    assert tess.post(reading, {"text": short, "verdict": "to_redo", "number": 1}).status_code == 302
    holds(tess.get(reading), short)
    holds(ilan.get(path("training:assignment", "assignment:written")), short)
    given = {
        "title": "Lire", "fiches": ["10"], "instruction": text[:1900], "question": text[:1900], "due_on": "2029-01-09",
        "due_time": "23:59", "initiatives": "",
    }  # fmt: skip
    answer = tess.post(path("training:new_assignment", "cohort:own"), given, follow=True)
    holds(answer, text[:1900])


def test_what_a_trainer_gives_comes_back_as_a_text(everything):
    """Title, instruction, guided questions, grid, the name of a closure and of a competence, the reason of a delay."""
    tess, ilan, path = everything.browser("tess"), everything.browser("ilan"), everything.path
    texts = [" ".join(each["entree"].replace("\0", "").split())[:120] or "x" for each in TEXTS]
    day, seen = timezone.localdate() + timedelta(days=20), 0
    for start in range(0, len(texts), 6):
        some = texts[start : start + 6]
        with world.undone():
            centre = path("training:closures", "centre:own"), path("training:competences", "centre:own")
            tess.post(centre[0], {"name": some[0][:80], "first_on": "2027-01-01", "last_on": "2028-01-01"})
            tess.post(centre[1], {"code": f"X{start}", "label": some[-1]})
            lines = "\n".join(dict.fromkeys(some))
            said = {
                "title": some[0], "fiches": ["10"], "question": lines, "instruction": lines, "guided": lines,
                "grid": lines, "due_on": day.isoformat(), "due_time": "23:59",
            }  # fmt: skip
            new = path("training:new_assignment", "cohort:own")
            harmless(tess.post(new, {**said, "preview": "1"}))
            harmless(tess.post(new, said, follow=True))
            made = Assignment.objects.filter(question=lines).first()
            if made is None:
                continue  # a line that nobody could see is refused, and said
            seen += 1
            pages = ("preview_assignment", "edit_assignment", "reuse_assignment", "withdraw_assignment", "extensions")
            late = {
                "student": everything.ilan.pk,
                "due_on": "2027-06-01",
                "due_time": "12:00",
                "reason": some[-1][:300],
            }
            harmless(tess.post(reverse("training:extensions", args=[made.pk]), late, follow=True))
            for name in (*pages, "assignment_table"):
                harmless(tess.get(reverse(f"training:{name}", args=[made.pk])))
            holds(ilan.get(reverse("training:assignment", args=[made.pk])), lines)
            dates = {"starts_on": "2027-09-01", "ends_on": "2030-06-30"}
            cohort = factories.cohort(made.cohort.centre, "Plus tard", **dates)
            clone = f"{reverse('training:clone_assignments', args=[cohort.pk])}?de={made.cohort_id}"
            harmless(tess.get(clone))
            made.share()
            harmless(tess.get(f"{reverse('training:new_assignment', args=[cohort.pk])}?modele={made.pk}"))
    assert seen > len(texts) / 10


# --- Where one writes a line ----------------------------------------------------------------------------------------


def test_names_and_titles_come_back_as_texts(everything):
    version = Version.objects.working().get(initiative=everything.things["sheet:draft"]["pk"])
    what, where = (reverse("initiatives:step", args=[version.initiative_id, step]) for step in ("quoi", "ou"))
    ana, tess, path = everything.browser("ana"), everything.browser("tess"), everything.path
    first = shown(ana.get(what))
    for each in TEXTS:
        text = each["entree"]
        with world.undone():
            answer = ana.post(what, {**first, "title": text, "summary": text}, follow=True)
            holds(answer, text[:100])
            harmless(ana.get(reverse("initiatives:mine")))
            # A title that is taken leads there; one that isn't leaves where one was.
            opened = shown(answer if answer.request["PATH_INFO"] == where else ana.get(where))
            typed = {"organisation_name": text, "place": text, "organisation_siret": text}
            harmless(ana.post(where, {**opened, **typed}, follow=True))
            harmless(ana.get(reverse("initiatives:places") + "?" + urlencode({"place": text})))
            harmless(ana.post(reverse("accounts:profile"), {"name": text, "organisation_name": text}, follow=True))
            cohort = {"name": text, "curriculum": "2026", "starts_on": "2026-09-01", "ends_on": "2029-06-30"}
            harmless(tess.post(reverse("training:new_cohort"), cohort, follow=True))
            harmless(tess.get(path("training:students", "cohort:own") + "?" + urlencode({"groupe": text})))
            rows = f"mail;nom;groupe\nlea@exemple.test;{text};{text}\n{text};Léa;\n".encode("utf-8", "replace")
            file = SimpleUploadedFile(f"{text[:40] or 'x'}.csv", rows)
            harmless(tess.post(path("training:import_students", "cohort:own"), {"file": file}, follow=True))


def test_names_of_a_list_come_back_as_texts(everything):
    """A text that is refused is shown again beside its field; those taken are on their list, read with all of them."""
    nora, tess, path = everything.browser("nora"), everything.browser("tess"), everything.path
    lists: set[tuple[str, str]] = {("tess", path("training:students", "cohort:own") + "?liste=attendus")}
    for number, text in enumerate(each["entree"] for each in TEXTS):
        own = {"name": text, "first_on": "2027-01-01", "last_on": "2027-01-02", "code": text[:30], "label": text}
        for browser, address, said in (
            (nora, reverse("training:centres"), {"name": text, "siret": text}),
            (tess, path("training:groups", "cohort:own"), {"name": text}),
            (tess, path("training:add_student", "cohort:own"), {"email": f"x{number}@exemple.test", "name": text}),
            (tess, path("training:closures", "centre:own"), own),
            (tess, path("training:competences", "centre:own"), own),
        ):
            answer = browser.post(address, said)
            harmless(answer)
            if answer.status_code == 302:
                lists.add(("nora" if browser is nora else "tess", answer["Location"]))
    assert len(lists) > 4
    for person, address in lists:
        harmless(everything.browser(person).get(address))


def test_who_signs_up_is_a_name_and_nothing_else(everything):
    for number, each in enumerate(TEXTS):
        text = each["entree"]
        with world.undone():
            nobody = everything.browser(PUBLIC)
            signing = {"name": text, "email": f"essai-{number}@essaim.test", "password1": factories.PASSWORD}
            harmless(nobody.post(reverse("account_signup"), signing, follow=True))
            for address, field in (
                ("account_login", "login"), ("account_reset_password", "email"), ("accounts:request_link", "email"),
                ("account_signup", "email"), ("training:join", "code"),
            ):  # fmt: skip
                harmless(everything.browser(PUBLIC).post(reverse(address), {field: text, "name": "Zoé"}))


# --- Where one asks -------------------------------------------------------------------------------------------------

FILTERS = ("q", "methode", "theme", "public", "departement", "region", "levier", "proposition", "etiquette", "frein",
           "depuis", "accueil", "profondeur", "tri", "page", "lieu")  # fmt: skip


def test_any_question_is_answered(everything):
    """Everywhere one searches or filters: never a breakdown, and what was asked comes back as a text."""
    nobody = everything.browser(PUBLIC)
    for each in TEXTS:
        for path in ("initiatives:catalogue", "search"):
            harmless(nobody.get(f"{reverse(path)}?{urlencode({'q': each['entree']})}"))
    for each in of("recherche", "unicode", "xss_contexte"):
        every = urlencode(dict.fromkeys(FILTERS, each["entree"]))
        harmless(nobody.get(f"{reverse('initiatives:catalogue')}?{every}"))
        assert nobody.get(f"{reverse('initiatives:feed')}?{every}").status_code in (200, 404)
    for each in of("parametre"):
        asked = urlencode({each["champ"]: each["entree"]})
        for name in ("initiatives:catalogue", "initiatives:feed", "levers:coverage", "search"):
            assert nobody.get(f"{reverse(name)}?{asked}").status_code in (200, 404)


def test_one_filter_at_a_time(everything):
    """Together, one that is refused could hide another."""
    nobody = everything.browser(PUBLIC)
    for text in (
        "-1",
        "999999999999999999999",
        "NaN",
        "%' OR 1=1 --",
        "<img src=x onerror=alert(1)>",
        "\u202e",
        "😀" * 90,
    ):
        for name in FILTERS:
            harmless(nobody.get(f"{reverse('initiatives:catalogue')}?{urlencode({name: text})}"))


def test_lists_that_need_an_account_take_any_question(everything):
    for person, path in (
        ("max", reverse("initiatives:queue")),
        ("ada", reverse("accounts:roles")),
        ("ana", reverse("initiatives:mine")),
    ):
        browser = everything.browser(person)
        for each in of("recherche", "parametre", "xss_contexte", "unicode"):
            asked = dict.fromkeys(("q", "vue", "role", "etat", "page"), each["entree"])
            harmless(browser.get(f"{path}?{urlencode(asked)}"))


@pytest.mark.parametrize(
    "question",
    [
        "page=-1", "page=0", "page=999999999999", "page=1e9", "tri=auteur__password", "tri=password", "tri=random()",
        "auteur__email__startswith=a", "q=%00", "q=a%00b", "theme=%00", "departement=%00", "q=%ff%fe", "%00=1",
        "q=" + "x" * 10_000, "q=" + "jardin+" * 5_000, "q=" + "%22" * 300, "q=" + "(" * 300, "q=-" * 100,
        "theme=" + "&theme=".join(str(n) for n in range(300)), "depuis=99999999999999999999", "depuis=-1",
    ],
)  # fmt: skip
def test_absurd_questions(question, db):
    nobody = Client(raise_request_exception=False)
    for path in ("/initiatives/", "/recherche/", "/initiatives/flux.atom", "/leviers/couverture/"):
        answer = nobody.get(f"{path}?{question}")
        assert answer.status_code in (200, 404), (path, answer.status_code)


def test_a_million_signs_are_cut_before_the_database(everything, django_assert_max_num_queries):
    asked = urlencode({"q": "jardin " * 150_000})
    for path in ("/initiatives/", "/recherche/"):
        with django_assert_max_num_queries(12):
            assert everything.browser(PUBLIC).get(f"{path}?{asked}").status_code == 200


def test_three_thousand_parameters_are_refused(everything):
    many = "&".join(f"p{n}=1" for n in range(3_000))
    for person, path in ((PUBLIC, "/initiatives/"), (PUBLIC, "/recherche/"), ("ana", "/compte/profil/")):
        assert everything.browser(person).get(f"{path}?{many}").status_code in (200, 400)
        posted = everything.browser(person).post(path, {f"p{n}": "1" for n in range(3_000)})
        assert posted.status_code in ((400,) if person == "ana" else (200, 400, 405))


# --- What is forged -------------------------------------------------------------------------------------------------


NOWHERE = of("identifiant")[0]
"""The one asked even where it leads nowhere."""


def test_addresses_that_name_nothing(everything):
    """In the place of every number, slug, code and token of every address."""
    for name, pattern in world.patterns():
        asked = sorted(pattern.pattern.regex.groupindex)
        for each in of("identifiant", "recherche", "unicode", "xss_html"):
            if not asked:
                continue
            path = "/" + address(name, dict.fromkeys(asked, quote(each["entree"], safe="")))
            for person in (PUBLIC, "ana") if leads_somewhere(path) else (PUBLIC,) if each == NOWHERE else ():
                assert everything.browser(person).get(path).status_code < 500, path


def leads_somewhere(path: str) -> bool:
    """Whether a page of ours is asked: the others all get one answer, before any code of ours reads them."""
    try:
        resolve(unquote(path))
    except Resolver404:
        return False
    return True


def address(name: str, values: dict[str, str]) -> str:
    """An address with any text where it wants something: `reverse` would refuse."""
    from django.urls import get_resolver

    *namespaces, last = name.split(":")
    resolver, prefix = get_resolver(), ""
    for namespace in namespaces:
        start, resolver = resolver.namespace_dict[namespace]
        prefix += start
    template = resolver.reverse_dict.getlist(last)[0][0][0][0]
    return prefix + template % values


def test_numbers_too_big_for_the_database(everything):
    for name, pattern in world.patterns():
        asked = pattern.pattern.regex.groupindex
        if "pk" not in asked and "number" not in asked:
            continue
        for number in ("2147483648", "99999999999999999999999"):
            values = {key: number if key in ("pk", "number") else "1" for key in asked}
            path = "/" + address(name, values)
            for person in ("ana", "nora", "tess"):
                for answer in (everything.browser(person).get(path), everything.browser(person).post(path)):
                    assert answer.status_code < 500, (path, person)


@pytest.mark.parametrize("each", of("redirection_ouverte"), ids=lambda each: each["id"])
def test_no_door_leads_away(each, ana, as_, db):
    """What browsers take for another site: two slashes, a backslash, a control sign before them."""
    asked = urlencode({"next": each["entree"]})
    signing = {"login": ana.email, "password": factories.PASSWORD, "next": each["entree"]}
    for answer in (
        as_(ana).get(f"{reverse('account_login')}?{asked}"),
        as_(ana).get(f"{reverse('accounts:welcome')}?{asked}"),
        as_(ana).get(f"{reverse('accounts:request_link')}?{asked}"),
        as_(None).post(reverse("account_login"), signing),
        as_(ana).post(reverse("account_logout"), {"next": each["entree"]}),
    ):
        assert answer.status_code in (200, 302)
        place = answer.get("Location", "/")
        assert re.match(r"/(?![/\\])", place), place
        assert place.isprintable(), place
    harmless(as_(None).get(f"{reverse('account_login')}?{asked}"))


def test_fields_nobody_asked_for_change_nothing(everything):
    """A status, an author, a power added to a form: the form takes what it asks and nothing else."""
    forged = {each["champ"]: each["entree"] for each in of("affectation_masse")}
    forged |= {
        "status": "published", "is_active": "", "is_staff": "on", "email": "autre@essaim.test",
        "origin": "public_source", "frozen_at": "2020-01-01", "number": "99", "created_by": "1", "masked_at": "",
        "verified_on": "2026-01-01",
        "initiative": "1", "public_version": "1", "centre": "999", "student": "1", "kind": "administrator",
    }  # fmt: skip
    initiative = Initiative.objects.get(pk=everything.things["sheet:draft"]["pk"])
    version = initiative.working_version()
    assert version
    ana = everything.browser("ana")
    where = reverse("initiatives:step", args=[initiative.pk, "quoi"])
    opened = shown(ana.get(where))
    assert ana.post(where, {**forged, **opened, "title": "Un titre neuf"}).status_code == 302
    fresh = Initiative.objects.get(pk=initiative.pk)
    kept = ("slug", "status", "origin", "public_version_id", "masked_at", "verified_on", "published_at")
    assert [getattr(fresh, name) for name in kept] == [getattr(initiative, name) for name in kept]
    now = Version.objects.get(pk=version.pk)
    assert (now.title, now.number, now.frozen_at, now.initiative_id) == (
        "Un titre neuf",
        version.number,
        None,
        initiative.pk,
    )
    before = Person.objects.filter(pk=everything.ana.pk).values("email", "is_active", "password", "erased_at").get()
    ana.post(reverse("accounts:profile"), {**forged, "name": "Ana"})
    assert (
        Person.objects.filter(pk=everything.ana.pk).values("email", "is_active", "password", "erased_at").get()
        == before
    )
    assert not everything.ana.roles.exists()
    tess = everything.browser("tess")
    cohort = {"name": "La leur", "curriculum": "2026", "starts_on": "2026-09-01", "ends_on": "2029-06-30"}
    other = everything.things["centre:other"]["centre"]
    tess.post(reverse("training:new_cohort"), {**forged, **cohort, "centre": other.pk})
    assert not other.cohorts.filter(name="La leur").exists()


@pytest.mark.parametrize("kind", BY_KIND)
def test_a_recueil_is_fixed_with_any_title_and_foreword(kind, everything):
    """Nothing of them runs on its page, and its files are made whatever they are."""
    text = BY_KIND[kind]
    nobody = everything.browser(PUBLIC)
    nobody.post(everything.path("initiatives:collect", "sheet:published"))
    for name, limit in (("fix_booklet", 3000), ("make_case", 600)):
        # CR LF count for two, as browsers send them.
        said = {
            "title": text[:110].replace("\n", " "),
            "foreword": text.replace("\n", " ")[:limit].strip(),
            "cover": "band",
        }
        sheets = [everything.things["sheet:published"]["pk"]]
        answer = nobody.post(reverse(name), {**said, "paper": "a5", "addressee": text[:100], "sheets": sheets})
        assert answer.status_code == 302, shown(answer)
        path = answer["Location"].partition("?")[0]
        harmless(nobody.get(path))
        harmless(nobody.get(f"{path}pdf/"))
        edition = Edition.objects.latest("pk")
        document = press.document_of(edition)
        for format in press.formats_of(edition):
            assert press.written(document, format)


# --- NUL, and what browsers never send ------------------------------------------------------------------------------


def test_nul_is_never_a_breakdown(everything):
    version = Version.objects.working().get(initiative=everything.things["sheet:draft"]["pk"])
    nul = "avant\0après"
    forms = [
        ("ana", reverse("initiatives:step", args=[version.initiative_id, step]))
        for step in [step.slug for step in all_steps()]
    ]
    forms += [
        ("ana", reverse("accounts:profile")),
        ("max", everything.path("initiatives:request_changes", "case:claimed")),
        ("max", everything.path("initiatives:refuse", "case:claimed")),
        ("max", everything.path("initiatives:accept", "case:claimed")),
        ("nora", reverse("training:centres")),
        ("tess", reverse("training:new_cohort")),
        ("tess", everything.path("training:new_assignment", "cohort:own")),
        ("tess", everything.path("training:clone_assignments", "cohort:own")),
        *(("tess", everything.path(f"training:{name}", "assignment:extended")) for name in (
            "edit_assignment", "withdraw_assignment", "reuse_assignment", "extensions", "change_extension",
            "withdraw_extension", "newer_fiche",
        )),
        ("tess", everything.path("training:work", "work:sent")),
        *(("tess", everything.path(f"training:{name}", "cohort:own")) for name in (
            "add_student", "groups", "group", "student", "student_leaves", "graduates", "edit_cohort", "invitation",
            "import_students", "student_import",
        )),
        *(("hugo", everything.path(f"training:{name}", "centre:own")) for name in (
            "closures", "competences", "competence", "name_trainer", "end_trainer",
        )),
        ("ilan", everything.path("training:save_note", "assignment:written")),
        ("ilan", everything.path("training:send_note", "assignment:written")),
        ("ana", everything.path("training:join_code", "cohort:own")),
        *((PUBLIC, reverse(name)) for name in ("account_login", "account_signup", "account_reset_password",
                                                "accounts:request_link", "training:join", "initiatives:propose")),
        *(("ana", reverse(name)) for name in ("fix_booklet", "make_case")),
    ]  # fmt: skip
    names = set(FIELDS_SEEN)
    for person, path in forms:
        for browser in (everything.browser(person),):
            with world.undone():
                assert browser.post(path, dict.fromkeys(names, nul)).status_code < 500, path
                assert browser.get(f"{path}?{urlencode({'next': nul, 'page': nul, 'place': nul})}").status_code < 500
    for path in (
        "/initiatives/%00/",
        "/%00",
        "/guide/methodes/%00/",
        "/compte/lien/%00/x/",
        "/formation/rejoindre/%00/",
    ):
        assert everything.browser(PUBLIC).get(path).status_code in (400, 404)


# What the récit and the capitalisation ask, rows included.
DEEPER_ROWS = {
    "partner": ("name", "role"), "timeshare": ("role", "hours_a_month"), "obstaclemet": ("obstacle", "text", "lifted"),
    "milestone": ("month", "year", "text"), "voice": ("text", "speaker", "agreed"),
    "weblink": ("kind", "title", "url", "transcript"), "kinship": ("kind", "other"),
}  # fmt: skip
DEEPER = (
    "objectives", "participation_degree", "participation", "decisions", "trades", "participants_band",
    "time_granted_by", "means", "budget_band", "funding", "hosting", "effects_people", "effects_professionals",
    "effects_territory", "proof", "if_again", "conditions", "fiches", "variants", "ethics", "plain_summary",
    "plain_with_people", "languages", "go",
    *(f"{kind}-{row}-{name}" for kind, names in DEEPER_ROWS.items() for name in names for row in (0, 1)),
)  # fmt: skip
FIELDS_SEEN = (
    "title", "summary", "state", "start_year", "organisation_name", "organisation_siret", "organisation_kind", "place",
    "place_code", "scope", "beginning", "story", "publics", "themes", "methods", "words", "contact_mode", "edition",
    "contact_address", "licence", "anonymity", "seen", "go", "field", "key", "name", "email", "login", "password",
    "password1", "next", "code", "text", "verdict", "number", "question", "instruction", "fiches", "initiatives",
    "due_on", "due_time", "opens_on", "starts_on", "ends_on", "curriculum", "siret", "changes-text", "refuse-text",
    "refuse-motive", "changes-remark_title", "accept-text", "sentence", "proposal", "action", "organisation_siret",
    "label", "first_on", "last_on", "last_on", "group", "enrolment", "was", "why", "members", "file",
    *DEEPER,
    *(f"{name}_{row}" for row in range(4) for name in ("sentence", "proposal")),
)  # fmt: skip


def test_strange_headers(everything):
    nobody = everything.browser(PUBLIC)
    for each in of("http"):
        name, _, value = each["entree"].partition(": ")
        if name.startswith("TRACE"):
            assert nobody.trace("/").status_code in (200, 400, 405)
            continue
        for path in ("/", "/initiatives/", "/initiatives/mes-initiatives/"):
            answer = Client(raise_request_exception=False).get(path, headers={name: value})
            assert answer.status_code < 500
            assert "evil.example" not in answer.text
    for cookie in ("sessionid", "csrftoken", "messages"):
        for value in ("x" * 4000, "\\x00", "'; DROP TABLE --", "{{7*7}}", "é"):
            browser = Client(raise_request_exception=False)
            browser.cookies[cookie] = value
            assert browser.get("/initiatives/mes-initiatives/").status_code == 302
