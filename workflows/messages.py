"""Every sentence a user may read, by code.

A `Message` is data: it travels from the room that refuses to the edge that speaks. The
sentences live in `workflows/texts/<room>.toml`, one table a code, with `zh` and `en`;
placeholders are `{name}`. A guard test holds both languages complete.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

TEXTS = Path(__file__).parent / "texts"
LANGUAGES = ("zh-Hans", "en")
"""Languages the product speaks completely; the first is the default."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence not yet spoken: `code` is stable (`room.reason`), `params` fill it."""

    code: str
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@cache
def load_catalogue() -> Mapping[str, Mapping[str, str]]:
    """All sentences: code → {"zh": …, "en": …}. A code defined twice is a ValueError."""
    sentences: dict[str, Mapping[str, str]] = {}
    for path in sorted(TEXTS.glob("*.toml")):
        for code, texts in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if code in sentences:
                raise ValueError(f"{path.name}: {code} is defined twice")
            sentences[code] = texts
    return MappingProxyType(sentences)


def say(message: Message, language: str = LANGUAGES[0]) -> str:
    """The sentence in `language`; an unknown code is shown as itself (a test forbids it).

    A parameter that is itself a `Message` is spoken first.
    """
    texts = load_catalogue().get(message.code)
    if texts is None:
        return message.code
    spoken = {
        name: say(value, language) if isinstance(value, Message) else value
        for name, value in message.params.items()
    }
    return texts["en" if language.startswith("en") else "zh"].format_map(_Forgiving(spoken))


class _Forgiving(dict[str, object]):
    """A forgotten parameter must not turn an error sentence into a crash."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
