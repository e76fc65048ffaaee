"""Who has come in once by the form comes back as browsers do: signed in already, with a session of their own.

The form is proven and looked at the first time; a password is slow to check on purpose, and each visit would pay it.
"""

from __future__ import annotations

import secrets
from typing import Any

import psycopg

READ = """SELECT session_data, expire_date, user_id, ip, user_agent
    FROM django_session JOIN usersessions_usersession USING (session_key) WHERE session_key = %s"""
WRITE = "INSERT INTO django_session (session_data, expire_date, session_key) VALUES (%s, %s, %s)"
# The line one sees among one's sessions, and may end.
LIST = """INSERT INTO usersessions_usersession (user_id, ip, user_agent, session_key, created_at, last_seen_at, data)
    VALUES (%s, %s, %s, %s, now(), now(), '{}')"""


class Sessions:
    def __init__(self, database: str) -> None:
        self.database = database
        self._first: dict[object, tuple[Any, tuple[object, ...]]] = {}

    def keep(self, who: object, cookie: Any) -> None:
        """This session has just been made by the form: the next ones of `who` begin as it does."""
        with psycopg.connect(self.database) as base:
            row = base.execute(READ, [cookie["value"]]).fetchone()
        assert row, "signing in wrote no session"
        self._first[who] = cookie, row

    def another(self, who: object) -> Any:
        """The cookie of a new session, which ends without touching any other; none for who has not come in yet."""
        if who not in self._first:
            return None
        key, (cookie, row) = secrets.token_hex(16), self._first[who]
        with psycopg.connect(self.database) as base:
            base.execute(WRITE, [*row[:2], key])
            base.execute(LIST, [*row[2:], key])
        return cookie | {"value": key}
