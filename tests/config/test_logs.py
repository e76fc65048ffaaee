"""What logs never hold: an address that is a secret by itself, wherever a line says it."""

import logging
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from gunicorn.config import Config

from config.access import Logger
from config.logs import WithoutSecrets, masked

KEY = "Sfyx05_53p-KRAkou4xc4etlMIW69ZeDKErp0lMoMGI"
PATH = f"/formation/agenda/{KEY}.ics"


@pytest.mark.parametrize(
    "line",
    [
        f"GET {PATH} HTTP/1.1",
        f"Not Found: {PATH}",
        f"https://essaim.test{PATH}?x=1",
        f"<WSGIRequest: GET '{PATH}'>",
        f'"{PATH}" "{PATH}"',
    ],
)
def test_a_key_is_in_no_line(line):
    assert KEY not in masked(line)
    assert "/formation/agenda/…" in masked(line)


@pytest.mark.parametrize("line", ["GET /formation/agenda/ HTTP/1.1", "/formation/devoirs/12/", "rien", ""])
def test_what_is_no_secret_is_said(line):
    assert masked(line) == line


def test_a_traceback_is_read_too():
    try:
        raise ValueError(PATH)
    except ValueError:
        record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Broken: %s", (PATH,), sys.exc_info())
    said = WithoutSecrets("{levelname} {message}", style="{").format(record)
    assert "ValueError" in said
    assert KEY not in said


def test_the_site_writes_with_it():
    formatters = settings.LOGGING["formatters"]
    assert formatters["line"]["class"] == "config.logs.WithoutSecrets"
    assert {handler["formatter"] for handler in settings.LOGGING["handlers"].values()} == {"line"}


def test_the_servers_access_log_writes_without_it():
    configuration = Config()
    answer = SimpleNamespace(status="200 OK", sent=12, headers=[])
    request = SimpleNamespace(headers=[("REFERER", f"https://essaim.test{PATH}")])
    environ = {
        "REQUEST_METHOD": "GET", "RAW_URI": PATH, "PATH_INFO": PATH, "QUERY_STRING": "", "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://essaim.test{PATH}", "HTTP_USER_AGENT": "agenda",
    }  # fmt: skip
    said = Logger(configuration).atoms(answer, request, environ, timedelta(seconds=1))
    assert said["r"] == "GET /formation/agenda/… HTTP/1.1"
    assert KEY not in str(said["f"]) + str(said["U"]) + str(said["r"])
    line = configuration.access_log_format % {name: str(value) for name, value in said.items() if "{" not in name}
    assert KEY not in line
