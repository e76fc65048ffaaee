"""Reads a PDF from its input, writes it anew on its output: run alone, in a process that has little memory and time.

First a line of JSON, {"pages", "text"} or {"refused": word}, then the new file. Pages, links, bookmarks and the tags
that screen readers follow are kept. Left out: who made it, when and with what (Info, XMP, private notes of programs,
authors of comments), and what starts by itself. Programs, joined files, forms that send and films are refused.
"""

import io
import json
import resource
import sys
import time
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

MEMORY, SECONDS = 512 * 1024 * 1024, 20
MAX_PAGES, MAX_OBJECTS, MAX_TEXT, SECONDS_OF_TEXT = 500, 300_000, 400_000, 6

ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"}
ACTIVE_ACTIONS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute",
}  # fmt: skip
ACTIVE_PARTS = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
LEFT_OUT = {"/Metadata", "/PieceInfo", "/LastModified", "/AA", "/OpenAction", "/Perms", "/SpiderInfo", "/WebCapture"}
OF_COMMENTS = {"/T", "/CreationDate", "/M", "/NM"}
SAFE_LINKS = ("http://", "https://", "mailto:")


class Refused(Exception):
    pass


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(3_000)
    content = sys.stdin.buffer.read()
    body = b""
    try:
        said, body = anew(content)
    except Refused as refusal:
        said = {"refused": str(refusal)}
    except (Exception, RecursionError, MemoryError):
        said = {"refused": "unreadable"}
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + body)
    return 0


def anew(content: bytes) -> tuple[dict[str, Any], bytes]:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise Refused("encrypted")
    pages = len(reader.pages)
    if not pages:
        raise Refused("unreadable")
    if pages > MAX_PAGES:
        raise Refused("long")
    for part in parts(reader.trailer["/Root"]):
        if is_active(part):
            raise Refused("active")
    writer = PdfWriter(clone_from=reader)
    for part in parts(writer.root_object):
        clean(part)
    writer.metadata = None
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    return {"pages": pages, "text": text_of(reader)}, out.getvalue()


def parts(root: Any) -> Iterator[Any]:
    """Every dictionary and stream that can be reached, once."""
    seen, waiting = set(), [root]
    while waiting:
        part = waiting.pop()
        if isinstance(part, IndirectObject):
            if (part.idnum, part.generation) in seen:
                continue
            seen.add((part.idnum, part.generation))
            if len(seen) > MAX_OBJECTS:
                raise Refused("unreadable")
            part = part.get_object()
        if isinstance(part, DictionaryObject):
            yield part
            waiting.extend(dict.values(part))
        elif isinstance(part, ArrayObject):
            waiting.extend(list.__iter__(part))


def is_active(part: Any) -> bool:
    if ACTIVE_KEYS & set(part):
        return True
    action = part.raw_get("/S") if "/S" in part else None
    if isinstance(action, NameObject) and action in ACTIVE_ACTIONS:
        return True
    kind = part.raw_get("/Subtype") if "/Subtype" in part else None
    return isinstance(kind, NameObject) and kind in ACTIVE_PARTS


def clean(part: Any) -> None:
    for key in LEFT_OUT & set(part):
        del part[key]
    is_noted = part.get("/Type") == "/Annot" or "/Rect" in part
    if is_noted and part.get("/Subtype") != "/Widget":
        for key in OF_COMMENTS & set(part):
            del part[key]
    if part.get("/S") == "/URI" and not str(part.get("/URI", "")).lower().startswith(SAFE_LINKS):
        part[NameObject("/S")] = NameObject("/Named")
        part.pop("/URI", None)
    if isinstance(part, StreamObject) and part.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        part._data = without_notes(part._data)


def without_notes(jpeg: bytes) -> bytes:
    """A photograph inside the PDF, without its EXIF, XMP and comments: its pixels aren't touched."""
    if jpeg[:2] != b"\xff\xd8":
        return jpeg
    kept, at = [b"\xff\xd8"], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            break
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        is_note = marker == 0xFE or (0xE1 <= marker <= 0xEF and marker not in (0xE2, 0xEE))
        if not is_note:
            kept.append(jpeg[at:end])
        at = end
    return b"".join([*kept, jpeg[at:]])


def text_of(reader: PdfReader) -> str:
    """The words of the file, as far as little time allows."""
    until = time.process_time() + SECONDS_OF_TEXT
    texts, length = [], 0
    for page in reader.pages:
        if length > MAX_TEXT or time.process_time() > until:
            break
        try:
            texts.append(page.extract_text())
        except Exception:  # noqa: S112  # a page that doesn't give its words is still a page
            continue
        length += len(texts[-1])
    return "\n".join(texts)[:MAX_TEXT].replace("\x00", "")


if __name__ == "__main__":
    sys.exit(main())
