"""The trame: the questions of the screens on paper, under the same numbers, in two files that say the same."""

from __future__ import annotations

import io
import os
import re
import signal
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from pypdf import PdfReader

from initiatives import steps
from initiatives.models import Public, Theme, Version
from initiatives.models.choices import Depth
from initiatives.trame import making, odt, pdf
from initiatives.trame.outline import Ask
from initiatives.trame.questions import ask_of, outline
from tests import factories
from tests.initiatives.telling import tree

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


@pytest.fixture(autouse=True)
def nothing_made(settings, tmp_path):
    settings.MADE_ROOT = tmp_path / "made"
    making.forget()
    yield
    making.forget()


def flat(text: str) -> str:
    """Without spaces nor the hyphens of line ends: a page cuts a sentence where it likes."""
    return re.sub(r"[\s\u00ad-]+", "", text)


def in_order(labels: list[str], text: str) -> None:
    place, text = 0, flat(text)
    for label in labels:
        found = text.find(flat(label), place)
        assert found >= 0, f"« {label} » is missing, or comes too early"
        place = found + len(flat(label))


def parsed(xml: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(xml)  # noqa: S314 (ours)


def paragraphs(file: bytes) -> list[ElementTree.Element]:
    root = parsed(zipfile.ZipFile(io.BytesIO(file)).read("content.xml"))
    return [each for each in root.iter() if each.tag in (f"{TEXT}p", f"{TEXT}h")]


def said_in(file: bytes) -> str:
    return "\n".join("".join(each.itertext()) for each in paragraphs(file))


def test_every_question_of_the_screens_is_on_paper(db):
    said = outline()
    assert [question.number for question in said.questions] == list(range(1, len(said.questions) + 1))
    assert said.paths[0].screens[-1].parts[-1].questions[-1].number == 12
    asked = set(said.labels)
    for step in steps.all_steps():
        if step.on_paper:
            continue
        form = step.form(Version(), None)
        for field in form.fields.values():
            assert str(field.label) in asked, f"{step.slug}: « {field.label} » isn't asked on paper"
        assert {name for names in step.questions for name in names} >= set(form.fields)


def test_the_numbers_are_those_of_the_screens(ana, as_):
    version = factories.draft(ana)
    said = {question.asks[0].label: question.number for question in outline().questions}
    shown = {}
    for step in steps.all_steps():
        page = tree(as_(ana).get(reverse("initiatives:step", args=[version.initiative_id, step.slug])))
        for number in page.iterfind(".//p[@class='question-number']"):
            shown[int(re.search(r"Question (\d+)", "".join(number.itertext()))[1])] = step.slug
    assert sorted(shown) == sorted(said.values())
    assert steps.numbers()["title"] == 1
    assert steps.numbers()["anonymity"] == 12
    assert said["Qui a accordé ce temps\u00a0?"] == steps.numbers()["time_granted_by"]


def test_the_choices_are_those_of_the_database(db):
    Theme.objects.create(code="essaimage", label="Essaimage", position=99)
    groups = {ask.label: ask.groups for question in outline().questions for ask in question.asks}
    assert [*groups["Sur quoi\u00a0?"][0].choices] == [theme.label for theme in Theme.objects.all()]
    assert [*groups["Avec qui\u00a0?"][0].choices] == [public.label for public in Public.objects.all()]
    levers = groups["Quelles propositions votre initiative appuie-t-elle\u00a0?"]
    assert sum(len(group.choices) for group in levers) == 24


def test_links_and_what_is_kept_from_paper(db):
    for question in outline().questions:
        for ask in question.asks:
            assert "<" not in ask.help
            assert "onglet" not in ask.help


def test_the_pdf_is_tagged_and_says_all_in_order(db):
    said = outline()
    reader = PdfReader(io.BytesIO(pdf.written(said, "1a2b3c4d", "21 novembre 2026")))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).lower().startswith("fr")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Essaim, La trame à remplir"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    tags = list(tags_of(root["/StructTreeRoot"]))
    assert [tags.count("/H1"), tags.count("/H2")] == [1, 4]
    assert tags.count("/Table") == len([ask for each in said.questions for ask in each.asks if ask.columns])
    assert tags.count("/TH") == sum(len(ask.columns) for each in said.questions for ask in each.asks)
    fonts = {str(font["/BaseFont"]) for page in reader.pages for font in fonts_of(page)}
    assert all(re.search("Atkinson|Bricolage", font) for font in fonts), fonts
    pages = [page.extract_text() for page in reader.pages]
    text = "\n".join(re.sub(r"Essaim · La trame · version.*", "", page) for page in pages)
    in_order([label for question in said.questions for label in (str(question.number), question.asks[0].label)], text)
    assert {flat(label) for label in said.labels if flat(label) not in flat(text)} == set()
    for number, page in enumerate(pages, 1):
        assert f"page{number}sur{len(pages)}" in flat(page)
        assert "version1a2b3c4ddu21novembre2026" in flat(page)


