"""What a replay of a past case came to, in words."""

from __future__ import annotations

from flask_babel import gettext as _


def verdicts() -> dict[str, str]:
    """Verdict → its words."""
    return {
        "waiting": _("等待重走"),
        "same": _("与原来相同"),
        "other_deadline": _("期限不同"),
        "other_owner": _("承办不同"),
        "missing_data": _("缺少数据"),
        "other_path": _("走向不同"),
        "stuck": _("走不下去"),
        "refused": _("无法重走"),
    }
