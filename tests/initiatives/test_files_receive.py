"""What is sent is drawn or written anew, or refused in a sentence; what was hidden in it is nowhere."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image, ImageCms

from initiatives.files import NotKept, documents, images, keeping
from initiatives.models import Upload
from tests import factories
from tests.initiatives import samples
from tests.initiatives.samples import MARK, photo


def opened(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body))


def stored(upload: Upload) -> dict[str, bytes]:
    folder = Path(default_storage.path(upload.folder))
    return {each.name: each.read_bytes() for each in folder.iterdir()}


@pytest.fixture
def sheet(ana):
    return factories.draft(ana).initiative


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_nothing_of_what_a_photograph_says_is_kept(sheet, ana, format):
    content = samples.talkative(format)
    assert MARK.encode() in content
    for name, body in stored(keeping.receive(sheet, ana, "p", content)).items():
        assert MARK.encode() not in body, name
        image = opened(body)
        assert not image.getexif(), name
        assert {"exif", "xmp", "icc_profile", "comment", "XML:com.adobe.xmp", "dpi"}.isdisjoint(image.info), name
        assert not any(mark in body for mark in (b"Exif", b"http://ns.adobe", b"ICC_PROFILE", b"ICCP")), name


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_stands_upright(orientation):
    """The red half is where the eye saw it, whichever way the device was held."""
    drawn = images.draw(samples.talkative(orientation=orientation))
    lying = orientation in (5, 6, 7, 8)
    assert (drawn.width, drawn.height) == ((48, 64) if lying else (64, 48))
    red = {1: (0, 0), 2: (0, 0), 3: (0, 47), 4: (0, 47), 5: (0, 0), 6: (47, 0), 7: (47, 0), 8: (0, 0)}[orientation]
    for name, body in drawn.files.items():
        pixel = opened(body).convert("RGB").getpixel(red)
        assert pixel[0] > 200 > 60 > pixel[2], (name, pixel)


def test_fixed_widths_in_two_formats():
    drawn = images.draw(photo(2000, 100))
    assert drawn.widths == [480, 960, 1600]
    assert {name: opened(body).size for name, body in drawn.files.items() if name.endswith("jpg")} == {
        "480.jpg": (480, 24), "960.jpg": (960, 48), "1600.jpg": (1600, 80),
    }  # fmt: skip
    assert {opened(body).format for body in drawn.files.values()} == {"WEBP", "JPEG"}
    assert images.draw(photo(700, 10)).widths == [480, 700], "never larger than what was sent"
    assert images.draw(photo(480, 10)).widths == [480]


def test_colours_are_those_of_the_web():
    """A profile that isn't sRGB is applied, then left out."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    assert images.draw(photo(icc_profile=profile.tobytes())).widths == [64], "one that doesn't fit is ignored"
    assert images.draw(photo(icc_profile=b"not a profile")).widths == [64]
    clear = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(clear, "PNG")
    assert opened(images.draw(clear.getvalue()).files["8.jpg"]).getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "LA", "I;16"])
def test_every_kind_of_pixels(mode):
    format = "JPEG" if mode == "CMYK" else "PNG"
    assert images.draw(samples.converted(format, mode)).widths == [64]


