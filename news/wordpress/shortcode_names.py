"""Shortcodes that are recognized by their name alone, by what becomes of them."""

CAPTIONS = {"caption", "wp_caption"}
PLAYERS = {"audio", "video", "playlist"}

# Replaced by a link to the URL in them.
EMBEDS = {
    "bandcamp", "dailymotion", "embed", "embeddoc", "facebook", "flickr", "flowplayer", "fvplayer",
    "gdoc", "gist", "googlemaps", "googlevideo", "gview", "iframe", "instagram", "issuu",
    "jwplayer", "mixcloud", "pdf", "pdf-embedder", "pdfviewer", "pinterest", "scribd",
    "slideshare", "soundcloud", "spotify", "ted", "tiktok", "tweet", "twitter", "videopress",
    "vimeo", "wpvideo", "youtube",
}  # fmt: skip

# Where a video is whose shortcode has only an ID.
VIDEO_URLS = {
    "dailymotion": "https://www.dailymotion.com/video/%s",
    "videopress": "https://videopress.com/v/%s",
    "vimeo": "https://vimeo.com/%s",
    "wpvideo": "https://videopress.com/v/%s",
    "youtube": "https://www.youtube.com/watch?v=%s",
}

# The content of these is shown as code. Syntax highlighters have one for each language.
CODE = {
    "actionscript", "bash", "c", "cc", "cci", "code", "coffeescript", "cpp", "crayon", "csharp",
    "css", "delphi", "diff", "erlang", "fsharp", "go", "groovy", "html", "java", "javascript",
    "js", "jscript", "latex", "matlab", "objc", "pascal", "perl", "php", "plain", "powershell",
    "ps", "py", "python", "r", "ruby", "scala", "shell", "source", "sourcecode", "sql", "swift",
    "text", "vb", "vbnet", "xhtml", "xml", "xslt", "yaml",
}  # fmt: skip

# Removed even if they have no attributes, unlike other words in brackets.
PLUGINS = {
    "add_to_cart", "add_to_cart_url", "addtoany", "archives", "best_selling_products", "catlist",
    "clear", "contact-form", "contact-form-7", "contact_form", "display-posts", "envira-gallery",
    "ez-toc", "featured_products", "fluentform", "foogallery", "formidable", "gravityform",
    "gravityforms", "jetpack-related-posts", "jetpack_subscription_form", "layerslider",
    "loginform", "lwptoc", "mailpoet_form", "masterslider", "mc4wp_form", "metaslider",
    "ml-slider", "modula", "newsletter_form", "nggallery", "ninja_form", "ninja_forms", "no_toc",
    "polldaddy", "product_categories", "product_category", "product_page", "recent_products",
    "related_posts", "rev_slider", "sale_products", "searchform", "shop_messages", "sibwp_form",
    "smartslider3", "social_share", "spacer", "tablepress", "toc", "top_rated_products", "wpforms",
    "wpdatatable", "wpgmza",
}  # fmt: skip
PLUGIN_PREFIXES = (
    "av_", "cs_", "elementor-", "et_pb_", "fl_", "fusion_", "jetpack_", "mk_", "qode_", "su_",
    "thrive_", "tve_", "ux_", "vc_", "woocommerce_", "wp_", "wpb_", "wpbb-", "yith_",
)  # fmt: skip

# Attributes that shortcodes often have. Values without quotes are common in plain text as well.
ATTRIBUTE_NAMES = {
    "align", "alias", "alt", "button", "cat", "category", "class", "cols", "color", "colour",
    "column", "columns", "content", "count", "exclude", "file", "form", "form_id", "height", "href",
    "icon", "id", "ids", "image", "include", "items", "lang", "language", "limit", "link", "name",
    "number", "numberposts", "order", "orderby", "page", "per_page", "post", "post_id",
    "posts_per_page", "rows", "show", "size", "slug", "src", "style", "tag", "target", "text",
    "title", "type", "url", "user", "username", "width",
}  # fmt: skip


NAMES = CAPTIONS | PLAYERS | PLUGINS | {"gallery"}


def is_known(name: str) -> bool:
    """Whether `name` is that of a shortcode, and not of anything else in brackets."""
    return name in NAMES or name.startswith(PLUGIN_PREFIXES)
