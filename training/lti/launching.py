"""From a click in a course to what the platform says of who clicked: OpenID Connect, as LTI 1.3 asks.

The library walks through the message; what it leaves open is closed here. A state and a nonce serve once, the audience
and the issuer are verified with the signature, dates are required, an unknown deployment waits for someone's yes, and
what comes out is the little we need, cut to the sizes we keep.
"""

from __future__ import annotations

import re
from typing import Any, Literal, cast
from urllib.parse import urlencode

import jwt
import requests
from django.core.cache import cache
from django.http import HttpRequest
from jwcrypto.common import JWException
from lti_tool.lti_core.utils import normalize_role
from lti_tool.models import LtiDeployment, LtiRegistration
from lti_tool.utils import DjangoToolConfig
from pylti1p3.contrib.django.message_launch import DjangoMessageLaunch
from pylti1p3.exception import LtiException
from pylti1p3.registration import Registration

from training.lti import keys, net
from training.lti.refusals import Refusal
from training.models import Launch, StateProblem
from training.models.lti import digest_of

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
SCORE: Literal["https://purl.imsglobal.org/spec/lti-ags/scope/score"] = (
    "https://purl.imsglobal.org/spec/lti-ags/scope/score"
)
MEMBERS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
CHOICE = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"

ALGORITHMS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
LEEWAY = 60  # seconds two clocks may differ by
LONGEST = 100_000  # signs of a message
DEEPEST = 12
UNREADABLE = (
    LtiException,
    JWException,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
)  # a set of keys that isn't one
KEYS_KEPT = 600  # seconds
READ_ANEW = 30  # seconds before keys are asked for once more, however many messages name one that isn't there
SILENT = "silent"
MOST_UNKNOWN = 20  # deployments waiting for a yes, by platform

TEACHES = re.compile(r"membership(/Instructor)?#(Instructor|Administrator|ContentDeveloper|TeachingAssistant)\w*$")
LEARNS = re.compile(r"membership(/Learner)?#(Learner|NonCreditLearner|GuestLearner|ExternalLearner)\w*$")


def registration_for(issuer: str, client_id: str) -> LtiRegistration | None:
    """The open registration of a platform; without a client, the only one of this issuer."""
    if "\x00" in issuer + client_id:
        return None
    found = LtiRegistration.objects.active().filter(issuer=issuer, platform__isnull=False)
    if client_id:
        found = found.filter(client_id=client_id)
    ones = list(found.select_related("platform__centre__organisation")[:2])
    return ones[0] if len(ones) == 1 else None


def for_library(registration: LtiRegistration) -> Registration:
    """As the library wants it, signing with a key that platforms have had the time to see."""
    key = keys.signing()
    ours: Registration = registration.to_registration()
    ours.set_tool_private_key(key.private_key)
    ours.set_tool_public_key(key.public_key)
    return ours


class ToolConfig(DjangoToolConfig):
    registration: LtiRegistration | None
    deployment: LtiDeployment | None

    def find_registration_by_params(self, iss: str, client_id: str, *args: Any, **kwargs: Any) -> Registration | None:
        self.registration = registration_for(iss, client_id)
        if self.registration is None:
            known = LtiRegistration.objects.active().filter(issuer=iss, platform__isnull=False).exists()
            raise Refusal("audience" if known else "unknown")
        return for_library(self.registration)

    def find_deployment_by_params(self, iss: str, deployment_id: str, client_id: str, *args: Any, **kwargs: Any) -> Any:
        """An unknown one is written down as waiting, so that the centre's head can accept it; it opens nothing."""
        assert self.registration
        known = self.registration.deployments
        self.deployment = known.filter(deployment_id=deployment_id).first()
        if self.deployment is None and known.filter(is_active=False).count() < MOST_UNKNOWN:
            known.get_or_create(deployment_id=deployment_id)
        if self.deployment is None or not self.deployment.is_active:
            raise Refusal("deployment")
        return self.deployment


