"""Running cases to another version: the order, the work, what is shown of it."""
