"""How many messages come from one place, without knowing whose: a keyed hash of its address, kept seven days."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

KEPT = timedelta(days=7)
_LOCK = 0x455353  # of this room: one message at a time is counted


def sender_of(request: HttpRequest) -> str:
    """A keyed hash of the client's address (of its network, in IPv6), read through the proxies the settings trust."""
    try:
        address = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    except (PermissionDenied, ValueError):
        network = ""
    else:
        network = str(ipaddress.ip_network(f"{address}/{64 if address.version == 6 else 32}", strict=False))
    return salted_hmac("initiatives.senders", network, algorithm="sha256").hexdigest()


def one_at_a_time() -> None:
    """Inside a transaction: what is counted stays true until it ends, whoever else sends at the same moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def forget_senders(now: datetime) -> int:
    """Empty what is older than seven days; how many there were."""
    from initiatives.models import Alert, Edition, Inquiry, Report

    written = sum(
        model.objects.filter(at__lt=now - KEPT).exclude(sender="").update(sender="") for model in (Report, Inquiry)
    )
    written += Edition.objects.filter(made_at__lt=now - KEPT).exclude(sender="").update(sender="")
    return written + Alert.objects.filter(asked_at__lt=now - KEPT).exclude(sender="").update(sender="")
