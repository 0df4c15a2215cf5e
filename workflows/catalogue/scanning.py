"""`x-scan-of` of a form's file field: the signed paper of one of the package's documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workflows.catalogue.volume import finding
from workflows.engine.findings import Finding

if TYPE_CHECKING:
    from workflows.catalogue.gate import Parts
    from workflows.catalogue.manifest import Manifest


def check_scans(parts: Parts, manifest: Manifest) -> Iterator[Finding]:
    """Fields that name a document the package does not have."""
    for form in parts.forms.values():
        for field in form.fields:
            if field.scan_of and field.scan_of not in manifest.documents:
                yield finding("error", "scan_of_nothing", name=field.name, kind=field.scan_of)
