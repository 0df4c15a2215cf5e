"""A process version: everything the cases of one published version share, frozen.

Specs are kept here once, never in a case. A version is safe to share between threads: runs never
change specs, because the constructs that do (message-triggered event sub-processes, several
executable pools, ad hoc sub-processes) are refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson
import zstandard

from workflows.engine.called import CalledDecision, load_decisions
from workflows.engine.elements import Element
from workflows.engine.expressions import Expressions
from workflows.engine.findings import StateError
from workflows.engine.specs import build_specs

FORMAT = 1
MAX_BYTES = 64 * 1024 * 1024
LEVEL = 3
"""Of compression: a version is made once and weighs some tens of KiB."""


class ProcessVersion:
    """A compiled process, ready to run.

    `key`: id of the spine and of the package. `elements`: everything drawn, by id. `processes`:
    ids of the diagrams. `message_names`: messages its diagrams wait for.
    """

    def __init__(self, content: bytes) -> None:
        """From the bytes of `to_bytes`. StateError where they are damaged or of another format."""
        plain = _unpack(content)
        self._content = content
        self.key: str = plain["key"]
        self.processes: tuple[str, ...] = tuple(plain["processes"])
        self.elements: Mapping[str, Element] = MappingProxyType(
            {row["id"]: Element(**row) for row in plain["elements"]}
        )
        self.spec, self.subs = build_specs(plain)
        self.expressions = Expressions(plain["names"], plain["case_names"])
        self.decisions: Mapping[str, CalledDecision] = load_decisions(
            {file: text.encode("utf-8") for file, text in plain["decisions"].items()}
        )

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> ProcessVersion:
        """From the plain data `compile_process` makes."""
        raw = orjson.dumps({"format": FORMAT, **plain})
        return cls(bytes(zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(raw)))

    @property
    def message_names(self) -> frozenset[str]:
        """Names of all messages the diagrams wait for."""
        waits = ("boundaryEvent", "intermediateCatchEvent", "receiveTask", "startEvent")
        return frozenset(
            element.name
            for element in self.elements.values()
            if element.event == "message" and element.kind in waits
        )

    def title_of(self, element: str) -> Mapping[str, str]:
        """Title of an element; an id that is not drawn is its own title."""
        known = self.elements.get(element)
        if known is None or not known.title["zh"]:
            return {"zh": element, "en": element}
        return known.title

    def to_bytes(self) -> bytes:
        """The version as bytes, to be kept beside its source."""
        return self._content


@cache
def maker() -> str:
    """Which code makes versions: bytes of another maker are made anew from their source. SHA-256
    of this room's modules and of the library's version."""
    found = hashlib.sha256(metadata.version("SpiffWorkflow").encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


def _unpack(content: bytes) -> dict[str, Any]:
    try:
        raw = zstandard.ZstdDecompressor().decompress(content, max_output_size=MAX_BYTES)
        plain: dict[str, Any] = orjson.loads(raw)
        number = plain.pop("format")
    except (zstandard.ZstdError, orjson.JSONDecodeError, KeyError, AttributeError) as exc:
        raise StateError("engine.version_damaged") from exc
    if number != FORMAT:
        raise StateError("engine.version_format", format=number, known=FORMAT)
    return plain


def plain_elements(elements: Mapping[str, Element]) -> list[dict[str, Any]]:
    """Elements as plain data, in drawing order."""
    return [
        {**asdict(element), "title": dict(element.title), "properties": dict(element.properties)}
        for element in elements.values()
    ]
