"""The guide on paper and in a reader's pocket: whole, tagged, in order, and deaf to what a text would have it fetch."""

from __future__ import annotations

import html
import io
import json
import re
import shutil
import socket
import threading
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from PIL import Image

from guide.models import Fiche, FicheVersion
from guide.print import Chapter, Document, blocks, chapters, drawings, epub, keeping, pdf
from tests.books import checked
from tests.guide.tagged import Tagged, in_order

SITE = "https://essaim.test"
# The run of everything (.ci/run) installs it; elsewhere the validator is asked where it can answer.
needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="epubcheck asks for Java")
A_DIAGRAM = "![Six moments se suivent en boucle.](schema:boucle-education-populaire)"
MARKDOWN = f"""## Une section

Du *texte* **important**, `du code` et [un lien](https://exemple.fr/page)[^un][^deux].

| | Colonne |
|---|---|
| Rang | Case |

{A_DIAGRAM}

1. Un
2. Deux
   - Dedans

> Une citation
"""
SOURCES = [
    {"id": "un", "title": "La première source", "url": "https://exemple.fr/un"},
    {"id": "deux", "title": "La seconde source", "url": ""},
]


@pytest.fixture(autouse=True)
def nothing_made(settings, tmp_path):
    settings.MADE_ROOT = tmp_path / "made"


def chapter(words: str = MARKDOWN, **said) -> Chapter:
    found = [*blocks.markdown(words, SOURCES), *chapters.sources(SOURCES)]
    return Chapter(**{"title": "Un chapitre", "blocks": found, "url": f"{SITE}/un/", "levers": (3, 5), **said})


def document(*some: Chapter, **said) -> Document:
    return Document(**{"title": "Un recueil", "chapters": [*some] or [chapter()], "url": f"{SITE}/r/", **said})


# ── The whole guide


@pytest.fixture
def guide(db) -> Document:
    return chapters.whole_guide()


def test_the_whole_guide_is_a_tagged_book(guide):
    book = Tagged(pdf.written(guide))
    root = book.root
    assert str(root.Lang).lower().startswith("fr")
    assert bool(root.MarkInfo.Marked)
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert b"pdfuaid" in root.Metadata.read_bytes()
    assert str(book.pdf.docinfo["/Title"]) == guide.title
    assert "/EmbeddedFiles" not in root.get("/Names", {})
    assert "/OpenAction" not in root or "/JS" not in str(root.OpenAction)
    kinds = book.kinds()
    parts = {each.part for each in guide.chapters}
    assert kinds.count("H1") == 2 + len(parts)  # the contents, the foreword
    assert kinds.count("H2") == len(guide.chapters)
    assert kinds.count("TOCI") == 1 + len(parts) + len(guide.chapters)
    assert kinds.count("Title") == 1
    figures = [tag for tag in book.tags if tag.kind == "Figure"]
    assert len(figures) >= len(guide.chapters)
    assert all(len(tag.alternative) > 10 for tag in figures)
    heads = [tag for tag in book.tags if tag.kind == "TH"]
    assert heads
    assert all("/Scope" in str(tag.node.A) for tag in heads)
    assert all("Table" in tag.above for tag in heads)
    with book.pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        under = [child.title for item in outline.root for child in item.children]
    assert set(parts) <= set(titles)
    assert {each.title for each in guide.chapters} <= set(under)


def test_its_pages_are_numbered_and_named(guide):
    short = Document(guide.title, guide.chapters[:3], dated="Version du 1er mars 2026")
    pages = [" ".join(page) for page in read_pages(pdf.written(short))]
    assert guide.title in pages[0]
    assert "Sommaire" in pages[1]
    starts = [n for n, page in enumerate(pages, 1) if "Fiche 2 du guide" in page]
    second = " ".join(guide.chapters[1].title.split())
    assert f"{second} {starts[0]} " in pages[1]
    assert guide.title in pages[starts[0]], "the page after the first of a chapter has a running head"
    assert second[:40] in pages[starts[0]]
    footed = [(n, page) for n, page in enumerate(pages, 1) if "Essaim · Version du 1er mars 2026" in page]
    assert len(footed) == len(pages) - 2, "all but the cover and the page that opens the part"
    assert all(page.endswith(f" {n}") for n, page in footed)


def read_pages(content: bytes) -> list[list[str]]:
    from pypdf import PdfReader

    return [page.extract_text().split() for page in PdfReader(io.BytesIO(content)).pages]


