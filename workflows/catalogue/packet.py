"""`[packet]` of `package.toml`: the papers that leave the house together, in the order in which
whoever receives them wants them.

Lines are read as those of a volume. A package without the table sends nothing to a court.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows.catalogue.volume import VolumePlan, check_lines, finding, read_lines
from workflows.engine.findings import Finding

if TYPE_CHECKING:
    from workflows.catalogue.gate import Parts
    from workflows.catalogue.manifest import Manifest

TABLE = "packet"


@dataclass(frozen=True, slots=True)
class PacketPlan:
    """A package's packet. `step`: element of the user task at which it goes out; `to`: case field
    that names who gets it; `limit`: rule whose clock ends the time for it; `receipt`: case field
    with the number it was received under, "" where none is kept."""

    title: Mapping[str, str]
    step: str
    to: str
    limit: str
    receipt: str
    plan: VolumePlan


def read_packet(reader: Any) -> PacketPlan | None:
    """The packet of a manifest, read with its reader, which collects what is wrong."""
    table = reader.table.get(TABLE)
    plan = read_lines(reader, TABLE)
    if plan is None:
        return None
    for name in ("step", "to", "limit"):
        if not isinstance(table.get(name), str):
            reader.say("manifest.shape", name=f"{TABLE}.{name}")
    return PacketPlan(
        title=reader.titles(table, TABLE),
        step=str(table.get("step", "")),
        to=str(table.get("to", "")),
        limit=str(table.get("limit", "")),
        receipt=str(table.get("receipt", "")),
        plan=plan,
    )


def check_packet(parts: Parts, manifest: Manifest) -> Iterator[Finding]:
    """What a package's packet says that is not so."""
    packet = manifest.packet
    if packet is None:
        return
    if manifest.access_class != "normal":
        yield finding("error", "packet_restricted", value=manifest.access_class)
    yield from check_lines(parts, manifest, packet.plan)
    stored = {field.name for form in parts.forms.values() for field in form.fields}
    for name in filter(None, (packet.to, packet.receipt)):
        if name not in stored:
            yield finding("error", "packet_field", name=name)
