"""Every sentence of a page has an English text, and no Chinese hides outside the catalogues."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

WEBAPP = Path(__file__).parents[2] / "webapp"
ENGLISH = WEBAPP / "translations" / "en" / "LC_MESSAGES"
ROOMS = (
    "studio",
    "pages", "account", "inbox", "cases", "forms", "printing",
    "notices", "people", "calendar", "clocks", "handoffs", "volumes", "outside", "packages", "api",
    "verify",
    "printdesk",
    "scans",
    "signing",
)  # fmt: skip
HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
SPEAKERS = {"_", "gettext", "ngettext", "lazy_gettext"}
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
JINJA = {"silent": "false", "newstyle_gettext": "true"}

OWN_CHINESE = {
    "pages/formats.py": "spells out Chinese dates and weekdays itself",
    "pages/markdown.py": "reads Chinese list numbers",
    "printing/routes.py": "names the files of Chinese documents",
    "volumes/routes.py": "names the files of Chinese documents",
    "printdesk/page.py": "names the files of Chinese documents",
}
"""Modules whose Chinese is not a sentence of a page."""


def sources(suffix: str) -> list[Path]:
    """Python modules or templates of the rooms and the floor."""
    folders = [WEBAPP / room for room in ROOMS] if suffix == ".py" else [WEBAPP / "templates"]
    return sorted(path for folder in folders for path in folder.rglob(f"*{suffix}"))


def spoken_ids(path: Path) -> Iterator[str | tuple[str, str]]:
    """The msgids of one file; a pair for a sentence with a number."""
    method = "python" if path.suffix == ".py" else "jinja2"
    found = extract_from_file(method, path, keywords=KEYWORDS, options=dict(JINJA))
    for _line, message, _comments, _context in found:
        yield message if isinstance(message, str) else (message[0], message[1])


@cache
def used_ids() -> dict[str, str]:
    """msgid → where it is used."""
    used: dict[str, str] = {}
    for path in (*sources(".py"), *sources(".html")):
        for spoken in spoken_ids(path):
            key = spoken if isinstance(spoken, str) else spoken[0]
            used.setdefault(key, str(path.relative_to(WEBAPP)))
    return used


@cache
def english_texts() -> dict[str, tuple[str, ...]]:
    """msgid → its English forms; a msgid in two rooms must say the same in both."""
    texts: dict[str, tuple[str, ...]] = {}
    for path in sorted(ENGLISH.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en", abort_invalid=True):
                if not message.id:
                    continue
                key = message.id if isinstance(message.id, str) else message.id[0]
                forms = (message.string,) if isinstance(message.string, str) else message.string
                assert texts.setdefault(key, tuple(forms)) == tuple(forms), (path.name, key)
    return texts


def test_every_sentence_has_an_english_text_and_none_is_left_over() -> None:
    """One test for both: gathering the sentences takes a second."""
    texts = english_texts()
    missing = {key: where for key, where in used_ids().items() if not all(texts.get(key, ("",)))}
    left_over = set(texts) - set(used_ids())
    assert (missing, left_over) == ({}, set())


def test_english_texts_are_english_and_keep_their_placeholders() -> None:
    wrong = [
        (key, form)
        for key, forms in english_texts().items()
        for form in forms
        if HAN.search(form) or set(PLACEHOLDER.findall(form)) != set(PLACEHOLDER.findall(key))
    ]
    assert wrong == []


def test_templates_speak_chinese_only_through_the_catalogue() -> None:
    found = {str(path.relative_to(WEBAPP)): _loose_lines(path) for path in sources(".html")}
    assert len(found) > 50
    assert {path: lines for path, lines in found.items() if lines} == {}


def _loose_lines(path: Path) -> list[str]:
    """Lines of a template with Chinese of its own."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{[{%].*?[%}]\}", "", text, flags=re.DOTALL)
    text = re.sub(r"<(\w+)\b[^>]*\blang=\"zh-Hans\"[^>]*>.*?</\1>", "", text, flags=re.DOTALL)
    return [line.strip() for line in text.splitlines() if HAN.search(line)]


def test_modules_speak_chinese_only_through_the_catalogue() -> None:
    found = {str(path.relative_to(WEBAPP)): _loose_strings(path) for path in sources(".py")}
    assert len(found) > 100
    assert {path: texts for path, texts in found.items() if texts and path not in OWN_CHINESE} == {}


def _loose_strings(path: Path) -> list[str]:
    """Strings of a module with Chinese, neither documentation nor handed to the catalogue."""
    text = path.read_text(encoding="utf-8")
    if not HAN.search(text):
        return []
    tree = ast.parse(text)
    allowed = {id(node) for node in _documentation(tree)} | {id(node) for node in _spoken(tree)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and HAN.search(node.value)
        and id(node) not in allowed
    ]


def _documentation(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _spoken(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SPEAKERS:
            yield from (part for argument in node.args for part in ast.walk(argument))