@needs_java
def test_the_epub_of_the_whole_guide_is_valid(guide, tmp_path):
    path = tmp_path / "guide.epub"
    path.write_bytes(epub.written(guide))
    found = checked(path)
    assert [(each.level, each.message) for each in found.messages] == []
    assert found.valid
    archive = zipfile.ZipFile(path)
    assert archive.namelist()[0] == "mimetype"
    contents = archive.read("essaim/sommaire.xhtml").decode()
    assert all(html.escape(each.title) in contents for each in guide.chapters)
    assert "#s1" in contents
    package = archive.read("essaim/livre.opf").decode()
    for said in ("schema:accessMode", "schema:accessibilityHazard", 'properties="cover-image"', "dcterms:modified"):
        assert said in package
    first = archive.read("essaim/chapitre-1.xhtml").decode()
    assert "doc-noteref" in first
    assert "doc-backlink" in first


# ── What is read is in the order of the page


@pytest.mark.parametrize("number", [1, 10, 21])
def test_a_fiche_says_on_paper_what_its_page_says_in_its_order(number, as_):
    version = Fiche.objects.get(number=number).current
    answer = as_(None).get(reverse("guide:fiche_pdf", args=[number]))
    assert answer["Content-Type"] == "application/pdf"
    parts = [version.title, *words_of(version.summary)]
    for section in version.sections:
        parts += [section["title"], *words_of(section["html"])]
    parts += [source["title"] for source in version.sources]
    read = Tagged(answer.content)
    in_order(parts, read.said)
    assert read.kinds().count("H1") == 1
    assert read.kinds().count("H2") >= len(version.sections)
    assert "Title" not in read.kinds()
    in_order([f"Version {version.number}", "CC BY 4.0"], read.said)


def words_of(markup: str) -> list[str]:
    """The texts of some HTML, cut where a note or a tag stands."""
    markup = re.sub(r"<figure.*?</figure>|<caption.*?</caption>|<sup.*?</sup>", "\n", markup, flags=re.DOTALL)
    return [said for part in re.split(r"<[^>]+>|\n", markup) if len(said := html.unescape(part).strip()) > 3]


def test_a_chapter_has_its_address_its_code_and_its_ring():
    read = Tagged(pdf.written(document()))
    alternatives = [tag.alternative for tag in read.tags if tag.kind == "Figure"]
    assert alternatives == [
        "Leviers soutenus\u00a0: 3 Pouvoir d’agir, 5 Former",
        "Six moments se suivent en boucle.",
        f"Code QR de l’adresse {SITE}/un/",
    ]
    in_order(["Un chapitre", "Une section", "important", "Rang", "Case", "Dedans", "Une citation", "essaim.test/un/"],
             read.said)  # fmt: skip
    assert f"{SITE}/un/" in addresses_of(read)


def addresses_of(read: Tagged) -> set[str]:
    notes = [note for page in read.pdf.pages for note in page.get("/Annots", [])]
    return {str(note.A.URI) for note in notes if "/A" in note and "/URI" in note.A}


def test_notes_lead_to_the_sources_and_a_table_has_its_heads():
    kinds = Tagged(pdf.written(document())).kinds()
    assert kinds.count("TH") == 2
    assert {"L", "LI", "LBody", "BlockQuote", "Code", "Caption"} <= {*kinds}
    page = epub_page(document())
    assert page.count('href="#source-1"') == 1
    assert page.count('href="#appel-2"') == 1
    assert '<th scope="row">Rang</th>' in page
    assert '<th scope="col">Colonne</th>' in page


def epub_page(told: Document, name: str = "chapitre-1") -> str:
    return zipfile.ZipFile(io.BytesIO(epub.written(told))).read(f"essaim/{name}.xhtml").decode()


@pytest.mark.parametrize("paper", ["a4", "a5"])
@pytest.mark.parametrize("cover", ["hive", "band", "plain", ""])
def test_covers_and_papers(cover, paper):
    told = document(cover=cover, paper=paper, foreword=blocks.markdown("# Bonjour\n\nUn mot avant.", top=1))
    read = Tagged(pdf.written(told))
    width, height = (round(float(side) / 72 * 25.4) for side in read.pdf.pages[0].MediaBox[2:])
    assert (width, height) == ((210, 297) if paper == "a4" else (148, 210))
    assert ("TOC" in read.kinds()) == bool(cover)
    assert ("Un mot avant." in read.said) == bool(cover)
    names = zipfile.ZipFile(io.BytesIO(epub.written(told))).namelist()
    assert ("essaim/couverture.svg" in names) == bool(cover)


