// A sign-in ends after a while without work. Writing is work and puts the end off; before it comes, the page says so.
(() => {
  "use strict";
  const { portal } = window;
  const { idle, sessionCheck, user } = document.body.dataset;
  if (!user || !sessionCheck || !Number(idle)) return;
  const LIMIT = idle * 1000; // ms, as the server counts from its last answer
  const WARN = Math.min(3 * 60 * 1000, LIMIT / 3); // told so long before
  const WRITING = Math.min(5 * 60 * 1000, LIMIT / 6); // how often the server hears that somebody is writing
  const GRACE = 5000;
  const STORE = "heard"; // one session in all windows: what one hears, holds in the others
  const bar = document.getElementById("idle");
  let touched = 0;

  const heard = () => Number(localStorage.getItem(STORE)) || 0;
  const hear = () => { localStorage.setItem(STORE, String(Date.now())); look(); };
  const ask = async () => {
    try { await portal.send(sessionCheck, { method: "GET" }); } catch { /* no connection: said when something is sent */ }
  };

  const look = () => {
    const left = LIMIT - (Date.now() - heard());
    const minutes = `${Math.max(1, Math.ceil(left / 60000))}`;
    const place = bar.querySelector("[data-minutes]");
    if (place.textContent !== minutes) place.textContent = minutes;
    bar.hidden = left > WARN || left <= 0;
    return left;
  };
  const tick = () => {
    if (document.getElementById("expired").open) return;
    const left = look();
    if (LIMIT - left > WRITING && Date.now() - touched < WRITING) ask();
    else if (left < -GRACE) ask(); // 401 opens the dialog; the page keeps what was written
  };

  document.addEventListener("input", () => { touched = Date.now(); });
  document.addEventListener("portal:heard", hear);
  window.addEventListener("storage", (event) => { if (event.key === STORE) look(); });
  bar.querySelector("[data-stay]").addEventListener("click", ask);
  hear();
  setInterval(tick, 15000);
})();
