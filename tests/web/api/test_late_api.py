"""The server's way of building the site: pages first, the room of the API when somebody calls."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from werkzeug.test import Client

from tests.factories.cases import World
from tests.web.api.conftest import token
from webapp.commands.late_api import LateApi
from webapp.settings import Settings

LOADED = """
import sys
from pathlib import Path
from webapp.commands.late_api import LateApi
from webapp.settings import Settings
LateApi(Settings(data=Path(sys.argv[1]), database_url="sqlite://"))
print(*sorted({"pydantic", "webapp.api.inputs", "webapp.inbox.routes"} & set(sys.modules)))
"""


def test_pages_do_without_what_only_programs_need(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LOADED, str(tmp_path)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["webapp.inbox.routes"]


def test_the_first_call_finds_the_room_and_pages_go_on(world: World, settings: Settings) -> None:
    served = LateApi(settings, world.platform)
    client, program = Client(served), {"Authorization": f"Bearer {token(world, 'mediator')}"}
    assert client.get("/inbox", headers=program).status_code == 200
    assert "api" not in served.site.blueprints
    me = client.get("/api/v1/me", headers=program)
    assert (me.status_code, me.get_json()["user"]["username"]) == (200, "mediator")
    assert client.get("/api/v1/me").status_code == 401
    assert client.get("/api/v1/nothing", headers=program).status_code == 404
    assert client.get("/inbox", headers=program).status_code == 200
