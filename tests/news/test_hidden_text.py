"""Scripts, styles and comments in an article's body are never shown, mailed or indexed as text."""

import html

import feedparser
import pytest

from tests.factories import make_article

pytestmark = pytest.mark.django_db

BODIES = [
    "<p>Crushers</p><script>secret()</script><p>leave</p>",
    "<p>Crushers</p><script/>secret()</script x><p>leave</p>",
    "<p>Crushers</p><![CDATA[<script>secret()</script>]]><p>leave</p>",
    "<p>Crushers</p><!--[if gte mso 9]><xml>secret</xml><![endif]--><p>leave</p>",
    "<p>Crushers</p><svg><script>secret</script><desc>secret</desc></svg><p>leave</p>",
    "<p>Crushers</p><template><style>secret</style>secret</template><p>leave</p>",
    "<p>Crushers</p><![foo bar]><noscript>secret</noscript><p>leave<!-- secret",
]


@pytest.mark.parametrize("body", BODIES)
def test_hidden_text_of_an_article_appears_nowhere(visitor, body):
    article = make_article(title="News", body=body)
    page = visitor.get(article.get_absolute_url()).content.decode()
    assert '<meta name="description" content="Crushers leave">' in page
    assert "secret" not in page
    assert "secret" not in visitor.get("/news/").content.decode()
    [entry] = feedparser.parse(visitor.get("/news/feed/").content).entries
    assert "secret" not in html.unescape(str(entry))
    assert "No results found" in visitor.get("/search/?q=secret").content.decode()
    found = visitor.get("/search/?q=crushers").content.decode()
    assert "<mark>Crushers</mark> leave" in found
