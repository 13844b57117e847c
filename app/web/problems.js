"use strict";

// A form that was refused says so at its head. Keyboards and screen readers are taken there, and from each line of it
// to the field the line is about. The words come with the page; this only moves the focus.
(() => {
  const SUMMARY = '[class*="st-key-refused-"]';
  const FIELD = [
    "[role=spinbutton]", // the day of a date: its own input is hidden
    "textarea",
    "select",
    'input:not([type=hidden]):not([tabindex="-1"])',
    "button",
  ];
  if (window.complaintsProblems) return;
  window.complaintsProblems = true;
  const told = new Set();

  const nameOf = (summary) => [...summary.classList].find((name) => name.startsWith("st-key-refused-"));

  // Each refusal has a name of its own: the focus moves once for each, and never while somebody types on.
  function look() {
    for (const summary of document.querySelectorAll(SUMMARY)) {
      const said = summary.querySelector("[role=alert]");
      if (!said || told.has(nameOf(summary))) continue;
      told.add(nameOf(summary));
      said.tabIndex = -1;
      said.focus();
    }
  }

  function goTo(event) {
    const link = event.target.closest?.(`${SUMMARY} a[href^="#"]`);
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    const place = document.querySelector(`.${CSS.escape(link.hash.slice(1))}`);
    const field = FIELD.map((each) => place?.querySelector(each)).find(Boolean);
    if (!field) return;
    field.focus({ preventScroll: true });
    place.scrollIntoView({ block: "center" });
  }

  document.addEventListener("click", goTo, true);
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  look();
})();
