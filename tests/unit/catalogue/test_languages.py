"""What the gate says of texts in a second language."""

from __future__ import annotations

import pytest

from tests.factories.papers import PAPERS, papers_package
from tests.factories.rollout import package
from workflows.catalogue.gate import check
from workflows.catalogue.languages import LANGUAGES
from workflows.catalogue.source import PackageSource

TEXT = f"forms/{PAPERS}/documents/notice.mn.html"


def found(files: dict[str, bytes]) -> list[tuple[str, dict[str, object]]]:
    """Codes and parameters of what the gate says about languages."""
    findings = check(PackageSource(PAPERS, files))
    return [
        (one.code, dict(one.message.params))
        for one in findings
        if one.code.startswith("package.language")
    ]


@pytest.fixture
def files() -> dict[str, bytes]:
    return dict(papers_package().files)


def test_package_with_the_same_values_in_all_texts_is_clean(files: dict[str, bytes]) -> None:
    assert found(files) == []


def test_language_nobody_knows_is_an_error(files: dict[str, bytes]) -> None:
    manifest = f"bpmn/{PAPERS}/package.toml"
    files[manifest] = files[manifest].replace(b'["mn", "kk"]', b'["mn", "xx"]')
    assert found(files) == [("package.language_unknown", {"kind": "notice", "language": "xx"})]


def test_promised_text_that_is_not_there_is_an_error(files: dict[str, bytes]) -> None:
    del files[TEXT]
    assert found(files) == [
        ("package.language_missing", {"kind": "notice", "file": "documents/notice.mn.html"})
    ]


def test_value_the_translation_leaves_out_is_named(files: dict[str, bytes]) -> None:
    files[TEXT] = files[TEXT].replace(b"{{ p.phone }}", b"")
    assert found(files) == [("package.language_lacks", {"names": "p.phone"})]


def test_value_only_the_translation_says_is_named(files: dict[str, bytes]) -> None:
    files[TEXT] += b"{{ case.secret_number }}"
    assert found(files) == [("package.language_adds", {"names": "case.secret_number"})]


def test_who_signs_need_not_be_said_again(files: dict[str, bytes]) -> None:
    ours = f"forms/{PAPERS}/documents/notice.html"
    files[ours] += b'<div class="signatures">{{ unit.name }}</div>'
    assert found(files) == []


def test_mediation_has_both_languages_for_notice_and_agreement() -> None:
    documents = package("people_mediation").manifest.documents
    spoken = {kind: one.languages for kind, one in documents.items() if one.languages}
    assert spoken == {"rights_notice": ("mn", "kk"), "agreement": ("mn", "kk")}
    assert set(LANGUAGES) == {"mn", "kk"}
