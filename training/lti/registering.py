"""Dynamic registration (IMS): a platform and we exchange who we are, opened by a link made for one centre, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from lti_tool.models import LtiDeployment, LtiRegistration

from accounts.models import Person
from training.lti import net
from training.lti.launching import SCORE, is_sound, one_line, text
from training.models import Centre, Platform, RegistrationLink

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
SCOPES = (SCORE, "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly")
DESCRIPTION = "Donner à lire les fiches du guide et des initiatives réelles, et recevoir des notes."


class NotRegistered(Exception):
    """Why the platform isn't registered, in a sentence its administrator understands."""


@dataclass(frozen=True)
class Offer:
    """What a platform says of itself."""

    issuer: str
    auth_url: str
    token_url: str
    keyset_url: str
    registration_url: str
    name: str


def place(name: str) -> str:
    return settings.SITE_URL + reverse(f"lti:{name}")


def ours() -> dict[str, str]:
    """The addresses an administrator copies when registering by hand."""
    return {name: place(name) for name in ("launch", "login", "choose", "keys")}


def read(address: str, session: net.Session) -> Offer:
    """What this address of configuration says; raises NotRegistered."""
    if not net.is_allowed(address):
        raise NotRegistered("L’adresse de configuration donnée par la plateforme n’est pas une adresse https.")
    try:
        said = session.get(address).json()
    except (requests.RequestException, ValueError):
        raise NotRegistered("La plateforme n’a pas donné sa configuration.") from None
    if not isinstance(said, dict):
        raise NotRegistered("La configuration donnée par la plateforme n’est pas lisible.")
    asked = {
        "issuer": "issuer",
        "auth_url": "authorization_endpoint",
        "token_url": "token_endpoint",
        "keyset_url": "jwks_uri",
        "registration_url": "registration_endpoint",
    }
    found = {name: text(said.get(key), 200) or "" for name, key in asked.items()}
    if not all(net.is_allowed(value) for value in found.values()):
        raise NotRegistered("La configuration de la plateforme est incomplète.")
    if urlsplit(found["issuer"]).hostname != urlsplit(address).hostname:
        raise NotRegistered("Cette configuration parle au nom d’un autre site que le sien.")
    about = said.get(PLATFORM)
    family = one_line(about.get("product_family_code"), 60) if isinstance(about, dict) else ""
    host = urlsplit(found["issuer"]).hostname or ""
    return Offer(**found, name=f"{family.capitalize()} {host}".strip())


def request_for() -> dict[str, Any]:
    """Who we are, in the words of the specification."""
    launch, choose = place("launch"), place("choose")
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": place("login"),
        "redirect_uris": [launch, choose],
        "client_name": settings.SITE_NAME,
        "jwks_uri": place("keys"),
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(SCOPES),
        TOOL: {
            "domain": urlsplit(settings.SITE_URL).netloc,
            "description": DESCRIPTION,
            "target_link_uri": launch,
            "claims": ["iss", "sub", "name", "given_name", "family_name", "email"],
            "messages": [
                {"type": "LtiResourceLinkRequest", "target_link_uri": launch},
                {"type": "LtiDeepLinkingRequest", "target_link_uri": choose, "label": "Choisir dans Essaim"},
            ],
        },
    }


def register(link: RegistrationLink, address: str, token: str) -> Platform:
    """Register the platform of this configuration for the link's centre; raises NotRegistered, and the link stays."""
    if not link.use():
        raise NotRegistered("Ce lien vient de servir.")
    try:
        return _register(link, address, token)
    except NotRegistered:
        link.give_back()
        raise


def _register(link: RegistrationLink, address: str, token: str) -> Platform:
    session = net.Session()
    offer = read(address, session)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = session.post(offer.registration_url, json=request_for(), headers=headers)
        said = answer.json() if answer.ok else None
    except (requests.RequestException, ValueError):
        said = None
    client = text(said.get("client_id"), 255) if isinstance(said, dict) and is_sound(said) else None
    if said is None or client is None:
        raise NotRegistered("La plateforme a refusé l’inscription.")
    tool = said.get(TOOL)
    deployment = text(tool.get("deployment_id"), 255) if isinstance(tool, dict) else None
    return keep(
        link.centre,
        link.made_by,
        {
            "name": offer.name,
            "issuer": offer.issuer,
            "client_id": client,
            "auth_url": offer.auth_url,
            "token_url": offer.token_url,
            "keyset_url": offer.keyset_url,
        },
        deployment or "",
    )


def keep(centre: Centre, by: Person | None, said: dict[str, str], deployment: str) -> Platform:
    """Write a platform down for a centre; one that is known already isn't taken over."""
    try:
        with transaction.atomic():
            registration = LtiRegistration.objects.create(**said)
            if deployment:
                LtiDeployment.objects.create(registration=registration, deployment_id=deployment, is_active=True)
            return Platform.objects.create(registration=registration, centre=centre, opened_by=by)
    except IntegrityError:
        raise NotRegistered("Cette plateforme est déjà inscrite avec cet identifiant.") from None