def tags_of(node) -> Iterator[str]:
    """Kinds of the structure's parts, in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    for each in node if isinstance(node, list) else [node]:
        each = each.get_object() if hasattr(each, "get_object") else each
        if isinstance(each, dict):
            yield from [str(each["/S"])] if "/S" in each else []
            yield from tags_of(each.get("/K"))


def fonts_of(page):
    return [font.get_object() for font in page["/Resources"].get("/Font", {}).values()]


def test_the_odt_is_whole_and_says_all_in_order(db):
    said = outline()
    file = odt.written(said, "1a2b3c4d", "21 novembre 2026", date(2026, 11, 21))
    archive = zipfile.ZipFile(io.BytesIO(file))
    assert archive.testzip() is None
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert file[38:77] == odt.MIMETYPE.encode()
    listed = set(re.findall(r'full-path="([^"]+)"', archive.read("META-INF/manifest.xml").decode()))
    assert listed == {"/", "content.xml", "styles.xml", "meta.xml"}
    roots = {name: parsed(archive.read(name)) for name in archive.namelist()[1:]}
    about = "".join(roots["meta.xml"].itertext())
    assert "Essaim, La trame à remplir" in about
    assert "fr-FR" in about
    footer = "".join(roots["styles.xml"].itertext())
    assert "version 1a2b3c4d du 21 novembre 2026 · page" in footer
    in_order([label for question in said.questions for label in (f"{question.number}.", *labels(question))],
             said_in(file))  # fmt: skip

    used = set(re.findall(r'(?:text|table):style-name="([^"]+)"', archive.read("content.xml").decode()))
    names = re.compile(r'style:name="([^"]+)"|<text:list-style style:name="([^"]+)"|text:name="([^"]+)"')
    known = {found for name in ("content.xml", "styles.xml") for match in names.findall(archive.read(name).decode())
             for found in match}  # fmt: skip
    assert used <= known

    levels = [int(each.get(f"{TEXT}outline-level")) for each in paragraphs(file) if each.tag == f"{TEXT}h"]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), "a level is skipped"
    tables = list(roots["content.xml"].iter(f"{TABLE}table"))
    assert tables
    assert all(table.find(f"{TABLE}table-header-rows") is not None for table in tables)


def labels(question) -> list[str]:
    return [ask.label for ask in question.asks]


def test_both_files_say_the_same(db):
    said = outline()
    first = odt.written(said, "v", "j", date(2026, 11, 21))
    second = PdfReader(io.BytesIO(pdf.written(said, "v", "j")))
    read = flat("\n".join(page.extract_text() for page in second.pages))
    for question in said.questions:
        for ask in question.asks:
            for each in (ask.label, *(choice for group in ask.groups for choice in group.choices)):
                assert flat(each) in read, f"the PDF doesn't say « {each} »"
                assert flat(each) in flat(said_in(first)), f"the ODT doesn't say « {each} »"
    for _, sentences in said.before:
        for sentence in (*sentences, *said.after):
            assert flat(sentence) in flat(said_in(first))


def test_hostile_words_stay_words(db):
    Theme.objects.create(code="piege", label='#panic("x") <b>&amp;</b> $x$ ]] \\ //', position=98)
    said = outline()
    assert zipfile.ZipFile(io.BytesIO(odt.written(said, "v", "j", date(2026, 11, 21)))).testzip() is None
    read = PdfReader(io.BytesIO(pdf.written(said, "v", "j")))
    assert '#panic("x")' in "".join(page.extract_text() for page in read.pages)


@pytest.mark.parametrize(("kind", "type_"), [("odt", odt.MIMETYPE), ("pdf", "application/pdf")])
def test_anyone_downloads_it(db, as_, kind, type_):
    answer = as_(None).get(f"/initiatives/proposer/trame.{kind}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == type_
    assert "attachment" in answer["Content-Disposition"]
    assert f"trame%20%C3%A0%20remplir.{kind}" in answer["Content-Disposition"]
    assert answer["Last-Modified"]
    again = as_(None).get(f"/initiatives/proposer/trame.{kind}", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert as_(None).post(f"/initiatives/proposer/trame.{kind}").status_code == 405


def test_it_is_made_once(db, as_, monkeypatch, django_assert_num_queries):
    first = as_(None).get(reverse("initiatives:trame_pdf"))
    monkeypatch.setattr(pdf, "written", lambda *said: pytest.fail("made again"))
    monkeypatch.setattr(odt, "written", lambda *said: pytest.fail("made again"))
    with django_assert_num_queries(0):
        second = as_(None).get(reverse("initiatives:trame_pdf"))
    assert (second.content, second["ETag"]) == (first.content, first["ETag"])
    making.forget()  # another process, with the same words
    assert as_(None).get(reverse("initiatives:trame_odt")).status_code == 200


def test_other_words_are_another_file(db, as_):
    before = as_(None).get(reverse("initiatives:trame_odt"))
    Theme.objects.create(code="essaimage", label="Essaimage", position=99)
    making.forget()
    after = as_(None).get(reverse("initiatives:trame_odt"))
    assert after["ETag"] != before["ETag"]
    assert "☐ Essaimage" in said_in(after.content)


def test_the_page_that_invites_gives_both_with_their_weight(db, as_, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page = as_(None).get(reverse("initiatives:propose"))
    found = dict(re.findall(r'href="/initiatives/proposer/trame\.(odt|pdf)">[^<]*?(\d+)\xa0ko\)</a>', page.text))
    assert 5 <= int(found["odt"]) <= 60
    assert 50 <= int(found["pdf"]) <= 500


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # the child only writes a file
def test_a_writer_that_is_killed_leaves_nothing_torn(db, as_, settings):
    """Killed at the worst moments: the folder stands whole, or isn't there, and the next one makes it."""
    content = {"odt": b"o" * 400_000, "pdf": b"p" * 4_000_000}
    torn = unfinished = 0
    for n in range(20):
        folder = settings.MADE_ROOT / "trame" / f"key{n}"
        child = os.fork()
        if not child:
            try:
                making._keep(folder, content)
            finally:
                os._exit(0)
        time.sleep(0.0007 * n)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if folder.exists():
            torn += {each.name: each.stat().st_size for each in folder.iterdir()} != {
                f"trame.{kind}": len(said) for kind, said in content.items()
            }
        else:
            unfinished += 1
            making._keep(folder, content)
            assert (folder / "trame.pdf").read_bytes() == content["pdf"]
    assert torn == 0
    assert unfinished, "none was killed in time: nothing is proved"
    long_ago = time.time() - 2 * making.SWEPT_AFTER
    for each in (settings.MADE_ROOT / "trame").iterdir():
        os.utime(each, (long_ago, long_ago))
    assert as_(None).get(reverse("initiatives:trame_odt")).status_code == 200
    assert len(list((settings.MADE_ROOT / "trame").iterdir())) == 1, "what was left is swept"


def test_a_disk_that_refuses_costs_time_not_the_file(db, as_, settings, tmp_path, caplog):
    (tmp_path / "file").write_text("not a folder")
    settings.MADE_ROOT = tmp_path / "file"
    making.forget()
    answer = as_(None).get(reverse("initiatives:trame_odt"))
    assert answer.status_code == 200
    assert "can't be kept" in caplog.text


def test_room_is_in_proportion(db):
    asks = {ask.label: ask for step in steps.of_depth(Depth.SNAPSHOT) for ask in asked_on(step)}
    assert asks["Ce qui s’est passé"].lines > asks["Au départ…"].lines > asks["En quelques phrases"].lines
    assert asks["En quelques phrases"].lines > asks["Le titre"].lines >= 1


def asked_on(step) -> list[Ask]:
    return [ask_of(field) for field in step.form(Version(), None).fields.values()] if step.slug != "ou" else []
