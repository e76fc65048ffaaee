"""A learning platform that isn't ours: `lti1p3platform` (openlearning.com), served over HTTP on this machine.

Its messages, tokens, services and checks are the library's. What it doesn't hold — dynamic registration, which page
leads where — is written here as the specification says, and as Moodle does it.
"""

from __future__ import annotations

import json
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from django.test import Client
from jwcrypto.jwk import JWK
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.membership import Context
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request
from lti1p3platform.score import UpdateScoreStatus
from lti1p3platform.service_connector import AssignmentsGradesService, NamesRoleProvisioningService

CLIENT = "client-abc"
DEPLOYMENT = "7"
INSTRUCTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
SITE = "http://127.0.0.1:8000"


@cache
def pair(name: str) -> tuple[str, str]:
    """A private key and its public one, as files have them; always the same one under a name."""
    key = JWK.generate(kty="RSA", size=2048)
    return key.export_to_pem(private_key=True, password=None).decode(), key.export_to_pem().decode()


class Conf(LTI1P3PlatformConfAbstract):
    def init_platform_config(self, **kwargs: Any) -> Any:
        self.known: Registration = kwargs["registration"]

    def get_registration_by_params(self, **kwargs: Any) -> Registration:
        return self.known


class Question(Request):
    """What was asked, in the library's words."""

    def build_metadata(self, request: Any) -> Any:
        return request


class Login(OIDCLoginAbstract):
    def set_lti_message_hint(self, **kwargs: Any) -> None:
        self._lti_message_hint = kwargs["hint"]

    def get_redirect(self, url: str) -> str:
        return url


