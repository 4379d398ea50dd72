"""The kinds of blocks that need no other app: a module for each, with one form."""
