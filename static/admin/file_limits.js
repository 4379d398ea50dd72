// Refuses a file that is too large before it is sent. An input names its limit in data-max-bytes
// and what to show in data-too-large; the server checks the size, too.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type !== "file" || !input.dataset.maxBytes) {
    return;
  }
  const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.maxBytes));
  input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
  input.reportValidity();
});

// The admin's forms are marked novalidate, so that the browser would send them.
document.addEventListener(
  "submit",
  (event) => {
    const inputs = event.target.querySelectorAll("input[type=file][data-max-bytes]");
    const refused = [...inputs].find((input) => input.validity.customError);
    if (refused) {
      event.preventDefault();
      event.stopImmediatePropagation();
      refused.reportValidity();
    }
  },
  true,
);
