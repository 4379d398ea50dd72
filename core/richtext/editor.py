"""The configuration of CKEditor, which offers what core/richtext/cleaning.py allows."""

from typing import Any

from django.urls import reverse_lazy

EDITOR: dict[str, Any] = {
    "toolbar": [
        ["Format", "Bold", "Italic", "Underline", "Strike", "Subscript", "Superscript"],
        ["RemoveFormat"],
        ["NumberedList", "BulletedList", "Outdent", "Indent", "Blockquote"],
        ["JustifyLeft", "JustifyCenter", "JustifyRight", "JustifyBlock"],
        ["Link", "Unlink", "Image", "Table", "HorizontalRule", "SpecialChar"],
        ["PasteText", "PasteFromWord", "Undo", "Redo", "Maximize"],
    ],
    "format_tags": "p;h2;h3;h4;pre",
    "extraPlugins": "divarea,image2,uploadimage",
    # Plugins with known vulnerabilities, that call other hosts, or whose HTML is not allowed.
    # Without wysiwygarea there is no frame in which a document could be opened.
    "removePlugins": (
        "iframe,flash,scayt,wsc,exportpdf,embed,embedbase,embedsemantic,autoembed,preview,"
        "print,forms,templates,codesnippet,codesnippetgeshi,docprops,stylesheetparser,"
        "wysiwygarea,sourcearea,image,about,bidi,colorbutton,colordialog,copyformatting,"
        "dialogadvtab,div,editorplaceholder,font,indentblock,language,liststyle,newpage,"
        "pagebreak,save,showblocks,smiley,stylescombo"
    ),
    "removeDialogTabs": "link:target;link:advanced;link:upload;table:advanced",
    # Allowed in addition to what the toolbar offers.
    "extraAllowedContent": "code; tfoot; caption; th[scope]; a[!href,title]",
    "disallowedContent": "*{*}; *[on*]; table[border,cellpadding,cellspacing,align,summary]",
    "justifyClasses": ["align-left", "align-center", "align-right", "align-justify"],
    "image2_alignClasses": ["align-left", "align-center", "align-right"],
    "image2_captionedClass": "image",
    "filebrowserUploadMethod": "xhr",
    "filebrowserImageBrowseUrl": reverse_lazy("richtext:pictures"),
    "filebrowserImageUploadUrl": reverse_lazy("richtext:upload"),
    "imageUploadUrl": reverse_lazy("richtext:upload"),
    "clipboard_handleImages": False,  # uploadimage handles them
    "entities": False,
    "versionCheck": False,
    "width": "100%",
    "height": 420,
}
