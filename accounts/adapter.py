"""Where allauth meets the house: its letters go through the outbox, its sentences are ours, its addresses are local."""

from __future__ import annotations

import secrets
import time
from typing import Any

import qrcode
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from qrcode.image.svg import SvgPathFillImage

from accounts import arrivals, post
from accounts.models import Person

TOO_MANY = "Trop d’essais. Attendez un peu, ou demandez un lien de connexion par courriel."


class Adapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Ce compte est fermé.",
        "cannot_remove_primary_email": "L’adresse principale reste\u00a0: choisissez-en d’abord une autre.",
        "duplicate_email": "Cette adresse est déjà sur votre compte.",
        "email_password_mismatch": "L’adresse ou le mot de passe est inexact. Vous pouvez aussi recevoir un lien.",
        "email_taken": "Un compte existe déjà avec cette adresse.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_code": "Ce code n’est pas le bon, ou il a expiré\u00a0: recopiez celui qui s’affiche maintenant.",
        "incorrect_password": "Ce n’est pas votre mot de passe.",
        "invalid_or_expired_key": "Ce lien n’est plus valable.",
        "invalid_login": "L’adresse ou le mot de passe est inexact.",
        "invalid_password_reset": "Ce lien n’est plus valable.",
        "max_email_addresses": "Un compte a au plus %d adresses.",
        "rate_limited": "Trop d’essais. Attendez un peu avant de recommencer.",
        "same_as_current": "C’est déjà la valeur actuelle.",
        "too_many_login_attempts": TOO_MANY,
        "unverified_primary_email": "Confirmez d’abord votre adresse principale.",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A letter is one template: its subject on the first line, its body below."""
        user = context.get("user")
        person = user if isinstance(user, Person) and user.pk else None
        full = {**context, "person": person, "SITE_URL": settings.SITE_URL, "SITE_NAME": settings.SITE_NAME}
        text = render_to_string(f"{template_prefix}.txt", {**full, "email": email}).strip()
        subject, _, body = text.partition("\n")
        key = f"{template_prefix}:{secrets.token_hex(8)}:{email}"[:200]
        post.put(key=key, to=email, person=person, subject=subject, body=body.strip() + "\n")

    def post_login(self, request: HttpRequest, user: Any, **about: Any) -> HttpResponse:
        arrivals.welcome(request, user)
        answer: HttpResponse = super().post_login(request, user, **about)
        return answer

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """What waits for this address waits no longer: one transaction, so that neither is done without the other."""
        with transaction.atomic():
            done = bool(super().confirm_email(request, email_address))
            if done:
                arrivals.confirmed(email_address.user)
        return done

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit=commit)

    def is_safe_url(self, url: str) -> bool:
        """A path of this site, never another host, whatever tricks its spelling tries."""
        return (
            url.startswith("/") and url.isprintable() and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
        )  # fmt: skip

    # Addresses written in letters come from the settings, never from the Host header.

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return settings.SITE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, token = key.partition("-")
        return settings.SITE_URL + reverse("account_reset_password_from_key", args=[uid, token])

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago has just proved who they are."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        proofs = get_authentication_records(self.request, self.request.user)
        return not proofs or time.time() - proofs[-1]["at"] > app_settings.REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {"reauthenticate": "Avec mon mot de passe", "mfa_reauthenticate": "Avec un code de mon téléphone"}
        return [{**way, "description": words[way["id"]]} for way in super().get_reauthentication_methods(user)]


class SecondFactorAdapter(DefaultMFAAdapter):
    def build_totp_svg(self, url: str) -> str:
        """On a white ground, so that a phone reads it in the dark theme too."""
        drawing = qrcode.make(url, image_factory=SvgPathFillImage)
        return str(drawing.to_string(encoding="unicode"))

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": "Ce compte a un second facteur\u00a0: il ne peut pas recevoir d’autre adresse.",
        "cannot_delete_authenticator": "Vous ne pouvez pas retirer votre second facteur.",
        "cannot_generate_recovery_codes": "Mettez d’abord en place votre second facteur.",
        "incorrect_code": Adapter.error_messages["incorrect_code"],
        "unverified_email": "Confirmez d’abord toutes vos adresses électroniques, ou retirez celles de trop.",
    }
