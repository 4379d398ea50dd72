// Light or dark mode as the visitor chose it; without a choice that of the system applies.
{
  const KEY = "theme";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const shown = () => root.dataset.theme ?? (system.matches ? "dark" : "light");

  const read = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // the browser stores nothing
    }
  };

  const choose = (theme) => {
    root.dataset.theme = theme;
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // It applies to this page alone.
    }
  };

  const known = read();
  if (known === "light" || known === "dark") root.dataset.theme = known;
  for (const button of document.querySelectorAll(".theme-switch")) {
    button.hidden = false;
    button.addEventListener("click", () => choose(shown() === "dark" ? "light" : "dark"));
  }
}
