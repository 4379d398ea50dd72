"""WordPress exports, made in code."""

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

OLD = "https://old.example"
HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>The old site</title><link>{site}</link>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>{site}</wp:base_site_url><wp:base_blog_url>{site}</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login>july</wp:author_login>
<wp:author_display_name><![CDATA[July &amp; Co.]]></wp:author_display_name></wp:author>
"""


def cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


class Wxr:
    """An export to which posts, pages and pictures are added, one call each."""

    def __init__(self, site: str = OLD) -> None:
        self.site = site
        self.parts = [HEAD.format(site=site)]
        self.names: dict[str, str] = {}

    def category(self, slug: str, name: str, parent: str = "", number: int = 0) -> None:
        self.names[slug] = name
        self.parts.append(
            f"<wp:category><wp:term_id>{number or ''}</wp:term_id>"
            f"<wp:category_nicename>{slug}</wp:category_nicename>"
            f"<wp:category_parent>{parent}</wp:category_parent>"
            f"<wp:cat_name>{cdata(name)}</wp:cat_name></wp:category>\n"
        )

    def item(
        self,
        number: int,
        title: str,
        content: str = "",
        *,
        kind: str = "post",
        slug: str | None = None,
        link: str | None = None,
        status: str = "publish",
        password: str = "",
        date: str = "2021-03-02 09:02:31",
        excerpt: str = "",
        categories: tuple[str, ...] = (),
        tags: tuple[tuple[str, str], ...] = (),
        meta: dict[str, str] | None = None,
        parent: int = 0,
        attachment: str = "",
        sticky: int = 0,
        comments: int = 0,
    ) -> None:
        slug = f"{kind}-{number}" if slug is None else slug
        link = f"{self.site}/2021/03/{slug}/" if link is None else link
        terms = "".join(
            f'<category domain="category" nicename={quoteattr(name)}>'
            f"{cdata(self.names.get(name, name))}</category>"
            for name in categories
        ) + "".join(
            f'<category domain="post_tag" nicename={quoteattr(nicename)}>{cdata(name)}</category>'
            for nicename, name in tags
        )
        meta_fields = "".join(
            f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key>"
            f"<wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>"
            for key, value in (meta or {}).items()
        )
        attachment_url = (
            f"<wp:attachment_url>{attachment}</wp:attachment_url>" if attachment else ""
        )
        self.parts.append(
            f"<item><title>{cdata(title)}</title><link>{escape(link)}</link>"
            f"<dc:creator>{cdata('july')}</dc:creator>"
            f'<guid isPermaLink="false">{self.site}/?p={number}</guid>'
            f"<content:encoded>{cdata(content)}</content:encoded>"
            f"<excerpt:encoded>{cdata(excerpt)}</excerpt:encoded>"
            f"<wp:post_id>{number}</wp:post_id><wp:post_date>{date}</wp:post_date>"
            f"<wp:post_date_gmt>{date}</wp:post_date_gmt><wp:post_name>{slug}</wp:post_name>"
            f"<wp:status>{status}</wp:status><wp:post_parent>{parent}</wp:post_parent>"
            f"<wp:post_type>{kind}</wp:post_type><wp:post_password>{password}</wp:post_password>"
            f"<wp:is_sticky>{sticky}</wp:is_sticky>{attachment_url}{terms}{meta_fields}"
            + "<wp:comment><wp:comment_content>Good</wp:comment_content></wp:comment>" * comments
            + "</item>\n"
        )

    def page(self, number: int, title: str, content: str = "", **fields: Any) -> None:
        self.item(number, title, content, kind="page", **fields)

    def picture(self, number: int, file: str, parent: int = 0, caption: str = "") -> str:
        """An attachment with the alternative text `Shows <file>`; returns its URL."""
        url = f"{self.site}/wp-content/uploads/{file}"
        self.item(
            number,
            file,
            kind="attachment",
            status="inherit",
            excerpt=caption,
            parent=parent,
            attachment=url,
            meta={"_wp_attachment_image_alt": f"Shows {file}"},
        )
        return url

    def text(self) -> str:
        return "".join(self.parts) + "</channel>\n</rss>\n"

    def write(self, folder: Path, name: str = "export.xml") -> Path:
        path = folder / name
        path.write_text(self.text(), encoding="utf-8")
        return path
