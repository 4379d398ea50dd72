/* CKEditor in our admin. Loaded after ckeditor.js, before the first editor starts. */
"use strict"

CKEDITOR.config.uploadImage_supportedTypes = /image\/(jpeg|png|gif|webp)/

CKEDITOR.on("instanceCreated", ({ editor }) => {
  editor.on("configLoaded", () => {
    const textarea = editor.element.$
    const token = textarea.form.elements.csrfmiddlewaretoken.value
    editor.config.fileTools_requestHeaders = { "X-CSRFToken": token }

    // modeltranslation names the language of a field in a class, as mt-field-body-ar.
    if (/\bmt-field-\S+-(ar|fa|he|ur)(\s|$)/.test(textarea.className)) {
      editor.config.contentsLangDirection = "rtl"
    }
  })

  // With divarea, the text is part of the page and is styled by css/richtext.css.
  editor.on("contentDom", () => editor.editable().addClass("richtext"))

  // CKEditor's filter for Google Docs raises an error at a <span> without a style, and nothing is
  // pasted. So each <span> gets one that the filter leaves alone.
  editor.on(
    "paste",
    ({ data: { dataTransfer } }) => {
      const html = dataTransfer.getData("text/html", true)
      if (!/docs-internal-guid/.test(html)) return
      const { body } = new DOMParser().parseFromString(html, "text/html") // loads and runs nothing
      for (const span of body.querySelectorAll("span")) {
        span.style.whiteSpace ||= "normal"
        if (span.closest("a")) span.style.textDecoration = ""
      }
      for (const end of body.querySelectorAll("br.Apple-interchange-newline")) end.remove()
      dataTransfer.setData("text/html", body.innerHTML)
    },
    null,
    null,
    1, // before that filter
  )

  // As cleaning.py does when the text is saved, but where the editor can see it.
  editor.on("paste", ({ data }) => {
    const html = data.dataValue
      .replace(/<(\/?)h1(?=[\s>])/gi, "<$1h2")
      .replace(/<(\/?)h[56](?=[\s>])/gi, "<$1h4")
    data.dataValue = withoutExternalPictures(html)
    const hasFewerPictures = data.dataValue.split("<img").length < html.split("<img").length
    if (hasFewerPictures) editor.showNotification(textsOf(editor).leftOut, "warning")
  })

  // After the filters of the editor, and before it inserts the text.
  editor.on(
    "paste",
    ({ data }) => {
      if (/<p|<h[234]|<br/i.test(data.dataValue)) {
        data.dataValue = withoutEmptyParagraphs(data.dataValue)
      }
    },
    null,
    null,
    900,
  )
})

/** Without what word processors use for space: paragraphs and line breaks without content. */
function withoutEmptyParagraphs(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html") // loads and runs nothing
  for (const block of body.querySelectorAll("p, h2, h3, h4")) {
    const isEmpty = !block.textContent.replace(/[\s\u00ad\u200b-\u200f\u2060\ufeff]/g, "")
    if (isEmpty && !block.querySelector("img, hr")) block.remove()
  }
  if (body.querySelector("p, h2, h3, h4, ul, ol, table")) {
    for (const br of body.querySelectorAll(":scope > br")) br.remove()
  }
  return body.innerHTML
}

/** The texts of the editor's scripts, in the language of the admin. */
function textsOf(editor) {
  return JSON.parse(editor.element.getAttribute("data-texts"))
}

function withoutExternalPictures(html) {
  if (!/<img/i.test(html)) return html
  const { body } = new DOMParser().parseFromString(html, "text/html") // loads and runs nothing
  for (const img of body.querySelectorAll("img")) {
    const { protocol, origin } = new URL(img.getAttribute("src") || "", location)
    if (protocol !== "data:" && origin !== location.origin) img.remove()
  }
  return body.innerHTML
}
