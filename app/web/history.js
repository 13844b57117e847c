"use strict";

// One act of a person makes at most one step in the browser's history. The page's own library writes the address in two
// goes when a page is opened, its path and its query, in either order: "back" would then stay where one is, or lead to
// the page that was left without what it had been asked for.
(() => {
  if (window.complaintsHistory) return;
  window.complaintsHistory = true;
  const push = history.pushState.bind(history);
  let acted = false;

  history.pushState = (state, unused, address) => {
    if (acted) push(state, unused, address);
    else history.replaceState(state, unused, address);
    acted = false;
  };

  const acts = () => {
    acted = true;
  };
  for (const kind of ["pointerdown", "keydown", "click"]) document.addEventListener(kind, acts, true);
})();
