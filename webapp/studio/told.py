"""Records of the studio → the JSON its pages read."""

from __future__ import annotations

import re
from typing import Any

from flask import url_for

from webapp.pages.formats import clock_time, local
from webapp.pages.language import current_language
from webapp.studio.files import tell_files
from workflows.catalogue.gate import describe
from workflows.engine.findings import Finding
from workflows.messages import Message
from workflows.organisation.holders import Holder
from workflows.rollout.versions import VersionView
from workflows.studio.check import Checked
from workflows.studio.talk import Comment
from workflows.studio.workbench import Saved, Workbench


def tell_workbench(bench: Workbench) -> dict[str, Any]:
    """The working copy with all its files."""
    return {
        "package": bench.package,
        "title": bench.title,
        "files": tell_files(bench.tree),
        "revision": bench.revision,
        "saved": tell_save(bench.saved) if bench.saved else None,
        "from_version": bench.from_version,
        "version": bench.version.number if bench.version else None,
        "versions": [tell_version(bench.package, one) for one in bench.versions],
        "may_edit": bench.may_edit,
    }


def tell_save(one: Saved) -> dict[str, Any]:
    """One save, without its files."""
    return {
        "number": one.number,
        "who": one.who,
        "at": one.at.isoformat(),
        "time": clock_time(one.at),
        "day": local(one.at).date().isoformat(),
        "notes": one.notes,
        "from_version": one.from_version,
        "restored": one.restored,
        "digest": one.digest,
    }


def tell_version(package: str, one: VersionView) -> dict[str, Any]:
    """One version and where its page is."""
    return {
        "number": one.number,
        "state": one.state,
        "notes": one.notes,
        "author": one.author,
        "at": one.created_at.isoformat(),
        "digest": one.digest,
        "url": url_for("packages.version", package=package, number=one.number),
    }


def tell_approver(one: Holder) -> dict[str, str]:
    """Somebody who can be asked to approve."""
    return {"username": one.username, "name": one.name, "unit": one.unit_name}


def tell_check(checked: Checked) -> dict[str, Any]:
    """Findings in the reader's language, and the names expressions may read."""
    language = current_language()
    return {
        "findings": [_tell_finding(one, language) for one in checked.findings],
        "names": dict(checked.process_names),
        "case": dict(checked.case_names),
    }


PLACE = ("row", "cell", "line", "column")
"""What a finding may say of its place in a decision: rule and column of the table, line and
character of the text there, all from 1."""


def _tell_finding(one: Finding, language: str) -> dict[str, object]:
    """As the gate describes it; where it speaks of a table, with the numbers of its rules and the
    place inside."""
    told = describe(one, language)
    reason = one.message.params.get("reason")
    if not isinstance(reason, Message):
        return told
    rules = [int(number) for number in re.findall(r"[0-9]+", str(reason.params.get("rules") or ""))]
    place = {name: reason.params[name] for name in PLACE if reason.params.get(name)}
    return {**told, **({"rules": rules} if rules else {}), **({"place": place} if place else {})}


def tell_comment(one: Comment) -> dict[str, Any]:
    """One remark."""
    return {
        "id": one.id,
        "file": one.file,
        "element": one.element,
        "text": one.text,
        "who": one.who,
        "at": one.at.isoformat(),
        "settled_by": one.settled_by,
        "settled_at": one.settled_at.isoformat() if one.settled_at else None,
    }
