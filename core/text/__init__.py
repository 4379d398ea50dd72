"""Text tools that the apps share: HTML to text, folding, tokens, search queries, excerpts."""
