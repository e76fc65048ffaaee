"""The guide's texts kept in files (`guide/content/`), copied into the database after each migration."""

from __future__ import annotations

import hashlib
import html
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.html import strip_tags

from accounts.content import read_toml, synchronise
from guide import french, passages
from guide.models import Fiche, FicheVersion, Method, SynonymGroup, Term
from guide.passages import Draft

HERE = Path(__file__).parent / "content"
SYNONYMS = HERE / "synonyms.toml"
SECTION_TITLES = [
    "Pourquoi",
    "Repères",
    "Comment faire",
    "Points de vigilance",
    "Questions pour les étudiants",
    "À lire",
]


def after_migrate(**kwargs: Any) -> None:
    synchronise("glossary", [HERE / "glossary.toml"], load_terms)
    synchronise("synonyms", [SYNONYMS], load_synonyms)
    synchronise("methods", sorted((HERE / "methods").glob("*.toml")), load_methods)
    # A term defined anew changes how fiches are marked, hence the glossary among their files.
    synchronise("fiches", [*sorted((HERE / "fiches").glob("*.md")), HERE / "glossary.toml"], load_fiches)
    synchronise("guide-passages", [*passages.MAKERS, *sorted(HERE.rglob("*.*"))], renew_passages)


def renew_passages() -> None:
    passages.renew("fiche", "methode", "terme")


def fiche_passages() -> Iterator[Draft]:
    """A fiche by its sections; its summary stands under its title."""
    for fiche in Fiche.objects.readable().order_by("number"):
        current, note = fiche.current, f"Fiche {fiche.number}"
        if current:
            url = fiche.get_absolute_url()
            yield Draft(url, current.title, current.summary, note=note)
            for part in current.sections:
                yield Draft(f"{url}#{part['id']}", current.title, plain(part["html"]), part["title"], note)


METHOD_PARTS = {
    "ce-qu-elle-cherche": ("Ce qu’elle cherche", ["purpose"]),
    "etapes": ("Les étapes", ["steps"]),
    "outils": ("Les outils", ["tools"]),
    "quand": ("Quand y penser", ["when", "when_not"]),
    "vigilance": ("Points de vigilance", ["cautions"]),
    "exemple": ("Un exemple", ["example"]),
}
"""{anchor on its page: (heading, the details told there)}."""


def method_passages() -> Iterator[Draft]:
    for method in Method.objects.order_by("position"):
        url, note = method.get_absolute_url(), method.get_kind_display()
        names = " ".join([method.acronym, *method.also_known_as])
        yield Draft(url, method.name, f"{method.in_brief}\n{method.definition}", note=note, also=names)
        for anchor, (heading, keys) in METHOD_PARTS.items():
            if text := "\n".join(line for key in keys for line in _lines(method.details.get(key))):
                yield Draft(f"{url}#{anchor}", method.name, text, heading, note, names)


def _lines(detail: Any) -> list[str]:
    """A detail as sentences: a text, the items of a list, or an example."""
    if isinstance(detail, dict):
        detail = detail.get("text", "")
    lines = [detail] if isinstance(detail, str) else detail or []
    return [line if line.endswith((".", "!", "?")) else f"{line}." for line in lines if line]


def term_passages() -> Iterator[Draft]:
    for term in Term.objects.order_by("slug"):
        text = f"{term.definition}\n{term.note}".strip()
        note = f"terme {term.get_status_display()}"
        yield Draft(term.get_absolute_url(), term.name, text, note=note, also=" ".join(term.aliases))


def plain(html_text: str) -> str:
    """The words of some HTML of ours, a block a line; calls of notes are gone with the tags."""
    text = re.sub(r'<sup class="note">.*?</sup>', "", html_text)
    text = html.unescape(strip_tags(re.sub(r"</(?:p|li|h\d|td|th|tr)>", "\n", text)))
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))


def load_terms() -> None:
    rows = read_toml(HERE / "glossary.toml")["term"]
    terms = {}
    for row in rows:
        terms[row["slug"]], _ = Term.objects.update_or_create(
            slug=row["slug"],
            defaults={
                "name": row["name"],
                "aliases": row.get("aliases", []),
                "definition": french.typeset(row["definition"]),
                "status": row.get("status", Term.Status.USUAL),
                "note": french.typeset(row.get("note", "")),
                "certainty": row.get("certainty", "etabli"),
                "sources": row.get("sources", []),
            },
        )
    for row in rows:
        terms[row["slug"]].see_also.set([terms[slug] for slug in row.get("see_also", [])])


def load_synonyms() -> None:
    """The groups of the file, but for those someone edited or removed on line: theirs stay."""
    groups = {group["words"][0]: group["words"] for group in read_toml(SYNONYMS)["group"]}
    from_file = SynonymGroup.objects.exclude(file_key="")
    kept = set(from_file.exclude(edited_at=None).values_list("file_key", flat=True))
    from_file.filter(edited_at=None).delete()
    SynonymGroup.objects.bulk_create(
        SynonymGroup(words=words, file_key=key) for key, words in groups.items() if key not in kept
    )


