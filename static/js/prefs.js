// Dark colours and the large mode (适老化): kept in cookies, so that the server already renders what was chosen.
(() => {
  "use strict";
  const root = document.documentElement;
  const choices = {
    theme: { attribute: "data-bs-theme", off: "light", on: "dark", said: ["已换成浅色", "已换成深色"] },
    size: { attribute: "data-size", off: "normal", on: "large", said: ["已换成标准字号", "已换成大字版"] },
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pref]");
    if (!button) return;
    const choice = choices[button.dataset.pref];
    const on = root.getAttribute(choice.attribute) !== choice.on;
    root.setAttribute(choice.attribute, on ? choice.on : choice.off);
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${button.dataset.pref}=${on ? choice.on : choice.off}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    for (const other of document.querySelectorAll(`[data-pref="${button.dataset.pref}"]`)) {
      other.setAttribute("aria-pressed", String(on));
    }
    window.portal.say(choice.said[Number(on)]);
  });
})();
