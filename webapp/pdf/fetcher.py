"""What a document may load: images written into it as `data:` URLs. Nothing else.

Fonts come by name through the private fontconfig file. Imported by the renderer process only.
"""

from __future__ import annotations

import base64
import binascii
from urllib.parse import unquote_to_bytes

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/svg+xml"})
MAX_IMAGE_BYTES = 8 * 1024 * 1024


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
        """The image in `url`. Raises RefusedSourceError for anything but a `data:` image."""
        scheme, colon, rest = url.partition(":")
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
