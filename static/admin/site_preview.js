// Shows each change of the site's form in the preview beside it.
{
  const DELAY = 400; // milliseconds after the last change
  const form = document.getElementById("site_form");
  const show = document.querySelector(".site-preview button");
  let waiting;

  const showLater = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => form.requestSubmit(show), DELAY);
  };

  for (const field of document.querySelectorAll(".color-field")) {
    const choice = document.createElement("input");
    choice.type = "color";
    choice.className = "color-choice";
    choice.setAttribute("aria-label", document.querySelector(`label[for="${field.id}"]`).textContent);
    choice.value = /^#[0-9a-f]{6}$/i.test(field.value) ? field.value : "#0f5e75";
    choice.addEventListener("input", () => {
      field.value = choice.value;
      showLater();
    });
    field.after(choice);
  }

  form.addEventListener("input", (event) => {
    if (event.target.type !== "file") showLater();
  });
}
