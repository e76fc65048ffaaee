"""python -m benchmarks.peers: install what is measured beside our search, in an environment the site never sees."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
LIST = HERE / "requirements.txt"
PLACE = ROOT / ".data" / "bench" / "peers"
PYTHON = PLACE / "bin" / "python"
STAMP = PLACE / "installed.txt"


def installed() -> bool:
    return STAMP.exists() and STAMP.read_bytes() == LIST.read_bytes()


def install() -> Path:
    """The Python of the peers' environment, made or brought up to its list."""
    if installed():
        return PYTHON
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    venv.create(PLACE, clear=True, with_pip=uv is None)
    pip = [uv, "pip", "install", "--python", PYTHON] if uv else [PYTHON, "-m", "pip", "install"]
    subprocess.run([*map(str, pip), "-q", "--require-hashes", "-r", str(LIST)], check=True)
    shutil.copyfile(LIST, STAMP)
    return PYTHON


if __name__ == "__main__":
    print(install())
