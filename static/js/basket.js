/* Shows the number of products in the visitor's inquiry list beside its link. The page may come from a
   cache, so the number is read from the cookie that inquiries/basket.py writes. */
"use strict";

const basketCookie = document.currentScript.dataset.cookie;
const basketSize = document.querySelector(".basket-size");

function showBasketSize() {
  const pattern = new RegExp(`(?:^|; )${basketCookie}=([\\d.-]+):`);
  const [, items] = document.cookie.match(pattern) ?? [];
  basketSize.textContent = items ? items.split(".").length : "";
}

if (basketSize) {
  showBasketSize();
  // The browser may show this page again without loading it.
  window.addEventListener("pageshow", showBasketSize);
  document.addEventListener("visibilitychange", showBasketSize);
}
