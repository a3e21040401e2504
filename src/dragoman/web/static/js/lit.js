// Pointing at a value, or at a word, lights everything on the page that speaks of the same thing.
"use strict";
(() => {
  const all = [...document.querySelectorAll("[data-ref]")];
  const refs = new Map(all.map((el) => [el, el.dataset.ref.split(" ").filter(Boolean)]));
  const meets = (mine, others) => mine.some((a) => others.some((b) => a === b || (a.endsWith("*") && b.startsWith(a.slice(0, -1)))));
  const light = (wanted) => { for (const el of all) el.classList.toggle("lit", wanted.length > 0 && meets(wanted, refs.get(el))); };
  const group = (name) => { for (const el of all) el.classList.toggle("lit", el.dataset.group === name); };
  const look = (event) => {
    const legend = event.target.closest("[data-group-of]");
    if (legend) return group(legend.dataset.groupOf);
    const el = event.target.closest("[data-ref]");
    light(el ? refs.get(el) : []);
  };
  document.addEventListener("pointerover", look);
  document.addEventListener("focusin", look);
  for (const box of document.querySelectorAll(".account .text")) {
    const first = box.querySelector(".ev, mark");
    if (first && first.offsetTop > box.clientHeight) box.scrollTop = first.offsetTop - box.offsetTop - 60;
  }
})();
