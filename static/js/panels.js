// Dialogs, the paper viewer beside the work, tabs, and the two ways to ask or tell something.
(() => {
  "use strict";
  const { portal } = window;
  const wide = window.matchMedia("(min-width: 62em)");

  const openers = new WeakMap();
  const open = (dialog, opener, { modal = true } = {}) => {
    openers.set(dialog, opener);
    if (!dialog.open) dialog[modal ? "showModal" : "show"]();
  };
  document.addEventListener("close", (event) => openers.get(event.target)?.focus?.(), true);

  const box = (text, buttons) => {
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    const words = document.createElement("p");
    words.textContent = text;
    words.id = "dialog-words";
    dialog.setAttribute("aria-labelledby", words.id);
    const row = document.createElement("div");
    row.className = "dialog-actions";
    for (const [label, value, css] of buttons) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: `btn ${css}`, textContent: label });
      button.addEventListener("click", () => dialog.close(value));
      row.append(button);
    }
    dialog.append(words, row);
    document.body.append(dialog);
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "yes"); });
    });
  };
  portal.ask = (text) => box(text, [["取消", "no", ""], ["确定", "yes", "btn-primary"]]);
  portal.tell = (text) => box(text, [["知道了", "yes", "btn-primary"]]);

  const showPaper = (viewer, link) => {
    viewer.querySelector("[data-viewer-title]").textContent = link.dataset.paper || link.textContent;
    viewer.querySelector("[data-viewer-open]").href = link.href;
    // What is read here as a page is saved as the file it is.
    viewer.querySelector("[data-viewer-download]").href = link.href.replace(/\?read$/, "?download");
    // Chromium's viewer: no side panel, so that the page is as wide as the frame.
    viewer.querySelector("[data-viewer-frame]").src = link.href.includes("#") ? link.href : `${link.href}#navpanes=0`;
    open(viewer, link, { modal: !wide.matches });
    viewer.querySelector("[data-close]").focus();
  };

  // A photograph in a frame stands at its own size, of which a corner would show: it is fitted to the frame's width.
  document.addEventListener("load", (event) => {
    const shown = event.target.tagName === "IFRAME" ? event.target.contentDocument : null;
    const photo = shown?.contentType.startsWith("image/") && shown.images[0];
    if (photo) Object.assign(photo.style, { maxWidth: "100%", height: "auto" });
  }, true);

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-paper]");
    const viewer = link && document.querySelector("[data-viewer]");
    if (viewer && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      showPaper(viewer, link);
      return;
    }
    const opener = event.target.closest("[data-dialog]");
    if (opener) open(document.getElementById(opener.dataset.dialog), opener);
    const closer = event.target.closest("dialog [data-close]");
    if (closer) closer.closest("dialog").close();
    // One explanation open at a time, and none after a click elsewhere.
    for (const why of document.querySelectorAll(".act-closed[open]")) if (!why.contains(event.target)) why.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelector("[data-viewer][open]:not(:modal)")?.close();
    const why = document.querySelector(".act-closed[open]");
    if (why) { why.open = false; why.querySelector("summary").focus(); }
  });

  // A paper beside its form is drawn anew when something in the form has changed. A fresh frame each time: what a frame
  // loads further would stand in the way of 后退.
  let redraw;
  const draw = (form) => form.requestSubmit(form.querySelector("[formtarget]"));
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form || !("preview" in form.dataset)) return;
    clearTimeout(redraw);
    redraw = setTimeout(() => { if (!form.dataset.sent) draw(form); }, 400);
  });
  document.addEventListener("submit", (event) => {
    const frame = document.getElementsByName(event.submitter?.getAttribute("formtarget") ?? "")[0];
    if (!frame) return;
    const fresh = frame.cloneNode();
    fresh.removeAttribute("src");
    frame.replaceWith(fresh);
  });

  // On paper nothing is folded: print.css opens it, and this where a browser cannot.
  const folded = () => (CSS.supports("selector(::details-content)") ? [] : document.querySelectorAll(".folded:not([open])"));
  let unfolded = [];
  window.addEventListener("beforeprint", () => { unfolded = [...folded()]; for (const one of unfolded) one.open = true; });
  window.addEventListener("afterprint", () => { for (const one of unfolded) one.open = false; });

  // Tabs: <div role="tablist"> of buttons role="tab" aria-controls; panels are plain sections without this script.
  const choose = (tab) => {
    for (const other of tab.closest("[role=tablist]").querySelectorAll("[role=tab]")) {
      const on = other === tab;
      other.setAttribute("aria-selected", String(on));
      other.tabIndex = on ? 0 : -1;
      document.getElementById(other.getAttribute("aria-controls")).hidden = !on;
    }
  };
  document.addEventListener("click", (event) => { const tab = event.target.closest("[role=tab]"); if (tab) choose(tab); });
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.("[role=tab]");
    if (!tab) return;
    const tabs = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next = step ? tabs.at((tabs.indexOf(tab) + step) % tabs.length) : { Home: tabs[0], End: tabs.at(-1) }[event.key];
    if (next) { event.preventDefault(); choose(next); next.focus(); }
  });
  document.addEventListener("DOMContentLoaded", () => {
    const refused = document.querySelector("form[data-preview=now]");
    if (refused) draw(refused);
    // On a phone the desk's menu is one row: the page that is open stands in its middle.
    const here = document.querySelector(".side a.on");
    const row = here?.closest("ul");
    if (row) row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
    for (const list of document.querySelectorAll("[role=tablist]")) choose(list.querySelector("[aria-selected=true]") ?? list.querySelector("[role=tab]"));
  });
})();
