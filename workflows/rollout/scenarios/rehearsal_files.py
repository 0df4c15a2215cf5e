"""Files nobody has to bring along to a rehearsal: a sheet as PDF, and a picture."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Mapping
from functools import cache
from mimetypes import guess_type

SHEET, PICTURE = "rehearsal.pdf", "rehearsal.jpg"
_JPEG = (
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDR"
    "ENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k="
)
"""A picture of one point, as small as a JPEG can be."""


@cache
def made_up_files() -> Mapping[str, bytes]:
    """Name → bytes."""
    return {SHEET: _sheet(), PICTURE: b64decode(_JPEG)}


def fitting(names: Iterable[str], accept: Iterable[str]) -> list[str]:
    """Those of the names whose type a field takes; all where it takes any. Own files of a package
    come before the made-up ones."""
    wanted = [one.removesuffix("*") for one in accept]
    found = [
        one for one in names if not wanted or (guess_type(one)[0] or "").startswith(tuple(wanted))
    ]
    return sorted(found, key=lambda one: (one in (SHEET, PICTURE), one))


def _sheet() -> bytes:
    """An empty A4 page with its table of objects."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%sendobj\n" % (number, one)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 4\n0000000000 65535 f \n" + rows
    return body + table + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)
