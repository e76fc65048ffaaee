"""The trame to download: the questions of the screens, on paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date
from django.views.decorators.http import require_safe

from initiatives.trame import making
from initiatives.trame.odt import MIMETYPE

TYPES = {"odt": MIMETYPE, "pdf": "application/pdf"}
NAME = "Essaim, la trame à remplir"


@require_safe
def trame(request: HttpRequest, kind: str) -> HttpResponseBase:
    made = making.made(kind)
    response = HttpResponse(made.content, content_type=TYPES[kind])
    response["ETag"] = made.etag
    response["Last-Modified"] = http_date(made.made_at.timestamp())
    response["Cache-Control"] = "public, max-age=300"
    response["Content-Disposition"] = content_disposition_header(True, f"{NAME}.{kind}") or "attachment"
    return get_conditional_response(request, made.etag, int(made.made_at.timestamp()), response) or response
