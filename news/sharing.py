"""Links by which a reader passes an article on. They are plain links: nobody's script is loaded."""

from typing import NamedTuple
from urllib.parse import quote, urlencode

from django.utils.translation import gettext

from core.absolute_urls import absolute
from news.models import Article


class ShareLink(NamedTuple):
    name: str
    address: str


def share_links(article: Article) -> list[ShareLink]:
    """Where `article` may be shared, by mail and on the networks of the trade."""
    title, address = article.title, absolute(article.get_absolute_url())
    mail = urlencode({"subject": title, "body": address}, quote_via=quote)
    return [
        ShareLink(gettext("E-mail"), f"mailto:?{mail}"),
        ShareLink("WhatsApp", f"https://wa.me/?{urlencode({'text': f'{title} {address}'})}"),
        ShareLink(
            "LinkedIn",
            f"https://www.linkedin.com/sharing/share-offsite/?{urlencode({'url': address})}",
        ),
        ShareLink(
            "Facebook", f"https://www.facebook.com/sharer/sharer.php?{urlencode({'u': address})}"
        ),
        ShareLink("X", f"https://x.com/intent/post?{urlencode({'text': title, 'url': address})}"),
    ]
