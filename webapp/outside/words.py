"""What findings, states and formats are called on pages."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class Tag:
    """A state in words, with its style and icon."""

    words: str
    style: str
    icon: str = ""


def findings() -> dict[str, Tag]:
    """Tags of what was found of a row, in the order of the tabs."""
    return {
        "new": Tag(_("可以写入"), "now"),
        "same": Tag(_("已有编号"), "done"),
        "conflict": Tag(_("有冲突"), "bad", "over"),
        "ambiguous": Tag(_("要人选定"), "warn"),
        "unknown": Tag(_("没有找到"), "warn"),
        "forbidden": Tag(_("无权写入"), "warn", "lock"),
        "bad": Tag(_("行有误"), "bad", "over"),
        "listed": Tag(_("已在清单"), "plain"),
        "written": Tag(_("已写入"), "done"),
        "by_hand": Tag(_("人工对上"), "done"),
        "dismissed": Tag(_("已搁置"), "draft"),
    }


def states() -> dict[str, str]:
    """The tabs of the work list."""
    return {"open": _("未匹配"), "dismissed": _("已搁置"), "done": _("已办好")}


def file_states() -> dict[str, Tag]:
    """Tags of files."""
    return {
        "preview": Tag(_("等待写入"), "warn"),
        "applied": Tag(_("已写入"), "done"),
        "discarded": Tag(_("已弃用"), "draft"),
    }


def formats() -> dict[str, str]:
    """Formats of a list that goes out."""
    return {
        "xlsx": _("Excel 工作簿（.xlsx）"),
        "csv": _("CSV（UTF-8）"),
        "csv-gb18030": _("CSV（GB 18030，旧系统用）"),
    }


def case_states() -> dict[str, str]:
    """Which cases go out."""
    return {"": _("全部"), "open": _("办理中"), "closed": _("已办结")}
