"""What the studio's scripts ask the site for: open, save, check, bring back, hand in, talk."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.cases import KEY, World
from tests.web.client import Reader
from tests.web.conftest import Enter, give_password
from workflows.storage.ids import encode_id

PAGE = f"/studio/{KEY}"
DRAWN = f"bpmn/{KEY}/{KEY}.bpmn"


class Studio:
    """One person's studio page, as its scripts use it."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.reader.visit(PAGE, most_statements=14)

    def get(self, path: str, status: int = 200) -> Any:
        return self._ask("GET", path, status)

    def post(self, path: str, body: object, status: int = 200) -> Any:
        return self._ask("POST", path, status, json=body)

    def _ask(self, method: str, path: str, status: int, **options: Any) -> Any:
        headers = {"Accept": "application/json", "X-CSRFToken": self.reader.token()}
        answer = self.reader.ask(method, f"{PAGE}/{path}", headers=headers, **options)
        assert answer.status_code == status, answer.get_data(as_text=True)[:400]
        return answer.get_json()

    def text(self, path: str = DRAWN) -> str:
        return str(self.get("tree")["files"][path])

    def save(self, text: str, revision: int, status: int = 200) -> Any:
        changes = {"revision": revision, "changes": {DRAWN: text}, "notes": "改名"}
        return self.post("save", changes, status)


@pytest.fixture
def studio(owner: Reader) -> Studio:
    return Studio(owner)


@pytest.fixture
def other(enter: Enter, world: World) -> Studio:
    """Somebody else who looks after the same package."""
    world.hire("second_owner", "流程负责人@1-ZZ")
    give_password(world, "second_owner")
    return Studio(enter("second_owner"))


def renamed(text: str, name: str) -> str:
    changed = text.replace('name="调解"', f'name="{name}"', 1)
    assert changed != text
    return changed


def test_a_package_opens_with_what_counts_and_the_words_its_panels_offer(studio: Studio) -> None:
    told = studio.get("tree")
    assert (told["revision"], told["from_version"], told["version"]) == (0, 1, 1)
    assert told["files"][DRAWN].startswith("<bpmn:definitions")
    assert told["may_edit"] is True
    words = told["vocabulary"]
    assert {"key": "mediation", "title": "人民调解期限"} in words["rules"]
    assert "人民调解员" in {one["key"] for one in words["roles"]}
    assert "document.create" in {one["name"] for one in words["operations"]}


def test_every_save_is_kept_and_can_be_brought_back(studio: Studio) -> None:
    first = studio.text()
    saved = studio.save(renamed(first, "再调解"), 0)["saved"]
    assert (saved["number"], saved["notes"]) == (1, "改名")
    studio.save(renamed(first, "三调解"), 1)
    assert 'name="三调解"' in studio.text()
    back = studio.post("restore", {"save": 1})
    assert 'name="再调解"' in back["files"][DRAWN]
    listed = studio.get("saves")["saves"]
    assert [(one["number"], one["restored"]) for one in listed] == [(3, 1), (2, 0), (1, 0)]
    back = studio.post("restore", {"version": 1})
    assert back["files"][DRAWN] == first
    assert back["version"] == 1


def test_whoever_saves_second_is_shown_what_the_first_one_saved(
    studio: Studio, other: Studio
) -> None:
    text = studio.text()
    studio.save(renamed(text, "甲改的"), 0)
    theirs = other.save(renamed(text, "乙改的"), 0, status=409)["theirs"]
    assert 'name="甲改的"' in theirs["files"][DRAWN]
    assert 'name="甲改的"' in other.text()
    other.save(renamed(text, "乙改的"), theirs["revision"])
    assert 'name="乙改的"' in studio.text()


def test_findings_come_for_what_is_not_saved_yet(studio: Studio) -> None:
    assert [
        one
        for one in studio.post("check", {"revision": 0})["findings"]
        if one["severity"] == "error"
    ] == []
    broken = studio.text().replace('name="人民调解员"', 'name="没有的角色"')
    told = studio.post("check", {"revision": 0, "changes": {DRAWN: broken}})
    assert {one["code"] for one in told["findings"] if one["severity"] == "error"}
    assert all(one["message"] for one in told["findings"])
    assert told["names"]["entry"] == "string"
    assert studio.text() != broken


