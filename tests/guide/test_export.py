"""What was edited on line goes back to files, and reads the same when it comes back."""

import tomllib
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from guide import content, export
from guide.models import Fiche, FicheVersion
from guide.rendering import SECTION_TITLES


def read(text, tmp):
    path = tmp / "10-x.md"
    path.write_text(text, encoding="utf-8")
    return content.read_fiche(path)


@pytest.mark.parametrize("path", sorted(content.FICHES.glob("*.md")), ids=lambda path: path.stem[:2])
def test_a_file_of_ours_is_written_back_to_the_letter(path):
    file = content.read_fiche(path)
    assert export.written(file.about, file.body) == path.read_text(encoding="utf-8")


def edited(number, **changed):
    fiche = Fiche.objects.readable().get(number=number)
    version = FicheVersion.objects.get(pk=fiche.current.pk)
    version.pk, version.number, version.digest, version.origin = None, version.number + 1, "", "editor"
    for key, value in changed.items():
        setattr(version, key, value)
    version.save()
    Fiche.objects.filter(pk=number).update(current=version)
    return version


def test_only_what_was_edited_on_line_is_written(db, tmp_path, capsys):
    version = edited(10, title="Un titre « neuf »", change_note='Un "guillemet" et un \\ .')
    call_command("export_fiches", "--to", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["10-travail-social-de-groupe.md"]
    file = content.read_fiche(next(tmp_path.iterdir()))
    assert file.about["title"] == version.title
    assert file.about["change_note"] == version.change_note
    assert file.about["version"] == version.number
    assert "10-travail-social-de-groupe.md" in capsys.readouterr().out


def test_loading_it_again_changes_nothing(db, tmp_path):
    version = edited(10, body=Fiche.objects.readable().get(number=10).current.body + "\n\nUne ligne.")
    before = FicheVersion.objects.filter(fiche=10).count()
    call_command("export_fiches", "--to", tmp_path)
    file = content.read_fiche(next(tmp_path.iterdir()))
    fiche = Fiche.objects.readable().get(number=10)
    for _ in range(2):
        content.publish_from_file(fiche, file, [])
        fiche = Fiche.objects.readable().get(number=10)
        assert fiche.current.pk == version.pk
        assert fiche.current.digest == file.digest
        assert fiche.versions.count() == before
    assert export.file_of(fiche, fiche.current) == next(tmp_path.iterdir()).read_text()


def test_a_folder_that_is_not_one(db, tmp_path):
    with pytest.raises(CommandError, match="n’est pas un dossier"):
        call_command("export_fiches", "--to", tmp_path / "nulle-part")


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=60)
lines = words.map(lambda text: text.replace("#", "").strip())
source = st.fixed_dictionaries(
    {"id": st.from_regex(r"[a-z0-9.-]{1,12}", fullmatch=True), "title": words.filter(bool)},
    optional={"url": st.just("https://exemple.test/?a=b&c")},
)


@given(
    title=words, summary=words, note=words, texts=st.lists(lines, min_size=7, max_size=7), sources=st.lists(source),
    methods=st.lists(st.just("dpa-pc"), max_size=2), number=st.integers(1, 99),
)  # fmt: skip
def test_any_text_comes_back_as_it_left(tmp_path_factory, title, summary, note, texts, sources, methods, number):
    body = "\n\n".join(f"## {name}\n\n{text}".strip() for name, text in zip(SECTION_TITLES, texts, strict=True)).strip()
    about = {
        "number": number, "slug": "x", "part": "reperes", "title": title, "title_status": "working",
        "subject": "likely", "summary": summary, "methods": methods, "see_also": [2, 3], "version": 3,
        "updated_on": date(2026, 11, 21), "change_note": note, **({"sources": sources} if sources else {}),
    }  # fmt: skip
    text = export.written(about, body)
    assert tomllib.loads(text.split("+++\n", 2)[1]) == about
    file = read(text, tmp_path_factory.mktemp("fiche"))
    assert (file.about, file.body) == (about, body)
    assert export.written(file.about, file.body) == text
