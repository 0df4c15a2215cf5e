"""What a document may load: images written into it as `data:` URLs, and QR pictures, which are
drawn here from the text in their `qr:` URL. Nothing else.

Fonts come by name through the private fontconfig file. Imported by the renderer process only.
"""

from __future__ import annotations

import base64
import binascii
from io import BytesIO
from urllib.parse import unquote, unquote_to_bytes

import segno
from PIL import Image
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/svg+xml"})
MAX_IMAGE_BYTES = 8 * 1024 * 1024
QR = "qr"
MOST_QR = 300
"""Letters of a QR picture: an address with a verify code has fewer."""
QR_DOTS, QR_MASK = 8, 3
"""Dots a module; one mask for all: to weigh all eight (ISO/IEC 18004, 7.8) takes eight times as
long, and readers take any."""


class RefusedSourceError(FatalURLFetchingError):  # type: ignore[misc]
    """The document names something outside itself.

    Fatal on purpose: WeasyPrint swallows ordinary exceptions here and prints the document with a
    hole in it. The base derives from BaseException: `except Exception` lets it pass.
    """


class DataImagesOnly(URLFetcher):  # type: ignore[misc]
    """A fetcher without protocols: it decodes `data:` images itself and opens nothing."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)

    def fetch(
        self,
        url: str,
        headers: object = None,  # noqa: ARG002 (WeasyPrint's signature)
    ) -> URLFetcherResponse:
        """The image in `url`. Raises RefusedSourceError for anything but a `data:` image or a
        `qr:` text."""
        scheme, colon, rest = url.partition(":")
        if colon and scheme == QR:
            return URLFetcherResponse("data:", _drawn(unquote(rest)), {"Content-Type": "image/png"})
        if not colon or scheme.lower() != "data":
            raise RefusedSourceError(scheme[:40] if colon else "relative")
        head, comma, payload = rest.partition(",")
        media_type, *parameters = head.split(";")
        if not comma or media_type.lower() not in IMAGE_TYPES:
            raise RefusedSourceError(f"data:{media_type[:40]}")
        content = self._decode(payload, "base64" in parameters)
        if len(content) > MAX_IMAGE_BYTES:
            raise RefusedSourceError(f"data:{media_type} > {MAX_IMAGE_BYTES}")
        return URLFetcherResponse("data:", content, {"Content-Type": media_type.lower()})

    @staticmethod
    def _decode(payload: str, is_base64: bool) -> bytes:
        content = unquote_to_bytes(payload)
        if not is_base64:
            return content
        try:
            return base64.b64decode(content, validate=True)
        except binascii.Error as error:
            raise RefusedSourceError("data: (base64)") from error


def _drawn(text: str) -> bytes:
    """The QR picture of `text` as a PNG."""
    if len(text) > MOST_QR:
        raise RefusedSourceError(f"qr: > {MOST_QR}")
    modules = segno.make(text, error="m", micro=False, mask=QR_MASK).matrix
    side = len(modules)
    dots = bytes(0 if module else 255 for row in modules for module in row)
    picture = Image.frombytes("L", (side, side), dots)
    kept = BytesIO()
    picture.resize((side * QR_DOTS, side * QR_DOTS), Image.Resampling.NEAREST).save(
        kept, "PNG", compress_level=1
    )
    return kept.getvalue()
