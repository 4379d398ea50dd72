"""`make bench`: how fast the site answers, beside other ways to serve the same page."""