# ── What a text can't do

CANARY = "le-canari-chante-a-cinq-heures"


@pytest.fixture
def listener():
    """A server of this machine that counts who comes."""
    came: list[object] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.05)
    stop = threading.Event()

    def listen() -> None:
        while not stop.is_set():
            try:
                connection, address = server.accept()
            except TimeoutError:
                continue
            came.append(address)
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield server.getsockname()[1], came
    stop.set()
    thread.join()
    server.close()


def hostile(secret: str, port: int) -> list[str]:
    web = f"http://127.0.0.1:{port}/x.png"
    return [
        f'#read("{secret}") #include "{secret}" #image("{web}") #eval("read(\\"{secret}\\")") $#sys.inputs$',
        f"\\include{{{secret}}} \\input{{{secret}}} \\write18{{cat {secret}}} @{secret} <label>",
        f"![a]({web}) ![b](file://{secret}) ![c](schema:../../../../..{secret}) [d](file://{secret})",
        f'<img src="{web}"> <object data="file://{secret}"></object> <!ENTITY x SYSTEM "file://{secret}"> &x; <script>',
        f"[x](javascript:alert(1)) [y](data:text/html,1) [z](//127.0.0.1:{port}/) <file://{secret}> [w](/{secret})",
        "[9](#source-9) [^inconnue] # \x00\x07\x1b\ud800\ufffe\u202etxet\u2066 😀🏳️\u200d🌈 مرحبا بالعالم שלום 汉字",
        "x" * 100_000,
        "é" * 400 + "-" * 400,
        "> " * 200 + "\n\n" + "\n".join("  " * n + "- x" for n in range(60)),
        "###### a\n# b\n- # c\n\n|a|b|\n|-|-|\n|" + "y" * 900 + "|\n\n99999999999. z",
    ]


def test_hostile_texts_compose_and_reveal_nothing(tmp_path, listener):
    """No file is opened and nothing is fetched for a text, wherever it stands in a document."""
    port, came = listener
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    texts = hostile(str(secret), port)
    told = document(
        *(chapter(words, title=words[:200], kicker=words[:80], dated=words[:80], part=words[:40]) for words in texts),
        title=texts[0][:120], subtitle=texts[5], dated=texts[3][:60],
        foreword=[*blocks.markdown("\n\n".join(texts[:6]), top=1), *blocks.plain("\n\n".join(texts[:6])),
                  blocks.table(texts[:3], [texts[3:6]], texts[0]), blocks.facts([(texts[0], texts[2])]),
                  blocks.quote(blocks.plain(texts[2]), texts[0]), blocks.figure(drawings.ring((1,)), texts[2])],
    )  # fmt: skip
    made, packed = pdf.written(told), epub.written(told)
    read = Tagged(made)
    assert CANARY not in read.said
    assert CANARY.encode() not in made
    assert '#read("' in read.said
    assert all(re.match(r"https?://(?!127)|mailto:", address) for address in addresses_of(read)), addresses_of(read)
    archive = zipfile.ZipFile(io.BytesIO(packed))
    for name in archive.namelist():
        content = archive.read(name)
        assert CANARY.encode() not in content
        if name.endswith(("xhtml", "opf", "svg", "xml")):
            ElementTree.fromstring(content)  # noqa: S314 (ours)
            assert not re.search(rb'(?:src|href|data)="(?:file|data|javascript|//|http://127)', content), name
            assert b"<script" not in content
    assert came == []


def test_the_template_alone_is_in_reach_and_imports_nothing():
    assert {path.name for path in pdf.TEMPLATE.parent.iterdir()} == {"book.typ", "book.css"}
    template = re.sub(r"//.*", "", pdf.TEMPLATE.read_text())
    for word in (
        "read(",
        "eval(",
        "import ",
        "include ",
        "plugin(",
        "@preview",
        "csv(",
        "yaml(",
        "xml(",
        "bibliography(",
    ):
        assert word not in template.replace("#read(", "read("), word
    with pytest.raises(pdf.typst.TypstError):
        pdf.typst.compile(b'#read("/etc/passwd")', root=pdf.TEMPLATE.parent)


