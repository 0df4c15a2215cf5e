"""Outside lists for programs: in, written, given by hand, out again; one case to copy."""

from __future__ import annotations

import io

from tests.factories.cases import World, rows
from tests.factories.outside import FIRST, csv_bytes, line
from tests.web.api.caller import Caller
from tests.web.api.conftest import Call
from workflows.cases.tables import ExternalRef

SYSTEM = "/outside/systems/province"


def take(caller: Caller, content: bytes, status: int = 201) -> str:
    sent = {"file": (io.BytesIO(content), "名册.csv")}
    answer = caller.send("POST", "/outside/files", status, data=sent)
    return str(answer.json.get("file", ""))


def test_list_comes_in_and_its_rows_become_references(world: World, call: Call) -> None:
    opened, caller = world.open(), call("intake")
    file = take(caller, csv_bytes(line(本地编号=opened.number), line("", 申请人="赵六")))
    done = caller.post(f"/outside/files/{file}/apply").json
    assert done == {"counts": {"written": 1, "bad": 1}, "left": 0}
    [waits] = caller.get("/outside/rows", row_state="open").json["items"]
    assert (waits["line"], waits["row_finding"], waits["names"]) == (3, "bad", ["赵六"])
    path = f"/outside/rows/{waits['id']}"
    caller.post(f"{path}/give", {}, 422)
    caller.post(f"{path}/dismiss", {"reason": "外县的件"})
    assert caller.post(f"{path}/retry").json == {"row_finding": "bad"}
    number = {"our_number": opened.number, "number": FIRST}
    assert caller.post(f"{path}/give", number).json == {"case": opened.case}
    assert [(one.system, one.number) for one in rows(world, ExternalRef)] == [("省平台", FIRST)]


def test_bad_file_is_told_by_its_code(call: Call) -> None:
    caller = call("intake")
    sent = {"file": (io.BytesIO(b"a,b\n1,2\n"), "x.csv")}
    answer = caller.send("POST", "/outside/files", 422, data=sent)
    assert answer.code == "outside.unknown_columns"


def test_list_goes_out_as_a_file(world: World, call: Call) -> None:
    opened, caller = world.open(), call("intake")
    names = [one["key"] for one in caller.get("/outside/systems").json["items"]]
    assert names == ["court", "petition", "province"]
    answer = caller.get(f"{SYSTEM}/export")
    assert opened.number in answer.response.data.decode("utf-8-sig")
    caller.get(f"{SYSTEM}/export", 422, whole_numbers="yes")
    caller.get("/outside/systems/nothing/export", 422)


def test_one_case_is_copied_in_the_order_of_the_form(world: World, call: Call) -> None:
    opened = world.open()
    copied = call("intake").get(f"/cases/{opened.case}/copy/court").json
    cells = {one["column"]: (one["value"], one["is_masked"]) for one in copied["cells"]}
    assert cells["原告/申请人"] == ("李玉梅", False)
    assert cells["原告证件号码"] == ("9900 •••• 9226", True)


def test_who_has_no_such_post_is_refused(call: Call) -> None:
    caller = call("mediator")
    for path in ("/outside/systems", "/outside/rows", f"{SYSTEM}/export"):
        caller.get(path, 403)
