// What every request of a script shares: the CSRF token, a lost connection, an expired sign-in that loses no work.
(() => {
  "use strict";

  const token = () =>
    document.cookie.match(/(?:^|; )(?:__Host-|__Secure-)?csrftoken=([^;]+)/)?.[1] ??
    document.querySelector("[name=csrfmiddlewaretoken]")?.value ??
    "";

  // Signing in again in another window changes the token: forms of this page take the new one before they are sent.
  // And each says in which position its page was opened: another window may have switched it (core/accounts/sessions.py).
  const sign = (form) => {
    const field = form.querySelector("[name=csrfmiddlewaretoken]");
    if (field && token()) field.value = token();
    if (!position()) return;
    let acting = form.querySelector("[name=acting_as]");
    if (!acting) form.append(acting = Object.assign(document.createElement("input"), { type: "hidden", name: "acting_as" }));
    acting.value = position();
  };
  const position = () => document.body.dataset.position ?? "";
  // Not form.method: that may be a field of this name.
  const posts = (form) => form.getAttribute("method") === "post";
  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

  const say = (text) => {
    const live = document.getElementById("live");
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 50);
  };

  let again = null; // what was sent in vain: how to send it once more, and by what it was sent
  const offline = (retry, by = null) => {
    if (retry) again = { retry, by };
    const bar = document.getElementById("offline");
    bar.querySelector("[data-retry]").hidden = !again;
    bar.hidden = false;
  };
  const online = () => { document.getElementById("offline").hidden = true; };

  // Back from the sign-in page the address is the desk's: this page is only left once the person has sent it.
  const expired = (address) => {
    const dialog = document.getElementById("expired");
    dialog.querySelector("[data-sign-in-link]").href = address || document.body.dataset.signIn || "/";
    if (!dialog.open) dialog.showModal();
  };

  // fetch with token and the marks by which the server answers scripts; throws where nothing came back.
  const send = async (url, { method = "POST", body = null, keepalive = false, headers = {} } = {}) => {
    const response = await fetch(url, {
      method, body, keepalive, credentials: "same-origin", redirect: "follow",
      headers: { "HX-Request": "true", "X-CSRFToken": token(), ...headers },
    });
    if (response.status === 401) expired(response.headers.get("X-Sign-In"));
    else document.dispatchEvent(new Event("portal:heard"));
    return response;
  };

  window.portal = { token, sign, posts, newKey, say, offline, online, expired, send };

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-retry], #offline [data-dismiss]");
    if (!pressed) return;
    const waiting = pressed.matches("[data-retry]") ? again : null;
    again = null;
    online();
    waiting?.retry();
  });

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token();
  });
  document.addEventListener("htmx:sendError", (event) => {
    const { elt, requestConfig } = event.detail;
    const trigger = requestConfig?.triggeringEvent?.type ?? "click";
    offline(() => (elt instanceof HTMLFormElement ? elt.requestSubmit() : window.htmx.trigger(elt, trigger)), elt);
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 401) expired(xhr.getResponseHeader("X-Sign-In"));
    else if (xhr.getResponseHeader("HX-Trigger")?.includes("portal:refused")) return; // said below
    else if (xhr.status === 503) window.portal.tell("系统正在恢复，这次操作可能没有完成。填写的内容仍在本页，请一分钟后再试。");
    else if (xhr.status >= 500) window.portal.tell("系统暂时出错，这次操作没有完成。填写的内容仍在本页，请稍后再试。");
    else if (xhr.status === 403) window.portal.tell("没有权限，或页面打开得太久，这次操作没有完成。请刷新页面后重试，您写的可以在刷新后恢复。");
  });
  // A refusal for which the page has no place of its own (core/web/problems.py): the page stays as it is.
  document.addEventListener("portal:refused", (event) => window.portal.tell(event.detail.text));
  // Another request got through; what was sent in vain still waits for its 重试.
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (again?.by === event.detail.elt) again = null;
    if (!again) online();
    document.dispatchEvent(new Event("portal:heard"));
  });
})();
