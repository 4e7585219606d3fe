"""Long and timed work as rows: asked for once, run by whoever is alive, run again when that one dies."""
