"""Photos that are uploaded: upright, without location, small beside large, the original kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pillow_heif
import pytest
from PIL import Image

from tests.factories.cases import World, rows
from tests.factories.volumes import photo
from webapp.pdf.pictures import PictureProcess
from workflows.cases.files import Upload, Uploaded, open_file, open_thumbnail, upload
from workflows.cases.picture_tables import StoredPicture
from workflows.cases.pictures import Picture
from workflows.errors import InvalidInputError, NotVisibleError

GPS, ORIENTATION = 0x8825, 0x112


@pytest.fixture(scope="module")
def process() -> Iterator[PictureProcess]:
    made = PictureProcess()
    yield made
    made.close()


@pytest.fixture
def world(world: World, process: PictureProcess) -> World:
    return replace(world, platform=replace(world.platform, pictures=process))


def send(world: World, name: str, content: bytes, **more: Any) -> Uploaded:
    return upload(world.platform, world.actor("intake"), Upload(BytesIO(content), name, **more))


def read(world: World, file: Uploaded) -> bytes:
    _file, content = open_file(world.platform, world.actor("intake"), file.id)
    with content:
        return content.read()


def with_place(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (39.0, 44.0, 12.0)
    return exif


def test_a_photo_loses_its_place_and_keeps_its_pixels(world: World) -> None:
    content = photo(200, 100, exif=with_place())
    assert b"PhoneMaker" in content
    kept = read(world, send(world, "现场.jpg", content))
    assert b"PhoneMaker" not in kept
    with Image.open(BytesIO(kept)) as after, Image.open(BytesIO(content)) as before:
        assert dict(after.getexif()) == {}
        assert after.tobytes() == before.tobytes()


def test_the_original_stays_with_its_digest(world: World) -> None:
    content = photo(200, 100, exif=with_place())
    file = send(world, "现场.jpg", content)
    row = rows(world, StoredPicture)[0]
    assert row.sha256 == file.sha256
    assert row.original_sha256 == hashlib.sha256(content).hexdigest()
    assert (row.original_bytes, row.original_type) == (len(content), "image/jpeg")
    assert (row.width, row.height, row.keeps_place) == (200, 100, 0)
    assert world.platform.files.read(row.original_sha256) == content


def test_a_place_kept_on_purpose_stays(world: World) -> None:
    kept = read(world, send(world, "a.jpg", photo(exif=with_place()), keep_place=True))
    with Image.open(BytesIO(kept)) as picture:
        assert picture.getexif().get_ifd(GPS)[1] == "N"
    assert rows(world, StoredPicture)[0].keeps_place == 1


@pytest.mark.parametrize("keep_place", [True, False])
def test_a_turned_photo_stands_upright(world: World, keep_place: bool) -> None:
    content = photo(200, 100, exif=with_place(6))
    kept = read(world, send(world, "a.jpg", content, keep_place=keep_place))
    with Image.open(BytesIO(kept)) as picture:
        assert picture.size == (100, 200)
        assert picture.getexif().get(ORIENTATION, 1) == 1
        assert bool(picture.getexif().get_ifd(GPS)) is keep_place


def test_heic_becomes_jpeg_with_another_name(world: World) -> None:
    kept = BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (320, 240), "red")).save(kept)
    file = send(world, "手机照片.HEIC", kept.getvalue())
    assert (file.name, file.media_type) == ("手机照片.jpg", "image/jpeg")
    with Image.open(BytesIO(read(world, file))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (320, 240))
    assert rows(world, StoredPicture)[0].original_type == "image/heic"


def test_webp_and_png_are_shown_by_every_browser(world: World) -> None:
    assert send(world, "a.webp", photo(kind="WEBP")).media_type == "image/jpeg"
    png = send(world, "b.png", photo(kind="PNG"))
    assert (png.media_type, png.name) == ("image/png", "b.png")


def test_a_thumbnail_is_small_and_for_whoever_may_open_the_file(world: World) -> None:
    file = send(world, "a.jpg", photo(1600, 1200, exif=with_place()))
    with open_thumbnail(world.platform, world.actor("intake"), file.id) as content:
        small = content.read()
    with Image.open(BytesIO(small)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (320, 240))
    assert b"PhoneMaker" not in small
    with pytest.raises(NotVisibleError):
        open_thumbnail(world.platform, world.actor("mediator"), file.id)


def test_a_file_that_is_no_picture_has_no_thumbnail(world: World) -> None:
    file = send(world, "a.pdf", b"%PDF-1.7 anything")
    with pytest.raises(NotVisibleError):
        open_thumbnail(world.platform, world.actor("intake"), file.id)
    assert rows(world, StoredPicture) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"\xff\xd8\xff" + bytes(300), "cases.picture_broken", id="no picture"),
        pytest.param(photo(900, 700)[:900], "cases.picture_broken", id="cut off"),
        pytest.param(
            photo(8, 8, kind="PNG")[:16] + b"\0\0\xea\x60" * 2 + photo(8, 8, kind="PNG")[24:],
            "cases.picture",
            id="a bomb",
        ),
    ],
)
def test_a_picture_nobody_can_open_is_refused_with_a_sentence(
    world: World, content: bytes, code: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        send(world, "a.jpg", content)
    assert refused.value.message.code.startswith(code)
    assert rows(world, StoredPicture) == []
    assert send(world, "b.jpg", photo()).name == "b.jpg", "the next picture is taken"


def test_too_many_pixels_are_refused(world: World) -> None:
    kept = BytesIO()
    Image.new("1", (10_000, 8_001)).save(kept, "PNG")
    with pytest.raises(InvalidInputError) as refused:
        send(world, "a.png", kept.getvalue())
    assert refused.value.message.code == "cases.picture_too_large"


def test_the_same_picture_is_worked_on_once(world: World) -> None:
    calls: list[int] = []

    class Counting:
        def take(self, content: bytes, *, keep_place: bool) -> Picture:
            calls.append(len(content))
            return Picture(content + b"!", "image/jpeg", b"small", 1, 1)

    counted = replace(world, platform=replace(world.platform, pictures=Counting()))
    first, second = send(counted, "a.jpg", photo()), send(counted, "b.jpg", photo())
    assert first.sha256 == second.sha256
    assert len(calls) == 1
    assert len(rows(world, StoredPicture)) == 1


def test_a_process_that_dies_refuses_one_picture_only(world: World) -> None:
    deadly = PictureProcess(("/usr/bin/false",))
    dead = replace(world, platform=replace(world.platform, pictures=deadly))
    with pytest.raises(InvalidInputError) as refused:
        send(dead, "a.jpg", photo())
    assert refused.value.message.code == "cases.picture_broken"
    deadly.close()
