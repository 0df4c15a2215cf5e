"""Addresses of process packages and their versions."""

from __future__ import annotations

from io import BytesIO

from flask import Response, send_file

from webapp.api import answers, inputs, packages, shapes
from webapp.api.blueprint import blueprint
from webapp.api.operations import ZIP, once, operation, takes_file
from webapp.api.reading import read_file
from webapp.pages.now import platform
from webapp.security import access, current_actor
from workflows.rollout import impact, release, versions


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


@blueprint.post("/packages/<package:package>/versions/<version:number>/approve")
@operation(shapes.Version, tag="packages", body=packages.Approve)
@once
@access("ability:approve")
def approve_version(package: str, number: int, body: packages.Approve) -> shapes.Version:
    """A second person, not the author, has looked at what the version changes."""
    actor = current_actor()
    view = release.approve_version(platform(), actor, package, number, notes=body.notes)
    return answers.version(view)


@blueprint.post("/packages/<package:package>/versions/<version:number>/publish")
@operation(shapes.Version, tag="packages", body=inputs.Publish)
@once
@access("ability:publish")
def publish_version(package: str, number: int, body: inputs.Publish) -> shapes.Version:
    """New cases use this version from now on: a draft, or an earlier version once more. 403
    `needs_second_person`, with `reasons`, where somebody else has to approve it first."""
    actor = current_actor()
    view = release.publish_version(platform(), actor, package, number, notes=body.notes)
    return answers.version(view)


@blueprint.get("/packages/<package:package>/versions/<version:number>/impact")
@operation(packages.PackageImpact, tag="packages", refuses=(403,))
@access("signed_in")
def read_impact(package: str, number: int) -> packages.PackageImpact:
    """Open cases by step, people, documents and clocks that publishing would affect."""
    return packages.impact(impact.read_impact(platform(), current_actor(), package, number))


@blueprint.get("/packages/<package:package>/compare")
@operation(packages.PackageComparison, tag="packages", query=packages.Compare, refuses=(403,))
@access("signed_in")
def compare_versions(package: str, query: packages.Compare) -> packages.PackageComparison:
    """What one version has otherwise than another, and whether a second person has to look."""
    actor = current_actor()
    found = versions.compare_versions(platform(), actor, package, query.from_, query.to)
    return packages.comparison(found, query.from_, query.to)


@blueprint.get("/packages/<package:package>/versions/<version:number>/export")
@operation(None, tag="packages", media_type=ZIP, refuses=(403,))
@access("signed_in")
def export_version(package: str, number: int) -> Response:
    """The tree of a version as a zip."""
    content = versions.export_version(platform(), current_actor(), package, number)
    name = f"{package.replace('@', '-')}-{number}.zip"
    return send_file(BytesIO(content), mimetype=ZIP, as_attachment=True, download_name=name)
