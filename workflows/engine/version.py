"""A process version: everything the cases of one published version share, frozen.

Specs are kept here once, never in a case. A version is safe to share between threads: runs never
change specs, because the constructs that do (message-triggered event sub-processes, several
executable pools, ad hoc sub-processes) are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

import orjson
import zstandard

from workflows.engine.called import CalledDecision, read_decisions
from workflows.engine.elements import Element
from workflows.engine.expressions import Expressions
from workflows.engine.findings import StateError
from workflows.engine.specs import build_specs

FORMAT = 1
MAX_BYTES = 64 * 1024 * 1024


class ProcessVersion:
    """A compiled process, ready to run.

    `key`: id of the spine and of the package. `elements`: everything drawn, by id. `processes`:
    ids of the diagrams. `message_names`: messages its diagrams wait for.
    """

    def __init__(self, plain: Mapping[str, Any]) -> None:
        """From the plain data of `compile_process`; use that or `from_bytes`."""
        self._plain = plain
        self.key: str = plain["key"]
        self.processes: tuple[str, ...] = tuple(plain["processes"])
        self.elements: Mapping[str, Element] = MappingProxyType(
            {row["id"]: Element(**row) for row in plain["elements"]}
        )
        self.spec, self.subs = build_specs(plain)
        self.expressions = Expressions(plain["names"], plain["case_names"])
        self.decisions: Mapping[str, CalledDecision] = read_decisions(
            {file: text.encode("utf-8") for file, text in plain["decisions"].items()}
        )[0]

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
        """The version as bytes, for a cache or an archive."""
        raw = orjson.dumps({"format": FORMAT, **self._plain})
        return bytes(zstandard.ZstdCompressor(level=10, write_checksum=True).compress(raw))

    @classmethod
    def from_bytes(cls, content: bytes) -> ProcessVersion:
        """The version again. StateError where the bytes are damaged or of another format."""
        try:
            raw = zstandard.ZstdDecompressor().decompress(content, max_output_size=MAX_BYTES)
            plain = orjson.loads(raw)
            number = plain.pop("format")
        except (zstandard.ZstdError, orjson.JSONDecodeError, KeyError, AttributeError) as exc:
            raise StateError("engine.version_damaged") from exc
        if number != FORMAT:
            raise StateError("engine.version_format", format=number, known=FORMAT)
        return cls(plain)


def plain_elements(elements: Mapping[str, Element]) -> list[dict[str, Any]]:
    """Elements as plain data, in drawing order."""
    return [
        {**asdict(element), "title": dict(element.title), "properties": dict(element.properties)}
        for element in elements.values()
    ]
