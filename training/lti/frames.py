"""Pages shown in a frame of the platform's own page: the platform alone may frame them, and the rest stays as it is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from lti_tool.models import LtiRegistration

from training.lti import net
from training.lti.refusals import Refusal


def is_framed(request: HttpRequest) -> bool:
    """Browsers say where they are going to show what they ask for."""
    return request.headers.get("Sec-Fetch-Dest", "") in ("iframe", "frame", "embed", "object")


def origins_of(registration: LtiRegistration | None) -> list[str]:
    """Where a platform shows its pages: its issuer, and where it signs people in."""
    if registration is None:
        return []
    found = (net.origin_of(address) for address in (registration.issuer, registration.auth_url))
    return sorted({origin for origin in found if origin})


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    by: list[str],
    posts_to: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page that these origins may frame, and whose forms may go to `posts_to` beside ourselves."""
    answer = render(request, template, context, status=status)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    policy: dict[str, Any] = {**settings.SECURE_CSP}
    if by:
        policy["frame-ancestors"] = ["'self'", *by]
        answer.xframe_options_exempt = True
    if posts_to:
        policy["form-action"] = ["'self'", *posts_to]
    answer._csp_config = policy  # type: ignore[attr-defined]
    return answer


def refuse(request: HttpRequest, refusal: Refusal, registration: LtiRegistration | None = None) -> HttpResponse:
    """A plain page. An unknown platform's frame shows it too: there is nothing in it to be clicked by trickery."""
    return show(
        request,
        "training/lti/refused.html",
        {"reason": refusal.reason, "code": refusal.code},
        by=origins_of(registration) or (["*"] if is_framed(request) else []),
        status=refusal.reason.status,
    )
