/* CKEditor in our admin. Loaded after ckeditor.js, before the first editor starts. */
"use strict"

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

  // With divarea, the text stands in the page itself and takes its look from css/richtext.css.
  editor.on("contentDom", () => editor.editable().addClass("richtext"))
})
