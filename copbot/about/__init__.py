"""The About pages: shown to everybody, edited by leads."""
