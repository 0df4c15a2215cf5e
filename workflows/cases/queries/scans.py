"""Signed papers that came back, as forms begin with them (`x-scan-of`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from workflows.cases.scan_tables import DocumentScan
from workflows.formspec.fields import Form
from workflows.storage import Session
from workflows.storage.ids import encode_id


def scans_for(session: Session, run_id: int, form: Form | None) -> Mapping[str, str]:
    """Field → outside id of the newest whole scan of its document in this run. One statement where
    the form asks for one, none otherwise."""
    fields = {field.scan_of: field.name for field in form.fields if field.scan_of} if form else {}
    if not fields:
        return {}
    rows = session.execute(
        select(DocumentScan.kind, DocumentScan.file_id)
        .where(DocumentScan.run_id == run_id, DocumentScan.kind.in_(fields))
        .order_by(DocumentScan.id)
    )
    return {fields[kind]: encode_id(file_id) for kind, file_id in rows}


def with_scans(
    draft: Mapping[str, Any] | None, scans: Mapping[str, str]
) -> Mapping[str, Any] | None:
    """What somebody typed, with a scan where they have put no file yet."""
    if draft is None or not scans:
        return draft
    return {**draft, **{name: file for name, file in scans.items() if not draft.get(name)}}
