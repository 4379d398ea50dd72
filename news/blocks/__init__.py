"""The kinds of blocks that show news."""
