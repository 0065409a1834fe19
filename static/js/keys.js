// Keys for officers: an element with data-key="a" data-key-label="受理" is pressed (or, if a field, entered) by that key.
// j and k go through [data-keys-list] > *; there a key means the item that has the focus. "?" lists them all and can switch them off (WCAG 2.1.4).
(() => {
  "use strict";
  const { portal } = window;
  const STORE = "keys-off";
  const typing = (place) => place.closest?.("input, select, textarea, [contenteditable], dialog:modal");
  const keyed = () => [...document.querySelectorAll("[data-key]")].filter((element) => element.checkVisibility?.() ?? true);

  const move = (step) => {
    const items = [...document.querySelectorAll("[data-keys-list] > *")];
    if (!items.length) return false;
    const here = items.findIndex((item) => item.contains(document.activeElement));
    const next = items[Math.min(items.length - 1, Math.max(0, here + step))];
    const inner = next.querySelector("a, button, input, summary");
    (inner ?? next).focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  };

  const help = () => {
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    dialog.setAttribute("aria-label", "快捷键");
    const title = document.createElement("h2");
    title.textContent = "快捷键";
    const list = document.createElement("dl");
    list.className = "facts facts-one";
    const labels = new Map(keyed().map((element) => [element.dataset.key, element.dataset.keyLabel || element.textContent.trim()]));
    const rows = [...labels];
    if (document.querySelector("[data-keys-list]")) rows.push(["j / k", "下一项 / 上一项"]);
    for (const [key, label] of [...rows, ["?", "显示本说明"]]) {
      const row = document.createElement("div");
      const term = document.createElement("dt");
      const words = document.createElement("dd");
      term.textContent = key;
      words.textContent = label;
      row.append(term, words);
      list.append(row);
    }
    const off = localStorage.getItem(STORE) === "1";
    const toggle = document.createElement("button");
    Object.assign(toggle, { type: "button", className: "btn", textContent: off ? "启用单键快捷键" : "停用单键快捷键" });
    toggle.addEventListener("click", () => { localStorage.setItem(STORE, off ? "0" : "1"); dialog.close(); });
    const close = document.createElement("button");
    Object.assign(close, { type: "button", className: "btn btn-primary", textContent: "关闭" });
    close.addEventListener("click", () => dialog.close());
    const actions = document.createElement("div");
    actions.className = "dialog-actions";
    actions.append(toggle, close);
    dialog.append(title, list, actions);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (event.key === "?") {
      if (document.body.classList.contains("desk")) { event.preventDefault(); help(); }
      return;
    }
    if (localStorage.getItem(STORE) === "1") return;
    const step = { j: 1, k: -1 }[event.key];
    if (step && move(step)) { event.preventDefault(); return; }
    const item = document.activeElement?.closest("[data-keys-list] > *");
    const wanted = keyed().filter((element) => element.dataset.key === event.key);
    const target = wanted.find((element) => item?.contains(element)) ?? wanted.find((element) => !element.closest("[data-keys-list]"));
    if (!target) return;
    event.preventDefault();
    if (target.matches("input:not([type=checkbox], [type=radio]), select, textarea")) target.focus();
    else target.click();
    if (target.matches("summary")) target.parentElement.querySelector("textarea, input")?.focus();
    portal.say(target.dataset.keyLabel || "");
  });

  // What htmx put in the place of the item at work takes the focus over, so that the keys go on from there.
  document.addEventListener("htmx:afterSettle", (event) => {
    const here = document.activeElement;
    if ((here && here !== document.body) || !event.target.closest?.("[data-keys-list]")) return;
    event.target.querySelector("a, button")?.focus({ preventScroll: true });
  });
})();
