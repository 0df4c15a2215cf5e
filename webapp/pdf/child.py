"""The renderer process: reads a frame, renders, answers with a frame, until its input ends.

Runs as `python -m webapp.pdf.child` with a clean environment. Only this side of the pipe
imports WeasyPrint. It never opens a socket or starts a program: an audit hook forbids both.
"""

from __future__ import annotations

import gc
import hashlib
import logging
import os
import resource
import sys
import traceback
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from io import BytesIO
from select import select
from typing import Any

import pydyf  # type: ignore[import-untyped]
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from webapp.pdf import frames
from webapp.pdf.fetcher import DataImagesOnly, RefusedSourceError
from webapp.pdf.peak import peak_kib
from webapp.pdf.vertical import stand_up

PRODUCER = "Fengqiao"
TOOL = f"WeasyPrint {weasyprint.__version__}"
MAX_WARNINGS = 20
REST_SECONDS = 0.02
"""Without a request for so long the process tidies up."""
MOST_UNCOLLECTED = 8
"""Documents after which it tidies up even if the next one waits: each leaves some megabytes."""
MOST_SHEETS = 8
"""Style sheets kept parsed. An installation prints with one or two."""
FORBIDDEN_EVENTS = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
)


class _Warnings(logging.Handler):
    """Keeps what the layout engine complains about while one document is made."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.lines) < MAX_WARNINGS:
            self.lines.append(record.getMessage()[:300])


class Renderer:
    """One process's fonts and layout engine; `render` may be called any number of times."""

    def __init__(self) -> None:
        self._fonts = FontConfiguration()
        self._warnings = _Warnings()
        self._sheets: dict[str, weasyprint.CSS] = {}
        logger = logging.getLogger("weasyprint")
        logger.handlers[:] = [self._warnings]
        logger.propagate = False

    def render(self, request: Mapping[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """Head and PDF of the answer to one request (`webapp.pdf.process` says its keys)."""
        self._warnings.lines.clear()
        document = self._lay_out(request["html"])
        stand_up(document, request["html"], self._lay_out)
        _describe(document.metadata, request)
        pdf = document.write_pdf(
            finisher=_finish,
            pdf_variant="pdf/a-3u",
            pdf_tags=True,
            pdf_identifier=hashlib.sha256(_identity(request, body)).digest()[:16],
            attachments=_attachments(request, body),
        )
        head = {
            "ok": True,
            "pages": len(document.pages),
            "missing": _missing(document),
            "warnings": list(self._warnings.lines),
            "peak_kib": peak_kib(),
        }
        return head, pdf

    def _lay_out(self, markup: str) -> weasyprint.Document:
        html, style = _cut_style(markup)
        return weasyprint.HTML(
            string=html,
            base_url="document:/",  # a relative address becomes one the fetcher refuses
            url_fetcher=DataImagesOnly(),
            media_type="print",
        ).render(font_config=self._fonts, stylesheets=[self._sheet(style)])

    def _sheet(self, style: str) -> weasyprint.CSS:
        """The parsed style sheet: parsing costs a tenth of a page and it is always the same."""
        known = self._sheets.get(style)
        if known is None:
            if len(self._sheets) >= MOST_SHEETS:
                self._sheets.clear()
            known = weasyprint.CSS(
                string=style,
                base_url="document:/",
                url_fetcher=DataImagesOnly(),
                media_type="print",
                font_config=self._fonts,
            )
            self._sheets[style] = known
        return known


def _cut_style(html: str) -> tuple[str, str]:
    """The document without the first `<style>` of its head, and that style sheet."""
    before, opened, rest = html.partition("<style>")
    style, closed, after = rest.partition("</style>")
    return (before + after, style) if opened and closed else (html, "")


def _describe(metadata: Any, request: Mapping[str, Any]) -> None:
    """Title, language, author and dates come from the request, not from the markup."""
    metadata.title = request["title"]
    metadata.lang = request["language"]
    metadata.authors = [request["author"]] if request["author"] else []
    metadata.created = metadata.modified = request["created"]
    metadata.generator = None
    metadata.generate_rdf_metadata = partial(_metadata, metadata.generate_rdf_metadata)


def _metadata(original: Any, *arguments: Any) -> bytes:
    """XMP without the tool's name and version: two releases of it must not differ in bytes, and
    PDF/A wants it equal to the Producer of the info dictionary."""
    return bytes(original(*arguments).replace(TOOL.encode(), PRODUCER.encode()))


def _finish(_document: Any, pdf: Any) -> None:
    pdf.info["Producer"] = pydyf.String(PRODUCER)
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})


def _identity(request: Mapping[str, Any], body: bytes) -> bytes:
    return repr(sorted(request.items())).encode() + body


def _attachments(request: Mapping[str, Any], body: bytes) -> list[weasyprint.Attachment]:
    """The attachments named in the request, cut from the body by their sizes."""
    moment = datetime.fromisoformat(request["created"])
    attachments, start = [], 0
    for entry in request["attachments"]:
        content = body[start : start + entry["size"]]
        start += entry["size"]
        attachments.append(
            weasyprint.Attachment(
                file_obj=BytesIO(content),
                name=entry["name"],
                description=entry["description"],
                created=moment,
                modified=moment,
                relationship="Source",
            )
        )
    return attachments


def _missing(document: Any) -> str:
    """Characters that no font had: they print as boxes."""
    return "".join(sorted({chr(code) for font in document.fonts.values() for code in font.missing}))


def _answer(renderer: Renderer, request: Mapping[str, Any], body: bytes) -> bytes:
    try:
        head, pdf = renderer.render(request, body)
    except RefusedSourceError as error:
        return frames.pack({"ok": False, "kind": "refused", "detail": str(error)})
    except (Exception, FatalURLFetchingError) as error:
        traceback.print_exc()
        return frames.pack({"ok": False, "kind": "failed", "detail": type(error).__name__})
    return frames.pack(head, pdf)


def _forbid(event: str, _arguments: object) -> None:
    if event.startswith(FORBIDDEN_EVENTS):
        raise PermissionError(f"a renderer may not: {event}")


def main() -> int:
    """Serve the pipe. Standard output becomes standard error, so that no library's print can
    put the frames out of step."""
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    renderer = Renderer()
    gc.freeze()
    # A page is made of a few hundred thousand objects that all live until it is written: looking
    # through them meanwhile costs a quarter of its time and finds nothing. Afterwards nobody waits.
    gc.disable()
    sys.addaudithook(_forbid)
    made = 0
    while (frame := frames.read(sys.stdin.buffer)) is not None:
        channel.write(_answer(renderer, *frame))
        channel.flush()
        made += 1
        if made % MOST_UNCOLLECTED == 0 or not select([sys.stdin], [], [], REST_SECONDS)[0]:
            gc.collect()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
