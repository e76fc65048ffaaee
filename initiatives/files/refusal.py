"""Why a file isn't kept, in a sentence for who sent it."""

from __future__ import annotations


class NotKept(Exception):
    """A file we don't take. Its text is a French sentence that says what to do."""
