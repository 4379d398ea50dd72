// Asks for consent, and only then loads the program that counts visitors for another company.
{
  const KEY = "analytics";
  const { provider, site, url } = document.currentScript.dataset;
  const banner = document.querySelector(".consent");

  const read = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return "no"; // what cannot be remembered is not asked on each page
    }
  };

  const attributes = {
    google: {},
    plausible: { "data-domain": site },
    umami: { "data-website-id": site },
    matomo: {},
    baidu: {},
  };

  const start = () => {
    if (provider === "google") {
      window.dataLayer = window.dataLayer ?? [];
      window.gtag = function gtag() {
        window.dataLayer.push(arguments); // Google's program takes nothing but `arguments`
      };
      window.gtag("js", new Date());
      window.gtag("config", site);
    }
    if (provider === "matomo") {
      window._paq = [
        ["trackPageView"],
        ["enableLinkTracking"],
        ["setTrackerUrl", new URL("/matomo.php", `https://${site}`).href],
        ["setSiteId", "1"],
      ];
    }
    const script = document.createElement("script");
    script.src = url;
    script.async = true;
    for (const [name, value] of Object.entries(attributes[provider])) {
      script.setAttribute(name, value);
    }
    document.head.append(script);
  };

  const answer = (consent) => {
    localStorage.setItem(KEY, consent);
    banner.hidden = true;
    if (consent === "yes") start();
  };

  if (read() === "yes") start();
  else if (read() === null) banner.hidden = false;
  banner.querySelector(".consent-yes").addEventListener("click", () => answer("yes"));
  banner.querySelector(".consent-no").addEventListener("click", () => answer("no"));
}
