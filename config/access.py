"""gunicorn's access log, in which an address that is a secret isn't written."""

from __future__ import annotations

from typing import Any

from gunicorn import glogging

from config.logs import masked


class Logger(glogging.Logger):
    def atoms(self, *args: Any) -> dict[str, Any]:
        """Request line, path, referrer: every text of the line."""
        said: dict[str, Any] = super().atoms(*args)
        return {name: masked(value) if isinstance(value, str) else value for name, value in said.items()}
