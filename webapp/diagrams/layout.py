"""Place and route a scope: columns, tracks, pixels, routes, labels.

Expanded sub-processes are laid out first, as pictures of their own.
"""

from __future__ import annotations

from webapp.diagrams.columns import assign_columns, links_of
from webapp.diagrams.labels import place_labels
from webapp.diagrams.picture import Picture
from webapp.diagrams.place import Sheet, place
from webapp.diagrams.route import Router
from webapp.diagrams.rows import assign_tracks
from webapp.diagrams.tree import Scope


def lay_out(scope: Scope, *, is_top: bool = True) -> Picture:
    """The picture of a process (`is_top`) or of the inside of a sub-process, from (0, 0)."""
    inner = {
        key: lay_out(node.scope, is_top=False) for key, node in scope.nodes.items() if node.scope
    }
    links = links_of(scope)
    column = assign_columns(scope, links)
    tracks = assign_tracks(scope, links, column)
    picture = place(Sheet(scope, links, column, tracks, inner, is_top))
    Router(scope, picture).route_all()
    place_labels(scope, picture)
    return picture
