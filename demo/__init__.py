"""The demo company, for a first look at the site."""