REFUSED = {
    "a PNG of 400 million pixels": (samples.bomb(), "trop grande"),
    "a WebP of 16 383 pixels a side": (samples.large_webp(), "trop grande"),
    "a very long image": (samples.png(20_000, 1), "trop grande"),
    "a note of 80 million letters": (samples.text_bomb(), "abîmé"),
    "no width": (samples.png(0, 10), "abîmé"),
    "cut short": (photo()[:300], "abîmé"),
    "a head alone": (b"\xff\xd8\xff", "abîmé"),
    "empty": (b"", "vide"),
    "an animated WebP": (samples.animated("WEBP"), "animées"),
    "an animated PNG": (samples.animated("PNG"), "animées"),
    "a GIF": (samples.converted("GIF"), "GIF"),
    "a GIF that is an archive": (samples.converted("GIF") + samples.ZIP, "GIF"),
    "a TIFF": (samples.converted("TIFF"), "JPEG, PNG ou WebP"),
    "a BMP": (samples.converted("BMP"), "JPEG, PNG ou WebP"),
    "an icon": (samples.converted("ICO"), "JPEG, PNG ou WebP"),
    "a PostScript": (samples.converted("EPS"), "JPEG, PNG ou WebP"),
    "an SVG": (samples.SVG, "SVG"),
    "a page": (samples.HTML, "pages web"),
    "an iPhone's photograph": (samples.HEIC, "Le plus compatible"),
    "a film": (samples.FILM, "films"),
    "a Word document": (samples.ZIP, "Enregistrer en PDF"),
    "a program": (b"MZ" + b"\x00" * 80, "JPEG, PNG ou WebP"),
    "a page that becomes a PDF": (samples.HTML + samples.pdf(1), "pages web"),
    "a PDF with a script": (samples.pdf(1, action="/JavaScript"), "programme"),
    "a PDF that starts a program": (samples.pdf(1, action="/Launch"), "programme"),
    "a PDF with a file inside": (samples.pdf(1, joined=True), "fichier joint"),
    "a locked PDF": (samples.pdf(1, password=True), "mot de passe"),
    "a PDF cut short": (samples.pdf(1)[:200], "abîmé"),
    "a false PDF": (b"%PDF-1.7\n<script>window.__xss=1</script>", "abîmé"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_says_what_to_do(sheet, ana, what):
    content, said = REFUSED[what]
    with pytest.raises(NotKept) as refusal:
        keeping.receive(sheet, ana, "photo.jpg", content)
    assert said in str(refusal.value)
    assert str(refusal.value).endswith((".", "JPEG", "PDF.", "compatible »."))
    assert not Upload.objects.exists()
    assert not list(default_storage.folders("fichiers")) or not any(
        Path(default_storage.path("fichiers")).rglob("*.part")
    )


def test_too_heavy(sheet, ana):
    with pytest.raises(NotKept, match="10 Mo"):
        keeping.receive(sheet, ana, "photo.jpg", photo() + b"\x00" * keeping.MAX_BYTES)


def test_what_is_hidden_behind_an_image_is_left_out(sheet, ana):
    """A photograph that is also an archive and a page: what is served is the photograph alone."""
    content = photo() + samples.ZIP + samples.HTML
    for body in stored(keeping.receive(sheet, ana, "photo.jpg", content)).values():
        assert b"PK\x03\x04" not in body
        assert b"__xss" not in body


def test_a_document_forgets_who_made_it(sheet, ana):
    upload = keeping.receive(sheet, ana, "bilan.pdf", samples.pdf(3, comment=True))
    files = stored(upload)
    assert MARK.encode() in samples.pdf(3, comment=True)
    assert MARK.encode() not in files["document.pdf"]
    assert b"xmpmeta" not in files["document.pdf"]
    assert files["document.pdf"].startswith(b"%PDF-")
    assert (upload.pages, upload.size) == (3, len(files["document.pdf"]))
    assert "Le bilan du groupe 2" in keeping.text_of(upload)
    again = documents.rewrite(files["document.pdf"])
    assert again.pages == 3, "what was written anew can be read"


def test_photographs_inside_a_document_say_nothing_either(sheet, ana):
    whole = io.BytesIO()
    opened(samples.talkative()).save(whole, "PDF")
    content = whole.getvalue().replace(b"\xff\xd8", b"\xff\xd8\xff\xfe\x00\x18" + MARK.encode(), 1)
    assert MARK.encode() in content
    body = stored(keeping.receive(sheet, ana, "photos.pdf", content))["document.pdf"]
    assert MARK.encode() not in body
    assert b"/DCTDecode" in body


def test_the_reader_of_documents_is_stopped(sheet, ana, monkeypatch, tmp_path):
    """One that never ends, or dies, costs the request a sentence and nothing else."""
    for script in ("import time; time.sleep(9)", "import os; os.abort()"):
        slow = tmp_path / "slow.py"
        slow.write_text(script)
        monkeypatch.setattr(documents, "_READER", slow)
        monkeypatch.setattr(documents, "SECONDS", 0.2)
        with pytest.raises(NotKept, match="trop compliqué"):
            keeping.receive(sheet, ana, "bilan.pdf", samples.pdf(1))


def test_the_same_bytes_give_one_file(sheet, ana, stan):
    first = keeping.receive(sheet, ana, "photo.jpg", photo())
    assert keeping.receive(sheet, ana, "autre nom.jpg", photo()) == first
    assert Upload.objects.count() == 1
    other = factories.draft(stan).initiative
    elsewhere = keeping.receive(other, stan, "photo.jpg", photo())
    assert elsewhere.token != first.token, "the same photograph in another sheet tells nothing of this one"
    assert len(first.token) == 43


def test_files_lost_by_a_restore_come_back_with_the_same_bytes(sheet, ana):
    first = keeping.receive(sheet, ana, "photo.jpg", photo())
    default_storage.forget_folder(first.folder)
    assert keeping.receive(sheet, ana, "photo.jpg", photo()) == first
    assert "64.webp" in stored(first)


def test_a_full_disk_keeps_nothing_torn(sheet, ana, monkeypatch):
    written, fsync = [], os.fsync

    def full(handle):
        written.append(handle)
        if len(written) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(handle)

    before = {name for name, _ in default_storage.folders("fichiers")}
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotKept, match="réessayez dans une heure"):
        keeping.receive(sheet, ana, "photo.jpg", photo())
    monkeypatch.undo()
    assert not Upload.objects.exists()
    assert {name for name, _ in default_storage.folders("fichiers")} == before, "not a byte is left"
    assert keeping.receive(sheet, ana, "photo.jpg", photo()).pk


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("..\\..\\web.config", "web.config"), ("../../etc/passwd", "passwd"), ("photo\x00.jpg", "photo.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"), ("photo\r\nContent-Type: text/html.jpg", "html.jpg"),
        ("\u200b", "sans nom"), ("", "sans nom"), ("é" * 300 + ".jpg", "é" * 196 + ".jpg"),
        ("<script>x</script>.jpg", "script>.jpg"),
    ],
)  # fmt: skip
def test_a_name_shows_no_more_than_it_says(sent, shown):
    assert keeping.legible(sent) == shown


