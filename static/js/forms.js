// Forms: sent once, asked before, saved while they are written, and never lost to an expired sign-in.
(() => {
  "use strict";
  const { portal } = window;
  const CHECK_AFTER = 10 * 60 * 1000; // ms without a word from the server before a form is sent
  const AUTOSAVE_AFTER = 1200; // ms after the last keystroke
  let heard = performance.now();
  const timers = new WeakMap();
  const dirty = new Set();
  const saving = new Map(); // form → the promise of its save under way
  const forget = (form) => { dirty.delete(form); clearTimeout(timers.get(form)); };

  document.addEventListener("portal:heard", () => { heard = performance.now(); });

  const release = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[data-was-on]")) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
      button.removeAttribute("data-was-on");
    }
  };

  const hold = (form) => {
    form.dataset.sent = "1";
    // After this turn, so that the pressed button's own name and value still travel.
    setTimeout(() => {
      for (const button of form.querySelectorAll("button[type=submit]:not(:disabled)")) {
        button.disabled = true;
        button.dataset.wasOn = "1";
        button.setAttribute("aria-busy", "true");
      }
    });
    setTimeout(() => release(form), 15000);
  };

  // A form's question and its answer, as core/web/sure.py reads them: without this script a page asks it.
  const asks = (form) => form.querySelector("[name=asks]")?.value;
  const sure = (form) => {
    if (!form.querySelector("[name=sure]")) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "sure", value: "1" }));
  };

  const withKey = (form) => {
    if (form.querySelector("[name=idempotency_key]")) return;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "idempotency_key", value: portal.newKey() });
    form.append(field);
  };

  // Before a page is left for an answer: is there anybody to answer, and is the person still signed in?
  const doubtful = () => !navigator.onLine || performance.now() - heard > CHECK_AFTER;
  const signedIn = async () => {
    const { sessionCheck, user } = document.body.dataset;
    if (!sessionCheck || !doubtful()) return true;
    if (!user) return Boolean(await fetch(sessionCheck));
    const response = await portal.send(sessionCheck, { method: "GET" });
    return response.status !== 401;
  };

  // A save may have had this part of the page drawn anew meanwhile: the form that stands there now.
  const standing = (form) => (form.isConnected ? form : [...document.forms].find((one) => one.action === form.action) ?? form);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const submitter = event.submitter;
    if (form.getAttribute("method") === "dialog") return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    const post = portal.posts(form);
    // What is sent by hand overtakes what is about to save itself, and waits for what is on its way.
    const unsaved = dirty.has(form);
    forget(form);
    if (saving.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      saving.get(form).then(() => form.requestSubmit(submitter));
      return;
    }
    const ask = asks(form);
    const others = post && (dirty.size || saving.size);
    if (!form.dataset.ready && (ask || others || (post && doubtful()))) {
      event.preventDefault();
      event.stopImmediatePropagation();
      // Not sent after all: what was about to save itself still does.
      const stay = () => { if (unsaved) { dirty.add(form); if (navigator.onLine) save(form); } };
      (async () => {
        if (ask && !(await portal.ask(ask))) { stay(); return; }
        // What was written elsewhere on the page belongs to what is handed in.
        await Promise.all([...[...dirty].map((one) => save(one)), ...saving.values()]);
        try {
          if (post && !(await signedIn())) { stay(); return; }
        } catch {
          stay();
          portal.offline(() => form.requestSubmit(submitter));
          return;
        }
        const live = standing(form);
        live.dataset.ready = "1";
        live.requestSubmit(live === form ? submitter : live.querySelector("[type=submit]"));
        delete live.dataset.ready;
      })();
      return;
    }
    if (post) {
      portal.sign(form);
      withKey(form);
      if (ask) sure(form);
      // A preview into a frame leaves the page, and its form, as they are.
      if (!("repeat" in form.dataset) && !submitter?.hasAttribute("formtarget")) hold(form);
    } else if ("clean" in form.dataset) {
      // A filter's address holds only what was filled in.
      for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
      setTimeout(() => { for (const field of form.elements) field.disabled = false; });
    }
  }, true);

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest?.("form");
    if (form) release(form);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });

  // -- drafts ---------------------------------------------------------------------------------------------------

  const status = (form, text, state = "") => {
    const place = form.querySelector("[data-autosave-status]");
    if (!place) return;
    // One sign that all is well; what was not saved goes on saying so.
    if (state === "saved") for (const other of document.querySelectorAll('[data-autosave-status][data-state="saved"]')) other.textContent = "";
    place.textContent = text;
    place.dataset.state = state;
  };
  const clock = () => new Date().toTimeString().slice(0, 5);

  const save = async (form, options) => {
    clearTimeout(timers.get(form));
    await saving.get(form);
    if (!dirty.delete(form)) return;
    const promise = store(form, options).finally(() => saving.delete(form));
    saving.set(form, promise);
    await promise;
  };
  const store = async (form, { keepalive = false } = {}) => {
    portal.sign(form);
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.delete("idempotency_key");
    status(form, "正在保存…");
    try {
      const response = await portal.send(form.dataset.autosave || form.getAttribute("action") || location.href, { body, keepalive, headers: { "X-Autosave": "1" } });
      delete form.dataset.refused;
      if (response.ok) {
        const version = response.headers.get("X-Draft-Version");
        if (version && form.elements.version) form.elements.version.value = version;
        const wrong = Number(response.headers.get("X-Unsaved") || 0);
        const saved = `已自动保存 ${response.headers.get("X-Saved-At") || clock()}`;
        status(form, wrong ? `${saved}，另有 ${wrong} 处填写有误，没有保存` : saved, wrong ? "failed" : "saved");
        (form.isConnected ? form : document.body).dispatchEvent(new CustomEvent("portal:saved", { bubbles: true }));
      } else {
        dirty.add(form);
        if (response.status === 409) form.dataset.refused = "";
        status(form, response.status === 409 ? "没有保存：这件事已有变化。请刷新页面查看，您写的可以在刷新后恢复" : "没有保存，请稍后再试。填写的内容仍在本页", "failed");
      }
    } catch {
      dirty.add(form);
      status(form, "没有保存：网络连接中断，恢复后自动重试", "failed");
    }
  };
  const touched = (event) => {
    const form = event.target.form;
    if (!form || !("autosave" in form.dataset) || event.target.type === "file") return;
    dirty.add(form);
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => save(form), event.type === "change" ? 100 : AUTOSAVE_AFTER));
  };
  document.addEventListener("input", touched);
  document.addEventListener("change", touched);
  // On a slow line a field may be filled in before this script has come: that is saved too.
  const changed = (field) => {
    if (field.type === "file") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (!field.options) return "defaultValue" in field && field.value !== field.defaultValue;
    const first = field.multiple ? -1 : Math.max(0, [...field.options].findLastIndex((one) => one.defaultSelected));
    return [...field.options].some((one, at) => one.selected !== (field.multiple ? one.defaultSelected : at === first));
  };
  portal.changed = changed;
  portal.unsaved = (form) => dirty.has(form) || saving.has(form);
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const field = [...form.elements].find(changed);
    if (field) touched({ target: field, type: "change" });
  }
  // What htmx is about to replace is saved first; its questions are asked in our own dialog.
  document.addEventListener("htmx:confirm", (event) => {
    const { question, issueRequest, elt, verb } = event.detail;
    const own = elt.closest("form");
    if (verb === "get" && !question) return;
    if (own) forget(own);
    const waiting = [...dirty];
    if (!question && !waiting.length && !saving.size) return;
    event.preventDefault();
    (async () => {
      if (question && !(await portal.ask(question))) { if (own) release(own); return; }
      await Promise.all([...waiting.map((form) => save(form)), ...saving.values()]);
      issueRequest(true);
    })();
  });
  window.addEventListener("online", () => dirty.forEach((form) => save(form)));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") dirty.forEach((form) => save(form, { keepalive: true }));
  });

  // -- small helps ----------------------------------------------------------------------------------------------

  // A choice by mouse or finger is sent at once. The arrow keys pass over choices that are not meant: those wait for Enter.
  let keyed = false;
  document.addEventListener("pointerdown", () => { keyed = false; }, true);
  document.addEventListener("keydown", (event) => {
    keyed = true;
    if (event.key === "Enter" && "submitOnChange" in event.target.dataset) event.target.form.requestSubmit();
  }, true);
  document.addEventListener("change", (event) => {
    if (!keyed && "submitOnChange" in event.target.dataset) event.target.form.requestSubmit();
  });

  // A reason or an error leads to its field and puts the cursor there.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-jump]");
    const hash = link && link.pathname === location.pathname && decodeURIComponent(link.hash.slice(1));
    const place = hash && document.getElementById(hash);
    if (!place) return;
    event.preventDefault();
    history.replaceState(null, "", `#${hash}`);
    const field = place.matches("input, select, textarea, button, a") ? place : place.querySelector("input:not([type=hidden]), select, textarea");
    (field ?? place).focus({ preventScroll: true });
    place.scrollIntoView({ block: "center" });
  });

  // Which file was chosen, beside our own button.
  document.addEventListener("change", (event) => {
    const name = event.target.type === "file" && event.target.closest(".file-pick")?.querySelector("[data-file-name]");
    if (name) name.textContent = [...event.target.files].map((file) => file.name).join("、") || "没有选择文件";
  });

  document.addEventListener("DOMContentLoaded", () => document.querySelector("[data-focus]")?.focus());
})();
