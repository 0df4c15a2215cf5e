"""What a version of a package means for cases, before and after it is published.

`scenarios/` reads scenario files, walks them and says what they leave out; `world/` is the
installation in memory they walk in (the same `decide`, no database). `compare/` holds two
versions against each other, `replay/` walks past runs through another version, `migration/` moves
running ones. At the top: drafts and versions, publishing, who is affected. Nothing here knows HTTP;
the real site is another `World`.
"""
