"""What logs never hold: addresses that are a secret by themselves."""

from __future__ import annotations

import logging
import re

# An address that opens without an account (a person's calendar), wherever a line says it, its traceback included.
SECRETS = re.compile(r"(/formation/agenda/)[^/?\s\"']+")


def masked(text: str) -> str:
    return SECRETS.sub(r"\1…", text)


class WithoutSecrets(logging.Formatter):
    """The whole line is read, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))
