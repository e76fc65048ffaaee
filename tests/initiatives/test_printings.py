"""Files one carries away: asked for by a button, made by another process, given while they say what may be read."""

from __future__ import annotations

import io
import re
import signal
import zipfile
from datetime import timedelta

import psycopg
import pypdf
import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from guide.models import Fiche
from guide.print import pages
from initiatives import fate, press, redaction
from initiatives.models import Printing
from initiatives.models.edition import LEASE, MOST_ATTEMPTS
from tests import factories
from tests.faults.conftest import database_copy  # noqa: F401 - a fixture
from tests.initiatives.test_fix_booklet import fix, put
from tests.presses import pressing

KINDS = {"pdf/": "pdf", "epub/": "epub", "hors-ligne/": "zip"}


@pytest.fixture
def soup(ana, max):
    version = factories.capitalise(
        factories.complete_draft(ana, title="La soupe du mardi", story=f"Une casserole. {factories.STORY}")
    )
    from initiatives.models import Case

    case = Case.submit(version, ana)
    case.claim(max)
    case.accept(max)
    case.initiative.refresh_from_db()
    return case.initiative


@pytest.fixture
def path(soup):
    browser = Client()
    put(browser, soup, 10)
    return fix(browser)


def make() -> None:
    """What waits, but for the guide."""
    while printing := Printing.objects.take():
        press.make(printing)


def given(path: str, end: str):
    answer = Client().get(path + end)
    assert answer.status_code == 200
    return answer


# Asked, made, given


def test_the_pdf_is_asked_for_when_one_fixes(path):
    printing = Printing.objects.get()
    assert (printing.format, printing.status) == ("pdf", "waiting")
    assert "En préparation" in Client().get(path).text
    state = given(path, "pdf/")
    assert state["Content-Type"].startswith("text/html")
    assert "La préparation commence dans un instant" in state.text
    assert "Où en est-ce maintenant" in state.text


@pytest.mark.parametrize(("end", "kind"), KINDS.items())
def test_a_file_is_asked_for_made_and_given(path, end, kind):
    browser = Client()
    Printing.objects.all().delete()
    page = given(path, end)
    assert "Pas encore préparé" in page.text
    assert not Printing.objects.exists()
    for _ in range(2):
        assert browser.post(path + end).url == f"{path}{end}?etat=1"
    assert Printing.objects.get().format == kind
    make()
    assert "C’est prêt" in given(path, f"{end}?etat=1").text
    answer = given(path, end)
    content = answer.content
    assert content.startswith({"pdf": b"%PDF-", "epub": b"PK", "zip": b"PK"}[kind])
    assert "Essaim" in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("inline" if kind == "pdf" else "attachment")
    assert answer["Cache-Control"] == "private, no-cache"
    assert "noindex" in answer["X-Robots-Tag"]
    again = Client().get(path + end, headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert re.search(r"Ouvrir l[e’]", Client().get(path).text)


def test_what_the_files_say(path):
    for end in KINDS:
        Client().post(path + end)
    make()
    pdf = pypdf.PdfReader(io.BytesIO(given(path, "pdf/").content))
    text = " ".join(page.extract_text() for page in pdf.pages)
    assert "soupe du mardi" in text
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert Printing.objects.get(format="pdf").pages == len(pdf.pages)
    for end in ("epub/", "hors-ligne/"):
        pack = zipfile.ZipFile(io.BytesIO(given(path, end).content))
        assert pack.testzip() is None
        words = " ".join(pack.read(n).decode() for n in pack.namelist() if n.endswith((".html", ".xhtml")))
        assert "La soupe du mardi" in words
        assert "Points de vigilance" in words


def test_pages_without_network_ask_for_nothing(path):
    Client().post(f"{path}hors-ligne/")
    make()
    pack = zipfile.ZipFile(io.BytesIO(given(path, "hors-ligne/").content))
    names = set(pack.namelist())
    folder = {name.split("/")[0] for name in names}
    assert len(folder) == 1
    assert f"{folder.pop()}/index.html" in names
    assert sum(each.file_size for each in pack.infolist()) < pages.MOST_BYTES
    for name in (name for name in names if name.endswith(".html")):
        html = pack.read(name).decode()
        here = name.rpartition("/")[0]
        assert not re.search(r"<script|<img|<iframe|\son[a-z]+=|style=", html)
        for link in re.findall(r'(?:href|src)="([^"#]+)', html):
            assert link.startswith(("http://", "https://", "mailto:")) or f"{here}/{link}" in names, link
        for target in re.findall(r'href="#([^"]+)"', html):
            assert f'id="{target}"' in html
    assert "url(" in pack.read(next(n for n in names if n.endswith(".css"))).decode()


def test_pages_too_heavy_are_refused_with_a_sentence(path, monkeypatch):
    monkeypatch.setattr(pages, "MOST_BYTES", 10_000)
    Client().post(f"{path}hors-ligne/")
    make()
    printing = Printing.objects.get(format="zip")
    assert (printing.status, printing.attempts) == ("failed", 1)
    page = given(path, "hors-ligne/").text
    assert "la limite est de 10&nbsp;Mo" in page
    assert "Retirez des fiches" in page
    assert "Réessayer" not in page


def test_progress_is_said_in_chapters(path, monkeypatch):
    seen = []
    advance = Printing.advance

    def told(self, done, total):
        advance(self, done, total)
        seen.append(given(path, "pdf/").text)

    monkeypatch.setattr(Printing, "advance", told)
    make()
    assert "Chapitre 2 sur 2" in seen[0]
    assert "Mise en page" in seen[1]
    assert all("<script>" not in page for page in seen)


# What may be read now


@pytest.mark.parametrize("how", ["masked", "withdrawn", "merged", "redacted"])
def test_a_file_made_before_is_never_given_after(path, soup, nora, dan, ana, max, how):
    for end in KINDS:
        Client().post(path + end)
    make()
    before = {end: given(path, end).content for end in KINDS}
    if how == "masked":
        fate.mask(soup, None)
    elif how == "withdrawn":
        fate.withdraw(soup, None, fate.PERSON)
    elif how == "merged":
        fate.merge(soup, factories.published(ana, max, title="Le jardin du jeudi"), nora)
    else:
        redaction.redact(soup, dan, "casserole", [text.key for text in redaction.found(soup, "casserole")], "La loi.")
    for end, content in before.items():
        page = given(path, end)
        assert page["Content-Type"].startswith("text/html"), end
        assert content != page.content
        Client().post(path + end)
    make()
    for end in ("epub/", "hors-ligne/"):
        pack = zipfile.ZipFile(io.BytesIO(given(path, end).content))
        words = " ".join(pack.read(name).decode() for name in pack.namelist() if name.endswith("html"))
        assert "casserole" not in words
        assert ("soupe du mardi" in words) == (how == "redacted")
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(given(path, "pdf/").content)).pages)
    assert "casserole" not in text
    assert Printing.objects.count() == 3  # those from before went with their files
    assert len(list(default_storage.folders("tirages"))) >= 3


