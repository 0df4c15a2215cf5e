"""Addresses of process packages and their versions."""

from __future__ import annotations

from io import BytesIO

from flask import Response, send_file

from webapp.api import answers, inputs, shapes
from webapp.api.blueprint import blueprint
from webapp.api.operations import ZIP, once, operation, takes_file
from webapp.api.reading import read_file
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.rollout import versions


@blueprint.get("/packages/<package:package>/versions")
@operation(shapes.VersionList, tag="packages", refuses=(403,))
@access("signed_in")
def list_versions(package: str) -> shapes.VersionList:
    """All versions of a package, the newest first."""
    return answers.versions(versions.list_versions(platform(), current_actor(), package))


@blueprint.post("/packages/<package:package>/versions")
@operation(shapes.Drafted, tag="packages", status=201)
@once
@takes_file
@access("ability:publish")
def add_version(package: str) -> shapes.Drafted:
    """A zip becomes the next draft; everything the gate finds is told."""
    command = versions.AddVersion(package, read_file().stream.read())
    return answers.drafted(versions.add_version(platform(), current_actor(), command))


@blueprint.post("/packages/<package:package>/versions/<version:number>/publish")
@operation(shapes.Version, tag="packages", body=inputs.Publish)
@once
@access("ability:publish")
def publish_version(package: str, number: int, body: inputs.Publish) -> shapes.Version:
    """New cases use this version from now on."""
    actor = current_actor()
    view = versions.publish_version(platform(), actor, package, number, notes=body.notes)
    return answers.version(view)


@blueprint.get("/packages/<package:package>/versions/<version:number>/export")
@operation(None, tag="packages", media_type=ZIP, refuses=(403,))
@access("signed_in")
def export_version(package: str, number: int) -> Response:
    """The tree of a version as a zip."""
    content = versions.export_version(platform(), current_actor(), package, number)
    name = f"{package.replace('@', '-')}-{number}.zip"
    return send_file(BytesIO(content), mimetype=ZIP, as_attachment=True, download_name=name)
