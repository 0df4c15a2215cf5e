"""A document as a PDF or the word that it is still being made; a file taken in."""

from __future__ import annotations

from flask import Response
from werkzeug.datastructures import FileStorage

from webapp.api import answers
from webapp.api.operations import as_json
from webapp.pages.now import platform
from webapp.pdf.answers import pdf_answer, renderer
from webapp.security import current_actor
from workflows.cases import files
from workflows.documents import read
from workflows.documents.rendering import RETRY_CODES, RenderError

RETRY_SECONDS = 5


def pdf_or_waiting(document: str) -> Response:
    """The PDF, made now if nobody has read it yet; 202 where the renderer has no time for it."""
    try:
        info, content = read.read_document(platform(), current_actor(), renderer(), document)
    except RenderError as error:
        if error.message.code not in RETRY_CODES:
            raise
        waiting = read.load_document(platform(), current_actor(), document)
        answer = as_json(answers.document(waiting), 202)
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
        return answer
    return pdf_answer(content, info.file_name)


def keep(upload: FileStorage) -> files.Uploaded:
    """Stores one file for the caller."""
    kind = upload.mimetype or "application/octet-stream"
    command = files.Upload(upload.stream, upload.filename or "", kind)
    return files.upload(platform(), current_actor(), command)
