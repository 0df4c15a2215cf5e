"""Titles and helps in both languages, from a schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.formspec.fields import Titles
from workflows.formspec.findings import Findings


def titles_of(schema: Mapping[str, Any], path: str, findings: Findings) -> Titles | None:
    """`title` and its English; a missing Chinese title is an error, a missing English a warning."""
    zh, en = schema.get("title"), english_of(schema).get("title")
    if not isinstance(zh, str) or not zh.strip():
        findings.error(path, "no_title")
        return None
    if not isinstance(en, str):
        findings.warn(path, "no_english", title=zh)
        en = zh
    return {"zh": zh, "en": en}


def help_of(prop: Mapping[str, Any], path: str, findings: Findings) -> Titles:
    """`description` and its English; empty where there is none."""
    zh = prop.get("description")
    if not isinstance(zh, str):
        return {}
    en = english_of(prop).get("description")
    if not isinstance(en, str):
        findings.warn(path, "no_english", title=zh)
        en = zh
    return {"zh": zh, "en": en}


def english_of(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What `x-i18n` says in English; empty where it says nothing."""
    texts = schema.get("x-i18n")
    english = texts.get("en") if isinstance(texts, Mapping) else None
    return english if isinstance(english, Mapping) else {}
