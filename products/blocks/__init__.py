"""The kinds of blocks that show the catalogue."""
