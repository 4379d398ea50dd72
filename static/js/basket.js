/* Shows the number of products in the visitor's inquiry list beside its link. The page may come from a
   cache, so the number is read from the cookie that inquiries/basket.py writes. */
"use strict";

const basketSize = document.querySelector(".basket-size");

function showBasketSize() {
  const [, items] = document.cookie.match(/(?:^|; )basket=([\d.-]+):/) ?? [];
  basketSize.textContent = items ? items.split(".").length : "";
}

if (basketSize) {
  showBasketSize();
  // The browser may show this page again without loading it.
  window.addEventListener("pageshow", showBasketSize);
  document.addEventListener("visibilitychange", showBasketSize);
}
