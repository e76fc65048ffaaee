"""A PDF written anew by `pdf.py`, which runs alone: what breaks it breaks nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from initiatives.files.refusal import NotKept

SECONDS = 30
WHY = {
    "unreadable": "ce PDF ne peut pas être lu : il est abîmé. Ouvrez-le et enregistrez-le de nouveau en PDF.",
    "encrypted": "ce PDF est protégé par un mot de passe. Enregistrez-le sans protection, puis envoyez-le.",
    "active": "ce PDF contient un programme, un formulaire qui envoie, un film ou un fichier joint. "
    "Choisissez « Imprimer », puis « Enregistrer en PDF » : vous obtiendrez un PDF simple.",
    "long": "ce PDF a plus de 500 pages. Envoyez-en la partie qui compte.",
    "slow": "ce PDF est trop compliqué pour être lu ici. Choisissez « Imprimer », puis « Enregistrer en PDF ».",
}
_READER = Path(__file__).with_name("pdf.py")
_one_at_a_time = threading.BoundedSemaphore(1)


@dataclass(frozen=True)
class Rewritten:
    pages: int
    text: str
    content: bytes


def rewrite(content: bytes) -> Rewritten:
    """Raises NotKept where the document can't be taken."""
    if not content.startswith(b"%PDF-"):
        raise NotKept(WHY["unreadable"])
    needed = ("PATH", "LD_LIBRARY_PATH")  # and no secret of ours
    try:
        with _one_at_a_time:
            done = subprocess.run(
                [sys.executable, "-I", str(_READER)], input=content, capture_output=True, timeout=SECONDS,
                env={name: os.environ[name] for name in needed if name in os.environ}, check=True,
            )  # fmt: skip
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as trouble:
        raise NotKept(WHY["slow"]) from trouble
    head, _, body = done.stdout.partition(b"\n")
    said = json.loads(head)
    if "refused" in said:
        raise NotKept(WHY[said["refused"]])
    return Rewritten(pages=said["pages"], text=said["text"], content=body)
