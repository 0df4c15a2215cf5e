"""Only addresses of this site are gone back to."""

from __future__ import annotations

import pytest

from webapp.pages.returns import safe_return


@pytest.mark.parametrize("wanted", ["/inbox", "/inbox?tab=over&q=%E6%9D%8E", "/cases/0abc#log"])
def test_own_address_is_kept(wanted: str) -> None:
    assert safe_return(wanted) == wanted


def test_empty_query_is_dropped() -> None:
    assert safe_return("/inbox?") == "/inbox"


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "",
        "inbox",
        "https://example.org/",
        "//example.org",
        "/\\example.org",
        "/\t/example.org",
        "/inbox\r\nSet-Cookie: a=b",
        "/a\\..\\b",
        "javascript:alert(1)",
        "/" + "a" * 1500,
    ],
)
def test_any_other_address_leads_to_the_root(wanted: str | None) -> None:
    assert safe_return(wanted) == "/"
