"""Which fonts a renderer may see: a private fontconfig file naming folders, nothing else.

Without it a machine's own fonts leak in: text in an SVG seal fell back to whatever the system
had, and two machines made different bytes from the same document.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from workflows.documents.rendering import RenderError

PACKAGED = (
    "noto-serif-sc/400Regular",
    "noto-serif-sc/700Bold",
    "noto-sans-sc/400Regular",
    "noto-sans-sc/700Bold",
    "noto-sans-mongolian/400Regular",
    "noto-naskh-arabic/400Regular",
    "noto-naskh-arabic/700Bold",
)
"""Folders of the npm scope `@expo-google-fonts`. The first four: 30,900 characters each, among them
all of the 通用规范汉字表 (GB 18030 names such as 𬱖, 䶮, 㛃 included). The others draw the texts
beside the Chinese one: Mongolian, and Kazakh in Arabic letters."""

RARE = (Path("/usr/share/fonts/truetype/hanazono"),)
"""Debian's `fonts-hanazono` (22 MB to fetch, 52 MB installed): 60,000 ideographs of CJK
extensions B to F for the names the first four do not have. Used where it is installed."""

TEMPLATE = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
{folders}
<cachedir>{cache}</cachedir>
<config><rescan><int>0</int></rescan></config>
</fontconfig>
"""


def font_folders(packages: Path, office: Path | None) -> tuple[Path, ...]:
    """The folders to use, in order: packaged fonts, rare characters, the office's own.

    `packages` is the npm scope's folder; `office` the data folder's `fonts/`, where an office
    drops its licensed 仿宋 and 小标宋. Raises RenderError where a packaged font is absent.
    """
    packaged = tuple(packages / name for name in PACKAGED)
    for folder in packaged:
        if not any(folder.glob("*.ttf")):
            raise RenderError("documents.fonts_missing", folder=str(folder))
    own = (office,) if office is not None else ()
    return packaged + tuple(folder for folder in (*RARE, *own) if folder.is_dir())


def write_font_config(target: Path, folders: Iterable[Path], cache: Path) -> Path:
    """Write the file that `FONTCONFIG_FILE` names; `cache` speeds up the next start."""
    lines = "\n".join(f"<dir>{escape(str(folder.resolve()))}</dir>" for folder in folders)
    target.write_text(
        TEMPLATE.format(folders=lines, cache=escape(str(cache.resolve()))), encoding="utf-8"
    )
    return target
