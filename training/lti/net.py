"""Asking something of a platform: its addresses come from outside, so nothing of ours is reachable through them.

No redirect is followed, no proxy of the environment is used, an answer has a size and a time, and what answers must
not be on our own network: it is looked at on the open connection, so a name that changes its mind changes nothing.
"""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from socket import SHUT_RDWR, socket
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import HTTPResponse

TIMEOUT = (3.05, 5)  # seconds to be reached, then to answer
LONGEST = 12  # seconds for a whole answer, however slowly it comes
MOST = 2_000_000  # bytes of an answer: the members of a big course, and much more than any other
AGENT = "Essaim (LTI 1.3)"


class Unreachable(requests.RequestException):
    """What we don't ask anything of, or what answers too much."""


def is_allowed(address: str) -> bool:
    """An address one may give us: https and a name, or anything on this machine while it is a demonstration."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username or parts.password or not address.isprintable() or " " in address:
        return False
    if settings.LTI_LOCAL_PLATFORMS:
        return parts.scheme in ("http", "https")
    return parts.scheme == "https" and port in (None, 443) and "." in parts.hostname and not is_number(parts.hostname)


def is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.replace(".", "").isdigit()
    return True


def origin_of(address: str) -> str:
    """« https://moodle.exemple.fr »; empty when the address can't be used in a policy."""
    if not is_allowed(address):
        return ""
    parts = urlsplit(address)
    host = (parts.hostname or "").encode("idna").decode() if parts.hostname and not parts.hostname.isascii() else None
    name = host or parts.hostname or ""
    if not name.replace(".", "").replace("-", "").replace("_", "").isalnum():
        return ""
    return f"{parts.scheme}://{name}{f':{parts.port}' if parts.port else ''}"


def _checked(peer: socket) -> socket:
    """An open connection, when who is at its other end is on the public internet; nothing was said to it yet."""
    if settings.LTI_LOCAL_PLATFORMS:
        return peer
    address = ipaddress.ip_address(peer.getpeername()[0].partition("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    if not address.is_global or address.is_multicast:
        peer.close()
        raise Unreachable("an address of a private network")
    return peer


class _Timed(HTTPConnection):
    """An answer that hasn't ended in time is cut: sign after sign, none of its waits would ever be too long."""

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as the library's own
        limit = _Limit(self.sock)
        limit.start()
        try:
            answer = super().getresponse()
        except BaseException:
            limit.cancel()
            raise
        answer.limit = limit  # type: ignore[attr-defined]
        return answer


class _Limit(Timer):
    """Cuts a connection when its time is over, and says so first: who reads it then sees an end like another."""

    def __init__(self, peer: socket) -> None:
        super().__init__(LONGEST, self._cut, [peer])
        self.daemon, self.has_cut = True, False

    def _cut(self, peer: socket) -> None:
        self.has_cut = True
        with suppress(OSError):  # closed already
            peer.shutdown(SHUT_RDWR)


class _Plain(_Timed):
    def _new_conn(self) -> socket:
        return _checked(super()._new_conn())


class _Secure(_Timed, HTTPSConnection):
    def _new_conn(self) -> socket:
        return _checked(super()._new_conn())


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Guarded(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        self.poolmanager = PoolManager(num_pools=args[0], maxsize=args[1], block=kwargs.get("block", False))
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


class Session(requests.Session):
    """What the library asks with."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.headers["User-Agent"] = AGENT
        self.mount("https://", _Guarded(max_retries=0))
        self.mount("http://", _Guarded(max_retries=0))

    def request(self, method: str, url: str, **options: Any) -> requests.Response:  # type: ignore[override]
        if not is_allowed(str(url)):
            raise Unreachable("not an address one may give us")
        options |= {"timeout": TIMEOUT, "allow_redirects": False, "stream": True}
        answer = super().request(method, url, **options)
        body, limit = b"", answer.raw.limit
        try:
            for piece in answer.iter_content(65_536):
                body += piece
                if len(body) > MOST:
                    break
        finally:
            limit.cancel()
        if len(body) > MOST or limit.has_cut:
            answer.close()
            raise Unreachable("too long an answer, or too slow")
        answer._content = body  # what requests itself keeps when it isn't asked to stream
        if 300 <= answer.status_code < 400:
            answer.status_code = 502
        return answer
