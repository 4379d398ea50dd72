"""Staff pages for articles, apart from the list and the form."""
