"""What every page must be like, whatever it shows. Each check returns what is wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from lxml import html

HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
UNSPOKEN = {"script", "style", "template"}
EVENT = re.compile(r"on[a-z]+")
NEEDS_LABEL = "//input[not(@type='hidden')] | //select | //textarea"


def faults(page: html.HtmlElement) -> list[str]:
    """Everything wrong with a page; empty for a good one."""
    return [fault for check in CHECKS for fault in check(page)]


def _title(page: html.HtmlElement) -> Iterator[str]:
    title = (page.findtext(".//title") or "").strip()
    if not re.fullmatch(r"\S.* · (枫桥|Fengqiao)", title):
        yield f"title {title!r}"


def _one_heading(page: html.HtmlElement) -> Iterator[str]:
    count = len(page.findall(".//h1"))
    if count != 1:
        yield f"{count} h1"


def _landmarks(page: html.HtmlElement) -> Iterator[str]:
    if len(page.xpath("//main[@id='main']")) != 1:
        yield "no main"
    if not page.xpath("//a[@href='#main']"):
        yield "no skip link"


def _labels(page: html.HtmlElement) -> Iterator[str]:
    for field in page.xpath(NEEDS_LABEL):
        named = field.get("aria-label") or field.get("aria-labelledby") or field.get("aria-hidden")
        wrapped = any(parent.tag == "label" for parent in field.iterancestors())
        if not named and not wrapped and not page.xpath("//label[@for=$id]", id=field.get("id")):
            yield f"no label: {field.get('name')}"


def _references(page: html.HtmlElement) -> Iterator[str]:
    ids = Counter(page.xpath("//@id"))
    yield from (f"id twice: {name}" for name, count in ids.items() if count > 1)
    for attribute in ("for", "aria-labelledby", "aria-describedby"):
        for value in page.xpath(f"//@{attribute}"):
            yield from (f"{attribute} to nothing: {one}" for one in value.split() if one not in ids)


def _forms(page: html.HtmlElement) -> Iterator[str]:
    for form in page.xpath("//form"):
        posts = (form.get("method") or "get").lower() == "post"
        tokens = form.xpath(".//input[@name='csrf_token' and string-length(@value) > 20]")
        if posts and len(tokens) != 1:
            yield f"csrf: {form.get('action')}"
        if not posts and tokens:
            yield f"csrf in an address: {form.get('action')}"


def _inline(page: html.HtmlElement) -> Iterator[str]:
    for element in page.iter(html.etree.Element):
        names = [n for n in element.attrib if n == "style" or EVENT.fullmatch(n)]
        yield from (f"inline {name} on {element.tag}" for name in names)
        if element.tag in {"script", "style"} and (element.text or "").strip():
            yield f"inline {element.tag}"


def _foreign_words(page: html.HtmlElement) -> Iterator[str]:
    """Chinese on an English page that is not marked as Chinese."""
    if page.get("lang") != "en":
        return
    for element in page.find("body").iter(html.etree.Element):
        if element.tag in UNSPOKEN or _is_chinese(element):
            continue
        texts = [element.text or ""] + [child.tail or "" for child in element]
        yield from (f"Chinese: {text.strip()}" for text in texts if HAN.search(text))


def _is_chinese(element: html.HtmlElement) -> bool:
    chain = (element, *element.iterancestors())
    lang = next((one.get("lang") for one in chain if one.get("lang")), "")
    return bool(lang.startswith("zh"))


CHECKS: tuple[Callable[[html.HtmlElement], Iterator[str]], ...] = (
    _title,
    _one_heading,
    _landmarks,
    _labels,
    _references,
    _forms,
    _inline,
    _foreign_words,
)
