"""What the platform's pages call: where a click begins, and where its answer comes back. They hold no session."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from lti_tool.models import LtiRegistration

from training.lti import choosing, frames, keys, launching
from training.lti.refusals import Refusal
from training.models import Launch
from training.models.lti import digest_of

# What a platform says when a click begins, given back as it is when the click goes on in a window of its own.
ASKED = ("iss", "client_id", "login_hint", "target_link_uri", "lti_message_hint", "lti_deployment_id")
LONGEST = 4_000


@require_safe
def keys_set(request: HttpRequest) -> JsonResponse:
    return JsonResponse(keys.published())


@csrf_exempt  # a platform's page sends the browser here; nothing is changed, and no cookie of a person is read
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponseBase:
    """A click begins. In a frame, it goes on in a window of its own, where the browser keeps our cookies."""
    given = request.POST if request.method == "POST" else request.GET
    asked = {name: given[name] for name in ASKED if given.get(name)}
    if not asked.get("iss") or not asked.get("login_hint") or any(len(value) > LONGEST for value in asked.values()):
        return frames.refuse(request, Refusal("claims"))
    registration = launching.registration_for(asked["iss"], asked.get("client_id", ""))
    if registration is None:
        return frames.refuse(request, Refusal("unknown"))
    chooses = urlsplit(asked.get("target_link_uri", "")).path == reverse("lti:choose")
    if frames.is_framed(request) and not chooses:
        return in_a_window(request, registration, f"{reverse('lti:login')}?{urlencode(asked)}")
    back = settings.SITE_URL + reverse("lti:choose" if chooses else "lti:launch")
    state, where = launching.begin(request, registration, asked, back)
    answer = redirect(where)
    answer["Cache-Control"] = "private, no-store"
    remember(request, answer, state)
    return answer


def remember(request: HttpRequest, answer: HttpResponseBase, state: str) -> None:
    """Mark the browser in which the click began. The platform's answer comes from its own site, hence SameSite=None."""
    secure = request.is_secure() or settings.LTI_LOCAL_PLATFORMS  # browsers take such a cookie from this machine too
    answer.set_cookie(
        cookie_of(state),
        state,
        max_age=int(Launch.VISIT.total_seconds()),
        path=reverse("lti:home"),
        secure=secure,
        httponly=True,
        samesite="None" if secure else "Lax",
    )


def cookie_of(state: str) -> str:
    return f"lti-{digest_of(state)[:16]}"


def began_here(request: HttpRequest, state: str) -> bool:
    return bool(state) and request.COOKIES.get(cookie_of(state)) == state


@csrf_exempt  # signed by the platform, for a state of ours that serves once
@require_POST
def launch(request: HttpRequest) -> HttpResponseBase:
    """The platform's answer: who clicked, in which course, on what."""
    return received(request)


@csrf_exempt
@require_POST
def choose(request: HttpRequest) -> HttpResponseBase:
    """The same, for who chooses what an activity of their course will open."""
    return received(request)


@csrf_exempt  # the form stands in a frame, without cookies: the state of the launch, in its address, says who sends it
@require_POST
def chosen(request: HttpRequest, state: str) -> HttpResponseBase:
    """What was chosen: the page again with its errors, or the answer to the platform."""
    arrived = Launch.visiting(state)
    if arrived is None or arrived.said.get("kind") != "choose" or not arrived.registration.is_active:
        return frames.refuse(request, Refusal("replayed"), arrived.registration if arrived else None)
    return choosing.page(request, arrived, state, posted=request.POST)


def received(request: HttpRequest) -> HttpResponseBase:
    message = launching.Message(request)
    try:
        arrived = launching.receive(message)
    except Refusal as refusal:
        return frames.refuse(request, refusal, message.config.registration)
    registration, said = arrived.registration, arrived.said
    if said["kind"] == "choose":
        # No session is opened here: what the page may do is what this launch may, in whatever frame it stands.
        return choosing.page(request, arrived, message.state)
    public = public_page(said["custom"])
    if public:
        arrived.end()
    elif not began_here(request, message.state):
        arrived.end()
        return frames.refuse(request, Refusal("cookie"), registration)
    where = public or reverse("lti:arrival", args=[message.state])
    if frames.is_framed(request):
        return in_a_window(request, registration, where)
    return redirect(where)


def in_a_window(request: HttpRequest, registration: LtiRegistration, where: str) -> HttpResponse:
    """The button that opens this in a window of its own, for a frame to show."""
    context = {"where": where, "platform": registration.name}
    return frames.show(request, "training/lti/new_window.html", context, by=frames.origins_of(registration))


def public_page(custom: dict[str, Any]) -> str:
    """Where a fiche or an initiative alone is read: by everyone, without an account."""
    number, slug = custom.get("essaim_fiche", ""), custom.get("essaim_initiative", "")
    if number.isascii() and number.isdigit() and len(number) < 4:
        return reverse("guide:fiche", args=[int(number)])
    if slug and slug.replace("-", "").isalnum() and slug.isascii():
        return reverse("initiatives:sheet", args=[slug])
    return ""
