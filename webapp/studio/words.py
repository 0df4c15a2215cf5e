"""What the panels offer to choose from: roles, rules of clocks, operations."""

from __future__ import annotations

from typing import Any

from webapp.pages.formats import titled
from webapp.pages.now import platform
from webapp.pages.reference import role_title
from workflows.engine import OPERATIONS
from workflows.formspec.party import ALWAYS, PARTY_FIELDS, REQUIRED
from workflows.organisation.roles import working_roles
from workflows.storage import SYSTEM
from workflows.studio.expressions import list_functions


def vocabulary() -> dict[str, Any]:
    """{"roles": [{key, title}], "rules": [{key, title}], "operations": [{name, …}],
    "functions": {name: [parameter, …]}, "party": [{name, title, always, required}]}."""
    with platform().database.reading(SYSTEM) as session:
        book = platform().rules(session)
    return {
        "roles": [{"key": key, "title": str(role_title(key))} for key in sorted(working_roles())],
        "rules": [{"key": key, "title": titled(book.rule(key).title)} for key in book.keys],
        "functions": list_functions(),
        "party": [
            {
                "name": one.name,
                "title": dict(one.title),
                "always": one.name in ALWAYS,
                "required": one.name in REQUIRED,
            }
            for one in PARTY_FIELDS
            if one.name != "id"
        ],
        "operations": [
            {
                "name": one.name,
                "local": one.local,
                "parameters": dict(one.parameters),
                "required": sorted(one.required),
                "result": dict(one.result),
            }
            for one in OPERATIONS.values()
        ],
    }