def test_the_night_erases_files_that_are_no_longer_right(path, soup, django_capture_on_commit_callbacks):
    make()
    printing = Printing.objects.get()
    assert default_storage.exists(printing.path)
    fate.mask(soup, None)
    with django_capture_on_commit_callbacks(execute=True):
        press.forget(timezone.now())
    assert not Printing.objects.exists()
    assert not default_storage.exists(printing.path)


def test_a_file_that_is_missing_is_made_again(path):
    make()
    printing = Printing.objects.get()
    default_storage.delete(printing.path)
    assert "Pas encore préparé" in given(path, "pdf/").text
    Client().post(f"{path}pdf/")
    make()
    assert given(path, "pdf/").content.startswith(b"%PDF")


def test_a_sheet_hidden_while_its_file_is_made_is_not_in_it(path, soup, monkeypatch):
    taken = Printing.objects.take()
    fate.mask(soup, None)
    assert not press.make(taken)
    again = Printing.objects.get()
    assert again.digest != taken.digest
    make()
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(given(path, "pdf/").content)).pages)
    assert "soupe du mardi" not in text


# What breaks


def test_what_breaks_is_tried_three_times_then_said(path, monkeypatch):
    def broken(*_):
        raise ValueError("cassé")

    monkeypatch.setattr(press.pdf, "written", broken)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        press.make(Printing.objects.take())
        assert Printing.objects.get().attempts == attempt
        assert Printing.objects.take() is None
        Printing.objects.filter(status="waiting").update(leased_until=timezone.now() - timedelta(seconds=1))
    page = given(path, "pdf/").text
    assert "trois fois" in page
    assert "Réessayer" in page
    assert "cassé" not in page
    assert Client().post(f"{path}pdf/").status_code == 302
    monkeypatch.undo()
    make()
    assert given(path, "pdf/").content.startswith(b"%PDF")


def test_one_that_kills_its_process_is_given_up_too(path):
    for _ in range(MOST_ATTEMPTS):
        assert Printing.objects.take()
        Printing.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert Printing.objects.take() is None
    assert Printing.objects.get().status == "failed"


def test_who_was_slow_leaves_it_to_who_took_it_over(path):
    slow = Printing.objects.take()
    Printing.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    quick = Printing.objects.take()
    assert not press.make(slow)
    assert Printing.objects.get().status == "waiting"
    assert press.make(quick)
    assert given(path, "pdf/").content.startswith(b"%PDF")


# The whole guide


