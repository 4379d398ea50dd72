// Closes an open submenu by Escape, and when a click or the focus is somewhere else.
{
  const submenus = [...document.querySelectorAll(".main-navigation details")];
  const closeOthers = ({ target }) => {
    for (const submenu of submenus) if (!submenu.contains(target)) submenu.open = false;
  };

  for (const type of ["click", "focusin"]) document.addEventListener(type, closeOthers);
  document.addEventListener("keydown", ({ key }) => {
    const open = submenus.find((submenu) => submenu.open);
    if (key !== "Escape" || !open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}
