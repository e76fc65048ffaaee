"""A file of a sheet, given after asking each time whether this person may read it."""

from __future__ import annotations

import logging

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from guide.french import slug_of
from initiatives.models import Attachment, Upload
from initiatives.models.files import DOCUMENT

logger = logging.getLogger(__name__)

TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "pdf": "application/pdf"}


@require_safe
def file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    upload = get_object_or_404(Upload.objects.readable_by(request.user), token=token)
    if name not in upload.served:
        raise Http404
    # A cache may keep what is public, and asks again each time: a masked sheet vanishes at once.
    is_public: bool = upload.is_public  # type: ignore[attr-defined]
    etag = f'"{upload.digest[:32]}-{name}"'
    if is_public and not request.user.is_authenticated:
        known = get_conditional_response(request, etag=etag)
        if known is not None:
            return _told(known, upload, name, etag, is_public)
    if request.method == "HEAD":
        return _told(HttpResponse(), upload, name, etag, is_public)
    try:
        content = default_storage.open(f"{upload.folder}/{name}")
    except FileNotFoundError:
        logger.error("a stored file is missing: %s/%s", upload.folder, name)
        raise Http404 from None
    except OSError:
        logger.exception("the storage doesn't answer")
        return render(request, "503.html", status=503)
    return _told(FileResponse(content), upload, name, etag, is_public)


def _told(
    response: HttpResponseBase, upload: Upload, name: str, etag: str, is_public: bool
) -> HttpResponseBase:  # fmt: skip
    """What a browser must know: never to guess what this is, never to run it, whether to keep it."""
    response["Content-Type"] = TYPES[name.rpartition(".")[2]]
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-cache" if is_public else "private, no-store"
    if is_public:
        response["ETag"] = etag
    del response["Content-Disposition"]
    if name == DOCUMENT:
        disposition = content_disposition_header(True, _title(upload, is_public))
        response["Content-Disposition"] = disposition or "attachment"
    return response


def _title(upload: Upload, is_public: bool) -> str:
    """Named after the title its authors gave, never after the name it had on their machine."""
    rows = Attachment.objects.filter(upload=upload)
    if is_public:
        rows = rows.filter(version__public_of__isnull=False)
    row = rows.order_by("-version__number").first()
    return f"{slug_of(row.title) if row else ''}.pdf" if row and slug_of(row.title) else DOCUMENT
