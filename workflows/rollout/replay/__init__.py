"""Past cases through another version: the same path, or where and how it parts."""
