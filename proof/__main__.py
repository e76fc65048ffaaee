"""`make proof`: each run of faults on a weakened build, which it must catch, then on the product, which must hold.

python -m proof                       all runs, both builds
python -m proof f2 f7                 these only
python -m proof --weakened            the weakened builds only: 0 when each weakness was seen
python -m proof --instants 5          a quick look (20 are asked of a proof)
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from proof.cluster import BASE, Cluster

if TYPE_CHECKING:
    from proof.journal import Outcome
    from proof.stage import Stage

RUNS = {
    "f1": "f1_web_killed", "f2": "f2_database_killed", "f3": "f3_sender_killed", "f6": "f6_two_tabs",
    "f7": "f7_two_coordinators", "f8": "f8_double_click", "f11": "f11_dead_mail",
}  # fmt: skip
ENOUGH = 20
WEAKENED = 4  # a weakness is seen in fewer instants: this many times fewer, but for the rarest one


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m proof", description="Éprouve Essaim.")
    asked.add_argument("runs", nargs="*", metavar="RUN", help=f"among {', '.join(RUNS)} (all)")
    asked.add_argument("--instants", type=int, default=ENOUGH, help="random instants of each run (20)")
    asked.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="of the dice (any)")
    builds = asked.add_mutually_exclusive_group()
    builds.add_argument("--weakened", action="store_true", help="the weakened builds only")
    builds.add_argument("--product", action="store_true", help="the product only")
    options = asked.parse_args()
    if unknown := set(options.runs) - set(RUNS):
        asked.error(f"unknown: {', '.join(sorted(unknown))}")
    if options.instants < 1:
        asked.error("--instants is at least 1")
    runs = [name for name in RUNS if name in options.runs or not options.runs]
    builds_asked = [True] * (not options.product) + [False] * (not options.weakened)
    print(f"--seed {options.seed}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped all the same
    # On a disk, since it is the disk that is trusted; and where « nobody » may go.
    folder = Path(tempfile.mkdtemp(prefix="essaim-proof-", dir="/var/tmp"))
    cluster = Cluster(folder)
    outcomes: list[Outcome] = []
    try:
        stage = raised(cluster, folder)
        from proof import report

        titles = {name.upper(): run_of(name).TITLE for name in runs}
        for name in runs:
            for weakened in builds_asked:
                is_short = weakened and name != "f1"
                instants = max(options.instants // WEAKENED, 3) if is_short else options.instants
                outcomes.append(played(name, cluster, stage, folder, instants, options.seed, weakened))
                written = report.write(outcomes, titles, options.seed, cluster.version())
        print(written)
        for outcome in outcomes:
            report.complain(outcome)
    finally:
        cluster.stop()
        if os.environ.get("PROOF_KEEP"):
            print(folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return 0 if all(outcome.is_as_expected for outcome in outcomes) else 1


def raised(cluster: Cluster, folder: Path) -> Stage:
    """The cluster and the base of the runs. Nothing of the caller's site gets in: these are a site's in service."""
    begun = time.monotonic()
    cluster.create()
    cluster.start()
    for name in ("DEBUG", "DEMO", "SITE_URL", "DB_POOL", "ALLOWED_HOSTS", "DATA_DIR", "SMTP_HOST", "S3_BUCKET"):
        os.environ.pop(name, None)
    os.environ |= {
        "DATABASE_URL": cluster.make(BASE), "DJANGO_SETTINGS_MODULE": "config.settings",
        "STATIC_ROOT": f"{folder}/static", "MEDIA_ROOT": f"{folder}/media", "SECRET_KEY": secrets.token_urlsafe(50),
        "LOG_LEVEL": "ERROR", "PYTHONWARNINGS": "ignore",
    }  # fmt: skip
    import django

    django.setup()
    from proof import stage

    made = stage.prepare()
    print(f"La base des épreuves est prête ({time.monotonic() - begun:.0f} s)", flush=True)
    return made


def played(
    name: str, cluster: Cluster, stage: Stage, folder: Path, instants: int, seed: int, weakened: bool
) -> Outcome:
    from proof.ground import Ground

    ground = Ground(name, cluster, stage, folder, instants, seed, weakened)
    begun = time.monotonic()
    if name == "f2":
        cluster.make_durable(not weakened)
    try:
        outcome: Outcome = run_of(name).run(ground)
    finally:
        cluster.make_durable(True)
        ground.close()
    outcome.seconds = time.monotonic() - begun
    print(outcome.line(), flush=True)
    return outcome


def run_of(name: str) -> ModuleType:
    return import_module(f"proof.{RUNS[name]}")


if __name__ == "__main__":
    raise SystemExit(main())
