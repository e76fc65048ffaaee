"""A photograph drawn anew: its pixels, upright, in sRGB, at fixed widths, and nothing else of what was sent.

The size it claims is read before anything is decoded; only JPEG, PNG and WebP are tried; one image is decoded at a time
in a process, so that ten large ones cost the memory of one.
"""

from __future__ import annotations

import io
import struct
import threading
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms

from initiatives.files.refusal import NotKept

MAX_PIXELS, MAX_SIDE = 25_000_000, 16_000
WIDTHS = (480, 960, 1600)
FORMATS = {"webp": "WEBP", "jpg": "JPEG"}
QUALITY = {"webp": 80, "jpg": 82}
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112
_one_at_a_time = threading.BoundedSemaphore(1)
# What Pillow's readers raise on a file that isn't what it says.
_UNREADABLE = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError, ZeroDivisionError,
    AttributeError, NotImplementedError, MemoryError, struct.error, Image.DecompressionBombError,
)  # fmt: skip

TOO_LARGE = (
    "cette image est trop grande pour être lue (25 millions de pixels au plus). "
    "Réduisez-la, par exemple en l’envoyant par courriel à vous-même en taille moyenne."
)
UNREADABLE = "ce fichier ne peut pas être lu comme une image : il est abîmé, ou d’un autre format que son nom le dit."
ANIMATED = "les images animées ne sont pas prises. Choisissez une photographie."


@dataclass(frozen=True)
class Drawn:
    """`files` maps « 480.webp » to its bytes; `width` and `height` are those of the widest."""

    width: int
    height: int
    widths: list[int]
    files: dict[str, bytes]


def draw(content: bytes) -> Drawn:
    """Raises NotKept where the image can't be taken."""
    with _one_at_a_time:
        try:
            return _drawn(content)
        except _UNREADABLE as trouble:
            raise NotKept(UNREADABLE) from trouble


def _drawn(content: bytes) -> Drawn:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our limit is lower, and is an error
        try:
            image: Image.Image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
        except Image.DecompressionBombError as bomb:
            raise NotKept(TOO_LARGE) from bomb
    if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
        raise NotKept(TOO_LARGE)
    # A phone's JPEG may hold a second image (depth, brightness): the first one is the photograph.
    if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
        raise NotKept(ANIMATED)
    turn = _UPRIGHT.get(_orientation(image))
    lying = turn in (
        Image.Transpose.TRANSPOSE, Image.Transpose.ROTATE_270, Image.Transpose.TRANSVERSE, Image.Transpose.ROTATE_90
    )  # fmt: skip
    profile = image.info.get("icc_profile")
    image.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))  # a JPEG is decoded no larger than needed
    image.load()
    image = _plain(image)
    width = image.height if lying else image.width
    widths = sorted({*(known for known in WIDTHS if known < width), min(width, WIDTHS[-1])})
    image = _resized(image, widths[-1], lying=lying)
    if turn is not None:
        image = image.transpose(turn)
    image = _on_white(_in_srgb(image, profile))
    files: dict[str, bytes] = {}
    for width in widths:
        smaller = _resized(image, width, lying=False)
        for kind, name in FORMATS.items():
            files[f"{width}.{kind}"] = _encoded(smaller, name, QUALITY[kind])
    return Drawn(image.width, image.height, widths, files)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except _UNREADABLE:
        return 1  # a broken note about the photograph is no reason to refuse it


def _plain(image: Image.Image) -> Image.Image:
    """In a mode that can be resized: grey, RGB, RGBA or CMYK, eight bits a channel."""
    if image.mode in ("L", "RGB", "RGBA", "CMYK"):
        return image
    if image.mode.startswith(("I", "F")):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("RGB")


def _resized(image: Image.Image, width: int, *, lying: bool) -> Image.Image:
    """At this width once upright; never larger."""
    now = image.height if lying else image.width
    if now <= width:
        return image
    size = (max(1, round(side * width / now)) for side in image.size)
    across, down = size
    return image.resize((across, down), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as the web shows them; a profile that can't be read is left out."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    coloured = image.convert("RGB") if alpha is not None else image
    if profile:
        try:
            seen = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(coloured, seen, ImageCms.createProfile("sRGB"), outputMode="RGB")
            coloured = turned or coloured
        except (ImageCms.PyCMSError, *_UNREADABLE):
            pass
    coloured = coloured.convert("RGB")
    if alpha is not None:
        coloured.putalpha(alpha)
    return coloured


def _on_white(image: Image.Image) -> Image.Image:
    """The pixels alone, in an image that never knew the file: no note, comment or profile can follow."""
    clean = Image.new("RGB", image.size, "white")
    clean.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return clean


def _encoded(image: Image.Image, format: str, quality: int) -> bytes:
    out = io.BytesIO()
    options = {"progressive": True, "optimize": True} if format == "JPEG" else {"method": 4}
    image.save(out, format, quality=quality, **options)
    return out.getvalue()