def load_methods() -> None:
    for position, path in enumerate(sorted((HERE / "methods").glob("*.toml"), key=method_order)):
        row = read_toml(path)
        own = {"slug", "name", "kind", "acronym", "aka", "in_brief", "definition", "fiche"}
        Method.objects.update_or_create(
            slug=row["slug"],
            defaults={
                "name": row["name"],
                "kind": row["kind"],
                "position": position,
                "acronym": row.get("acronym", ""),
                "also_known_as": row.get("aka", []),
                "in_brief": french.typeset(row["in_brief"]),
                "definition": french.typeset(row["definition"]),
                "details": {key: typeset_all(value) for key, value in row.items() if key not in own},
            },
        )


def method_order(path: Path) -> tuple[bool, int, str]:
    row = read_toml(path)
    return row["kind"] != Method.Kind.METHOD, row["fiche"], row["slug"]


def typeset_all(value: Any) -> Any:
    """French spaces in every text of a nested value, addresses and slugs left alone."""
    if isinstance(value, str):
        return value if value.startswith("http") else french.typeset(value)
    if isinstance(value, list):
        return [typeset_all(item) for item in value]
    if isinstance(value, dict):
        return {key: typeset_all(item) for key, item in value.items()}
    return value


@dataclass(frozen=True)
class FicheFile:
    """A fiche as it stands in its file: `about` is the front matter, `body` the Markdown."""

    about: dict[str, Any]
    body: str
    digest: str


def read_fiche(path: Path) -> FicheFile:
    text = path.read_text(encoding="utf-8")
    _, front, body = text.split("+++\n", 2)
    return FicheFile(about=tomllib.loads(front), body=body.strip(), digest=hashlib.sha256(text.encode()).hexdigest())


def load_fiches() -> None:
    """Publish what changed in the files. A fiche whose current text was edited on line isn't overwritten:

    the file's text becomes a version proposed to the editor.
    """
    definitions = [
        french.Definition(term.slug, tuple(dict.fromkeys([term.name, *term.aliases]))) for term in Term.objects.all()
    ]
    files = [read_fiche(path) for path in sorted((HERE / "fiches").glob("*.md"))]
    fiches = {}
    for file in files:
        about = file.about
        fiche, _ = Fiche.objects.update_or_create(
            number=about["number"], defaults={"slug": about["slug"], "part": about["part"]}
        )
        fiche.methods.set(Method.objects.filter(slug__in=about.get("methods", [])))
        publish_from_file(fiche, file, definitions)
        fiches[fiche.number] = fiche
    for file in files:
        fiches[file.about["number"]].see_also.set([fiches[n] for n in file.about.get("see_also", []) if n in fiches])


def publish_from_file(fiche: Fiche, file: FicheFile, definitions: list[french.Definition]) -> None:
    about = file.about
    sections, terms = rendered(file, definitions)
    current = fiche.current
    if current and current.digest == file.digest:
        FicheVersion.objects.filter(pk=current.pk).update(sections=sections, terms=terms)
        return
    if fiche.versions.filter(digest=file.digest).exists():
        return
    last = fiche.versions.order_by("-number").first()
    by_hand = current is not None and current.origin == FicheVersion.Origin.EDITOR
    version = FicheVersion.objects.create(
        fiche=fiche,
        number=last.number + 1 if last else about["version"],
        title=french.typeset(about["title"]),
        title_status=about["title_status"],
        subject=about["subject"],
        summary=french.typeset(about["summary"]),
        body=file.body,
        sections=sections,
        terms=terms,
        sources=typeset_all(about.get("sources", [])),
        updated_on=about["updated_on"],
        change_note=french.typeset(about["change_note"]),
        digest=file.digest,
        status=FicheVersion.Status.PENDING if by_hand else FicheVersion.Status.PUBLISHED,
    )
    if not by_hand:
        Fiche.objects.filter(pk=fiche.pk).update(current=version)


def rendered(file: FicheFile, definitions: list[french.Definition]) -> tuple[list[dict[str, str]], list[str]]:
    """Sections as HTML with notes as links to the list of sources, and the terms defined on the way."""
    seen: set[str] = set()
    numbers = {source["id"]: n for n, source in enumerate(file.about.get("sources", []), 1)}
    done = []
    for section in french.sections(file.body):
        html = french.markdown(mark_sources(section.markdown, numbers))
        html = re.sub(r'<a href="(#source-\d+)"[^>]*>(\d+)</a>', r'<sup class="note"><a href="\1">\2</a></sup>', html)
        if section.title != "À lire":
            html = french.link_terms(html, definitions, seen)
        done.append({"id": section.id, "title": section.title, "html": html})
    return done, sorted(seen)


def mark_sources(text: str, numbers: dict[str, int]) -> str:
    """`[^id]` → a link to the numbered source at the foot of the page; an unknown id is an error of the file."""
    return re.sub(r"\s*\[\^([\w.-]+)\]", lambda found: f"[{numbers[found[1]]}](#source-{numbers[found[1]]})", text)
