"""The studio: a package as its owners work on it, save by save, until it becomes a version."""
