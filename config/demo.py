"""`make demo`: everything on this machine, from nothing to a site that answers, until Ctrl-C.

This process holds the database's lease and watches three children, the letters' sender, the press and the web server.
They get DATABASE_URL, so they take no lease of their own.
"""

import ctypes
import functools
import hashlib
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from config import database

PASSWORD = "essaim-demo"  # noqa: S105 - the demo's, printed on screen
ACCOUNTS = {
    "sociale@essaim.test": "contributrice",
    "collegue@essaim.test": "autre contributrice",
    "formation@essaim.test": "formatrice",
    "etudiante@essaim.test": "étudiante",
    "coordination62@essaim.test": "coordination du Pas-de-Calais",
    "coordination@essaim.test": "coordination nationale",
    "dpo@essaim.test": "protection des données",
    "admin@essaim.test": "administration",
}
PATIENCE = 60  # seconds for the site to answer
GRACE = 10  # seconds for a child to stop


class Stopped(Exception):
    """Somebody asked for the end: Ctrl-C, SIGTERM, a closed terminal."""


def main() -> int:
    _on_signals(_stopped)
    try:
        port = free_port(os.environ.get("PORT") or "8000")
        set_environment(port)
        print("Essaim se prépare (la première fois prend un peu plus de temps)…", flush=True)
        if not os.environ.get("DATABASE_URL"):
            os.environ["DATABASE_URL"] = database.url()
        run_preparation()
        serve(port)
    except Stopped:
        print("\nEssaim s'est arrêté ; ce qui est écrit reste.")
    except RuntimeError as problem:
        print(problem, file=sys.stderr)
        return 1
    finally:
        _on_signals(signal.SIG_IGN)
        database.release()
    return 0


def _on_signals(handler: "Callable[..., object] | signal.Handlers") -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def _stopped(*_: object) -> None:
    raise Stopped


def free_port(wanted: str) -> int:
    hint = "choisissez-en un autre, par exemple : make demo PORT=8001"
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        raise RuntimeError(f"« {wanted} » n'est pas un numéro de port : {hint}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(wanted)))
        except OSError:
            raise RuntimeError(f"Le port {wanted} n'est pas libre : {hint}") from None
    return int(wanted)


def set_environment(port: int) -> None:
    """What the demo decides; what the caller has already set stands."""
    database.DATA_DIR.mkdir(parents=True, exist_ok=True)
    os.environ["DEMO"] = "1"
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
    os.environ.setdefault("STATIC_ROOT", str(database.DATA_DIR / "static"))
    os.environ.setdefault("MEDIA_ROOT", str(database.DATA_DIR / "media"))
    if not os.environ.get("SECRET_KEY"):  # kept, and shared by the children: sessions and links outlive a restart
        os.environ["SECRET_KEY"] = kept_secret(database.DATA_DIR / "secret")


def kept_secret(file: Path) -> str:
    if not file.exists():
        part = file.with_suffix(".part")
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        part.write_text(secrets.token_urlsafe(50))
        part.rename(file)
    return file.read_text()


def run_preparation() -> None:
    child = _child("-m", "config.demo", "prepare")
    try:
        if child.wait():
            raise RuntimeError("La préparation a échoué : les lignes ci-dessus disent pourquoi.")
    finally:
        _stop([child])


def prepare() -> None:
    """Schema, contents, accounts, cache and static files: one process, so that Django is loaded once."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("demo_cast", verbosity=0)
    collect_static()


def collect_static() -> None:
    """Collects again only when a file has changed: compressing them is what takes longest."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    state = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            file = Path(storage.path(name)).stat()
            state.update(f"{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    stamp = database.DATA_DIR / "static.stamp"
    if not (stamp.exists() and stamp.read_text() == state.hexdigest() and Path(settings.STATIC_ROOT).is_dir()):
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(state.hexdigest())


def serve(port: int) -> None:
    web = ["-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
    web += ["--workers", "1", "--threads", "8", "--log-level", "warning", "--no-control-socket"]
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        children["L'envoi des lettres"] = _child("manage.py", "send_letters", "--forever")
        children["La composition des fichiers"] = _child("manage.py", "make_printings", "--forever")
        children["Le serveur web"] = _child(*web, DB_POOL="8")
        deadline = time.monotonic() + PATIENCE
        while not _answers(port):
            _check(children)
            if time.monotonic() > deadline:
                raise RuntimeError(f"Le site n'a pas répondu en {PATIENCE} secondes.")
            time.sleep(0.1)
        print(welcome(port), flush=True)
        while True:
            _check(children)
            time.sleep(0.3)
    finally:
        _stop(children.values())


def _child(*arguments: str, **env: str) -> subprocess.Popen[bytes]:
    # Its own session: Ctrl-C reaches this process alone, which stops its children in order.
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=database.ROOT,
        env={**os.environ, **env},
        start_new_session=True,
        preexec_fn=_die_with_parent(),
    )


def _stop(children: Iterable[subprocess.Popen[bytes]]) -> None:
    """To the end, whatever is pressed meanwhile."""
    _on_signals(signal.SIG_IGN)
    running = [child for child in children if child.poll() is None]
    for child in running:
        child.terminate()
    for child in running:
        try:
            child.wait(GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    _on_signals(_stopped)


@functools.cache
def _die_with_parent() -> Callable[[], object] | None:
    """On Linux, a child is stopped when this process is killed: the port is free for the next one."""
    if sys.platform != "linux":
        return None
    PR_SET_PDEATHSIG = 1  # noqa: N806 - its name in <linux/prctl.h>
    return functools.partial(ctypes.CDLL(None).prctl, PR_SET_PDEATHSIG, signal.SIGTERM)


def _check(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise RuntimeError(f"{name} s'est arrêté de lui-même (code {child.returncode}) : tout s'arrête.")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def welcome(port: int) -> str:
    width = max(map(len, ACCOUNTS))
    accounts = "\n".join(f"    {email:<{width}}  {role}" for email, role in ACCOUNTS.items())
    return (
        f"\nEssaim répond : http://127.0.0.1:{port}/\n"
        f"Les lettres   : http://127.0.0.1:{port}/demo/courrier/\n\n"
        f"Les comptes, tous avec le mot de passe « {PASSWORD} » :\n\n{accounts}\n\n"
        "Ctrl-C arrête tout ; ce qui est écrit reste pour la prochaine fois."
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["prepare"]:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        prepare()
    else:
        sys.exit(main())
