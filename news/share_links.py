"""Links for sharing an article. They are plain links, so that no external script is loaded."""

from typing import NamedTuple
from urllib.parse import quote, quote_plus

from django.utils.translation import gettext

from core.absolute_urls import absolute_url
from news.models import Article


class ShareLink(NamedTuple):
    name: str
    url: str


def share_links(article: Article) -> list[ShareLink]:
    """Links to share `article` by e-mail and on social networks."""
    url = quote(absolute_url(article.get_absolute_url()), safe="")
    title = quote_plus(article.title)
    subject = title.replace("+", "%20")
    return [
        ShareLink(gettext("E-mail"), f"mailto:?subject={subject}&body={url}"),
        ShareLink("WhatsApp", f"https://wa.me/?text={title}+{url}"),
        ShareLink("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={url}"),
        ShareLink("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={url}"),
        ShareLink("X", f"https://x.com/intent/post?text={title}&url={url}"),
    ]
