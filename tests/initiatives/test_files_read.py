"""Who reads a file, in every state of its sheet; and what a browser is told about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from initiatives.files import keeping
from initiatives.models import Attachment, Case, Initiative, Opinion, Picture, Upload
from tests import factories
from tests.initiatives import samples
from tests.initiatives.samples import photo

EVERYONE = ("nobody", "ana", "stan", "max", "lise", "nora", "eve", "dan", "ada", "tess")


@pytest.fixture
def cast(as_, ana, stan, max, nora, eve, dan, ada, tess):
    lise = factories.person("Lise")
    factories.role(lise, "coordinator", territory=factories.departement("42"))
    people = {"nobody": None, "ana": ana, "stan": stan, "max": max, "lise": lise, "nora": nora, "eve": eve}
    people |= {"dan": dan, "ada": ada, "tess": tess}
    return {name: as_(person) for name, person in people.items()}


def picture(version, content: bytes = b"") -> Upload:
    upload = keeping.receive(version.initiative, version.created_by, "photo.jpg", content or photo())
    Picture.objects.create(version=version, upload=upload, alternative="Une table.", credit="Nous", agreed="personne")
    return upload


def document(version, title: str = "Le bilan de l’année", **fields) -> Upload:
    upload = keeping.receive(version.initiative, version.created_by, "Bilan confidentiel.pdf", samples.pdf(1))
    Attachment.objects.create(version=version, upload=upload, title=title, credit="Nous", agreed=True, **fields)
    return upload


@pytest.fixture
def draft(ana):
    return factories.complete_draft(ana)


def published(version, by) -> Initiative:
    case = Case.submit(version, version.created_by)
    case.claim(by)
    case.accept(by)
    case.initiative.refresh_from_db()
    return case.initiative


def readers(cast, upload: Upload) -> set[str]:
    answers = {name: browser.get(upload.get_absolute_url()).status_code for name, browser in cast.items()}
    assert set(answers.values()) <= {200, 404}
    return {name for name, status in answers.items() if status == 200}


def test_who_reads_a_file_from_the_draft_to_the_end(cast, ana, max, nora, eve, draft):
    """One file, one life: who reads it at each moment."""
    upload = picture(draft)
    assert readers(cast, upload) == {"ana"}, "written"
    case = Case.submit(draft, ana)
    assert readers(cast, upload) == {"ana", "max", "nora"}, "sent to its territory"
    Opinion.objects.create(case=case, expert=eve, asked_by=max, question="Qu’en pensez-vous ?")
    assert readers(cast, upload) == {"ana", "max", "nora", "eve"}, "an expert was asked"
    case.claim(max)
    case.accept(max)
    assert readers(cast, upload) == set(cast), "published"
    sheet = Initiative.objects.filter(pk=case.initiative_id)
    sheet.update(masked_at=timezone.now())
    assert readers(cast, upload) == {"ana", "max", "nora"}, "masked: at once, and no longer the expert's"
    sheet.update(masked_at=None, status="archived")
    assert readers(cast, upload) == set(cast), "archived pages are still read"
    sheet.update(status="merged")
    assert readers(cast, upload) == {"max", "nora"}, "merged into another"
    sheet.update(status="withdrawn")
    assert readers(cast, upload) == set(), "withdrawn: nobody"


def test_a_file_of_a_change_waits_for_its_acceptance(cast, ana, max, draft):
    old = picture(draft)
    sheet = published(draft, max)
    working = sheet.version_to_edit(ana)
    new = picture(working, photo(50))
    working.picture_rows.filter(upload=old).delete()
    assert readers(cast, new) == {"ana"}
    assert readers(cast, old) == set(cast)
    case = Case.submit(working, ana)
    assert readers(cast, new) == {"ana", "max", "nora"}
    case.claim(max)
    case.accept(max)
    assert readers(cast, new) == set(cast)
    assert readers(cast, old) == {"ana", "max", "nora"}, "replaced: the public no longer reads it"


def test_what_was_received_and_never_described_is_its_writer_s(cast, ana, max, draft):
    upload = keeping.receive(draft.initiative, ana, "photo.jpg", photo())
    published(draft, max)
    assert readers(cast, upload) == {"ana"}


def test_signing_out_is_enough(cast, draft):
    upload = picture(draft)
    browser = cast["ana"]
    assert browser.get(upload.get_absolute_url()).status_code == 200
    browser.logout()
    assert browser.get(upload.get_absolute_url()).status_code == 404


def test_an_image_is_given_as_an_image_and_nothing_else(cast, max, draft):
    upload = picture(draft)
    published(draft, max)
    for name, kind in {"64.webp": "image/webp", "64.jpg": "image/jpeg"}.items():
        answer = cast["nobody"].get(upload.address(name))
        assert answer.status_code == 200
        assert answer["Content-Type"] == kind
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer["Cache-Control"] == "no-cache"
        assert "Content-Disposition" not in answer
        body = b"".join(answer.streaming_content)
        assert len(body) == int(answer["Content-Length"])


def test_a_document_is_taken_away_not_opened(cast, max, draft):
    upload = document(draft)
    published(draft, max)
    answer = cast["nobody"].get(upload.get_absolute_url())
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="le-bilan-de-l-annee.pdf"'
    assert "confidentiel" not in str(answer.headers), "the name it had on a machine goes nowhere"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_a_cache_asks_again_each_time(cast, max, draft):
    upload = picture(draft)
    sheet = published(draft, max)
    first = cast["nobody"].get(upload.get_absolute_url())
    again = {"If-None-Match": first["ETag"]}
    answer = cast["nobody"].get(upload.get_absolute_url(), headers=again)
    assert (answer.status_code, answer["Cache-Control"]) == (304, "no-cache")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    Initiative.objects.filter(pk=sheet.pk).update(masked_at=timezone.now())
    assert cast["nobody"].get(upload.get_absolute_url(), headers=again).status_code == 404


def test_what_is_not_public_is_kept_nowhere(cast, draft):
    upload = picture(draft)
    for name in ("ana",):
        answer = cast[name].get(upload.get_absolute_url())
        assert answer["Cache-Control"] == "private, no-store"
        assert "ETag" not in answer


def test_only_looking_and_only_what_is_served(cast, max, draft):
    image, paper = picture(draft), document(draft)
    published(draft, max)
    nobody = cast["nobody"]
    assert nobody.post(image.get_absolute_url()).status_code == 405
    head = nobody.head(image.get_absolute_url())
    assert (head.status_code, head["Content-Type"], head.content) == (200, "image/jpeg", b"")
    for upload, name in (
        (paper, "texte.txt"), (paper, "64.webp"), (image, "document.pdf"), (image, "480.webp"), (image, "64.png"),
        (image, ".."), (image, "64.webp\x00"),
    ):  # fmt: skip
        assert nobody.get(f"/fichiers/{upload.token}/{name}").status_code in (400, 404)
    assert nobody.get("/fichiers/jamais/480.webp").status_code == 404
    assert nobody.get(f"/fichiers/{image.token}/").status_code == 404
    assert nobody.get(f"/static/{image.folder}/64.webp").status_code == 404
    assert nobody.get(f"/media/{image.folder}/64.webp").status_code == 404


def test_a_file_is_read_in_few_queries(cast, max, draft, django_assert_max_num_queries):
    upload = picture(draft)
    published(draft, max)
    with django_assert_max_num_queries(1):
        cast["nobody"].get(upload.get_absolute_url())
    with django_assert_max_num_queries(5):
        cast["max"].get(upload.get_absolute_url())


def test_a_storage_that_is_down_or_has_lost_it_is_no_error_of_the_site(cast, draft, monkeypatch):
    upload = picture(draft)
    monkeypatch.setattr(type(default_storage._wrapped), "_open", lambda *args: (_ for _ in ()).throw(OSError("down")))
    answer = cast["ana"].get(upload.get_absolute_url())
    assert answer.status_code == 503
    assert "Réessayez dans quelques minutes" in answer.text
    monkeypatch.undo()
    default_storage.forget_folder(upload.folder)
    assert cast["ana"].get(upload.get_absolute_url()).status_code == 404


# Forgetting


def aged(upload: Upload, days: int) -> None:
    long_ago = timezone.now() - timedelta(days=days)
    Upload.objects.filter(pk=upload.pk).update(at=long_ago)
    upload.initiative.versions.update(saved_at=long_ago)


def names() -> set[str]:
    return {name for name, _ in default_storage.folders("fichiers")}


def test_what_nothing_shows_is_forgotten_after_a_week(ana, max, draft, django_capture_on_commit_callbacks):
    shown, left, recent = picture(draft), picture(draft, photo(50)), picture(factories.draft(ana), photo(51))
    Picture.objects.filter(upload__in=[left, recent]).delete()
    aged(shown, 30)
    aged(left, 8)
    aged(recent, 6)
    with django_capture_on_commit_callbacks(execute=True):
        assert keeping.forget()[0] == 1
    assert set(Upload.objects.all()) == {shown, recent}
    assert names() >= {shown.token, recent.token}
    assert left.token not in names()
    with django_capture_on_commit_callbacks(execute=True):
        assert keeping.forget(timezone.now() + timedelta(days=8))[0] == 1
    assert set(Upload.objects.all()) == {shown}


def test_a_draft_thrown_away_leaves_its_files_to_be_forgotten(ana, draft, django_capture_on_commit_callbacks):
    upload = picture(draft)
    draft.initiative.discard(ana)
    aged(upload, 8)
    with django_capture_on_commit_callbacks(execute=True):
        keeping.forget()
    assert not Upload.objects.exists()
    assert upload.token not in names()


def test_one_that_is_written_again_meanwhile_stays(draft):
    upload = picture(draft)
    assert keeping.drop_unused([upload]) == 0
    assert Upload.objects.get() == upload


def test_what_a_killed_process_left_is_swept(draft):
    """Files are written before their row: a folder without a row is a remnant, once it is a day old."""
    upload = picture(draft)
    from django.core.files.base import ContentFile

    default_storage.save("fichiers/remnant/480.webp", ContentFile(b"x"))
    assert keeping.forget()[1] == 0, "it may be on its way"
    assert "remnant" in names()
    assert keeping.forget(timezone.now() + timedelta(hours=25))[1] >= 1
    assert names() >= {upload.token}
    assert "remnant" not in names()


def test_erasing_is_at_once_and_in_every_version(cast, ana, max, draft, django_capture_on_commit_callbacks):
    """Someone on the photograph takes their agreement back."""
    upload = picture(draft)
    sheet = published(draft, max)
    sheet.version_to_edit(ana)
    assert upload.pictures.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        keeping.erase(upload)
    assert readers(cast, upload) == set()
    assert not Picture.objects.filter(version__initiative=sheet).exists()
    assert upload.token not in names()


def test_the_night_s_command_says_what_it_did(draft, capsys):
    from django.core.management import call_command

    call_command("forget_files", "--date", "2020-01-01")
    assert "0 fichiers oubliés, 0 restes effacés" in capsys.readouterr().out
