"""Addresses of documents and files."""

from __future__ import annotations

from flask import Response

from webapp.api import answers, papers, shapes
from webapp.api.blueprint import blueprint
from webapp.api.operations import PDF, once, operation, takes_file
from webapp.api.reading import read_file
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.documents.read import list_documents as list_case_documents


@blueprint.get("/cases/<id:case>/documents")
@operation(shapes.DocumentList, tag="documents", refuses=(410,))
@access("signed_in")
def list_documents(case: str) -> shapes.DocumentList:
    """The documents of a case that the caller may read, the newest first."""
    return answers.documents(list_case_documents(platform(), current_actor(), case).documents)


@blueprint.get("/documents/<id:document>")
@operation(
    None,
    tag="documents",
    media_type=PDF,
    more={202: shapes.Document},
    refuses=(403, 410, 503),
)
@access("signed_in")
def read_document(document: str) -> Response:
    """The PDF of a document; 202 while it cannot be made. The reading is recorded."""
    return papers.pdf_or_waiting(document)


@blueprint.post("/files")
@operation(shapes.StoredFile, tag="documents", status=201)
@once
@takes_file
@access("signed_in")
def upload_file() -> shapes.StoredFile:
    """Takes a file in; only its uploader may use it until a form binds it to a case."""
    return answers.stored_file(papers.keep(read_file()))
