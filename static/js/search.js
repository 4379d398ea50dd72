// Suggestions below the search fields while the visitor types. Without them the form works as usual.
{
  const DELAY = 150; // ms without a key, before it asks
  let fields = 0;

  const suggest = (form) => {
    const input = form.querySelector("input[type=search]");
    const list = document.createElement("ul");
    let request;
    let timer;
    let chosen = -1;

    list.className = "suggestions";
    list.id = `suggestions-${(fields += 1)}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.dataset.label);
    list.hidden = true;
    form.append(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    const choose = (index) => {
      chosen = index;
      [...list.children].forEach((option, number) => {
        option.setAttribute("aria-selected", String(number === index));
      });
      const option = list.children[index];
      if (option) {
        input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    };

    const show = (isShown) => {
      list.hidden = !isShown;
      input.setAttribute("aria-expanded", String(isShown));
      if (!isShown) choose(-1);
    };

    const fill = (suggestions) => {
      list.replaceChildren(
        ...suggestions.map(({ title, kind, url }, number) => {
          const option = document.createElement("li");
          const note = document.createElement("span");
          const name = document.createElement("bdi");
          option.id = `${list.id}-${number}`;
          option.setAttribute("role", "option");
          option.dataset.url = url;
          name.textContent = title;
          note.textContent = kind;
          option.append(name, note);
          return option;
        }),
      );
      show(suggestions.length > 0);
    };

    const ask = async () => {
      request?.abort();
      request = new AbortController();
      const query = input.value.trim();
      if (query.length < 2) {
        show(false);
        return;
      }
      try {
        const url = `${form.dataset.suggestions}?${new URLSearchParams({ q: query })}`;
        const response = await fetch(url, { signal: request.signal });
        const { suggestions } = response.ok ? await response.json() : { suggestions: [] };
        if (document.activeElement === input) fill(suggestions);
      } catch {
        // A newer request has replaced this one, or there is no connection.
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, DELAY);
    });
    input.addEventListener("keydown", (event) => {
      const count = list.children.length;
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        show(false);
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
        event.preventDefault();
        show(true);
        const step = event.key === "ArrowDown" ? 1 : -1;
        choose(chosen < 0 && step < 0 ? count - 1 : ((chosen + step + count + 1) % (count + 1)));
      } else if (event.key === "Enter" && !list.hidden && list.children[chosen]) {
        event.preventDefault();
        location.assign(list.children[chosen].dataset.url);
      }
    });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the field stays focused
    list.addEventListener("click", (event) => {
      const option = event.target.closest("li");
      if (option) location.assign(option.dataset.url);
    });
    input.addEventListener("blur", () => {
      clearTimeout(timer);
      request?.abort();
      show(false);
    });
  };

  for (const form of document.querySelectorAll("form.search[data-suggestions]")) suggest(form);
}
