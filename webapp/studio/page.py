"""The page of the studio: a frame the scripts fill."""

from __future__ import annotations

from flask_babel import gettext as _

from webapp.pages.layout import render_page
from webapp.security import style_nonce
from workflows.studio.workbench import Workbench


def tabs() -> tuple[tuple[str, str, str], ...]:
    """(key, title, icon) of the seven parts of a package, in the order people work."""
    return (
        ("diagram", _("流程图"), "flow"),
        ("forms", _("表单"), "table"),
        ("decisions", _("决策表"), "table"),
        ("texts", _("文书文本"), "doc"),
        ("settings", _("设置"), "lock"),
        ("scenarios", _("场景"), "play"),
        ("versions", _("保存与版本"), "sync"),
    )


def render(bench: Workbench) -> str:
    """The frame."""
    return render_page("studio/studio.html", bench=bench, tabs=tabs(), nonce=style_nonce())
