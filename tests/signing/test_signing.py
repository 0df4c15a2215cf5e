"""Signing on a screen, from the link to the task that counts it; both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.factories.hall import scenario_data
from tests.factories.signing import MEDIATOR, P1, Table, drawn, sit_down, strokes
from workflows.cases.queries.notices import NoticesQuery, list_notices
from workflows.cases.queries.task_page import load_task_page
from workflows.cases.signature_tables import Signature
from workflows.cases.strokes import read_strokes, rhythm_of, shape_of
from workflows.cases.tables import TimelineEntry
from workflows.documents.rendering import Renderer
from workflows.errors import (
    FengqiaoError,
    ForbiddenError,
    InvalidFormError,
    InvalidInputError,
    NotVisibleError,
    RuleError,
)
from workflows.signing.ask import AskSignature, ask_signature, withdraw_signature
from workflows.signing.paper import Holder, give_code, open_paper, read_pdf, refuse, sign
from workflows.signing.signals import list_doubts, note_look
from workflows.signing.view import load_link, load_signatures
from workflows.storage import SYSTEM, Database
from workflows.storage.clock import MovableClock
from workflows.storage.vault import Vault


@pytest.fixture
def table(database: Database, tmp_path: Path, vault: Vault) -> Table:
    return sit_down(database, tmp_path, vault)


def pad(line: str, width: str = "600") -> str:
    """What a pad posts with these points."""
    return f'{{"width": {width}, "height": 200, "lines": [{line}]}}'


def rows(table: Table) -> list[Signature]:
    with table.platform.database.reading(SYSTEM) as session:
        return list(session.scalars(select(Signature).order_by(Signature.id)))


def refused(code: str, act: object, *arguments: object) -> FengqiaoError:
    with pytest.raises(FengqiaoError) as caught:
        act(*arguments)  # type: ignore[operator]
    assert caught.value.message.code == code
    return caught.value


def test_parties_sign_on_phone_and_at_the_table_and_the_day_is_the_signature_s(
    table: Table,
) -> None:
    first, second = table.tasks()
    phone = table.sign_on_phone(first, 1, "phone-a")
    pad = table.sign_at_table(second, 2)
    assert {row.state for row in rows(table)} == {"signed"}
    table.hall.letters.world.clock.advance(timedelta(days=1))
    for item, asked in ((first, phone), (second, pad)):
        table.complete(item, signing_result="signed", signed_by="self", party_signature=asked.id)
    assert {row.state for row in rows(table)} == {"counted"}
    (item,) = table.tasks("sign_mediator")
    mine = table.sign_at_table(item, 3, MEDIATOR)
    table.complete(item, mediator_signature=mine.id)
    with table.platform.database.reading(SYSTEM) as session:
        done = select(TimelineEntry.occurred_at).where(TimelineEntry.action == "complete")
        moments = list(session.scalars(done.order_by(TimelineEntry.seq)))
    days = {moment.date().isoformat() for moment in moments[-3:]}
    assert days == {"2026-08-05", "2026-08-06"}
    assert moments[-3].date() == moments[-2].date()


def test_strokes_lie_under_the_case_s_key(table: Table) -> None:
    first, _second = table.tasks()
    asked = table.sign_on_phone(first, 1, "phone-a")
    (row,) = rows(table)
    assert row.evidence is not None
    assert b"lines" not in row.evidence
    assert row.secret is None
    shown = load_signatures(table.platform, first.id)["party_signature"]
    assert (shown.state, shown.id, shown.signer_name) == ("signed", asked.id, "上官芷珺")
    assert shown.path.startswith("M")


def test_a_signature_belongs_to_its_task_and_to_a_signature(table: Table) -> None:
    first, second = table.tasks()
    asked = table.sign_on_phone(first, 1, "phone-a")
    given = {"signing_result": "signed", "signed_by": "self"}
    for value in (asked.id, "0000000000000", "no id at all"):
        with pytest.raises(InvalidFormError) as wrong:
            table.complete(second, **given, party_signature=value)
        assert wrong.value.errors[0].path == "/party_signature"
    with pytest.raises(InvalidFormError):
        table.complete(second, **given)
    assert [row.state for row in rows(table)] == ["signed"]


def test_a_link_is_worth_nothing_without_its_code_and_on_another_device(table: Table) -> None:
    first, _second = table.tasks()
    asked = table.ask(first, "phone")
    mine, other = Holder(asked.token, "mine"), Holder(asked.token, "other")
    shown = open_paper(table.platform, mine)
    assert (shown.state, shown.signer_name, shown.number) == ("needs_code", "", None)
    refused("signing.code_first", read_pdf, table.platform, mine)
    refused("signing.code_first", sign, table.platform, mine, strokes())
    with pytest.raises(InvalidFormError):
        give_code(table.platform, mine, "000000")
    give_code(table.platform, mine, table.code(asked))
    assert open_paper(table.platform, mine).state == "open"
    for act in (open_paper, read_pdf):
        refused("signing.other_device", act, table.platform, other)
    refused("signing.other_device", sign, table.platform, other, strokes())
    sign(table.platform, mine, strokes())
    refused("signing.used", sign, table.platform, mine, strokes(2))
    assert open_paper(table.platform, mine).state == "signed"
    refused("signing.other_device", open_paper, table.platform, other)


def test_five_wrong_codes_lock_the_link(table: Table) -> None:
    first, _second = table.tasks()
    asked = table.ask(first, "phone")
    mine = Holder(asked.token, "mine")
    code = table.code(asked)
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(5):
        with pytest.raises(InvalidFormError):
            give_code(table.platform, mine, wrong)
    refused("signing.too_many_tries", give_code, table.platform, mine, code)


def test_links_end_with_time_with_the_task_and_with_a_new_one(table: Table) -> None:
    first, second = table.tasks()
    old, new = table.ask(first), table.ask(first)
    refused("signing.withdrawn", open_paper, table.platform, Holder(old.token, "d"))
    mine = Holder(new.token, "d")
    open_paper(table.platform, mine)
    table.complete(first, signing_result="refused", refusal_note="不签")
    refused("signing.task_gone", sign, table.platform, mine, strokes())
    assert table.tasks() == []
    refused("cases.item_done", table.ask, second)
    refused("signing.unknown", open_paper, table.platform, Holder("no-such-token", "d"))


def test_a_link_is_over_after_half_an_hour_and_when_the_clock_runs_backwards(
    table: Table,
) -> None:
    first, second = table.tasks()
    asked, other = table.ask(first), table.ask(second)
    back = Holder(other.token, "d")
    open_paper(table.platform, back)
    earlier = MovableClock(table.platform.clock.now() - timedelta(hours=2))
    behind = replace(table.platform, clock=earlier)
    refused("signing.clock_backwards", sign, behind, back, strokes())
    table.hall.letters.world.clock.advance(timedelta(minutes=31))
    refused("signing.expired", open_paper, table.platform, Holder(asked.token, "d"))


def test_a_party_refuses_on_the_phone_and_the_mediator_writes_it_down(table: Table) -> None:
    first, _second = table.tasks()
    asked = table.ask(first, "phone")
    holder = Holder(asked.token, "mine")
    give_code(table.platform, holder, table.code(asked))
    refuse(table.platform, holder, "条款和谈好的不一样")
    shown = load_signatures(table.platform, first.id)["party_signature"]
    assert (shown.state, shown.reason) == ("refused", "条款和谈好的不一样")
    with pytest.raises(InvalidFormError):
        table.complete(first, signing_result="signed", signed_by="self", party_signature=asked.id)
    table.complete(first, signing_result="refused", refusal_note="条款和谈好的不一样")
    assert table.tasks() == []


def test_a_signature_can_be_given_again_until_it_counts(table: Table) -> None:
    first, _second = table.tasks()
    asked = table.sign_at_table(first, 1)
    actor = table.hall.actor("mediator")
    withdraw_signature(table.platform, actor, first.id, "party_signature")
    assert load_signatures(table.platform, first.id) == {}
    given = {"signing_result": "signed", "signed_by": "self"}
    with pytest.raises(InvalidFormError):
        table.complete(first, **given, party_signature=asked.id)
    again = table.sign_at_table(first, 2)
    table.complete(first, **given, party_signature=again.id)


def test_only_who_may_do_the_task_may_ask_and_only_its_maker_reads_the_code(table: Table) -> None:
    first, _second = table.tasks()
    asked = table.ask(first, "phone")
    command = AskSignature(first.id, "party_signature", "phone")
    with pytest.raises(ForbiddenError):
        ask_signature(table.platform, table.hall.actor("head"), table.renderer, command)
    with pytest.raises(NotVisibleError):
        load_link(table.platform, table.hall.actor("head"), asked.id)
    with pytest.raises(InvalidInputError):
        table.ask(first, field="signing_result")


@pytest.mark.parametrize(
    ("changes", "article"),
    [
        ({"touches": ["identity"]}, "人身关系"),
        (
            {
                "clauses": [
                    {
                        "obligor": "戚万年",
                        "obligee": "上官芷珺",
                        "what": "物业对欠费户停止供水",
                        "due_on": "2026-08-20",
                    }
                ]
            },
            "停止供水",
        ),
    ],
    ids=["identity", "supply"],
)
def test_art_3_sends_the_text_back_and_refuses_the_link(
    database: Database, tmp_path: Path, vault: Vault, changes: dict[str, object], article: str
) -> None:
    table = sit_down(database, tmp_path, vault, **changes)
    assert table.tasks() == []
    (draft,) = table.tasks("draft_agreement")
    page = load_task_page(table.platform, table.hall.actor("mediator"), draft.id)
    assert "电子签名法第三条" in (page.notice or "")
    paper = sit_down_on_paper(table, changes)
    refusal = refused("signing.excluded", paper.ask, paper.tasks()[0])
    assert article in str(refusal.message.params["article"])


def sit_down_on_paper(table: Table, changes: dict[str, object]) -> Table:
    """The same text, to be signed on paper: a link is refused all the same."""
    data = scenario_data(P1, "happy", "draft_agreement")
    why = "当事人坚持这样写"
    changed = {**changes, "sign_method": "paper", "override_reason": why}
    table.hall.do("mediator", "draft_agreement", data, **changed)
    return table


def test_replayed_strokes_and_one_phone_for_many_are_told(table: Table) -> None:
    first, second = table.tasks()
    table.sign_on_phone(first, 7, "one-phone")
    table.sign_on_phone(second, 7, "one-phone")
    doubts = list_doubts(table.platform, table.hall.actor("head"))
    told = list_notices(table.platform, table.hall.actor("head"), NoticesQuery())
    assert [one.kind for one in told.rows if one.kind == "doubt"] == ["doubt"]
    assert [[one.code for one, _, _ in doubt.others] for doubt in doubts] == [
        ["signing.replayed", "signing.one_device"]
    ]
    assert doubts[0].others[0][1] == "上官芷珺"
    shown = load_signatures(table.platform, second.id)["party_signature"]
    assert shown.signals == ("replayed", "one_device")
    head = table.hall.actor("head")
    refused("signing.note_missing", note_look, table.platform, head, doubts[0].id, " ")
    note_look(table.platform, head, doubts[0].id, "夫妻共用一部手机，当面核实")
    (looked,) = list_doubts(table.platform, head)
    assert (looked.looked_by, looked.looked_note) == ("head", "夫妻共用一部手机，当面核实")
    stranger = table.hall.actor("调委会主任@620902105-TW")
    assert list_doubts(table.platform, stranger) == ()
    with pytest.raises(ForbiddenError):
        note_look(table.platform, stranger, doubts[0].id, "看过")


def test_a_replay_is_known_bent_moved_and_enlarged(table: Table) -> None:
    data = json.loads(drawn(5))
    larger = {
        "width": 1200,
        "height": 440,
        "lines": [[[x * 2 + 9, y * 2 + 4, ms] for x, y, ms in line] for line in data["lines"]],
    }
    bent = {
        **data,
        "lines": [[[x + (x % 7), y - (y % 5), ms] for x, y, ms in line] for line in data["lines"]],
    }
    one, two, three = (read_strokes(json.dumps(each)) for each in (data, larger, bent))
    assert shape_of(one) == shape_of(two)
    assert shape_of(one) != shape_of(three)
    assert rhythm_of(one) == rhythm_of(three)
    assert shape_of(one) != shape_of(strokes(6))
    assert rhythm_of(one) != rhythm_of(strokes(6))


NO_SIGNATURES = {
    "empty": ("", "signing.strokes_malformed"),
    "list": ("[1, 2]", "signing.strokes_malformed"),
    "huge": (pad("[]", width="1e99"), "signing.strokes_malformed"),
    "nan": (pad("[[NaN, 1, 1]]"), "signing.strokes_malformed"),
    "short-point": (pad("[[1, 1]]"), "signing.strokes_malformed"),
    "none": (pad("[]"), "signing.strokes_too_few"),
    "dash": (pad("[[1, 1, 0], [400, 9, 9]]"), "signing.strokes_too_few"),
    "many": (pad(",".join(["[[1, 1, 1]]"] * 300)), "signing.strokes_too_many"),
    "large": ("9" * 300_000, "signing.strokes_too_many"),
}


@pytest.mark.parametrize(("text", "code"), NO_SIGNATURES.values(), ids=NO_SIGNATURES)
def test_what_is_no_signature_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_strokes(text)
    assert caught.value.message.code == code


def test_a_rendering_that_fails_leaves_no_link(table: Table) -> None:
    class Broken:
        def render(self, *_arguments: object, **_named: object) -> object:
            raise RuleError("documents.void")

    first, _second = table.tasks()
    broken: Renderer = Broken()  # type: ignore[assignment]
    table.renderer = broken
    with pytest.raises(RuleError):
        table.ask(first)
    assert rows(table) == []
