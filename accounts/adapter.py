"""allauth's letters go through the outbox like all others: a request never waits for a mail server."""

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.template.loader import render_to_string

from accounts import post


class Adapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        full = {**context, "SITE_URL": settings.SITE_URL, "SITE_NAME": settings.SITE_NAME}
        subject = render_to_string(f"{template_prefix}_subject.txt", full)
        body = render_to_string(f"{template_prefix}_message.txt", full)
        key = f"{template_prefix}:{email}:{secrets.token_hex(8)}"
        post.put(key=key, to=email, person=None, subject=subject, body=body.strip() + "\n")
