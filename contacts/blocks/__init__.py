"""The kinds of blocks that show contacts."""
