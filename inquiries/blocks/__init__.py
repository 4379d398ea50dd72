"""The kinds of blocks that lead to an inquiry."""
