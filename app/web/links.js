"use strict";

// A list of rows is one piece of text with a link for each row, and with the ways on to more of them. The page's own
// library opens such links in a new window; this one opens them in place, as its menu does. Whoever asks for a new
// window by a key still gets one.
(() => {
  const ROW = '[class*="st-key-rows-"] :is(li a, a[href^="/my-cases"], a[href^="/other-routes"])';
  if (window.complaintsLinks) return;
  window.complaintsLinks = true;

  function goTo(event) {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.(ROW);
    if (!link || link.origin !== location.origin) return;
    event.preventDefault();
    event.stopPropagation();
    history.pushState({}, "", link.href);
    // The library asks for the page that the address names whenever the browser goes back or on to one.
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  }

  document.addEventListener("click", goTo, true);
})();
