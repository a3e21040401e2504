// Keys of the review queue. They press the buttons of the record that is looked at; nothing else is sent.
"use strict";
(() => {
  const items = [...document.querySelectorAll("[data-item]")];
  let at = 0;
  const go = (to) => { if (!items.length) return; at = Math.max(0, Math.min(items.length - 1, to)); items[at].focus(); items[at].scrollIntoView({ block: "start" }); };
  for (const [n, item] of items.entries()) item.addEventListener("focusin", () => { at = n; });
  const press = (key) => {
    const place = key === "u" ? document : items[at];
    const el = place && place.querySelector(`[data-key="${key}"]`);
    if (!el) return;
    if (key === "c") { el.closest("details").open = true; el.focus(); } else el.click();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    if (event.key === "j") go(document.activeElement === items[at] || items[at]?.contains(document.activeElement) ? at + 1 : at);
    else if (event.key === "k") go(at - 1);
    else if (event.key === "o") items[at]?.querySelector(".entry-head a")?.click();
    else if ("acxmsu".includes(event.key) && event.key.length === 1) press(event.key);
    else return;
    event.preventDefault();
  });
})();
