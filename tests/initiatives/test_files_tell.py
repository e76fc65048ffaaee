"""Joining images and documents: received, then described; nothing typed is ever lost for a file."""

from __future__ import annotations

import errno
import os
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from initiatives.forms import files as forms
from initiatives.models import Attachment, Picture, Upload
from tests import factories
from tests.initiatives import samples
from tests.initiatives.samples import photo
from tests.initiatives.telling import address, shown, tree, write

PICTURE = {"alternative": "Six femmes, de dos, autour d’une table.", "credit": "L’équipe", "agreed": "personne"}
DOCUMENT = {"title": "Le bilan de l’année", "credit": "Le centre social", "agreed": "on"}


@pytest.fixture
def version(ana):
    return factories.draft(ana, title="La cuisine partagée")


def sent(*contents: bytes, name: str = "photo.jpg") -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, content) for content in contents]


def about(upload: Upload, answers: dict[str, str]) -> dict[str, str]:
    kind = "image" if upload.kind == Upload.Kind.IMAGE else "document"
    return {f"{kind}-{upload.pk}-{name}": value for name, value in answers.items()}


def add(browser: Any, version: Any, content: bytes, answers: dict[str, str], name: str = "photo.jpg") -> Upload:
    """Send a file, then describe it, as the screen asks."""
    answer = write(browser, "images", version, files=sent(content, name=name), go="stay")
    assert answer.status_code == 302
    upload = Upload.objects.latest("pk")
    write(browser, "images", version, **about(upload, answers))
    return upload


def said(answer: Any) -> str:
    return " ".join("".join(tree(answer).find(".//*[@class='wrap messages']").itertext()).split())


def test_a_photograph_is_sent_then_described(as_, ana, version):
    browser = as_(ana)
    answer = write(browser, "images", version, follow=True, files=sent(photo()), go="next")
    assert "Fichier reçu : décrivez-le ci-dessous" in said(answer).replace("\u00a0", " ")
    assert answer.redirect_chain[-1][0] == address("images", version), "one stays to describe it"
    assert not Picture.objects.exists(), "nothing is shown before it is described"
    upload = Upload.objects.get()
    assert upload.small in answer.text
    write(browser, "images", version, **about(upload, PICTURE))
    row = version.picture_rows.get()
    assert (row.alternative, row.credit, row.agreed, row.upload) == (*PICTURE.values(), upload)
    version.refresh_from_db()
    assert version.edition == 1


def test_several_at_a_time(as_, ana, version):
    browser = as_(ana)
    contents = [photo(40), photo(50), samples.pdf(1)]
    answer = write(browser, "images", version, follow=True, files=sent(*contents))
    assert "3 fichiers reçus" in said(answer).replace("\u00a0", " ")
    first, second, third = Upload.objects.order_by("pk")
    answers = about(first, PICTURE) | about(second, PICTURE) | about(third, DOCUMENT)
    write(browser, "images", version, **answers)
    assert [row.upload for row in version.picture_rows.all()] == [first, second]
    assert version.attachment_rows.get().title == DOCUMENT["title"]


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({**PICTURE, "alternative": ""}, "Décrivez l’image en une phrase"),
        ({**PICTURE, "decorative": "on"}, "gardez l’un des deux"),
        ({**PICTURE, "credit": ""}, "Dites qui a fait cette image"),
        ({**PICTURE, "agreed": ""}, "Dites si l’on reconnaît quelqu’un"),
        ({**PICTURE, "agreed": "forgé"}, "Choisissez parmi les réponses proposées"),
        ({**PICTURE, "alternative": "a" * 301}, "gardez-en 300 au plus"),
        ({**PICTURE, "caption": "nul\x00"}, "signe illisible"),
    ],
)
def test_an_image_is_shown_with_its_words_credit_and_agreement(as_, ana, version, answers, why):
    browser = as_(ana)
    write(browser, "images", version, files=sent(photo()))
    upload = Upload.objects.get()
    answer = write(browser, "images", version, **about(upload, answers))
    assert answer.status_code == 200
    assert why in answer.text.replace("\u00a0", " ").replace("&#x27;", "’")
    assert "<title>Erreur" in answer.text
    assert not Picture.objects.exists()
    assert Upload.objects.get() == upload, "the file isn't asked again"
    for name, value in answers.items():
        if value and name not in ("decorative", "agreed") and "\x00" not in value:
            assert value in answer.text


