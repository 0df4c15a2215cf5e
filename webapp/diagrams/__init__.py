"""Pictures of processes: from a short text to BPMN with a picture, and from BPMN to SVG.

`notation` reads a line notation, `semantic` writes BPMN from it, `layout` and its helpers place
and route, `draw` writes the picture into the file, `tidy` redraws an existing file without
touching its meaning, `svg` paints a file for pages and print, `measure` counts what a person
would call ugly. Only lxml is used; nothing here knows Flask or the engine. A committed .bpmn is
the truth: the notation only makes a first version. Start at `tree.py`.
"""
