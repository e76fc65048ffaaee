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
from guide import diagrams, french, passages, rendering
from guide.models import Fiche, FicheVersion, Method, SynonymGroup, Term
from guide.passages import Draft

HERE = Path(__file__).parent / "content"
SYNONYMS = HERE / "synonyms.toml"
FICHES = HERE / "fiches"
MAKERS = [Path(rendering.__file__), Path(french.__file__), Path(diagrams.__file__)]
"""The sections of a fiche are made again when these change."""


def after_migrate(**kwargs: Any) -> None:
    synchronise("glossary", [HERE / "glossary.toml", Path(__file__)], load_terms)
    synchronise("synonyms", [SYNONYMS], load_synonyms)
    synchronise("methods", sorted((HERE / "methods").glob("*.toml")), load_methods)
    # A term defined anew changes how fiches are marked, hence the glossary among their files.
    texts = [*sorted(FICHES.glob("*.md")), *sorted(diagrams.HERE.glob("*.svg")), HERE / "glossary.toml"]
    synchronise("fiches", [*texts, *MAKERS], load_fiches)
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
                "certainty": row.get("certainty", "etabli"),
                **positions(row.get("note", ""), row.get("sources", [])),
            },
        )
    for row in rows:
        terms[row["slug"]].see_also.set([terms[slug] for slug in row.get("see_also", [])])


def positions(note: str, sources: list[dict[str, Any]]) -> dict[str, Any]:
    """What is said of a term, a position a line, and its sources each with the numbers of the lines that rest on it.

    In the file, a position ends with its calls: « … une méthode collective.[^dubasque-hcts] »
    """
    said = re.findall(r"(.+?)((?:\[\^[\w.-]+\])+|$)\s*", french.typeset(note))
    called = [set(re.findall(r"\[\^([\w.-]+)\]", calls)) for _, calls in said]
    if unknown := set().union(*called) - {source["id"] for source in sources}:
        raise rendering.Faulty(f"Le glossaire cite « {sorted(unknown)[0]} », que rien ne définit.")
    rows = [{**source, "positions": [n for n, ids in enumerate(called) if source["id"] in ids]} for source in sources]
    return {"note": "\n".join(text.strip() for text, _ in said), "sources": rows}


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
    name: str = ""

    def said(self) -> dict[str, Any]:
        """Its texts, under the names a version gives them."""
        return {
            "title": french.typeset(self.about["title"]),
            "title_status": self.about["title_status"],
            "subject": self.about["subject"],
            "summary": french.typeset(self.about["summary"]),
            "body": self.body,
            "sources": typeset_all(self.about.get("sources", [])),
        }


TEXTS = ("title", "summary", "body", "sources")


def read_fiche(path: Path) -> FicheFile:
    text = path.read_text(encoding="utf-8")
    _, front, body = text.split("+++\n", 2)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return FicheFile(about=tomllib.loads(front), body=body.strip(), digest=digest, name=path.name)


def load_fiches() -> None:
    """Publish what changed in the files. A fiche whose current text was edited on line isn't overwritten:

    the file's text becomes a version proposed to the editor.
    """
    words = rendering.definitions()
    files = [read_fiche(path) for path in sorted(FICHES.glob("*.md"))]
    fiches = {}
    for file in files:
        about = file.about
        fiche, _ = Fiche.objects.update_or_create(
            number=about["number"], defaults={"slug": about["slug"], "part": about["part"]}
        )
        fiche.methods.set(Method.objects.filter(slug__in=about.get("methods", [])))
        publish_from_file(fiche, file, words)
        fiches[fiche.number] = fiche
    for file in files:
        fiches[file.about["number"]].see_also.set([fiches[n] for n in file.about.get("see_also", []) if n in fiches])


def publish_from_file(fiche: Fiche, file: FicheFile, words: list[french.Definition]) -> None:
    current = fiche.current
    said = file.said()
    try:
        sections, terms = rendering.rendered(fiche.number, file.body, said["sources"], words)
    except rendering.Faulty as problem:
        raise rendering.Faulty(f"Fiche {fiche.number}, {file.name} : {problem}") from problem
    made = {"sections": sections, "terms": terms}
    is_by_hand = current is not None and current.origin == FicheVersion.Origin.EDITOR
    if current and is_by_hand and all(getattr(current, key) == said[key] for key in TEXTS):
        # Exported, then back in the repository: the file is the first source again.
        current.digest, current.origin = file.digest, FicheVersion.Origin.FILE
        FicheVersion.objects.filter(pk=current.pk).update(digest=current.digest, origin=current.origin)
    if current and current.digest == file.digest:
        FicheVersion.objects.filter(pk=current.pk).update(**made)
        return
    if current and is_by_hand:
        own, marked = rendering.rendered(fiche.number, current.body, current.sources, words, strict=False)
        FicheVersion.objects.filter(pk=current.pk).update(sections=own, terms=marked)
    if is_by_hand and fiche.versions.filter(digest=file.digest).exists():
        return
    last = fiche.versions.order_by("-number").first()
    if is_by_hand:
        # One proposal at a time: the newest text of the file.
        fiche.versions.filter(status=FicheVersion.Status.PENDING).update(status=FicheVersion.Status.SET_ASIDE)
    version = FicheVersion.objects.create(
        fiche=fiche,
        number=last.number + 1 if last else file.about["version"],
        **said,
        **made,
        updated_on=file.about["updated_on"],
        change_note=french.typeset(file.about["change_note"]),
        digest=file.digest,
        status=FicheVersion.Status.PENDING if is_by_hand else FicheVersion.Status.PUBLISHED,
    )
    if not is_by_hand:
        Fiche.objects.filter(pk=fiche.pk).update(current=version)
