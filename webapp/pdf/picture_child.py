"""The process that makes photos fit to be looked at; the only one that decodes what people upload.

Runs as `python -m webapp.pdf.picture_child`. A request is {"keep_place": bool} with the picture as
body; the answer {"ok", "media_type", "size", "width", "height", "peak_kib"} with the copy and,
behind it, the thumbnail, or {"ok": false, "kind": "too_large" | "broken"}.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pillow_heif
from PIL import Image, ImageOps

from webapp.pdf import frames
from webapp.pdf.bare import bare_jpeg, bare_png
from webapp.pdf.peak import peak_kib
from webapp.pdf.serving import opens_nothing, serve

MOST_PIXELS = 80_000_000
"""More than any phone takes; a bomb says billions."""
MOST_BYTES = 2**30
"""Address space."""
THUMBNAIL = 320
QUALITY, SMALL_QUALITY = 90, 75
ORIENTATION = 0x112
JPEGS = ("JPEG", "MPO")
"""MPO: a JPEG with another one behind it, as phones write them."""


def take(request: Mapping[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """Head and body of the answer. Raises ValueError for too many pixels, and whatever Pillow
    raises for what is no picture."""
    with Image.open(BytesIO(body), formats=("JPEG", "PNG", "WEBP", "HEIF")) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        exif = picture.getexif()
        turned = exif.get(ORIENTATION, 1) != 1
        media_type = "image/png" if picture.format == "PNG" else "image/jpeg"
        kept = None if turned else _as_it_is(picture, body, keep_place=request["keep_place"])
        upright = ImageOps.exif_transpose(picture)
        upright.load()
        if kept is None:
            kept = _again(upright, media_type, keep_place=request["keep_place"])
        small = upright.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    head = {
        "ok": True,
        "media_type": media_type,
        "size": len(kept),
        "width": upright.width,
        "height": upright.height,
        "peak_kib": peak_kib(),
    }
    return head, kept + _saved(_on_paper(small), "JPEG", quality=SMALL_QUALITY)


def _as_it_is(picture: Image.Image, body: bytes, *, keep_place: bool) -> bytes | None:
    """The same pixels, bit for bit, without what they tell; None where they have to be written
    anew."""
    if picture.format not in (*JPEGS, "PNG"):
        return None
    if keep_place:
        return body
    return bare_jpeg(body) if picture.format in JPEGS else bare_png(body)


def _again(upright: Image.Image, media_type: str, *, keep_place: bool) -> bytes:
    told: dict[str, Any] = {"icc_profile": upright.info.get("icc_profile")}
    if keep_place:
        told["exif"] = upright.getexif().tobytes()
    if media_type == "image/png":
        return _saved(upright, "PNG", **told)
    return _saved(_on_paper(upright), "JPEG", quality=QUALITY, **told)


def _on_paper(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture if picture.mode in ("RGB", "L") else picture.convert("RGB")
    above = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", above.size, "white"), above).convert("RGB")


def _saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    kept = BytesIO()
    for name in ("exif", "xmp", "comment", "icc_profile"):
        picture.info.pop(name, None)
    picture.save(kept, kind, **options)
    return kept.getvalue()


def answer(request: Mapping[str, Any], body: bytes) -> bytes:
    """One frame for one picture, whatever it is."""
    try:
        return frames.pack(*take(request, body))
    except (ValueError, Image.DecompressionBombError, MemoryError):
        return frames.pack({"ok": False, "kind": "too_large"})
    except Exception as error:
        # Decoders raise whatever they like for what is no picture; only its kind is told.
        print(type(error).__name__, file=sys.stderr)  # noqa: T201 (standard error is the log)
        return frames.pack({"ok": False, "kind": "broken"})


def main() -> int:
    """Serve the pipe until it ends."""
    pillow_heif.register_heif_opener()
    Image.init()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    return serve(answer, opens_nothing, memory_bytes=MOST_BYTES)


if __name__ == "__main__":
    raise SystemExit(main())
