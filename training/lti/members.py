"""Names and roles: who is in a course, asked of the platform when a trainer looks, and kept nowhere."""

from __future__ import annotations

import time as clock
from dataclasses import dataclass
from typing import Any

import requests
from lti_tool.lti_core.utils import normalize_role
from lti_tool.models import LtiUser
from pylti1p3.exception import LtiException
from pylti1p3.names_roles import NamesRolesProvisioningService
from pylti1p3.service_connector import ServiceConnector

from training.lti import launching, net
from training.models import CourseLink

MOST_PAGES = 20
PATIENCE = 15.0  # seconds for the whole list: a trainer, and a thread of ours, wait for it


class NoAnswer(Exception):
    """The platform doesn't say who is in its course."""


@dataclass(frozen=True)
class Roll:
    """`missing` are in the course and not yet in the cohort; `present` is how many are in both."""

    missing: list[str]
    present: int


def roll(tie: CourseLink) -> Roll:
    """Raises NoAnswer."""
    registration = tie.context.deployment.registration
    learners = [member for member in members(tie) if learns(member)]
    enrolled = tie.cohort.enrolments.current()
    here = set(
        LtiUser.objects.filter(
            registration=registration, auth_user__in=enrolled.values("student")
        ).values_list("sub", flat=True)
    )  # fmt: skip
    addresses = {email.lower() for email in enrolled.values_list("student__email", flat=True)}
    missing = [
        member
        for member in learners
        if str(member.get("user_id")) not in here and str(member.get("email") or "").lower() not in addresses
    ]
    names = sorted(launching.name_of(member) or "sans nom" for member in missing)
    return Roll(names, len(learners) - len(missing))


def members(tie: CourseLink) -> list[dict[str, Any]]:
    start = tie.context.memberships_url
    registration = tie.context.deployment.registration
    if not start or not registration.is_active:
        raise NoAnswer
    connector = ServiceConnector(launching.for_library(registration), net.Session())
    service = NamesRolesProvisioningService(connector, {"context_memberships_url": start})
    found: list[dict[str, Any]] = []
    address: str | None = start
    begun = clock.monotonic()
    try:
        for _ in range(MOST_PAGES):
            answer = service.get_nrps_data(address)
            found += [member for member in answer["body"].get("members", []) if isinstance(member, dict)]
            address = next_page(answer["headers"])
            if not address:
                return found
            if net.origin_of(address) != net.origin_of(start):
                break  # the token we were given is for this platform alone
            if clock.monotonic() - begun > PATIENCE:
                raise NoAnswer
    except (requests.RequestException, LtiException, ValueError, KeyError, TypeError, AttributeError):
        raise NoAnswer from None
    return found


def next_page(headers: dict[str, str]) -> str | None:
    """The library reads this header in small letters, and platforms' addresses have capitals."""
    said = next((value for name, value in headers.items() if name.lower() == "link"), "")
    links = requests.utils.parse_header_links(said) if said else []
    return next((link["url"] for link in links if link.get("rel") == "next"), None)


def learns(member: dict[str, Any]) -> bool:
    roles = member.get("roles")
    names = [normalize_role(role) for role in roles if isinstance(role, str)] if isinstance(roles, list) else []
    return (
        member.get("status", "Active") == "Active"
        and any(launching.LEARNS.search(name) for name in names)
        and not any(launching.TEACHES.search(name) for name in names)
    )
