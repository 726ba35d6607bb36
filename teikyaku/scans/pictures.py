"""Pictures drawn anew: upright, at most 2,400 pixels, without anything but the pixels."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from teikyaku.scans.refused import ScanRefused

# A sheet of A4 at this length is 205 dots an inch: small print can be read.
LONGEST_EDGE = 2400
THUMBNAIL_EDGE = 320
# A phone's 48 megapixels pass; a bomb of some kilobytes that unfolds to gigabytes does not.
MOST_PIXELS = 50_000_000
QUALITY, THUMBNAIL_QUALITY = 85, 70

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
# Pillow only warns up to twice the limit: here the limit is the limit.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG and its size in pixels."""

    body: bytes
    width: int
    height: int


def picture_anew(body: bytes, kind: str) -> Picture:
    """Decode `body`, which claims to be `kind` (JPEG, PNG, WEBP), and draw it anew.

    Raises ScanRefused for too many pixels and for what is damaged.
    """
    try:
        with Image.open(BytesIO(body), formats=[kind]) as found:
            _refuse_bomb(found)
            # A JPEG is decoded at a part of its size: a large photo needs no large memory.
            found.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
            return _drawn(ImageOps.exif_transpose(found))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ScanRefused(_too_large()) from error
    except (OSError, SyntaxError, ValueError, ZeroDivisionError, EOFError, MemoryError) as error:
        if isinstance(error, ScanRefused):
            raise
        raise ScanRefused(_("写真が壊れているか、途中で切れています。")) from error


def picture_of(image: Image.Image) -> Picture:
    """An image in memory as a JPEG of at most the longest edge."""
    return _drawn(image)


def thumbnail_of(body: bytes) -> bytes:
    """A small JPEG of a picture of ours."""
    with Image.open(BytesIO(body), formats=["JPEG"]) as found:
        found.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
        return _jpeg(found, THUMBNAIL_QUALITY)


def _refuse_bomb(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise ScanRefused(_too_large())


def _too_large() -> str:
    return _("画素が多すぎます。5,000万画素までの写真にしてください。")


def _drawn(image: Image.Image) -> Picture:
    image.thumbnail((LONGEST_EDGE, LONGEST_EDGE), reducing_gap=3.0)
    flat = _on_white(image)
    return Picture(_jpeg(flat, QUALITY), flat.width, flat.height)


def _on_white(image: Image.Image) -> Image.Image:
    """RGB; what is transparent becomes paper, not black."""
    if image.mode in ("RGB", "L"):
        return image.convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return image.convert("RGB")


def _jpeg(image: Image.Image, quality: int) -> bytes:
    written = BytesIO()
    # A copy of the pixels alone: `info` may hold EXIF, comments and profiles.
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    bare.save(written, "JPEG", quality=quality, optimize=True)
    return written.getvalue()
