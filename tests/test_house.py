"""The house itself: nothing unused, nothing in the wrong room, nothing that a page of ours may never hold."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import allauth
import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from tests import world
from tests.test_matrix import READING

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"
ROOMS = ("accounts", "guide", "initiatives", "levers", "training", "config")
OUR_APPS = ROOMS[:-1]
MAX_LINES = 400
LONGER = {"config/database.py": 480}  # its keeper runs alone, from that one file
NOT_OURS = (".git/", ".venv/", ".data/")
# What Django and allauth look for by name.
ASKED_BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
# Pages that stand without the frame: shown when what the frame asks for may be what is missing.
NO_FRAME = {"500.html", "403_csrf.html"}
# What every page stands in; the second is that of pages shown inside another site's page, where no menu works.
FRAMES = {"base.html", "training/lti/_framed.html"}
# What is said on a terminal to who installs or runs the house isn't a screen.
TERMINAL = {"config/demo.py", "config/database.py", "config/browser.py"}


@cache
def tracked() -> list[Path]:
    """Files of the repository; outside of git, those that would be in it."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    names = (path for path in ROOT.rglob("*") if path.is_file())
    return [path for path in names if not f"{path.relative_to(ROOT)}/".startswith(NOT_OURS) and ".pyc" not in path.name]


def python_files() -> Iterator[tuple[str, str]]:
    for path in sorted(tracked()):
        name = str(path.relative_to(ROOT))
        if path.suffix == ".py" and name.split("/")[0] in ROOMS and "/migrations/" not in name:
            yield name, path.read_text()


def templates(kind: str = "html") -> Iterator[tuple[str, str]]:
    for path in sorted(TEMPLATES.rglob(f"*.{kind}")):
        yield str(path.relative_to(TEMPLATES)), path.read_text()


def everyone() -> Iterator[tuple[str, str]]:
    for kind in ("html", "txt", "xml"):
        yield from templates(kind)


# --- Templates ------------------------------------------------------------------------------------------------------


def test_every_template_is_used():
    quoted = re.compile(r"""["']([a-z0-9_/]+\.(?:html|txt|xml))(?:#[a-z_]+)?["']""")
    named = set(ASKED_BY_DJANGO)
    for _, text in (*python_files(), *everyone()):
        named |= set(quoted.findall(text))
    letters = {
        f"{app}/emails/{name}.txt"
        for app in OUR_APPS
        for name in re.findall(r'"(?:[a-z]+/)?([a-z_]+)"', letters_of(app))
    }
    unused = {name for name, _ in everyone()} - named - letters - {name for name, _ in everyone() if of_allauth(name)}
    assert unused == set()


def letters_of(app: str) -> str:
    written = [ROOT / app / "emails.py", *sorted((ROOT / app / "emails").glob("*.py"))]
    return "".join(path.read_text() for path in written if path.exists())


def of_allauth(name: str) -> bool:
    """One that allauth renders; its letters are two files there (subject, message) and one here."""
    theirs = Path(allauth.__file__).parent / "templates"
    start = theirs / name
    return any(path.exists() for path in (start, start.with_name(f"{start.stem}_message.txt")))


def test_every_page_stands_in_the_frame():
    parents = {name: re.search(r"""{% extends ["']([^"']+)["']""", text) for name, text in templates()}
    outside = []
    for name in parents:
        if name.rpartition("/")[2].startswith("_") or name in (*NO_FRAME, "base.html"):
            continue
        here, steps = name, 0
        while here not in FRAMES and parents.get(here) and steps < 4:
            here, steps = parents[here][1], steps + 1
        if here not in FRAMES:
            outside.append(name)
    assert outside == []


def test_every_page_names_itself():
    for name, text in templates():
        if name.rpartition("/")[2].startswith("_") or name in (*NO_FRAME, "base.html"):
            continue
        assert "{% block title %}" in text, f"{name} has no title"


