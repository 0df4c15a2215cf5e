"""The page somebody begins a package on: starting points, the form for one of them, an upload."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from webapp.pages.entries import Entry, filled
from webapp.pages.layout import render_page
from workflows.studio.starting import StartingPoint, StartPage, propose_key

NO_ERRORS: Mapping[str, str] = {}


def render(
    found: StartPage,
    chosen: StartingPoint | None = None,
    typed: Mapping[str, str] = NO_ERRORS,
    errors: Mapping[str, str] = NO_ERRORS,
) -> str:
    """The page. `chosen`: the starting point whose form is shown. `errors`: field → sentence."""
    return render_page(
        "studio/start.html",
        points=found.points,
        chosen=chosen,
        entries=filled(_entries(found, chosen), typed, errors) if chosen else (),
        import_entries=filled(_import_entries(found), typed, errors),
        errors=errors,
    )


def _entries(found: StartPage, chosen: StartingPoint) -> tuple[Entry, ...]:
    return (
        Entry("title_zh", _("中文名称"), hint=_("写在页面上、公文上的名称，例如：小额救助审批")),
        Entry("title_en", _("英文名称"), hint=_("不填的先用中文名称"), optional=True),
        Entry(
            "key",
            _("代号"),
            hint=_("系统内部用，小写英文字母开头，可以有数字和下划线；建好以后不能改"),
            value=propose_key(chosen.name, found.taken),
        ),
        Entry("unit", _("给谁用"), options=_places(found)),
    )


def _import_entries(found: StartPage) -> tuple[Entry, ...]:
    return (
        Entry("import_title", _("中文名称"), hint=_("不填的用图里的名称"), optional=True),
        Entry("import_key", _("代号"), hint=_("不填的用图里主流程的编号"), optional=True),
        Entry("import_unit", _("给谁用"), options=_places(found)),
    )


def _places(found: StartPage) -> tuple[tuple[str, str], ...]:
    return tuple((code, name if code else _("所有单位通用")) for code, name in found.places)