def test_a_folder_never_follows_a_name(sheet, ana):
    upload = keeping.receive(sheet, ana, "../../../../tmp/evasion.jpg", photo())
    assert upload.name == "evasion.jpg"
    assert upload.folder == f"fichiers/{upload.token}"
    place = Path(default_storage.path(upload.folder))
    assert {each.stat().st_mode & 0o077 for each in place.iterdir()} == {0}, "read by the site alone"


WRITES_FOR_EVER = """
import itertools, sys
from django.conf import settings
settings.configure(MEDIA_ROOT=sys.argv[1])
from django.core.files.base import ContentFile
from initiatives.files.storage import Folder
print("ready", flush=True)
for n in itertools.count():
    Folder().save(f"fichiers/{n}/480.webp", ContentFile(b"x" * 2_000_000))
"""


def test_a_process_killed_while_writing_leaves_nothing_torn(tmp_path):
    """A file has its name once it is whole; with Django's own storage, 12 kills of 20 left a file cut short."""
    for instant in (0.02, 0.05, 0.09, 0.14):
        writer = subprocess.Popen([sys.executable, "-c", WRITES_FOR_EVER, str(tmp_path)], stdout=subprocess.PIPE)
        assert writer.stdout
        writer.stdout.readline()
        time.sleep(instant)
        writer.kill()
        writer.wait()
        writer.stdout.close()
    assert {each.stat().st_size for each in tmp_path.rglob("480.webp")} == {2_000_000}


def test_the_same_file_sent_twice_at_the_same_moment(sheet, ana, monkeypatch):
    """The second one finds the row of the first only when it writes its own."""
    made = keeping._made

    def overtaken(upload, content):
        monkeypatch.setattr(keeping, "_made", made)
        keeping.receive(sheet, ana, "photo.jpg", content)
        return made(upload, content)

    monkeypatch.setattr(keeping, "_made", overtaken)
    before = len(list(default_storage.folders("fichiers")))
    kept = keeping.receive(sheet, ana, "photo.jpg", photo())
    assert Upload.objects.get() == kept
    assert len(list(default_storage.folders("fichiers"))) == before + 1
    assert "64.webp" in stored(kept)


def test_large_images_at_once_cost_the_memory_of_one():
    """Decoded one at a time in a process, Python included: ten take as much."""
    large = io.BytesIO()
    Image.new("RGB", (5000, 5000), "red").save(large, "PNG")
    asked = (
        "import sys, threading\n"
        "from initiatives.files import images\n"
        "content = sys.stdin.buffer.read()\n"
        "threads = [threading.Thread(target=images.draw, args=(content,)) for _ in range(2)]\n"
        "[each.start() for each in threads]; [each.join() for each in threads]\n"
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])\n"
    )
    run = subprocess.run([sys.executable, "-c", asked], input=large.getvalue(), capture_output=True, check=True)
    # Not ru_maxrss: across an exec it keeps the peak of the process that started this one.
    assert int(run.stdout) < 300_000