def test_the_guide_is_ready_at_each_version(db):
    assert "se préparent" in Client().get("/guide/telecharger/").text
    call_command("make_printings")
    page = Client().get("/guide/telecharger/").text
    assert "Composé le" in page
    assert page.count("Ouvrir l") == 3
    pdf = Client().get("/guide/telecharger/pdf/")
    assert pdf.content.startswith(b"%PDF")
    assert pdf["Cache-Control"].startswith("public")
    assert len(pypdf.PdfReader(io.BytesIO(pdf.content)).pages) > 60
    pack = zipfile.ZipFile(io.BytesIO(Client().get("/guide/telecharger/hors-ligne/").content))
    assert sum(name.endswith(".html") for name in pack.namelist()) > 26
    assert press.ask_guide() == []
    fiche = Fiche.objects.get(number=10)
    current = fiche.current
    current.pk, current.number, current.title = None, current.number + 100, "Un titre tout neuf"
    current.save()
    Fiche.objects.filter(pk=10).update(current=current)
    assert len(press.ask_guide()) == 3
    assert "une nouvelle version se prépare" in Client().get("/guide/telecharger/").text
    assert Client().get("/guide/telecharger/pdf/").content == pdf.content
    make()
    assert Client().get("/guide/telecharger/pdf/").content != pdf.content
    assert Printing.objects.filter(edition=None).count() == 3


# A process that dies


@pytest.fixture
def waiting(django_db_setup, django_db_blocker, database_copy, tmp_path):  # noqa: F811
    """A database of its own where the PDF of a recueil of twelve fiches waits, asked under words that changed since."""
    with psycopg.connect(database_copy, autocommit=True) as connection:
        key = "une-cle-de-recueil"
        (edition,) = connection.execute(
            "INSERT INTO initiatives_edition (key, kind, title, foreword, addressee, cover, paper, sender, made_at)"
            " VALUES (%s, 'booklet', 'Douze fiches', '', '', 'plain', 'a4', '', now()) RETURNING id",
            [key],
        ).fetchone()
        connection.execute(
            "INSERT INTO initiatives_editionitem (edition_id, position, fiche_version_id)"
            " SELECT %s, row_number() OVER (ORDER BY number), current_id FROM guide_fiche"
            " WHERE current_id IS NOT NULL ORDER BY number LIMIT 12",
            [edition],
        )
        connection.execute(
            "INSERT INTO initiatives_printing (edition_id, format, digest, status, done, total, attempts, asked_at)"
            " VALUES (%s, 'pdf', 'ancienne', 'waiting', 0, 0, 0, now() - interval '1 day')",
            [edition],
        )
        yield connection, database_copy, tmp_path


def state(connection) -> tuple[str, int, int]:
    """Of the PDF: its status, attempts, chapters done."""
    found = connection.execute(
        "SELECT status, attempts, done FROM initiatives_printing WHERE edition_id IS NOT NULL"
    ).fetchone()
    assert found
    return tuple(found)


def later(connection) -> None:
    connection.execute("UPDATE initiatives_printing SET leased_until = now() - interval '1 second'")


def test_killed_in_the_middle_it_is_made_by_the_next_one(waiting):
    connection, database, folder = waiting
    with pressing(database, folder) as process:
        process.start("--once", pause=0.2)
        process.until("pdf 12/12")  # asked under an old digest: asked again, under the right one
        process.until("pdf 5/12")
        assert process.kill() == -signal.SIGKILL
        status, attempts, done = state(connection)
        assert (status, attempts) == ("waiting", 1)
        assert done >= 5
        leased = connection.execute(
            "SELECT leased_until > now() FROM initiatives_printing WHERE edition_id IS NOT NULL"
        ).fetchone()
        assert leased == (True,)
        later(connection)
        process.start("--once")
        assert process.wait() == 0
    assert state(connection)[:2] == ("ready", 2)
    row = connection.execute("SELECT id FROM initiatives_printing WHERE edition_id IS NOT NULL").fetchone()
    (made,) = folder.glob(f"tirages/{row[0]}/*.pdf")
    assert made.read_bytes().startswith(b"%PDF")
    assert not list(folder.rglob("*.part"))
    assert timedelta(minutes=10) > LEASE


def test_sigterm_finishes_the_file_in_hand(waiting):
    connection, database, folder = waiting
    connection.execute("UPDATE initiatives_printing SET asked_at = now() - interval '2 days'")
    with pressing(database, folder) as process:
        process.start("--forever", pause=0.2)
        process.until("pdf 12/12")
        process.until("pdf 3/12")
        process.signal(signal.SIGTERM)
        assert process.wait() == 0
    assert state(connection)[0] == "ready"
    assert len(list(folder.glob("tirages/*/*.pdf"))) == 1
    held = connection.execute("SELECT count(*) FROM initiatives_printing WHERE leased_until IS NOT NULL").fetchone()
    assert held == (0,)
