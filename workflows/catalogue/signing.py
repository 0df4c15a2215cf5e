"""`[signing]` of `package.toml`: the decision that says what the law lets people sign on a screen
(电子签名法 art. 3), and what a form with a signature needs around it.

A package whose forms ask for signatures must name one: what the law excludes is refused where the
link to sign is asked for, not only where the diagram remembered to look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows.catalogue.volume import finding
from workflows.engine.findings import Finding
from workflows.formspec.fields import Field, Widget

if TYPE_CHECKING:
    from workflows.catalogue.gate import Parts
    from workflows.catalogue.manifest import Manifest

TABLE = "signing"
ALLOWED, ARTICLE = "screen_allowed", "screen_article"
"""What the decision gives: true or false, and the article that excludes the matter (a text)."""
PLACE = b'id="sign-'
"""How a text marks where a signature goes: `<div class="sign" id="sign-{{ p.id }}">` for a party,
`sign-` and the field's name for whoever does the task themselves."""


@dataclass(frozen=True, slots=True)
class SigningPlan:
    """`check`: id of the decision that says what may be signed on a screen."""

    check: str


def read_signing(reader: Any) -> SigningPlan | None:
    """The table of a manifest, read with its reader, which collects what is wrong."""
    table = reader.table.get(TABLE)
    if table is None:
        return None
    if not isinstance(table, dict) or not isinstance(table.get("check"), str):
        reader.say("manifest.shape", name=f"{TABLE}.check")
        return None
    return SigningPlan(table["check"])


def check_signing(
    parts: Parts, manifest: Manifest, texts: Mapping[str, bytes]
) -> Iterator[Finding]:
    """What stands in the way of signing on a screen. `texts`: `documents/….html` as written."""
    signatures = tuple(_signatures(parts))
    for field in signatures:
        document = manifest.documents.get(field.signs)
        if document is None:
            yield finding("error", "signing_document", name=field.name, kind=field.signs)
        elif PLACE not in texts.get(f"documents/{document.template}.html", b""):
            yield finding("error", "signing_place", name=field.name, kind=field.signs)
    if manifest.signing is None:
        if signatures:
            yield finding("error", "signing_unchecked", name=signatures[0].name)
        return
    called = parts.files.decisions.get(manifest.signing.check) if parts.files else None
    if called is None or not {ALLOWED, ARTICLE} <= set(called.outputs):
        yield finding("error", "signing_check", name=manifest.signing.check)


def _signatures(parts: Parts) -> Iterator[Field]:
    for form in parts.forms.values():
        yield from (one for one in form.fields if one.widget is Widget.SIGNATURE)
