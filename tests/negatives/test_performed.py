"""10. “已履行” needs proof attached: no form, page, call, correction, message or answer of another
office makes it so without a file."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories import rollout
from tests.factories.api_world import DOT as PNG
from tests.negatives.asking import ask
from tests.negatives.registry import asked
from tests.negatives.site_world import SiteWorld, build
from tests.negatives.surfaces import ROOT, packages
from workflows.cases.tables import CaseRecord, Run, WorkItem
from workflows.catalogue.source import read_folder
from workflows.errors import InvalidFormError
from workflows.formspec import Field, Form, Widget, read_values
from workflows.storage import SYSTEM, Database
from workflows.storage.ids import encode_id, encode_item
from workflows.storage.vault import Vault

PACKAGES = ("judicial_confirmation", "people_mediation")
PERFORMED = "performed"
SAYS_SO = re.compile(r"^(已经|全部|已|后来)履行")
WAYS = {
    "route POST api.complete",
    "route POST cases.complete",
    "route POST api.correct_case",
    "route POST cases.do_correct_value",
    "route POST api.send_message",
    "route POST api.answer_handoff",
    "route POST handoffs.answer",
}


def saying() -> Iterator[tuple[str, Form, Field, str]]:
    """Every choice of a built-in form that says something was performed."""
    for key in packages():
        for name, form in rollout.package(key).forms.items():
            for field in form.fields:
                for choice in field.choices:
                    if choice.value == PERFORMED or SAYS_SO.search(choice.title["zh"]):
                        yield f"{key}/{name}", form, field, choice.value


CHOICES = list(saying())
NOW = datetime(2026, 3, 4, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "field", "value"),
    [
        pytest.param(form, field, value, id=f"{name}.{field.name}")
        for name, form, field, value in CHOICES
    ],
)
def test_no_form_takes_it_without_a_file(form: Form, field: Field, value: str) -> None:
    proofs = {f"/{one.name}" for one in form.fields if one.widget is Widget.FILE}
    assert proofs
    for empty in ({}, dict.fromkeys((path[1:] for path in proofs), "")):
        with pytest.raises(InvalidFormError) as refused:
            read_values(form, {field.name: value, **empty}, now=NOW)
        assert {error.path for error in refused.value.errors} & proofs


class Agreed:
    """A mediated agreement whose performance waits to be checked."""

    def __init__(self, site: SiteWorld) -> None:
        self.site = site
        site.walk("happy", 13, "people_mediation")
        with site.platform.database.reading(SYSTEM) as session:
            row = session.scalars(
                select(WorkItem).where(
                    WorkItem.element == "confirm_performance", WorkItem.state == "open"
                )
            ).first()
            assert row is not None
            self.item = encode_item(row.run_id, row.number)
            self.key = (row.run_id, row.number)
            self.case = encode_id(row.case_id)

    def post(self, who: str, path: str, **body: Any) -> int:
        return ask(self.site.app, self.site.token(who), "POST", path, **body).status

    @property
    def row(self) -> WorkItem:
        with self.site.platform.database.reading(SYSTEM) as session:
            return session.get_one(WorkItem, self.key)

    def upload(self, who: str) -> str:
        answer = ask(
            self.site.app,
            self.site.token(who),
            "POST",
            "/api/v1/files",
            data={"file": (io.BytesIO(PNG), "收条.png")},
        )
        return str(json.loads(answer.raw)["id"])


PERFORMANCE = {"checked_on": "2026-03-04", "performance": PERFORMED, "performed_on": "2026-03-04"}


@pytest.fixture
def agreed(database: Database, tmp_path: Path, vault: Vault) -> Agreed:
    return Agreed(build(database, tmp_path, vault, io.StringIO(), PACKAGES))


def test_no_call_and_no_page_takes_it_without_a_file_of_ones_own(agreed: Agreed) -> None:
    strangers = agreed.upload("liaison")
    nothing = encode_id(agreed.site.platform.ids.next())
    for proof in ({}, *({"performance_proof": one} for one in ("", None, nothing, strangers))):
        body = {"data": {**PERFORMANCE, **proof}, "revision": agreed.row.revision}
        assert agreed.post("mediator", f"/api/v1/tasks/{agreed.item}/complete", json=body) == 422
        form = {**PERFORMANCE, **{k: v or "" for k, v in proof.items()}}
        form["_revision"] = str(agreed.row.revision)
        assert agreed.post("mediator", f"/tasks/{agreed.item}", data=form) == 422
        assert agreed.row.state == "open"
    body = {"data": {**PERFORMANCE, "performance_proof": agreed.upload("mediator")}}
    body["revision"] = agreed.row.revision
    assert agreed.post("mediator", f"/api/v1/tasks/{agreed.item}/complete", json=body) == 200
    assert agreed.row.state == "done"
    corrected(agreed)


def corrected(agreed: Agreed) -> None:
    """Afterwards neither the proof nor what it proves can be corrected away or in."""
    with agreed.site.platform.database.reading(SYSTEM) as session:
        proof = session.scalars(select(CaseRecord.facts)).one()["performance_proof"]
    for path, old, new in (
        ("/case/performance_proof", proof, None),
        ("/case/performance_proof", proof, ""),
        ("/case/performance", PERFORMED, "not_performed"),
        ("/case/urge_result", None, PERFORMED),
    ):
        body = {"path": path, "old": old, "new": new, "reason": "核对有误"}
        status = agreed.post("head", f"/api/v1/cases/{agreed.case}/correct", json=body)
        assert status in (400, 422), path
        form = {"path": path, "old": str(old), "new": str(new or ""), "reason": "核对有误"}
        agreed.post("head", f"/cases/{agreed.case}/correct/value?path={path}", data=form)
    with agreed.site.platform.database.reading(SYSTEM) as session:
        facts = session.scalars(select(CaseRecord.facts)).one()
    assert facts["performance_proof"] == proof
    assert "performance" not in facts


def test_no_message_says_so(agreed: Agreed) -> None:
    """Neither from outside nor as the answer of another office."""
    message = {"message_id": "m1", "name": "people_mediation.performed"}
    message["payload"] = {"performance": PERFORMED}
    status = agreed.post("head", f"/api/v1/cases/{agreed.case}/messages", json=message)
    assert status in (403, 404, 422)
    assert agreed.row.state == "open"
    with agreed.site.platform.database.reading(SYSTEM) as session:
        assert set(session.scalars(select(Run.status))) == {"open"}


def test_no_diagram_takes_an_answer_for_performance() -> None:
    """What another office answers steers no way to an end that says performed: those follow from
    the form's own field alone."""
    loose = re.compile(r"(answer|refusal|heard)\.[a-z.]+ *(=|in)[^<]{0,20}performed")
    for key in packages():
        for name, content in read_folder(ROOT, key).files.items():
            if name.endswith((".bpmn", ".dmn")):
                assert loose.search(content.decode()) is None, name


def test_every_way_is_listed() -> None:
    assert asked(10) == WAYS
