"""Articles: writing, publishing, reading, feeds, import from WordPress."""
