// An article or a word is explained beside the work, so that nobody leaves a half-filled form to read it.
// <a href="the page that has it" data-explain="its fragment">: without this script, or without an answer, it is a link.
(() => {
  "use strict";
  if (!HTMLElement.prototype.showPopover) return;
  const box = document.createElement("aside");
  Object.assign(box, { id: "explain", className: "explain", popover: "auto", tabIndex: -1 });
  box.setAttribute("aria-label", "解释");
  document.addEventListener("DOMContentLoaded", () => document.body.append(box));
  let from = null;

  const place = () => {
    const { bottom, top, left } = from.getBoundingClientRect();
    const below = bottom + box.offsetHeight + 8 < window.innerHeight;
    box.style.setProperty("--explain-top", `${Math.max(8, below ? bottom + 4 : top - box.offsetHeight - 4)}px`);
    box.style.setProperty("--explain-left", `${Math.max(8, Math.min(left, window.innerWidth - box.offsetWidth - 8))}px`);
  };
  box.addEventListener("toggle", (event) => {
    if (event.newState === "closed" && box.contains(document.activeElement)) from?.focus();
  });
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") from?.focus(); });
  window.addEventListener("scroll", () => { if (box.matches(":popover-open")) place(); }, { passive: true, capture: true });

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-explain]");
    if (!link?.dataset.explain || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.dataset.explain);
      if (!answer.ok) throw new Error(answer.status);
      const close = document.createElement("button");
      Object.assign(close, { type: "button", className: "btn btn-small explain-close", textContent: "关闭" });
      close.addEventListener("click", () => { box.hidePopover(); from?.focus(); });
      box.innerHTML = await answer.text(); // our own page's fragment
      box.append(close);
    } catch {
      window.location.assign(link.href);
      return;
    }
    from = box.contains(link) ? from : link;
    // A link in a modal dialog: what is outside of it cannot be reached, so the box moves in.
    (from.closest("dialog") ?? document.body).append(box);
    if (!box.matches(":popover-open")) box.showPopover();
    place();
    box.focus();
  });
})();
