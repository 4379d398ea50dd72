/* The buttons of products: they change the visitor's inquiry list and comparison without leaving the
   page. Pages may come from a cache, so the number in the header, the marks of chosen products and
   the bar of the comparison follow the cookies of inquiries/basket.py and products/selection.py. */
{
  const { basket, comparison, bar } = document.currentScript.dataset;
  const BUTTONS = "form[data-product], .comparison-bar";
  const SHOWN_FOR = 8000; // milliseconds

  const cookie = (name) =>
    document.cookie
      .split("; ")
      .find((pair) => pair.startsWith(`${name}=`))
      ?.slice(name.length + 1) ?? "";

  // Such as `12-3.45-1:…`, where 3 is the quantity; what follows a key's digits is a variant.
  const readBasket = () => {
    const [, items] = cookie(basket).match(/^(\d[\w.-]*):/) ?? [];
    return (items ? items.split(".") : []).map((item) => ({
      product: parseInt(item, 10),
      variant: item.match(/v(\d+)/)?.[1] ?? "",
      quantity: item.split("-").at(-1),
    }));
  };

  const showMarks = () => {
    const lines = readBasket();
    for (const size of document.querySelectorAll(".basket-size")) size.textContent = lines.length || "";
    const compared = cookie(comparison).split(".");
    for (const form of document.querySelectorAll("form[data-product]")) {
      const chosen = form.elements.variant?.value; // of the radio buttons, "" for none
      const line = lines.find(
        ({ product, variant }) =>
          product === Number(form.dataset.product) && (chosen === undefined || variant === chosen),
      );
      form.classList.toggle("is-added", Boolean(line));
      if (line && form.quantity && !form.quantity.dataset.shown) {
        form.quantity.value = line.quantity;
        form.quantity.dataset.shown = "yes"; // later the visitor's own number stays
      }
      const compare = form.querySelector("[name=compare]");
      if (!compare) continue;
      const isCompared = compared.includes(form.dataset.product);
      compare.value = isCompared ? "remove" : "add";
      compare.setAttribute("aria-pressed", isCompared);
    }
  };

  const showBar = async () => {
    const selection = cookie(comparison);
    const key = `${bar} ${selection}`;
    const shown = document.querySelector(".comparison-bar");
    if (!selection) return shown?.remove();
    let html = stored(key);
    if (!html) {
      const answer = await fetch(bar).catch(() => null);
      if (!answer?.ok) return;
      html = await answer.text();
      store(key, html);
    }
    const hadFocus = shown?.contains(document.activeElement);
    const template = document.createElement("template");
    template.innerHTML = html;
    shown?.remove();
    if (cookie(comparison) !== selection) return;
    document.querySelector(".site-footer")?.after(template.content);
    if (hadFocus) document.querySelector(".comparison-bar .button")?.focus();
  };

  const stored = (key) => {
    try {
      const [known, html] = JSON.parse(sessionStorage.getItem("comparison")) ?? [];
      return known === key ? html : null;
    } catch {
      return null; // the browser stores nothing
    }
  };

  const store = (key, html) => {
    try {
      sessionStorage.setItem("comparison", JSON.stringify([key, html]));
    } catch {
      // The next page asks again.
    }
  };

  // Screen readers announce what changes in an element that was there before.
  const confirmation = document.createElement("p");
  confirmation.className = "confirmation floating";
  confirmation.setAttribute("role", "status");
  document.body.append(confirmation);
  let timer;

  const hide = () => {
    if (confirmation.matches(":hover, :focus-within")) timer = setTimeout(hide, SHOWN_FOR);
    else confirmation.textContent = "";
  };

  // What the bar shows is confirmed for screen readers only.
  const confirm = (html, isError, isSeen) => {
    confirmation.innerHTML = html;
    confirmation.classList.toggle("error", isError);
    confirmation.classList.toggle("visually-hidden", isSeen);
    clearTimeout(timer);
    timer = setTimeout(hide, SHOWN_FOR);
  };

  const send = async (form, button) => {
    const data = new FormData(form);
    if (button?.name) data.set(button.name, button.value);
    const address = button?.getAttribute("formaction") ?? form.getAttribute("action");
    const headers = { Accept: "application/json" };
    const answer = await fetch(address, { method: "POST", body: data, headers });
    const { html, errors = {} } = await answer.json();
    for (const field of form.elements) field.setCustomValidity?.(errors[field.name] ?? "");
    form.reportValidity();
    showMarks();
    await showBar();
    if (html) confirm(html, !answer.ok, answer.ok && data.has("compare"));
  };

  let sent = Promise.resolve(); // one after the other, since each changes the cookie

  const enqueue = (form, button) => {
    sent = sent
      .then(() => send(form, button))
      .catch(() => {
        form.dataset.plain = "yes"; // then the browser says what is wrong
        form.requestSubmit(button);
      });
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches(BUTTONS) || form.dataset.plain || event.submitter?.formMethod === "get") return;
    event.preventDefault();
    enqueue(form, event.submitter);
  });

  document.addEventListener("change", (event) => {
    if (event.target.name === "variant") showMarks();
    const form = event.target.closest("form[data-save]");
    if (!form) return;
    event.target.setCustomValidity("");
    if (event.target.reportValidity()) enqueue(form);
  });

  const show = () => {
    showMarks();
    showBar();
  };

  show();
  // The browser may show this page again without loading it.
  window.addEventListener("pageshow", (event) => event.persisted && show());
  document.addEventListener("visibilitychange", show);
}
