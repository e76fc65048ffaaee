"""The Chromium that the tests drive: found, or installed.

`python -m config.browser` prints its path and installs one when there is none; `find()` only looks.
"""

import functools
import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
)


@functools.cache
def find() -> str | None:
    """The path of a Chromium that starts: $CHROMIUM, the system's, or Playwright's own."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        if not starts(chosen):
            raise RuntimeError(f"CHROMIUM={chosen} ne se lance pas : corrigez le chemin, ou ne donnez pas CHROMIUM.")
        return shutil.which(chosen)
    for name in NAMES:
        path = shutil.which(name)
        if path and starts(path):
            return path
    # In a process of its own: Playwright refuses to run inside another of its loops.
    asked = subprocess.run([sys.executable, "-c", ASK_PLAYWRIGHT], capture_output=True, text=True)
    path = asked.stdout.strip()
    return path if path and starts(path) else None


def starts(path: str) -> bool:
    """Ubuntu's chromium-browser, without its snap, is a script that only says so."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install() -> None:
    """With apt as root, else Playwright's own; what they say goes to the error output."""
    commands = []
    if os.geteuid() == 0 and shutil.which("apt-get"):
        commands.append([["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]])
    commands.append([[sys.executable, "-m", "playwright", "install", "chromium"]])
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for steps in commands:
        for step in steps:
            subprocess.run(step, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=env)
        find.cache_clear()
        if find():
            return


def main() -> int:
    try:
        if not find():
            print("Aucun Chromium : installation…", file=sys.stderr, flush=True)
            install()
        path = find()
    except RuntimeError as problem:
        sys.exit(str(problem))
    if not path:
        sys.exit(
            "Les essais demandent un navigateur Chromium : installez le paquet « chromium » de votre système,"
            " ou donnez le chemin d'un Chromium ou d'un Chrome dans CHROMIUM=."
        )
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