class Sent(LTIAdvantageMessageLaunchAbstract):
    """A launch of the library, whose form is given as it would be posted; `also` is what a test changes in it."""

    def render_launch_form(self, launch_data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        return launch_data


class Grades(AssignmentsGradesService):
    platform: Platform

    def update_score(self, line_item_id: str, score: Any) -> UpdateScoreStatus:
        self.platform.scores.append((line_item_id, score))
        self.platform.told.set()
        return UpdateScoreStatus.SUCCESS

    def find_lineitems(self, **_: Any) -> Any: ...
    def find_lineitem(self, line_item_id: str) -> Any: ...
    def create_lineitem(self, creation_data: Any) -> Any: ...
    def update_lineitem(self, update_data: Any) -> Any: ...
    def delete_lineitem(self, line_item_id: str) -> None: ...
    def get_results(self, *_: Any, **__: Any) -> Any: ...


class Members(NamesRoleProvisioningService):
    platform: Platform

    def get_context_by_id(self) -> Context:
        return Context(id="cours-1", label="C1", title="Le cours")

    def get_member_data_page(self, page: Any = 1, limit: Any = None, **_: Any) -> Any:
        size = self.platform.page_size
        start = (int(page) - 1) * size
        rest = self.platform.members[start : start + size]
        return {"content": [dict(one) for one in rest], "has_next": len(self.platform.members) > start + size}


class Platform:
    """One platform and what it was told. `down` makes its services fail with this code."""

    def __init__(self, site: str = SITE, host: str = "127.0.0.1") -> None:
        self.site = site
        self.chosen: list[dict[str, Any]] = []
        self.scores: list[tuple[str, dict[str, Any]]] = []
        self.told = threading.Event()
        self.members: list[dict[str, Any]] = []
        self.page_size = 50
        self.asked: list[str] = []
        self.registered: list[dict[str, Any]] = []
        self.bearer = ""
        self.down = 0
        self.private, self.public = pair("platform")
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                platform.serve(self, "GET", b"")

            def do_POST(self) -> None:
                platform.serve(self, "POST", self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://{host}:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    # What the platform knows of us

    @property
    def registration(self) -> Registration:
        known = Registration()
        known.set_iss(self.url).set_client_id(CLIENT).set_deployment_id(DEPLOYMENT)
        known.set_launch_url(f"{self.site}/lti/lancer/").set_deeplink_launch_url(f"{self.site}/lti/choisir/")
        known.set_oidc_login_url(f"{self.site}/lti/connexion/").set_tool_key_set_url(f"{self.site}/lti/cles.json")
        known.set_platform_private_key(self.private).set_platform_public_key(self.public)
        return known

    def conf(self) -> Conf:
        """Our keys are read at our own address, as the library would, but through the test's client."""
        known = self.registration
        known.set_tool_key_set(Client().get("/lti/cles.json").json())
        made = Conf(registration=known)
        made.get_registration()
        return made

    def serving(self) -> Conf:
        """The same for its own server, which needs our keys for the access token alone."""
        known = self.registration
        if self.tool_keys:
            known.set_tool_key_set(self.tool_keys)  # else the library reads them at our address, by itself
        made = Conf(registration=known)
        made.get_registration()
        return made

    tool_keys: Any = None

    def learn_keys(self) -> None:
        self.tool_keys = Client().get("/lti/cles.json").json()

    def addresses(self) -> dict[str, str]:
        return {
            "issuer": self.url,
            "auth_url": f"{self.url}/auth",
            "token_url": f"{self.url}/token",
            "keyset_url": f"{self.url}/keys",
        }

    # A click, as a browser follows it

    def click(self, browser: Client, *, hint: str = "42", choosing: bool = False, **headers: str) -> Any:
        """The click's first address, as the library makes it, asked by the browser."""
        where = self.first_address(hint, choosing)
        return browser.get(urlsplit(where).path, dict(parse_qsl(urlsplit(where).query)), headers=headers)

    def first_address(self, login_hint: str, choosing: bool, message_hint: str = "7") -> str:
        login = Login(None, self.serving())
        login.set_lti_message_hint(hint=message_hint)
        if choosing:
            login.set_deeplinking_launch_url()
        return login.initiate_login(login_hint)

    def answer_to(self, redirection: str, who: dict[str, Any], **what: Any) -> dict[str, Any]:
        """What the platform answers to our question, signed: the form its page would post."""
        asked = {key: value[0] for key, value in parse_qs(urlsplit(redirection).query).items()}
        sent = Sent(Question({"method": "GET", "get_data": asked, "form_data": {}, "headers": {}}), self.serving())
        sent.set_user_data(who["sub"], who.get("roles", [LEARNER]), who.get("name"), who.get("email"))
        if context := what.get("context", ("cours-1", "Le cours")):
            sent.set_launch_context_claim(context[0], context_title=context[1])
        if what.get("choosing"):
            sent.set_dl(f"{self.url}/return", accept_types={"ltiResourceLink"}, extra_data={"csrf": "abc"})
        else:
            sent.set_resource_link_claim(what.get("link", "lien-1"), title="L’activité")
            sent.set_ags(f"{self.url}/items", what.get("lineitem", f"{self.url}/items/1"))
        sent.set_nrps(f"{self.url}/CourseSection/Members")
        sent.set_custom_parameters_claim(what.get("custom", {}))
        sent.set_extra_claims(what.get("also", {}))
        if "expiration" in what:
            sent.set_id_token_expiration(what["expiration"])
        form: dict[str, Any] = sent.lti_launch()
        if change := what.get("change"):
            form["id_token"] = change(form["id_token"])
        return form

    def launch(self, browser: Client, who: dict[str, Any], **what: Any) -> Any:
        """The whole walk: click, question, signed answer, posted to where we said."""
        choosing = what.get("choosing", False)
        begun = self.click(browser, choosing=choosing, **what.pop("headers", {}))
        assert begun.status_code == 302, begun.text
        form = self.answer_to(begun["Location"], who, **what)
        return self.post(browser, form)

    def post(self, browser: Client, form: dict[str, Any], **headers: str) -> Any:
        path = urlsplit(form["launch_url"]).path
        return browser.post(path, {"id_token": form["id_token"], "state": form["state"]}, headers=headers)

    def resigned(self, token: str, *, key: str = "", drop: tuple[str, ...] = (), **changed: Any) -> str:
        """The same message with other words, signed by the platform (or by another key, under its name)."""
        words = jwt.decode(token, options={"verify_signature": False})
        words = {name: value for name, value in {**words, **changed}.items() if name not in drop}
        header = jwt.get_unverified_header(token)
        return jwt.encode(words, key or self.private, algorithm="RS256", headers={"kid": header["kid"]})

    # What its server answers

    def serve(self, handler: BaseHTTPRequestHandler, method: str, body: bytes) -> None:
        path, query = urlsplit(handler.path).path, dict(parse_qsl(urlsplit(handler.path).query))
        self.asked.append(f"{method} {path}")
        question = {
            "method": method, "get_data": query, "headers": handler.headers, "path": path,
            "content_type": handler.headers.get("Content-Type", ""), "form_data": {}, "json": None,
        }  # fmt: skip
        headers: dict[str, str] = {}
        try:
            code, answer = self.respond(path, query, question, body, headers)
        except Exception as problem:
            code, answer = 500, {"error": repr(problem)}
        is_page = isinstance(answer, str)
        content = answer.encode() if is_page else json.dumps(answer).encode() if answer is not None else b""
        handler.send_response(code)
        handler.send_header("Content-Type", "text/html; charset=utf-8" if is_page else "application/json")
        handler.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    def respond(
        self, path: str, query: dict[str, str], question: dict[str, Any], body: bytes, headers: dict[str, str]
    ) -> tuple[int, Any]:
        if path == "/keys":
            known = self.registration
            return 200, {"keys": known.get_jwks()}
        if path == "/openid-configuration":
            return 200, self.configuration()
        if path == "/register":
            return self.register(question["headers"], json.loads(body))
        if path == "/elsewhere":
            headers["Location"] = "http://127.0.0.1:1/secret"
            return 302, None
        if self.down:
            return self.down, {"error": "down"}
        if path == "/token":
            return 200, self.serving().get_access_token(dict(parse_qsl(body.decode())))
        if path.endswith("/scores"):
            question["json"] = json.loads(body)
            grades = Grades(Question(question), self.serving(), f"{self.url}/items")
            grades.platform = self
            done = grades.handle_resp(grades.handle_update_score, line_item_id=path)
            return done.code, None
        if path == "/CourseSection/Members":
            members = Members(Question({**question, "get_data": query}), self.serving(), f"{self.url}{path}")
            members.platform = self
            found = members.handle_resp(members.handle_get_members)
            page = int(query.get("page", 1))
            if len(self.members) > page * self.page_size:
                headers["Link"] = f'<{self.url}{path}?{urlencode({"page": page + 1})}>; rel="next"'
            return found.code, found.result
        return 404, {"error": "not found"}

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/auth",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "registration_endpoint": f"{self.url}/register",
            "https://purl.imsglobal.org/spec/lti-platform-configuration": {"product_family_code": "moodle"},
        }

    def register(self, headers: Any, said: dict[str, Any]) -> tuple[int, Any]:
        """As Moodle checks it (mod/lti, registration_helper): what it requires, and the token once."""
        self.bearer = headers.get("Authorization", "")
        needed = (
            "response_types", "initiate_login_uri", "redirect_uris", "client_name", "jwks_uri",
            "token_endpoint_auth_method",
        )  # fmt: skip
        tool = said.get("https://purl.imsglobal.org/spec/lti-tool-configuration", {})
        complete = all(said.get(name) for name in needed) and tool.get("domain") and tool.get("target_link_uri")
        complete = complete and said["token_endpoint_auth_method"] == "private_key_jwt"
        if self.bearer != "Bearer jeton-moodle" or not complete:
            return 400, {"error": "invalid_client_metadata"}
        self.registered.append(said)
        config = {"https://purl.imsglobal.org/spec/lti-tool-configuration": {**tool, "deployment_id": DEPLOYMENT}}
        return 200, {**said, "client_id": CLIENT, **config}