def test_a_working_copy_becomes_a_version_once(studio: Studio) -> None:
    studio.save(renamed(studio.text(), "再调解"), 0)
    made = studio.post("hand-in", {"revision": 1, "notes": "统一叫法"})
    assert (made["version"]["number"], made["is_new"]) == (2, True)
    again = studio.post("hand-in", {"revision": 1, "notes": "统一叫法"})
    assert (again["version"]["number"], again["is_new"]) == (2, False)
    page = studio.reader.visit(f"/packages/{KEY}/versions/2", most_statements=40)
    assert "统一叫法" in page.text


def test_remarks_are_seen_by_others_and_settled(studio: Studio, other: Studio) -> None:
    said = studio.post("comments", {"file": DRAWN, "element": "talk", "text": "这一步要不要？"})
    assert said["settled_by"] is None
    found = other.get("comments")["comments"]
    assert [(one["element"], one["text"]) for one in found] == [("talk", "这一步要不要？")]
    settled = other.post(f"comments/{said['id']}", {"settled": True})
    assert settled["settled_by"]
    assert studio.post(f"comments/{said['id']}", {"settled": False})["settled_by"] is None


def test_others_are_told_who_has_it_open(studio: Studio, other: Studio) -> None:
    assert studio.post("presence", {"file": DRAWN}) == {"others": []}
    assert [one["file"] for one in other.post("presence", {"file": ""})["others"]] == [DRAWN]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("save", {"revision": 0, "changes": {"bpmn/other/a.bpmn": "x"}}, 422),
        ("save", {"revision": 0, "changes": {f"bpmn/{KEY}/../a.bpmn": "x"}}, 422),
        ("save", {"revision": 0, "changes": {DRAWN: 7}}, 422),
        ("save", {"revision": "0", "changes": {}}, 422),
        ("save", {"revision": 0, "changes": {DRAWN: {"base64": "?"}}}, 422),
        ("restore", {}, 422),
        ("restore", {"save": 9}, 404),
        ("restore", {"save": 1, "version": 1}, 422),
        ("comments", {"text": " "}, 422),
        ("comments/00000000000", {"settled": True}, 422),
        (f"comments/{encode_id(7)}", {"settled": True}, 404),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    studio: Studio, path: str, body: dict[str, Any], status: int
) -> None:
    answer = studio.post(path, body, status)
    assert answer["detail"]
    assert studio.get("saves")["saves"] == []


def test_whoever_may_only_look_saves_nothing(enter: Enter, world: World, studio: Studio) -> None:
    world.hire("second", "安全审核@1-ZZ")
    give_password(world, "second")
    looker = Studio(enter("second"))
    assert looker.get("tree")["may_edit"] is False
    looker.save(renamed(looker.text(), "不行"), 0, status=403)
    mediator = enter("mediator")
    assert (
        mediator.ask("GET", f"{PAGE}/tree", headers={"Accept": "application/json"}).status_code
        == 403
    )


def test_changes_against_what_counts_are_told_before_they_are_saved(studio: Studio) -> None:
    told = studio.post("differences", {"revision": 0})
    assert (told["against"]["number"], told["changes"]) == (1, [])
    sent = {"revision": 0, "changes": {DRAWN: renamed(studio.text(), "再调解")}}
    (change,) = studio.post("differences", sent)["changes"]
    assert (change["group"], change["kind"], change["element"]) == ("diagram", "changed", "talk")
    assert "再调解" in " ".join(change["details"])


def test_past_cases_walk_through_what_was_handed_in(studio: Studio) -> None:
    studio.save(renamed(studio.text(), "再调解"), 0)
    number = studio.post("hand-in", {"revision": 1})["version"]["number"]
    assert studio.get(f"replay/{number}")["job"] is None
    told = studio.post(f"replay/{number}", {})
    assert told["job"]["total"] == told["job"]["done"] == 0
    assert told["url"].endswith(f"/versions/{number}/replay")
    studio.post("replay/99", {}, 404)