def test_texts_are_escaped_where_they_are_shown():
    """Markup is made by the tags of the interface and of French; everywhere else a text is a text.

    Letters are plain texts.
    """
    allowed = ("accounts/templatetags/", "guide/french.py", "guide/templatetags/", "initiatives/templatetags/")
    found = [
        f"{name}: {line.strip()}"
        for name, text in python_files()
        if not name.startswith(allowed)
        for line in text.splitlines()
        if re.search(r"mark_safe|SafeString\(|SafeText|__html__", line)
    ]
    found += [
        f"templates/{name}: {line.strip()[:100]}"
        for name, text in everyone()
        if "/emails/" not in name and "/email/" not in name and not name.endswith(".txt")
        for line in text.splitlines()
        if re.search(r"\|\s*safe\b|\|\s*safeseq\b|autoescape off", line)
    ]
    assert found == []


def test_nothing_runs_or_is_dressed_inside_a_page():
    """The policy of the site forbids it: it would silently not work."""
    wrong = []
    for name, text in templates():
        bare = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
        wrong += [f"{name}: {found}" for found in re.findall(r"\sstyle=|\son[a-z]+=|javascript:|<style\b", bare)]
        for script in re.findall(r"<script\b([^>]*)>", text):
            if "src=" not in script and "ld+json" not in script:
                wrong.append(f"{name}: <script{script}>")
        wrong += [f"{name}: {found}" for found in re.findall(r"""(?:src|srcset)=["']https?:[^"']*""", text)]
    for name, text in python_files():
        if "/templatetags/" in name:
            wrong += [f"{name}: {found}" for found in re.findall(r"""\sstyle=["']|\sonclick=""", text)]
    assert wrong == []


def test_every_address_named_in_a_page_exists():
    known = {name for name, _ in world.patterns()} | {"demo_mailbox", "demo_letter", "components"}
    used = defaultdict(set)
    for name, text in everyone():
        for address in re.findall(r"""{% (?:url|nav_link "[^"]*" "[^"]*") ["']([^"']+)["']""", text):
            used[address].add(name)
    for name, text in python_files():
        for address in re.findall(r"""(?:reverse|reverse_lazy|redirect)\(\s*["']([a-z_]+:?[a-z_]*)["']""", text):
            used[address].add(name)
    assert {address: sorted(names) for address, names in used.items() if address not in known} == {}


# The versions of one fiche, fragments, and the same answer to any link that leads nowhere.
TWICE = ("guide:fiche_version", "initiatives:places", "accounts:follow_link")


def test_public_pages_have_each_their_own_title(db):
    titles: defaultdict[str, list[str]] = defaultdict(list)
    everything = world.build()
    for name, of, outcome, _ in READING:
        if outcome != 200 or of.startswith("sheet:"):
            continue
        answer = Client().get(everything.path(name, of))
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            found = re.search(r"<title>(.*?)</title>", answer.text, re.DOTALL)
            if found and not name.startswith(
                ("guide:fiche", "initiatives:places", "accounts:follow", "account_", "mfa_")
            ):
                titles[" ".join(found[1].split())].append(name)
    assert {title: names for title, names in titles.items() if len(names) > 1} == {}
    assert len(titles) > 20


# --- Words ----------------------------------------------------------------------------------------------------------

STRAIGHT = re.compile(r"(?i)\b(?:[ldjnscmt]|qu|jusqu|lorsqu|puisqu|aujourd|quelqu|presqu)'(?=[a-zàâäéèêëîïôöûüœh])")


