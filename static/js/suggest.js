// What may be meant, offered while somebody types into [data-suggest]: a list below the box, walked by the arrow keys.
// Without scripts the box is an ordinary search.
(() => {
  "use strict";

  const WAIT = 150;

  const attach = (input) => {
    const list = Object.assign(document.createElement("ul"), { id: `${input.id || "q"}-suggestions`, className: "suggestions", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "提示");
    const frame = Object.assign(document.createElement("span"), { className: "suggested" });
    input.replaceWith(frame);
    frame.append(input, list);
    for (const [name, value] of [["role", "combobox"], ["autocomplete", "off"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) input.setAttribute(name, value);

    let timer = 0, asked = 0, at = -1;
    const options = () => [...list.children];
    const show = (open) => {
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (!open) mark(-1);
    };
    const mark = (place) => {
      at = place;
      options().forEach((one, n) => one.setAttribute("aria-selected", String(n === place)));
      if (place < 0) input.removeAttribute("aria-activedescendant");
      else {
        input.setAttribute("aria-activedescendant", options()[place].id);
        options()[place].scrollIntoView({ block: "nearest" });
      }
    };
    const ask = async () => {
      const turn = ++asked;
      if (!input.value.trim()) return show(false);
      try {
        const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(input.value)}`, { headers: { "HX-Request": "true" } });
        // What was asked for before does not replace what was asked for since.
        if (!answer.ok || turn !== asked) return;
        list.innerHTML = await answer.text();
        mark(-1);
        const many = options().length;
        show(many > 0 && document.activeElement === input);
        if (many) window.portal.say(`有 ${many} 条提示，可用上下键选择`);
      } catch { /* offline: the search itself says so */ }
    };

    input.addEventListener("input", (event) => {
      if (event.isComposing) return;  // half a word of pinyin
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("compositionend", ask);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || list.hidden) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        // Round by way of none.
        const ring = options().length + 1;
        mark(((at + 1 + step + ring) % ring) - 1);
      } else if (event.key === "Enter" && at >= 0) {
        event.preventDefault();
        location.assign(options()[at].dataset.url);
      } else if (event.key === "Escape") {
        event.preventDefault();
        show(false);
      }
    });
    input.addEventListener("blur", () => show(false));
    // Before the box loses the focus, and the list with it.
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const chosen = event.target.closest("[role=option]");
      if (chosen) location.assign(chosen.dataset.url);
    });
  };

  document.querySelectorAll("[data-suggest]").forEach(attach);
})();
