"""A file's whole life in a bucket, against a server that speaks S3; the server is stopped and started again on the way.

python -m proof.s3                       moto's server, of the environment of `make proof`
python -m proof.s3 --server moto_server  another path to it
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

BUCKET = "essaim-proof"


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m proof.s3", description="Éprouve les fichiers dans un seau S3.")
    asked.add_argument("--server", default="moto_server", help="a server that takes -H HOST -p PORT (moto_server)")
    options = asked.parse_args()
    beside = Path(sys.executable).with_name(options.server)
    program = str(beside) if beside.exists() else shutil.which(options.server)
    if program is None:
        print(f"{options.server} is not installed: make proof installs it.")
        return 2
    from benchmarks.scratch import scratch

    port = free_port()
    os.environ |= {
        "S3_BUCKET": BUCKET, "S3_ENDPOINT": f"http://127.0.0.1:{port}", "S3_REGION": "fr-par",
        "S3_ACCESS_KEY": "proof", "S3_SECRET_KEY": "proof",
    }  # fmt: skip
    with scratch():
        os.environ["LOG_LEVEL"] = "CRITICAL"  # what breaks here is broken on purpose
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        return lived(program, port)


def lived(program: str, port: int) -> int:
    """Every line is something that was seen; the first that isn't stops the run."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client
    from django.test.utils import setup_test_environment
    from django.utils import timezone

    from initiatives.files import keeping
    from initiatives.models import Case, Initiative, Upload
    from tests import factories
    from tests.initiatives import samples
    from tests.initiatives.telling import address, write
    from tests.initiatives.test_files_tell import PICTURE, about

    setup_test_environment()
    ana, max_ = factories.person("Ana"), factories.person("Max")
    factories.role(max_, "coordinator", territory=factories.departement("62"))
    version = factories.complete_draft(ana)
    browser, nobody = Client(), Client()
    photograph = samples.talkative()
    browser.force_login(ana)
    with server(program, port):
        say("the bucket answers", nobody.get("/readyz").json()["storage"])
        started = time.perf_counter()
        write(browser, "images", version, files=[SimpleUploadedFile("p.jpg", photograph)])
        say(f"a photograph is received ({(time.perf_counter() - started) * 1000:.0f} ms)", Upload.objects.count() == 1)
        upload = Upload.objects.get()
        write(browser, "images", version, **about(upload, PICTURE))
        say("and shown by the draft", version.picture_rows.count() == 1)
        say("to its writer", browser.get(upload.get_absolute_url()).status_code == 200)
        say("and to nobody else", nobody.get(upload.get_absolute_url()).status_code == 404)
        bodies = [default_storage.open(f"{upload.folder}/{name}").read() for name in upload.served]
        say("without a word of its metadata", not any(samples.MARK.encode() in body for body in bodies))
        say("read back whole", all(bodies))
        version.refresh_from_db()
        case = Case.submit(version, ana)
        case.claim(max_)
        case.accept(max_)
        answer = nobody.get(upload.get_absolute_url())
        say("published: everyone reads it", answer.status_code == 200 and b"".join(answer.streaming_content) in bodies)
        say("a document too", bool(keeping.text_of(keeping.receive(case.initiative, ana, "b.pdf", samples.pdf(1)))))
        default_storage.save("fichiers/remnant/480.webp", ContentFile(b"x"))
        keeping.forget(timezone.now() + timedelta(hours=25))
        folders = {name for name, _ in default_storage.folders("fichiers")}
        say("remnants are swept, and nothing else", "remnant" not in folders and upload.token in folders)
        with suppress(FileNotFoundError):
            default_storage.open("fichiers/jamais/480.webp")
            say("what isn't there isn't found", False)
    sheet = Initiative.objects.get(pk=case.initiative_id)
    working = sheet.version_to_edit(ana)
    say("the server is stopped: the site says it", not nobody.get("/readyz").json()["storage"])
    say("the page of the sheet is still read", nobody.get(sheet.get_absolute_url()).status_code == 200)
    say("its photograph is not, without a 500", nobody.get(upload.get_absolute_url()).status_code == 503)
    fresh = SimpleUploadedFile("q.jpg", samples.photo(50))
    answer = write(browser, "images", working, follow=True, files=[fresh], **about(upload, {"caption": "Gardée."}))
    say("a new one is refused in a sentence", "pas de votre fait" in answer.text)
    say("and the text typed with it is saved", working.picture_rows.get().caption == "Gardée.")
    say("nothing half kept", Upload.objects.filter(initiative=working.initiative).count() == 2)
    with server(program, port):
        say("the server is back, emptied", nobody.get(upload.get_absolute_url()).status_code == 404)
        write(browser, "images", working, files=[SimpleUploadedFile("p.jpg", photograph)])
        say("the same photograph repairs it", nobody.get(upload.get_absolute_url()).status_code == 200)
        keeping.erase(upload)
        gone = {name for name, _ in default_storage.folders("fichiers")}
        say("erased: at once, everywhere", upload.token not in gone)
        say("and 404", nobody.get(upload.get_absolute_url()).status_code == 404)
        say("the screen still opens", browser.get(address("images", working)).status_code == 200)
    print("Un fichier a vécu dans un seau S3 : tout a tenu.")
    return 0


def say(what: str, seen: Any) -> None:
    print(f"{'ok ' if seen else 'NOT'} {what}", flush=True)
    if not seen:
        raise SystemExit(1)


@contextmanager
def server(program: str, port: int) -> Iterator[None]:
    """Started, with an empty bucket; stopped at the end."""
    running = subprocess.Popen(
        [program, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            time.sleep(0.1)
        from django.core.files.storage import default_storage

        client = default_storage.connection.meta.client  # type: ignore[attr-defined]
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "fr-par"})
        yield
    finally:
        running.terminate()
        running.wait(10)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
