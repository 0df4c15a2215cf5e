"""The diagrams of a run: as a picture with its position, or as they were drawn.

A version's files never change, so the app keeps those it has read. A file that came without a
picture is given one.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, current_app
from sqlalchemy import select

from webapp.diagrams.files import drawn_by_process
from webapp.diagrams.svg import paint
from webapp.pages.language import current_language
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.cases.queries.run_page import load_run_page
from workflows.cases.tables import Run
from workflows.catalogue.source import read_zip
from workflows.catalogue.tables import PackageVersion
from workflows.errors import NotVisibleError
from workflows.storage.ids import decode_id


def answer(run: str, process: str, form: str) -> Response:
    """One diagram for whoever may follow the run; NotVisibleError for anybody else."""
    page = load_run_page(platform(), current_actor(), run)
    drawn = _drawn(decode_id(run)).get(process) if page.run.full else None
    if drawn is None:
        raise NotVisibleError("web.no_such_page")
    if form == "bpmn":
        return Response(drawn, content_type="application/xml; charset=utf-8")
    active = [element for where, element in page.run.active if where == process]
    picture = paint(drawn, active=active, language=current_language())
    return Response(picture, content_type="image/svg+xml; charset=utf-8")


def _drawn(run_id: int) -> Mapping[str, bytes]:
    """Process id → its file, for the version the run is pinned to."""
    kept: dict[int, Mapping[str, bytes]]
    kept = current_app.extensions.setdefault("fengqiao.diagrams", {})
    with platform().database.reading(current_actor()) as session:
        version_id = session.scalars(select(Run.version_id).where(Run.id == run_id)).one()
        if version_id not in kept:
            source = session.get_one(PackageVersion, version_id).source
            kept[version_id] = drawn_by_process(read_zip(source))
    return kept[version_id]
