"""A matter whose agreement waits for signatures on a screen, and hands that draw."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.factories.hall import Hall, build_hall, scenario_data
from tests.factories.papers import PretendRenderer
from tests.factories.rollout import ROOT, scenario
from workflows.cases.queries.records import InboxRow
from workflows.cases.strokes import Strokes, read_strokes
from workflows.catalogue.source import PackageSource, read_folder
from workflows.documents.rendering import Renderer
from workflows.signing.ask import Asked, AskSignature, ask_signature
from workflows.signing.paper import Holder, give_code, open_paper, sign
from workflows.signing.view import load_link
from workflows.storage import Database
from workflows.storage.vault import Vault

P1 = "people_mediation"
OLD = ROOT / "tests" / "data" / "before_signing"
PARTY, MEDIATOR = "party_signature", "mediator_signature"


def drawn(seed: int = 1, *, width: int = 600, points: int = 60) -> str:
    """What a pad posts: three strokes of a hand of its own."""
    hand = Random(seed)
    x, y, ms, lines = width / 5, 90.0, 0, []
    for _ in range(3):
        line = []
        for _ in range(points // 3):
            x, y = x + hand.uniform(-8, 14), y + hand.uniform(-12, 12)
            ms += hand.randint(7, 29)
            line.append([round(x, 1), round(y, 1), ms])
        lines.append(line)
        ms += hand.randint(120, 400)
    return json.dumps({"width": width, "height": 220, "lines": lines})


def strokes(seed: int = 1) -> Strokes:
    return read_strokes(drawn(seed))


@dataclass
class Table:
    """People around a table: the hall with an agreement that waits, and a renderer."""

    hall: Hall
    renderer: Renderer

    @property
    def platform(self) -> Any:
        return self.hall.platform

    def tasks(self, element: str = "sign_paper") -> list[InboxRow]:
        return self.hall.tasks("mediator", element)

    def ask(self, item: InboxRow, way: str = "table", field: str = PARTY) -> Asked:
        command = AskSignature(item.id, field, way)
        return ask_signature(self.platform, self.hall.actor("mediator"), self.renderer, command)

    def code(self, asked: Asked) -> str:
        """What the mediator tells at the table."""
        return load_link(self.platform, self.hall.actor("mediator"), asked.id).code

    def sign_on_phone(self, item: InboxRow, seed: int, device: str) -> Asked:
        """A party opens the link, types the code, signs."""
        asked = self.ask(item, "phone")
        holder = Holder(asked.token, device, "Mozilla/5.0 (phone)")
        give_code(self.platform, holder, self.code(asked))
        sign(self.platform, holder, strokes(seed))
        return asked

    def sign_at_table(self, item: InboxRow, seed: int, field: str = PARTY) -> Asked:
        """Somebody signs on the office's device."""
        asked = self.ask(item, "table", field)
        holder = Holder(asked.token, "office", "Mozilla/5.0 (tablet)")
        open_paper(self.platform, holder)
        sign(self.platform, holder, strokes(seed))
        return asked

    def complete(self, item: InboxRow, **raw: Any) -> Any:
        return self.hall.letters.world.complete("mediator", item, **raw)


def sit_down(
    database: Database,
    folder: Path,
    vault: Vault,
    renderer: Renderer | None = None,
    *,
    method: str | None = "screen",
    **clauses: Any,
) -> Table:
    """Up to the agreement: two neighbours agreed, the text is drafted."""
    hall = build_hall(database, folder, vault, (P1,), scenario("happy").at)
    agree(hall)
    draft(hall, method, **clauses)
    return Table(hall, renderer or PretendRenderer())


def before_signing() -> PackageSource:
    """The package as it was before anybody could sign on a screen."""
    files = dict(read_folder(ROOT, P1).files)
    for name in ("signed_on_screen", "screen_excluded"):
        del files[f"bpmn/{P1}/scenarios/{name}.json"]
    for path in sorted(OLD.rglob("*.*")):
        top, rest = path.relative_to(OLD).parts[0], path.relative_to(OLD).parts[1:]
        files["/".join((top, P1, *rest))] = path.read_bytes()
    return PackageSource(P1, files)


def agree(hall: Hall) -> None:
    """Two neighbours come to terms in a session; the text waits to be drafted."""
    happy = scenario("happy")
    hall.open("intake", P1, **happy.start.data)
    hall.do("intake", "review_acceptance", scenario_data(P1, "happy", "review_acceptance"))
    hall.until((hall.today() + timedelta(days=2)).isoformat())
    for who, element in (
        ("intake", "ask_consent"),
        ("intake", "inform_rights"),
        ("head", "assign_mediator"),
    ):
        hall.do(who, element, scenario_data(P1, "happy", element))
    session = scenario_data(P1, "happy", "hold_session", 1)
    hall.do("mediator", "hold_session", session, session_no=1)


def draft(hall: Hall, method: str | None, **clauses: Any) -> None:
    """The mediator drafts the text and says how it is to be signed; None: as forms once did."""
    data = scenario_data(P1, "happy", "draft_agreement")
    changes = {"sign_method": method} if method else {}
    hall.do("mediator", "draft_agreement", data, **{**changes, **clauses})