class Message(DjangoMessageLaunch):
    """The platform's answer. `registration` is known as soon as the issuer is, even when the rest is refused."""

    def __init__(self, request: HttpRequest) -> None:
        self.config = ToolConfig()
        super().__init__(request, self.config, requests_session=net.Session())  # type: ignore[no-untyped-call]
        self.posted = request.POST
        self.state = request.POST.get("state", "")[:400]

    def validate_state(self) -> Message:
        if self.posted.get("error"):
            raise Refusal("platform")
        if not self.state or len(self.posted.get("id_token", "")) > LONGEST:
            raise Refusal("claims")
        return self

    def validate_jwt_format(self) -> Message:
        super().validate_jwt_format()
        body, header = cast(Any, self._jwt["body"]), cast(Any, self._jwt["header"])
        if not isinstance(body, dict) or not isinstance(header, dict) or not is_sound(body):
            raise Refusal("claims")
        audience = body.get("aud")
        if isinstance(audience, list):
            # Several audiences say which one the message is for.
            if len(audience) > 1 and body.get("azp") not in audience:
                raise Refusal("audience")
            if len(audience) > 1:
                body["aud"] = [body["azp"], *(each for each in audience if each != body["azp"])]
            audience = body["aud"][0] if audience else None
        if not text(body.get("iss"), 255) or not text(audience, 255) or not text(body.get("sub"), 255):
            raise Refusal("claims")
        if not text(body.get(f"{LTI}deployment_id"), 255) or not isinstance(body.get("nonce"), str):
            raise Refusal("claims")
        if "azp" in body and body["azp"] != audience:
            raise Refusal("audience")
        return self

    def validate_nonce(self) -> Message:
        return self  # with the signature: an unsigned nonce says nothing

    def fetch_public_key(self, key_set_url: str) -> Any:
        kept = f"lti-keys:{digest_of(key_set_url)}"
        found = cache.get(kept)
        if found is None:
            try:
                found = self._requests_session.get(key_set_url).json()
            except (requests.RequestException, ValueError):
                found = None
            is_set = isinstance(found, dict) and isinstance(found.get("keys"), list)
            found = found if is_set else SILENT
            cache.set(kept, found, KEYS_KEPT if is_set else READ_ANEW)
        if found == SILENT:
            raise Refusal("keys")
        return found

    def get_public_key(self) -> tuple[Any, str]:
        """The platform's; asked anew when it has changed its keys since we last read them."""
        try:
            return cast(tuple[Any, str], super().get_public_key())
        except Refusal:
            raise
        except UNREADABLE:
            # Anyone may post a message signed by nobody: it doesn't have a platform asked each time.
            assert self._registration
            kept = f"lti-keys:{digest_of(str(self._registration.get_key_set_url()))}"
            if not cache.add(f"{kept}:anew", True, READ_ANEW):
                raise Refusal("key") from None
            cache.delete(kept)
            self._registration.set_key_set(None)
        try:
            return cast(tuple[Any, str], super().get_public_key())
        except UNREADABLE as problem:
            raise problem if isinstance(problem, Refusal) else Refusal("key") from None

    def validate_jwt_signature(self) -> Message:
        key, algorithm = self.get_public_key()
        if algorithm not in ALGORITHMS:
            raise Refusal("key")
        assert self.config.registration
        try:
            jwt.decode(
                self._get_id_token(),
                key,
                algorithms=[algorithm],
                audience=self.config.registration.client_id,
                issuer=self.config.registration.issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]},
            )
        except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError):
            raise Refusal("expired") from None
        except (jwt.InvalidAudienceError, jwt.InvalidIssuerError):
            raise Refusal("audience") from None
        except jwt.MissingRequiredClaimError:
            raise Refusal("claims") from None
        except (jwt.InvalidTokenError, ValueError, TypeError):
            raise Refusal("key") from None
        try:
            Launch.verify(self.state, self._jwt["body"]["nonce"], self.config.registration)
        except StateProblem as problem:
            raise Refusal(problem.code) from None
        return self

    def save_launch_data(self) -> Message:
        return self  # the library's storage isn't used: a `Launch` is


