"""A WordPress site with every kind of content, as a company exports it."""

from pathlib import Path
from urllib.parse import quote

from tests.factories import picture_file
from tests.news.wordpress.wxr import OLD, Wxr

CHINESE = quote("破碎机新闻")
ARABIC = quote("أخبار")

CLASSIC = f"""The first line
and the second.

[caption id="attachment_901" align="alignleft" width="300"]<a href="{OLD}/wp-content/uploads/2021/03/crusher.png"><img class="size-medium wp-image-901" src="http://www.old.example/wp-content/uploads/2021/03/crusher-300x169.png" alt="A crusher" width="300" height="169" /></a> In the <em>works</em>[/caption]

Read <a href="http://www.old.example/2021/03/post-2">the next</a>, <a href="/?p=3#part">the third</a>
or <a href="{OLD}/about/">about us</a>. We know [sic] it.

<!--more-->

[gallery ids="901,902"]

[price-table id="7"]Ask <strong>us</strong>[/price-table]

<img src="{OLD}/wp-content/uploads/2021/03/lost.png" alt="Lost">"""  # noqa: E501

BLOCKS = f"""<!-- wp:heading {{"level":2}} -->
<h2 class="wp-block-heading">In blocks</h2>
<!-- /wp:heading -->

<!-- wp:paragraph {{"align":"center"}} -->
<p class="has-text-align-center">Middle</p>
<!-- /wp:paragraph -->

<!-- wp:gallery {{"linkTo":"none"}} -->
<figure class="wp-block-gallery has-nested-images"><!-- wp:image {{"id":902}} -->
<figure class="wp-block-image aligncenter"><img src="{OLD}/wp-content/uploads/2021/03/screen.png" alt="" class="wp-image-902"/><figcaption>One</figcaption></figure>
<!-- /wp:image --></figure>
<!-- /wp:gallery -->

<!-- wp:embed {{"url":"https://video.example/1"}} -->
<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">
https://video.example/1
</div></figure>
<!-- /wp:embed -->"""  # noqa: E501


def old_site(posts: int = 12) -> Wxr:
    wxr = Wxr()
    wxr.category("news", "News &amp; events")
    wxr.category("machines", "Machines", parent="news")
    wxr.category("crushers", "Crushers", parent="machines")
    wxr.category(quote("展会"), "展会")
    wxr.item(
        1,
        "Opening &#8220;day&#8221;",
        CLASSIC,
        categories=("news", "crushers"),
        tags=(("steel", "Steel"),),
        meta={"_thumbnail_id": "901"},
        sticky=1,
    )
    wxr.item(2, "In blocks", BLOCKS, categories=("machines",))
    wxr.item(3, "破碎机新闻", "一二三", slug=CHINESE, categories=(quote("展会"),))
    wxr.item(4, "أخبار المصنع", "نص", slug=ARABIC, excerpt="A <b>summary</b>")
    wxr.item(5, "Locked", "For friends", password="open", slug="locked")
    wxr.item(6, "Not yet", slug="", status="draft", date="0000-00-00 00:00:00", link=f"{OLD}/?p=6")
    wxr.item(7, "Tomorrow", "Soon.", status="future", date="2100-01-01 08:00:00")
    wxr.item(8, "Binned", status="trash")
    for number in range(9, posts + 1):
        wxr.item(number, f"Post number {number}", f"Text {number}\n\nMore", categories=("news",))
    wxr.page(201, "About", f'<a href="{OLD}/?page_id=202">Team</a>', link=f"{OLD}/about/")
    wxr.page(202, "Team", "We.", link=f"{OLD}/about/team/")
    wxr.page(203, "Contacts", "Here.", link=f"{OLD}/contacts/")
    wxr.page(204, "Draft page", "x", status="draft", link=f"{OLD}/?page_id=204", slug="later")
    wxr.item(300, "Menu", kind="nav_menu_item")
    wxr.item(301, "Form", kind="wpcf7_contact_form")
    wxr.picture(901, "2021/03/crusher.png", caption="The crusher")
    wxr.picture(902, "2021/03/screen.png")
    wxr.picture(903, "2021/03/lost.png")
    return wxr  # fmt: skip


def uploads(folder: Path) -> Path:
    """A copy of wp-content/uploads in which one picture is missing."""
    media = folder / "uploads"
    (media / "2021/03").mkdir(parents=True)
    for name, size in (("crusher.png", (640, 360)), ("screen.png", (500, 400))):
        (media / "2021/03" / name).write_bytes(picture_file("PNG", size).read())
    (media / "2020/05").mkdir(parents=True)
    (media / "2020/05/one.jpg").write_bytes(picture_file("JPEG", (320, 240)).read())
    return media
