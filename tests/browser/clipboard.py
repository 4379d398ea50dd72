"""HTML as word processors copy it to the clipboard, with one example of each element."""

from playwright.sync_api import Locator

GOOGLE_DOCS = """
<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-8d2f">
<h1 dir="ltr" style="line-height:1.38;margin-top:20pt;"><span style="font-size:20pt;
font-family:Arial,sans-serif;color:#000000;">Our plant</span></h1>
<p dir="ltr" style="line-height:1.38;"><span style="font-size:11pt;font-family:Arial,sans-serif;
color:#ff0000;background-color:#ffff00;font-weight:400;">It weighs </span><span style="font-size:
11pt;font-weight:700;white-space:pre-wrap;">26 tonnes</span><span style="font-size:11pt;
font-style:italic;"> in all</span><a href="https://example.com/" style="text-decoration:none;">
<span style="color:#1155cc;text-decoration:underline;">a link</span></a></p>
<br /><p dir="ltr" style="line-height:1.38;"><span>&nbsp;</span></p><br /><br />
<h6 dir="ltr"><span>Small print</span></h6><p dir="ltr"></p>
<ul style="margin-top:0;"><li dir="ltr" style="list-style-type:disc;" aria-level="1"><p dir="ltr"
role="presentation"><span style="font-size:11pt;">One</span></p></li></ul>
<div dir="ltr" align="left"><table style="border:none;"><colgroup><col width="120"></colgroup>
<tbody><tr style="height:0pt"><td style="border:solid #000 1pt;"><p dir="ltr"><span>Cell</span></p>
</td></tr></tbody></table></div>
<p><span><img src="https://lh7-rt.googleusercontent.com/docsz/AD_4nX" width="20" height="10"></span>
</p></b><br class="Apple-interchange-newline">
"""

WORD = """
<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=ProgId content=Word.Document><meta name=Generator content="Microsoft Word 15">
<style><!-- p.MsoNormal {margin:0cm; font-family:"Calibri";} --></style></head>
<body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
<h1 style='mso-pagination:none'><span lang=EN-GB style='font-size:20pt'>Our plant<o:p></o:p></span>
</h1>
<p class=MsoNormal style='margin-bottom:8.0pt'><span style='color:red;mso-fareast-language:EN-US'>It
weighs <b>26 tonnes</b><i> in all</i><o:p></o:p></span></p>
<p class=MsoNormal><span lang=EN-GB><o:p>&nbsp;</o:p></span></p>
<p class=MsoNormal><b><o:p>&nbsp;</o:p></b></p>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if
!supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span
style='font:7.0pt "Times New Roman"'>
&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>One<o:p></o:p></p>
<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse'><tr><td width=200
valign=top style='width:150pt;border:solid windowtext 1.0pt'><p class=MsoNormal>Cell<o:p></o:p></p>
</td></tr></table>
<!--EndFragment--></body></html>
"""

PASTE = """(target, html) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", html);
  clipboardData.setData("text/plain", new DOMParser().parseFromString(html, "text/html")
    .body.textContent);
  const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  target.dispatchEvent(paste);
}"""


def paste(target: Locator, html: str) -> None:
    target.click()
    target.evaluate(PASTE, html)