def test_what_no_font_draws_is_marked_and_the_epub_keeps_it():
    told = document(chapter("Un 😀 et 汉字 ici."), title="Titre 😀")
    said = Tagged(pdf.written(told)).said
    assert pdf.MISSING in said
    assert "😀" not in said
    assert "Un 😀 et 汉字 ici." in epub_page(told)


def test_long_words_and_addresses_stay_inside_the_page():
    words = f"{'a' * 90} https://exemple.fr/{'chemin-sans-fin/' * 20}\n\n|{'b' * 80}|c|\n|-|-|\n|{'d' * 60}|e|"
    told = document(chapter(words, title="T" * 90, url=f"{SITE}/{'long' * 30}/"), paper="a5", cover="")
    for page in drawn(told):
        width, height = page.size
        margin = page.crop((int(width * 0.89), 0, width, height))
        assert margin.getextrema() == (255, 255), "something stands in the right margin"


def drawn(told: Document) -> list[Image.Image]:
    said = json.dumps(pdf.Page(told).told())
    fonts = [Path(__file__).parents[2] / "static" / "fonts" / "print"]
    pages = pdf.typst.compile(pdf.TEMPLATE, root=pdf.TEMPLATE.parent, format="png", ppi=60, font_paths=fonts,
                              ignore_system_fonts=True, sys_inputs={"document": said})  # fmt: skip
    return [Image.open(io.BytesIO(page)).convert("L") for page in (pages if isinstance(pages, list) else [pages])]


def test_only_what_a_link_may_be():
    for address in ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//elsewhere.fr", "ftp://a.fr",
                    "http://utilisateur@site.fr/", "https://", "mailto:", " /\\exemple.fr", "#source-1"):  # fmt: skip
        assert blocks.safe_address(address, SITE) == "", address
    assert blocks.safe_address("/guide/", SITE) == f"{SITE}/guide/"
    assert blocks.safe_address("/guide/") == ""
    assert blocks.safe_address("mailto:equipe@exemple.fr") == "mailto:equipe@exemple.fr"


# ── One fiche


def test_a_fiche_is_composed_once_and_again_when_its_words_change(as_, monkeypatch):
    url = reverse("guide:fiche_pdf", args=[10])
    composed = []
    monkeypatch.setattr(
        keeping.pdf, "written", lambda told: composed.append(told.title) or b"%PDF-1.7 " + told.title.encode()
    )
    first = as_(None).get(url)
    assert as_(None).get(url).content == first.content
    assert len(composed) == 1
    assert first["Content-Disposition"].startswith('inline; filename="essaim-fiche-10-')
    assert first["Cache-Control"] == "no-cache"
    assert as_(None).get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    FicheVersion.objects.filter(current_of__number=10).update(summary="Un autre résumé.")
    again = as_(None).get(url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]
    assert len(composed) == 2


def test_a_fiche_leads_to_its_pdf_and_asks_few_queries(as_, django_assert_max_num_queries):
    assert reverse("guide:fiche_pdf", args=[10]) in as_(None).get(reverse("guide:fiche", args=[10])).text
    with django_assert_max_num_queries(8):
        assert as_(None).get(reverse("guide:fiche_pdf", args=[10])).status_code == 200
    assert as_(None).get(reverse("guide:fiche_pdf", args=[27])).status_code == 404
    assert as_(None).post(reverse("guide:fiche_pdf", args=[10])).status_code == 405


def test_what_nobody_asks_for_any_more_is_swept(settings, monkeypatch):
    monkeypatch.setattr(keeping.pdf, "written", lambda told: b"%PDF-1.7")
    kept = keeping.of(document())
    kept.content()
    assert kept.path.read_bytes() == b"%PDF-1.7"
    monkeypatch.setattr(keeping, "SWEPT_AFTER", -1)
    monkeypatch.setattr(keeping, "SWEPT_EVERY", -1)
    other = keeping.of(document(title="Un autre recueil"))
    other.content()
    assert not kept.path.exists()
    assert other.path.exists()


def test_where_nothing_can_be_kept_it_is_made_each_time(settings, tmp_path):
    settings.MADE_ROOT = tmp_path / "file"
    settings.MADE_ROOT.write_text("not a folder")
    assert keeping.of(keeping.single(chapter())).content().startswith(b"%PDF")