def sentences(text: str) -> Iterator[str]:
    """The texts of a Python file that may be shown: its strings, but for the docstrings."""
    parsed = ast.parse(text)
    documents = {
        id(node.body[0].value)
        for node in ast.walk(parsed)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(parsed):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.value


def shown_texts() -> Iterator[tuple[str, str]]:
    for name, text in everyone():
        bare = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", text, flags=re.DOTALL)
        literals = " ".join(re.findall(r'"([^"]*)"', " ".join(re.findall(r"{%.*?%}", bare, re.DOTALL))))
        yield f"templates/{name}", re.sub(r"{%.*?%}|{{.*?}}", " ", bare, flags=re.DOTALL) + " " + literals
    for name, text in python_files():
        if name not in TERMINAL:
            yield name, "\n".join(sentences(text))


def test_apostrophes_are_those_of_french():
    found = [
        f"{name}: …{text[max(0, hit.start() - 20) : hit.end() + 20]}…".replace("\n", " ")
        for name, text in shown_texts()
        if not name.startswith("initiatives/anonymity/")  # its patterns are read on texts whose signs were made plain
        for hit in STRAIGHT.finditer(text)
    ]
    assert found == []


def test_a_former_word_stays_in_the_guide_and_the_search():
    """« ISIC » is searched for and explained, never written on our own account."""
    guide = ("guide/", "templates/guide/", "initiatives/content", "levers/content", "initiatives/search/")
    assert [name for name, text in shown_texts() if re.search(r"\bISIC\b", text) and not name.startswith(guide)] == []


def test_every_letter_begins_with_its_subject():
    wrong = []
    for name, text in templates("txt"):
        if "/emails/" not in name and "/email/" not in name:
            continue
        lines = re.sub(r"{#.*?#}", "", text).split("\n")
        first = re.sub(r"{%.*?%}", "", lines[0]).strip() if lines else ""
        if not first or len(re.sub(r"{{.*?}}", "x" * 20, first)) > 120:
            wrong.append(f"{name}: « {first[:80]} »")
        if any(re.search("[<>]", re.sub(r"{%.*?%}|{{.*?}}", "", line)) for line in lines):
            wrong.append(f"{name}: a letter is a plain text")
    assert wrong == []


def our_models() -> list[type]:
    return [
        model
        for app in OUR_APPS
        for model in apps.get_app_config(app).get_models()
        if not model._meta.auto_created and not hasattr(model, "pgh_tracked_model")
    ]


def test_every_model_has_its_word():
    """docs/words.md pairs each word on screen with its identifier."""
    paired = set(re.findall(r"`([A-Za-z.]+)`", (ROOT / "docs" / "words.md").read_text()))
    assert sorted(model.__name__ for model in our_models() if model.__name__ not in paired) == []


def test_every_model_is_named_in_french():
    unnamed = [model.__name__ for model in our_models() if "verbose_name" not in model._meta.original_attrs]
    assert unnamed == []


# --- Rooms ----------------------------------------------------------------------------------------------------------


def test_a_room_is_read_in_one_sitting():
    long = {name: text.count("\n") for name, text in python_files() if text.count("\n") > LONGER.get(name, MAX_LINES)}
    assert long == {}


@pytest.mark.parametrize("app", OUR_APPS)
def test_migrations_follow_one_another(app):
    graph = MigrationLoader(None).graph
    mine = [key for key in graph.nodes if key[0] == app]
    assert len(graph.leaf_nodes(app)) == 1
    for key in mine:
        before = [parent.key for parent in graph.node_map[key].parents if parent.key[0] == app]
        assert len(before) <= 1, f"{key} follows two migrations"
        assert re.fullmatch(r"\d{4}_[a-z0-9_]+", key[1]), f"{key[1]} has no subject"
        assert "_auto_" not in key[1], f"{key[1]} has no subject"


def test_queries_are_never_sewn_together():
    """No SQL made of strings: parameters, or the ORM."""
    sewn = re.compile(r"""(execute|RawSQL|raw|extra)\(\s*(f["']|["'][^"']*["']\s*(%|\+|\.format))|\.extra\(""")
    assert [name for name, text in python_files() if sewn.search(text)] == []


def test_no_file_says_where_packages_come_from():
    """Each machine has its own source; only the list of what is wanted, with its hashes, is ours."""
    source = re.compile(
        r"https?://[^\s\"'<>)]*(?:pypi|pythonhosted|npmjs|artifactory|nexus|devpi|/simple/?(?:\s|$))"
        r"|--?(?:extra-)?index-url|--find-links|trusted-host|UV_(?:DEFAULT_)?INDEX|PIP_INDEX|registry\s*="
    )
    found = []
    for path in tracked():
        name = str(path.relative_to(ROOT))
        if name == "tests/test_house.py" or path.suffix in (".woff2", ".png", ".svg", ".gz", ".br", ".zip"):
            continue
        text = path.read_text(errors="replace")
        found += [f"{name}: {line.strip()[:120]}" for line in text.splitlines() if source.search(line)]
    assert found == []
