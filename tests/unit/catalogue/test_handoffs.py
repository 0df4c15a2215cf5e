"""What the gate says of handoffs: of one package, and of two that do not fit each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories.handoffs import TALKS, court_package, talks_package
from workflows.catalogue.gate import check
from workflows.catalogue.handoffs import check_ends
from workflows.catalogue.neighbours import check_beside
from workflows.catalogue.package import compile_package
from workflows.catalogue.source import PackageSource, write_folder

Change = Callable[[str], str]


def changed(source: PackageSource, change: Change, file: str = "package.toml") -> PackageSource:
    """The package with one file written otherwise; the change must change something."""
    path = f"bpmn/{source.key}/{file}"
    before = source.files[path].decode()
    after = change(before)
    assert after != before
    return PackageSource(source.key, {**source.files, path: after.encode()})


def errors(source: PackageSource) -> list[str]:
    return [one.code for one in check(source) if one.severity == "error"]


def swap(old: str, new: str) -> Change:
    return lambda text: text.replace(old, new, 1)


def test_the_two_packages_are_clean_and_fit() -> None:
    court, talks = court_package(), talks_package()
    assert errors(court) == errors(talks) == []
    assert check_ends(compile_package(court), compile_package(talks)) == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (swap('"summary", "proof"]', '"summary", "colour"]'), "package.handoff_field"),
        (swap('"summary", "proof"]', '"secret"]'), "package.handoff_sealed"),
        (swap('sealed = ["shelter"]', 'sealed = ["title"]'), "package.handoff_not_sealed"),
        (swap('parties = ["phone"]', 'parties = ["mood"]'), "package.handoff_party_field"),
        (swap('documents = ["letter"]', 'documents = ["map"]'), "package.handoff_document"),
        (swap('letter = "letter"', 'letter = "postcard"'), "package.handoff_document"),
        (swap('answered = "delegate.answered", ', ""), "package.handoff_unanswered"),
        (swap('"delegate.declined"', '"delegate.refused"'), "package.handoff_not_awaited"),
        (swap('kind = "delegate"', 'kind = "entrust"'), "package.handoff_unknown"),
        (swap('start = "by_court"\n', ""), "manifest.handoff_names"),
        (swap("answered =", "heard ="), "manifest.handoff_messages"),
        (swap('fields = ["title"', 'fields = [1, "title"'), "manifest.shape"),
    ],
)
def test_a_wrong_handoff_is_an_error(change: Change, code: str) -> None:
    assert code in errors(changed(court_package(), change))


def test_a_kind_written_twice_is_an_error() -> None:
    def twice(text: str) -> str:
        begin, end = text.index("[[handoffs]]"), text.index("[documents.letter]")
        return text[:end] + text[begin:end] + text[end:]

    assert "package.handoff_twice" in errors(changed(court_package(), twice))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (swap('by_handoff = "delegate"', 'by_handoff = "entrust"'), "package.handoff_no_start"),
        (swap('name = "by_court"', 'name = "by_police"'), "package.handoff_no_start"),
        (swap('form = "delegated"', 'form = "talk"'), "package.handoff_not_asked"),
    ],
)
def test_a_receiver_that_does_not_fit_is_an_error(change: Change, code: str) -> None:
    talks = compile_package(changed(talks_package(), change))
    found = check_ends(compile_package(court_package()), talks)
    assert code in [one.code for one in found]


def reformed(old: str, new: str) -> PackageSource:
    source, path = talks_package(), f"forms/{TALKS}/delegated.schema.json"
    text = source.files[path].decode()
    assert old in text
    return PackageSource(TALKS, {**source.files, path: text.replace(old, new).encode()})


def test_a_sealed_fact_needs_a_sealed_field_at_the_receiver() -> None:
    talks = compile_package(reformed('"x-store": "sealed"', '"x-store": "case"'))
    found = check_ends(compile_package(court_package()), talks)
    assert [one.code for one in found] == ["package.handoff_unsealed"]


def test_a_field_the_receiver_demands_must_be_sent() -> None:
    court = changed(court_package(), swap('fields = ["title", ', "fields = ["))
    found = check_ends(compile_package(court), compile_package(talks_package()))
    assert [one.code for one in found] == ["package.handoff_demanded"]


def test_packages_in_one_folder_are_held_against_each_other(tmp_path: Path) -> None:
    court = changed(court_package(), swap('fields = ["title", ', "fields = ["))
    for source in (court, talks_package()):
        write_folder(source, tmp_path)
    for source in (court, talks_package()):
        found = check_beside(source, tmp_path)
        assert [one.code for one in found] == ["package.handoff_demanded"]
    write_folder(court_package(), tmp_path)
    assert check_beside(court_package(), tmp_path) == ()
