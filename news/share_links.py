"""Links for sharing an article. They are plain links, so that no external script is loaded."""

from typing import NamedTuple
from urllib.parse import quote, urlencode

from django.utils.translation import gettext

from core.absolute_urls import absolute_url
from news.models import Article


class ShareLink(NamedTuple):
    name: str
    url: str


def share_links(article: Article) -> list[ShareLink]:
    """Links to share `article` by e-mail and on social networks."""
    title, url = article.title, absolute_url(article.get_absolute_url())
    mail = urlencode({"subject": title, "body": url}, quote_via=quote)
    return [
        ShareLink(gettext("E-mail"), f"mailto:?{mail}"),
        ShareLink("WhatsApp", f"https://wa.me/?{urlencode({'text': f'{title} {url}'})}"),
        ShareLink(
            "LinkedIn",
            f"https://www.linkedin.com/sharing/share-offsite/?{urlencode({'url': url})}",
        ),
        ShareLink(
            "Facebook", f"https://www.facebook.com/sharer/sharer.php?{urlencode({'u': url})}"
        ),
        ShareLink("X", f"https://x.com/intent/post?{urlencode({'text': title, 'url': url})}"),
    ]