def begin(request: HttpRequest, registration: LtiRegistration, asked: Any, redirect_uri: str) -> tuple[str, str]:
    """The state, and where the browser goes to have the platform say who is there."""
    state = Launch.begin(registration)
    question = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": registration.client_id,
        "redirect_uri": redirect_uri,
        "state": state,
        "nonce": Launch.nonce_of(state),
        "login_hint": asked["login_hint"],
    }
    if asked.get("lti_message_hint"):
        question["lti_message_hint"] = asked["lti_message_hint"]
    mark = "&" if "?" in registration.auth_url else "?"
    return state, f"{registration.auth_url}{mark}{urlencode(question)}"


def receive(message: Message) -> Launch:
    """Walk through the answer and write down what it says; raises Refusal."""
    try:
        message.validate()
    except Refusal:
        raise
    except LtiException:
        raise Refusal("claims") from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Refusal("claims") from None  # a message whose parts aren't what they should be
    assert message.config.registration
    assert message.config.deployment
    said = condense(message.get_launch_data(), message.config.deployment)
    try:
        return Launch.receive(message.state, message.config.registration, said)
    except StateProblem as problem:
        raise Refusal(problem.code) from None


def condense(body: Any, deployment: LtiDeployment) -> dict[str, Any]:
    """What we need of a message, in the sizes we keep it in."""
    kind = body[f"{LTI}message_type"]
    if kind not in ("LtiResourceLinkRequest", "LtiDeepLinkingRequest"):
        raise Refusal("message")
    roles = [normalize_role(role) for role in part(body, f"{LTI}roles", list) if isinstance(role, str)]
    context, link = part(body, f"{LTI}context", dict), part(body, f"{LTI}resource_link", dict)
    endpoint, custom = part(body, ENDPOINT, dict), part(body, f"{LTI}custom", dict)
    choice = part(body, CHOICE, dict)
    scores = SCORE in part(endpoint, "scope", list)
    said: dict[str, Any] = {
        "kind": "choose" if kind == "LtiDeepLinkingRequest" else "open",
        "deployment": deployment.pk,
        "sub": body["sub"],
        "name": name_of(body),
        "email": text(body.get("email"), 254) or "",
        "teaches": any(TEACHES.search(role) for role in roles),
        "learns": any(LEARNS.search(role) for role in roles),
        "context": {"id": text(context.get("id"), 255) or "", "title": one_line(context.get("title"), 200)},
        "link": {"id": text(link.get("id"), 255) or "", "title": one_line(link.get("title"), 200)},
        "custom": {key: value for key in CUSTOM if (value := text(custom.get(key), 140))},
        "lineitem": address(endpoint.get("lineitem"), 1000) if scores else "",
        "members": address(part(body, MEMBERS, dict).get("context_memberships_url"), 200),
    }
    if said["kind"] == "choose":
        said["choice"] = {
            "return_url": address(choice.get("deep_link_return_url"), 2000),
            "several": choice.get("accept_multiple") in (True, "true"),
            "data": choice.get("data"),
        }
        if not said["choice"]["return_url"]:
            raise Refusal("claims")
    elif not said["link"]["id"]:
        raise Refusal("claims")
    return said


CUSTOM = ("essaim_fiche", "essaim_initiative", "essaim_devoir")


def is_sound(value: Any, depth: int = 0) -> bool:
    """No sign that a database refuses, and nothing nested without end."""
    if depth > DEEPEST:
        return False
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, dict):
        return all(is_sound(key, depth + 1) and is_sound(each, depth + 1) for key, each in value.items())
    if isinstance(value, list):
        return all(is_sound(each, depth + 1) for each in value)
    return True


def text(value: Any, longest: int) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= longest else None


def part(body: Any, key: str, kind: type) -> Any:
    found = body.get(key)
    return found if isinstance(found, kind) else kind()


def address(value: Any, longest: int) -> str:
    found = text(value, longest)
    return found if found and net.is_allowed(found) else ""


def one_line(value: Any, longest: int) -> str:
    """A text on one line, without the signs that can't be seen nor those that make markup."""
    if not isinstance(value, str):
        return ""
    seen = "".join(sign if sign.isprintable() and sign not in "<>" else " " for sign in value)
    return " ".join(seen.split())[:longest].strip()


def name_of(body: Any) -> str:
    whole = one_line(body.get("name"), 120)
    parts = (one_line(body.get(key), 60) for key in ("given_name", "family_name"))
    return whole or " ".join(each for each in parts if each)
