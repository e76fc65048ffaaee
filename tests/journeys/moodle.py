"""The pages of a platform, as people meet them: a course, an activity in a frame, and where an administrator registers.

It stands on another site than ours (`localhost`, and not `127.0.0.1`), so that browsers treat its frames as strangers'.
"""

from __future__ import annotations

import html
import json
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from tests.training.lti_platform import Platform

PAGE = '<!doctype html><html lang="fr"><title>Le Moodle</title><body><main><h1>{title}</h1>{body}</main></body></html>'
FRAME = '<iframe title="Essaim" src="{src}" width="1000" height="1200"></iframe>'
CLOSED = '<p id="said"></p><script>onmessage = (e) => { said.textContent = e.origin + " " + e.data.subject; };</script>'


class Moodle(Platform):
    def respond(
        self, path: str, query: dict[str, str], question: dict[str, Any], body: bytes, headers: dict[str, str]
    ) -> tuple[int, Any]:
        if path == "/admin":
            config = {"openid_configuration": f"{self.url}/openid-configuration", "registration_token": "jeton-moodle"}
            frame = FRAME.format(src=html.escape(f"{query['link']}?{urlencode(config)}"))
            return 200, PAGE.format(title="Gérer les outils", body=frame + CLOSED)
        if path == "/course":
            where = self.first_address(query["sub"], "choosing" in query, json.dumps(query))
            return 200, PAGE.format(title="Le cours", body=FRAME.format(src=html.escape(where)))
        if path == "/auth":
            return 200, self.authenticate(query)
        if path == "/return":
            self.chosen = self.serving().validate_deeplinking_resp(dict(parse_qsl(body.decode())))
            return 200, PAGE.format(title="Le cours", body=f"<p>{len(self.chosen)} activités de plus</p>")
        return super().respond(path, query, question, body, headers)

    def authenticate(self, query: dict[str, str]) -> str:
        """Who is signed in here says what they clicked: our own page posts it, signed, where it was asked."""
        clicked = json.loads(query["lti_message_hint"])
        who = {name: clicked[name] for name in ("sub", "name", "email") if name in clicked}
        form = self.answer_to(
            f"?{urlencode(query)}",
            {**who, "roles": [f"http://purl.imsglobal.org/vocab/lis/v2/membership#{clicked['role']}"]},
            custom={"essaim_devoir": clicked["devoir"]} if "devoir" in clicked else {},
            choosing="choosing" in clicked,
        )
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(form[name])}">' for name in ("id_token", "state")
        )
        posted = f'<form method="post" action="{html.escape(form["launch_url"])}">{fields}</form>'
        return PAGE.format(title="Un instant", body=f"{posted}<script>document.forms[0].submit()</script>")


def click(moodle: Moodle, sub: str, role: str, **more: str) -> str:
    """The address of a course where this person clicks."""
    return f"{moodle.url}/course?{urlencode({'sub': sub, 'role': role, **more})}"


def asked_of(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)
