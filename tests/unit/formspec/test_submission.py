"""The flat names of HTML forms, there and back, and the buttons that work without scripts."""

from __future__ import annotations

import pytest

from tests.factories.formspec import NOW, make_form, make_property, make_wide_form
from workflows.errors import InvalidFormError, InvalidInputError
from workflows.formspec import (
    apply_action,
    attach_file,
    flatten,
    parse_submission,
    read_values,
)

WIDE = make_wide_form()


def test_names_with_dots_become_rows_and_parts():
    pairs = {
        "csrf_token": ["t"],
        "_revision": ["3"],
        "proof.upload": [""],
        "title": ["浇水纠纷"],
        "agreed": ["false", "true"],
        "kinds": ["", "a", "c"],
        "papers": ["", "f1", "f2"],
        "proof": ["", "f3", ""],
        "place.text": ["村口"],
        "parties.0.name": ["李玉梅"],
        "parties.0.id_pending": ["false"],
        "parties.7.name": ["张克俭"],
        "clauses.1.what": ["第二"],
        "clauses.0.what": ["第一"],
    }
    assert parse_submission(WIDE, pairs) == {
        "title": "浇水纠纷",
        "agreed": "true",
        "kinds": ["a", "c"],
        "papers": ["f1", "f2"],
        "proof": "f3",
        "place": {"text": "村口"},
        "parties": [{"name": "李玉梅", "id_pending": "false"}, {"name": "张克俭"}],
        "clauses": [{"what": "第一"}, {"what": "第二"}],
    }


@pytest.mark.parametrize(
    "name",
    ["zzz", "title.0", "parties", "parties.x.name", "parties.999999.name", "place.zoom", "a.b.c.d"],
)
def test_names_the_form_does_not_have_stay_to_be_refused(name):
    raw = parse_submission(WIDE, {name: ["x"]})
    assert raw == {name: "x"}
    with pytest.raises(InvalidFormError):
        read_values(WIDE, raw, now=NOW)


def test_unknown_column_is_reported_in_its_row():
    raw = parse_submission(WIDE, {"clauses.0.what": ["x"], "clauses.0.zzz": ["y"]})
    with pytest.raises(InvalidFormError) as refused:
        read_values(WIDE, raw, now=NOW)
    assert "/clauses/0/zzz" in [error.path for error in refused.value.errors]


def test_flatten_gives_the_pairs_a_form_posts():
    values = {
        "title": "浇水纠纷",
        "count": 3,
        "agreed": True,
        "amount": None,
        "kinds": ["a", "c"],
        "place": {"latitude": "39.7"},
        "clauses": [{"what": "道歉", "paid": False}],
        "zzz": 1,
    }
    assert flatten(WIDE, values) == {
        "title": ["浇水纠纷"],
        "count": ["3"],
        "amount": [""],
        "agreed": ["true"],
        "kinds": ["a", "c"],
        "place.latitude": ["39.7"],
        "clauses.0.what": ["道歉"],
        "clauses.0.paid": ["false"],
    }


def test_flatten_of_misshapen_drafts_gives_nothing_instead_of_failing():
    values = {"title": {"a": 1}, "count": 10**5000, "clauses": [5, {"what": []}], "place": "x"}
    assert flatten(WIDE, values) == {"title": [""], "count": [""], "clauses.1.what": [""]}


def test_add_and_remove_rows_without_scripts():
    raw = {"clauses": [{"what": "一"}, {"what": "二"}]}
    assert apply_action(WIDE, raw, "add:clauses")["clauses"] == [*raw["clauses"], {}]
    assert apply_action(WIDE, raw, "remove:clauses.0")["clauses"] == [{"what": "二"}]
    assert apply_action(WIDE, {}, "add:parties")["parties"] == [{}]
    assert raw == {"clauses": [{"what": "一"}, {"what": "二"}]}


def test_remove_files_without_scripts():
    raw = {"papers": ["a", "b"], "proof": "c"}
    assert apply_action(WIDE, raw, "remove:papers.0")["papers"] == ["b"]
    assert apply_action(WIDE, raw, "remove:proof.0")["proof"] == ""
    assert apply_action(WIDE, raw, "upload") == raw


@pytest.mark.parametrize(
    "action",
    ["", "add", "add:title", "add:zzz", "remove:clauses", "remove:clauses.x", "remove:title.0",
     "remove:clauses.0.what.0", "drop:clauses.0", "add:clauses.0"],
)  # fmt: skip
def test_unknown_button_is_refused(action):
    with pytest.raises(InvalidInputError) as refused:
        apply_action(WIDE, {"clauses": [{"what": "一"}]}, action)
    assert refused.value.message.code == "form.unknown_action"


ROWS_WITH_FILES = make_form(
    {
        "visits": make_property(
            "走访",
            type="array",
            widget="rows",
            items={"properties": {"photo": make_property("照片", widget="file")}},
        )
    }
)


def test_uploaded_files_get_their_place():
    assert attach_file(WIDE, {}, "proof.upload", "f1")["proof"] == "f1"
    assert attach_file(WIDE, {"papers": ["a"]}, "papers.upload", "b")["papers"] == ["a", "b"]
    raw = {"visits": [{}, {"photo": "old"}]}
    assert attach_file(ROWS_WITH_FILES, raw, "visits.1.photo.upload", "new")["visits"] == [
        {},
        {"photo": "new"},
    ]
    removed = apply_action(ROWS_WITH_FILES, raw, "remove:visits.1.photo.0")
    assert removed["visits"] == [{}, {"photo": ""}]


@pytest.mark.parametrize(
    "name", ["title.upload", "zzz.upload", "visits.9.photo.upload", "visits.x.photo.upload", ""]
)
def test_upload_without_a_place_is_refused(name):
    for form in (WIDE, ROWS_WITH_FILES):
        with pytest.raises(InvalidInputError):
            attach_file(form, {"visits": [{}]}, name, "f1")
