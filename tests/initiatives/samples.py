"""Files as people send them, and as no one should: made here, small, each with the mark that must not survive."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter
from pypdf.annotations import Text
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

MARK = "MARQUE-A-NE-PAS-GARDER"


def photo(width: int = 64, height: int = 48, format: str = "JPEG", **options: Any) -> bytes:
    """Red above, blue below."""
    image = Image.new("RGB", (width, height), "blue")
    ImageDraw.Draw(image).rectangle((0, 0, width, height // 2), fill="red")
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def talkative(format: str = "JPEG", orientation: int = 1) -> bytes:
    """A photograph that says where, when and by whom: EXIF with GPS, XMP, comment, profile."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = exif[0x013B] = exif[0x8298] = MARK  # description, artist, copyright
    exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 25.0, 48.0), 3: "E", 4: (2.0, 49.0, 55.0), 29: MARK})
    options: dict[str, Any] = {"exif": exif.tobytes()}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if format == "PNG":
        notes = PngInfo()
        notes.add_text("Comment", MARK)
        notes.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{MARK}</x:xmpmeta>")
        options |= {"pnginfo": notes, "icc_profile": profile}
    else:
        options |= {"xmp": f"<x:xmpmeta>{MARK}</x:xmpmeta>".encode(), "icc_profile": profile}
    if format == "JPEG":
        options |= {"comment": MARK.encode(), "quality": 95}
    return photo(format=format, **options)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, body: bytes = b"", *chunks: bytes) -> bytes:
    """A PNG that claims a size, whatever it holds."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [_chunk(b"IHDR", head), *chunks, _chunk(b"IDAT", zlib.compress(body)), _chunk(b"IEND", b"")]
    )


def bomb() -> bytes:
    """Sixty-eight bytes that claim 400 million pixels."""
    return png(20_000, 20_000)


def text_bomb() -> bytes:
    """Eighty million letters in a few kilobytes of note."""
    note = b"Comment\x00\x00" + zlib.compress(b"a" * 80_000_000, 9)
    return png(8, 8, b"\x00" * 72, _chunk(b"zTXt", note))


def large_webp() -> bytes:
    """Claims 16 383 pixels a side."""
    body = bytearray(photo(format="WEBP"))
    at = body.index(b"\x9d\x01\x2a") + 3
    body[at : at + 4] = struct.pack("<HH", 16383, 16383)
    return bytes(body)


def animated(format: str) -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    out = io.BytesIO()
    frames[0].save(out, format, save_all=True, append_images=frames[1:])
    return out.getvalue()


def converted(format: str, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(photo(format="PNG"))).convert(mode).save(out, format)
    return out.getvalue()


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>window.__xss=1</script></svg>'
HTML = b"<!doctype html><script>window.__xss=1</script>"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 40
FILM = b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isomiso2" + b"\x00" * 40
ZIP = b"PK\x03\x04" + b"\x00" * 60


# PDF


def pdf(pages: int = 2, text: str = "Le bilan du groupe", **how: Any) -> bytes:
    """A document that says who made it; `how` adds what must be refused."""
    writer = PdfWriter()
    for number in range(pages):
        page = writer.add_blank_page(200, 200)
        words = f"BT /F1 12 Tf 20 100 Td ({text} {number + 1}) Tj ET".encode("latin-1")
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        fonts = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): fonts})}
        )
        stream = DecodedStreamObject()
        stream.set_data(words)
        page[NameObject("/Contents")] = writer._add_object(stream)
        page[NameObject("/PieceInfo")] = DictionaryObject({NameObject("/Word"): TextStringObject(MARK)})
    writer.add_metadata({"/Author": MARK, "/Title": MARK, "/Creator": MARK, "/Company": MARK})
    writer.xmp_metadata = f"<x:xmpmeta>{MARK}</x:xmpmeta>".encode()
    if how.get("comment"):
        note = Text(rect=(10, 10, 30, 30), text="À relire")
        note[NameObject("/T")] = TextStringObject(MARK)
        writer.add_annotation(0, note)
    if how.get("joined"):
        writer.add_attachment("liste.xlsx", b"PK")
    if how.get("action"):
        start = {"/S": NameObject(how["action"]), "/F": TextStringObject("calc.exe"), "/JS": TextStringObject("1")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(key): value for key, value in start.items()}
        )
    if how.get("password"):
        writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
