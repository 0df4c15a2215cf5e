"""An installation in memory: the real decisions, a clock that moves, nothing stored or sent."""
