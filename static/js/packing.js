// Calculates the packing while the visitor types a quantity; without a script, the button does.
{
  const form = document.querySelector(".packing-quantity");
  const result = document.querySelector(".packing-result");
  let timer;
  let latest;

  const calculate = async () => {
    const url = `?quantity=${encodeURIComponent(form.quantity.value)}`;
    latest = url;
    const answer = await fetch(url).catch(() => null);
    if (!answer?.ok || latest !== url) return; // the visitor has typed on
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (latest === url) result.replaceChildren(...page.querySelector(".packing-result").childNodes);
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    if (form.checkValidity()) timer = setTimeout(calculate, 300);
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    calculate();
  });
}
