"""Addresses of the printing room."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.pages.now import platform
from webapp.pdf.answers import file_answer, lettering, pdf_answer, renderer
from webapp.printing import inputs, page
from webapp.security import access, current_actor
from workflows.cases import files
from workflows.documents import draft, read
from workflows.documents.beside import read_beside
from workflows.documents.lettering import look_through
from workflows.documents.rendering import RETRY_CODES, RenderError
from workflows.sealing.order import order_seal
from workflows.sealing.view import view_seal

blueprint = Blueprint("printing", __name__)
Answer = str | Response


@blueprint.get("/documents/<document>")
@access("signed_in")
def document(document: str) -> Answer:
    """The PDF, made now if nobody has read it yet; a page that asks again where that must wait."""
    try:
        info, content = read.read_document(platform(), current_actor(), renderer(), document)
    except RenderError as error:
        if error.message.code not in RETRY_CODES:
            raise
        return page.show_waiting(read.load_document(platform(), current_actor(), document))
    return pdf_answer(content, info.file_name)


@blueprint.get("/documents/<document>/print")
@access("signed_in")
def print_page(document: str) -> Answer:
    """How many copies of a document, for the record; its seal."""
    info = read.load_document(platform(), current_actor(), document)
    seal = view_seal(platform(), current_actor(), info)
    return page.show_print(info, seal, look_through(platform(), info, lettering()))


@blueprint.get("/documents/<document>/in/<language>")
@access("signed_in")
def beside(document: str, language: str) -> Answer:
    """The document beside its text in another language, to read."""
    copy = read_beside(platform(), current_actor(), renderer(), document, language)
    return pdf_answer(BytesIO(copy.rendered.pdf), copy.file_name)


@blueprint.post("/documents/<document>/print")
@access("ability:print")
def print_out(document: str) -> Answer:
    """Records the copies and opens the PDF."""
    wish = inputs.read_print(request.form)
    read.print_document(
        platform(), current_actor(), document, copies=wish.copies, reason=wish.reason
    )
    return redirect(url_for("printing.document", document=document), 303)


@blueprint.post("/documents/<document>/seal")
@access("ability:seal")
def seal(document: str) -> Answer:
    """Asks for the 防篡改印; the worker puts it on."""
    order_seal(platform(), current_actor(), document)
    return page.back_from_seal(document)


@blueprint.get("/cases/<case>/documents")
@access("signed_in")
def documents(case: str) -> Answer:
    """Everything that can be printed for a case."""
    return page.show_case(read.list_documents(platform(), current_actor(), case))


@blueprint.post("/tasks/<item>/preview")
@access("signed_in")
def preview(item: str) -> Answer:
    """A 草稿 of what has been typed so far; nothing is saved."""
    kind = inputs.read_kind(request.form)
    made = draft.make_draft(
        platform(), current_actor(), renderer(), item, kind, request.form.to_dict(flat=False)
    )
    return pdf_answer(BytesIO(made.rendered.pdf), f"{made.title} 草稿.pdf")


@blueprint.get("/files/<file>")
@access("signed_in")
def file(file: str) -> Answer:
    """An uploaded file."""
    opened, content = files.open_file(platform(), current_actor(), file)
    return file_answer(content, opened.name, opened.media_type)


@blueprint.get("/files/<file>/thumbnail")
@access("signed_in")
def thumbnail(file: str) -> Answer:
    """The small picture of an uploaded photo."""
    return file_answer(files.open_thumbnail(platform(), current_actor(), file), "", "image/jpeg")
