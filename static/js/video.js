// Loads the player of a video on another site, only when a visitor clicks.
"use strict";

document.addEventListener("click", (event) => {
  const link = event.target.closest(".video-link");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const player = document.createElement("iframe");
  player.src = link.dataset.player;
  player.title = link.dataset.title;
  player.allow = "autoplay; fullscreen";
  player.allowFullscreen = true;
  player.className = "video-player";
  link.parentElement.querySelector(".hint")?.remove();
  link.replaceWith(player);
  player.focus();
});
