"""What can happen to articles: one function for each business action.

Each is atomic, locks the article and writes one version of it. `by` is the acting user, or None
for a command; only for a user are permissions checked. An article is saved with its *content*, the
dict of `news.models.version`, or as it is stored where no content is given.
"""