def test_a_document_is_shown_with_its_title_credit_and_agreement(as_, ana, version):
    browser = as_(ana)
    write(browser, "images", version, files=sent(samples.pdf(1), name="bilan.pdf"))
    upload = Upload.objects.get()
    answer = write(browser, "images", version, **about(upload, {"title": "Le bilan"}))
    assert "Dites qui a fait ce document" in answer.text
    assert "qu’avec leur accord" in answer.text
    assert not Attachment.objects.exists()


def test_what_adds_nothing_needs_no_words(as_, ana, version):
    upload = add(as_(ana), version, photo(), {"decorative": "on", "credit": "L’équipe", "agreed": "personne"})
    assert version.picture_rows.get(upload=upload).alternative == ""


def test_a_file_that_is_not_kept_costs_no_text(as_, ana, version):
    """What was typed about another image is saved with the same press of the button."""
    browser = as_(ana)
    upload = add(browser, version, photo(), PICTURE)
    answer = write(
        browser, "images", version, follow=True,
        files=sent(samples.SVG, name="logo.svg"), **about(upload, {"caption": "Le mardi, à la cuisine."}),
    )  # fmt: skip
    assert "« logo.svg » n’est pas ajouté" in said(answer).replace("\u00a0", " ")
    assert version.picture_rows.get().caption == "Le mardi, à la cuisine."


def test_a_text_that_is_wrong_costs_no_file(as_, ana, version):
    browser = as_(ana)
    upload = add(browser, version, photo(), PICTURE)
    answer = write(browser, "images", version, files=sent(photo(50)), **about(upload, {"credit": ""}))
    assert answer.status_code == 200
    assert "Fichier reçu" in said(answer).replace("\u00a0", " ")
    assert Upload.objects.count() == 2
    assert f'id="image-{Upload.objects.latest("pk").pk}"' in answer.text


def test_a_full_disk_refuses_the_file_and_saves_the_text(as_, ana, version, monkeypatch):
    browser = as_(ana)
    upload = add(browser, version, photo(), PICTURE)

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = write(
        browser, "images", version, follow=True, files=sent(photo(50)), **about(upload, {"caption": "Le mardi."})
    )
    assert answer.status_code == 200
    assert "ce n’est pas de votre fait" in said(answer)
    assert version.picture_rows.get().caption == "Le mardi."
    assert Upload.objects.get() == upload
    assert browser.get(upload.small).status_code == 200, "what was there is still read"


def test_the_same_press_twice_shows_one_image(as_, ana, version):
    browser = as_(ana)
    opened = shown(browser.get(address("images", version)))
    for _ in range(2):
        assert browser.post(address("images", version), {**opened, "files": sent(photo())}).status_code == 302
    upload = Upload.objects.get()
    opened = {**shown(browser.get(address("images", version))), **about(upload, PICTURE)}
    for _ in range(2):
        answer = browser.post(address("images", version), {**opened, "files": sent(photo(50))}, follow=True)
        assert answer.status_code == 200
    assert version.picture_rows.count() == 1
    assert Upload.objects.count() == 2
    version.refresh_from_db()
    assert version.edition == 1, "the second press changed nothing"


def test_an_image_already_there_is_said_to_be(as_, ana, version):
    browser = as_(ana)
    add(browser, version, photo(), PICTURE)
    answer = write(browser, "images", version, follow=True, files=sent(photo()))
    assert "est déjà dans la fiche" in said(answer)
    assert version.picture_rows.count() == 1


def test_taking_off_forgets_at_once(as_, ana, version, django_capture_on_commit_callbacks):
    browser = as_(ana)
    upload = add(browser, version, photo(), PICTURE)
    waiting = sent(photo(50))
    write(browser, "images", version, files=waiting)
    other = Upload.objects.latest("pk")
    with django_capture_on_commit_callbacks(execute=True):
        answer = write(browser, "images", version, **about(upload, {"remove": "on", "credit": ""}),
                       **about(other, {"remove": "on"}))  # fmt: skip
    assert answer.status_code == 302
    assert not Picture.objects.exists()
    assert not Upload.objects.exists()
    assert browser.get(upload.small).status_code == 404


