"""The staff's pages for articles beside the list and the form."""
