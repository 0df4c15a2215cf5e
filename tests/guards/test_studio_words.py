"""Every text of the studio's scripts has an English one, and none is left over."""

from __future__ import annotations

import re
from pathlib import Path

STUDIO = Path(__file__).parents[2] / "webapp" / "frontend" / "studio"
TEXT = r'"((?:[^"\\]|\\.)*)"'
SPOKEN = re.compile(rf"\bt\(\s*{TEXT}")
LISTED = re.compile(rf"(?m)^\s*(?:{TEXT}|([\w\u3400-\u9fff]+)):\s*(?:{TEXT})")
HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
STRING = re.compile(rf"{TEXT}|`([^`]*)`")


def scripts() -> list[Path]:
    return sorted(path for path in STUDIO.rglob("*.js") if path.parent.name != "words")


def spoken() -> set[str]:
    """What `t("…")` says, and Chinese strings of tables that are looked up by `t(TABLE[key])`."""
    found: set[str] = set()
    for path in scripts():
        text = without_comments(path)
        found |= {text for text in SPOKEN.findall(text)}
        found |= {one for one, _ in STRING.findall(text) if HAN.search(one)}
    return found


def without_comments(path: Path) -> str:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"(?m)(^|\s)//.*$", "", text)


def english() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((STUDIO / "words").glob("en-*.js")):
        for quoted, bare, text in LISTED.findall(without_comments(path)):
            assert found.setdefault(quoted or bare, text) == text, (path.name, quoted or bare)
    return found


def test_every_text_has_an_english_one() -> None:
    missing = {text for text in spoken() if HAN.search(text)} - set(english())
    assert missing == set()


def test_no_english_text_is_left_over_or_still_chinese() -> None:
    texts = english()
    assert set(texts) - spoken() == set()
    assert [text for text in texts.values() if HAN.search(text)] == []


def test_placeholders_are_the_same_in_both() -> None:
    named = re.compile(r"\{\w+\}")
    wrong = {
        key
        for key, text in english().items()
        if set(named.findall(key)) != set(named.findall(text))
    }
    assert wrong == set()


def test_no_chinese_stands_in_templates_of_strings() -> None:
    """A text in backticks could not be translated."""
    for path in scripts():
        for _, text in STRING.findall(without_comments(path)):
            assert not HAN.search(text), (path.name, text[:60])