def test_the_order_is_chosen(as_, ana, version):
    browser = as_(ana)
    first, second, third = (add(browser, version, photo(40 + n), PICTURE) for n in range(3))

    def order():
        return [row.upload for row in version.picture_rows.all()]

    write(browser, "images", version, **about(third, {"position": "1"}))
    assert order() == [third, first, second]
    write(browser, "images", version, **about(third, {"position": "2"}))
    assert order() == [first, third, second]
    write(browser, "images", version, **about(first, {"position": "99"}))
    assert order() == [third, second, first]
    answer = write(browser, "images", version, **about(first, {"position": "zéro"}))
    assert "Écrivez un nombre" in answer.text


def test_ten_images_and_five_documents(as_, ana, version, monkeypatch):
    monkeypatch.setattr(forms, "MAX_PICTURES", 2)
    browser = as_(ana)
    answer = write(browser, "images", version, follow=True, files=sent(photo(40), photo(41), photo(42)))
    assert "2 images au plus" in said(answer).replace("\u00a0", " ")
    assert Upload.objects.count() == 2


def test_another_window_is_not_written_over(as_, ana, version):
    browser = as_(ana)
    upload = add(browser, version, photo(), PICTURE)
    early = shown(browser.get(address("images", version)))
    write(browser, "images", version, **about(upload, {"caption": "Écrite dans la seconde fenêtre."}))
    late = {**early, **about(upload, {"caption": "Écrite dans la première."})}
    answer = browser.post(address("images", version), late)
    assert answer.status_code == 409
    assert "Écrite dans la seconde fenêtre." in answer.text
    assert "Écrite dans la première." in answer.text
    assert version.picture_rows.get().caption == "Écrite dans la seconde fenêtre."


def test_nobody_joins_a_file_to_the_sheet_of_another(as_, ana, stan, version):
    upload = add(as_(ana), version, photo(), PICTURE)
    own = factories.draft(stan)
    browser = as_(stan)
    assert browser.post(address("images", version), {"files": sent(photo(50))}).status_code == 404
    write(browser, "images", own, **about(upload, PICTURE), **{f"image-{upload.pk}-remove": "on"})
    assert not own.picture_rows.exists()
    assert version.picture_rows.get().upload == upload


def test_a_copy_shows_the_same_files_and_taking_one_off_leaves_the_public_page(as_, ana, max):
    version = factories.complete_draft(ana)
    browser = as_(ana)
    upload = add(browser, version, photo(), PICTURE)
    from initiatives.models import Case

    version.refresh_from_db()
    case = Case.submit(version, ana)
    case.claim(max)
    case.accept(max)
    initiative = case.initiative
    initiative.refresh_from_db()
    working = initiative.version_to_edit(ana)
    assert working.picture_rows.get().upload == upload
    write(browser, "images", working, **about(upload, {"remove": "on"}))
    assert not working.picture_rows.exists()
    assert Upload.objects.get() == upload
    assert not working.files_to_describe, "what was taken off doesn't come back to be described"
    assert as_(None).get(upload.small).status_code == 200
    write(browser, "images", working, files=sent(photo()))
    assert working.files_to_describe == [upload], "sent again, it is there again"


def test_the_screen_is_read_in_few_queries(as_, ana, version, django_assert_max_num_queries):
    browser = as_(ana)
    for n in range(3):
        add(browser, version, photo(40 + n), PICTURE)
    with django_assert_max_num_queries(16):
        answer = browser.get(address("images", version))
    assert 'enctype="multipart/form-data"' in answer.text
    assert "floutez les visages" in answer.text


def test_before_sending_one_is_told_what_waits(as_, ana):
    version = factories.complete_draft(ana)
    browser = as_(ana)
    add(browser, version, photo(), PICTURE)
    write(browser, "images", version, files=sent(photo(50)))
    page = browser.get(f"/initiatives/brouillons/{version.initiative_id}/relire/")
    assert "Un fichier attend d’être décrit" in page.text
    assert PICTURE["alternative"] in page.text


def test_a_body_too_long_is_not_read(as_, ana, version, settings):
    settings.MAX_BODY = 1000
    answer = as_(ana).post(address("images", version), {"files": sent(b"\x00" * 2000)})
    assert answer.status_code == 413
    assert "trop lourd" in answer.text


def test_too_many_files_or_fields_are_a_bad_request(as_, ana, version, settings):
    browser = as_(ana)
    assert browser.post(address("images", version), {"files": sent(*[photo()] * 21)}).status_code == 400
    many = {f"x{n}": "1" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert browser.post(address("images", version), {**many, "files": sent(photo())}).status_code == 400
    assert not Upload.objects.exists()
