// What was written is not lost with its page: kept in this tab until the server has received it, and offered again.
// For one person and two hours. Never a password, a file, or a field about a person (whatever names its `autocomplete`).
(() => {
  "use strict";
  // A frame shows a preview: what is kept is said, once, by the page around it.
  if (window.self !== window.top) return;
  const { portal, sessionStorage: store } = window;
  const PREFIX = "kept:";
  const LONGEST = 2 * 60 * 60 * 1000; // ms
  // Whose page this is: "" a visitor's; undefined where the page does not know (500.html).
  const { user: me, answer, signOut } = document.body.dataset;
  const typed = new WeakSet(); // forms whose fields differ from the matter's, though not from the page as it came
  const sent = new WeakSet();
  let forgetting = false;

  // A page that answered a form is asked for by itself when one comes back to it: no form is sent a second time.
  if (answer !== undefined) history.replaceState(history.state, "", location.href);

  const SKIPPED = "[type=hidden], [type=file], [type=password], [type=submit], [type=button], [data-submit-on-change]";
  const fillable = (field) => field.matches("input, select, textarea") && field.name && !field.matches(SKIPPED);
  const personal = (field) => field.autocomplete && field.autocomplete !== "on";
  const fields = (form) => [...form.elements].filter((field) => fillable(field) && !personal(field));
  const ticked = (field) => field.matches("[type=checkbox], [type=radio]");

  const OF_THE_PAGE = new Set(["csrfmiddlewaretoken", "idempotency_key", "version", "acting_as", "kept", "asks", "sure"]);
  const address = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
  const place = (form) => {
    const own = [...form.elements].filter((one) => one.type === "hidden" && !OF_THE_PAGE.has(one.name));
    return `${PREFIX}${address(form)} ${own.map((one) => `${one.name}=${one.value}`).join("&")}`;
  };

  const valuesOf = (field) => {
    if (ticked(field)) return field.checked ? [field.value] : [];
    return field.multiple ? [...field.selectedOptions].map((one) => one.value) : [field.value];
  };
  const written = (form) => {
    const found = {};
    for (const field of fields(form)) (found[field.name] ??= []).push(...valuesOf(field));
    return found;
  };
  const words = (element) => element?.textContent.trim().replace(/\s+/g, " ") ?? "";
  const said = (form) => fields(form).flatMap((field) => {
    const label = words([...(field.labels?.[0]?.childNodes ?? [])].find(words)) || field.getAttribute("aria-label") || field.name;
    const legend = words(field.closest("fieldset")?.querySelector("legend"));
    if (ticked(field)) return field.checked ? [[legend || "已勾选", label]] : [];
    const text = field.selectedOptions ? [...field.selectedOptions].filter((one) => one.value).map(words).join("、") : field.value.trim();
    return text ? [[legend ? `${legend}：${label}` : label, text]] : [];
  });

  // mark: what the server answers with once it has taken what was sent (core/web/received.py); "" where nothing was sent.
  const keep = (form, mark) => {
    const lines = said(form);
    if (!lines.length) return;
    const entry = { user: me, at: Date.now(), page: location.pathname + location.search, mark, values: written(form), lines };
    try { store.setItem(place(form), JSON.stringify(entry)); } catch { /* no room: the page itself still holds it */ }
  };
  const forget = () => { for (const key of Object.keys(store)) if (key.startsWith(PREFIX)) store.removeItem(key); };

  // -- leaving --------------------------------------------------------------------------------------------------

  const others = new BroadcastChannel("signed-out");
  const signedOut = () => { forgetting = true; forget(); };
  others.addEventListener("message", signedOut);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!portal.posts(form)) return;
    if (signOut && address(form) === signOut) { signedOut(); others.postMessage(""); return; }
    // htmx sends without leaving the page, a preview goes into a frame.
    if (event.defaultPrevented || event.submitter?.hasAttribute("formtarget")) return;
    const mark = portal.newKey();
    let field = form.querySelector("[name=kept]");
    if (!field) form.append(field = Object.assign(document.createElement("input"), { type: "hidden", name: "kept" }));
    field.value = mark;
    sent.add(form);
    keep(form, mark);
  });
  document.addEventListener("input", (event) => sent.delete(event.target.form));
  const unsent = (form) => !sent.has(form) && portal.posts(form) &&
    ("autosave" in form.dataset ? portal.unsaved(form) : typed.has(form) || fields(form).some(portal.changed));
  window.addEventListener("pagehide", () => {
    if (!forgetting && me !== undefined) [...document.forms].filter(unsent).forEach((form) => keep(form, "refused" in form.dataset ? portal.newKey() : ""));
  });

  // -- coming back ----------------------------------------------------------------------------------------------

  const element = (tag, css, text = "") => Object.assign(document.createElement(tag), { className: css, textContent: text });
  const button = (label, css, act) => {
    const made = Object.assign(element("button", `btn ${css}`, label), { type: "button" });
    made.addEventListener("click", act);
    return made;
  };
  const note = (title, ...parts) => {
    const box = element("section", "reasons reasons-warn kept");
    box.setAttribute("aria-label", title);
    box.append(element("h2", "reasons-title", title), ...parts);
    portal?.say(title);
    return box;
  };
  const listing = (entry) => {
    const list = element("dl", "facts facts-one");
    for (const line of entry.lines) {
      const row = element("div", "");
      row.append(element("dt", "", line[0]), element("dd", "", line[1]));
      list.append(row);
    }
    return list;
  };
  const clock = (entry) => new Date(entry.at).toTimeString().slice(0, 5);
  const wayBack = (entry) => Object.assign(element("a", "btn", "回到那一页"), { href: entry.page });
  const row = (...buttons) => { const made = element("div", "form-actions"); made.append(...buttons); return made; };
  const onTop = (box) => {
    const main = document.querySelector("main");
    const trouble = main.querySelector(".trouble, .auth-sheet");
    if (trouble) trouble.append(box); else main.prepend(box);
  };

  const restore = (form, entry) => {
    const left = structuredClone(entry.values);
    for (const field of fields(form)) {
      const values = left[field.name];
      if (!values) continue;
      if (ticked(field)) field.checked = values.includes(field.value);
      else if (field.multiple) for (const one of field.options) one.selected = values.includes(one.value);
      else if (values.length) field.value = values.shift();
      for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    }
    typed.add(form);
    fields(form)[0]?.focus();
  };

  const offer = (form, key, entry) => {
    const rest = [...form.elements].some((one) => one.type === "file" || (fillable(one) && personal(one)) || one.type === "password");
    const text = `还没有办理。可以恢复到下面，核对后再提交。${rest ? "文件、密码和个人信息没有保留，请重新填写。" : ""}`;
    const box = note(`您 ${clock(entry)} 填写的内容没有送达，也没有丢失`, element("p", "", text), listing(entry), row(
      button("恢复填写", "btn-primary", () => { box.remove(); restore(form, entry); }),
      button("不要了", "", () => { box.remove(); store.removeItem(key); }),
    ));
    for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    form.before(box);
  };

  const copyable = (key, entry) => {
    store.setItem(key, JSON.stringify({ ...entry, mark: "" })); // said once; the form itself still offers it
    const box = note(`您 ${clock(entry)} 填写的内容没有送达，也没有丢失`, element("p", "", "可以在这里复制，或回到那一页恢复后再提交。"), listing(entry),
      row(wayBack(entry), button("不要了", "", () => { box.remove(); store.removeItem(key); })));
    onTop(box);
  };

  const received = (entry) => entry.mark && document.cookie.includes(`kept-${entry.mark}=`);
  const look = (key) => {
    const entry = JSON.parse(store.getItem(key));
    const form = [...document.forms].find((one) => place(one) === key);
    const same = form && JSON.stringify(written(form)) === JSON.stringify(entry.values);
    const stranger = me && me !== entry.user;
    if (form && answer !== undefined && (same || received(entry))) typed.add(form);
    if (stranger || same || received(entry) || Date.now() - entry.at > LONGEST) store.removeItem(key);
    else if (me !== entry.user) return entry;
    else if (form) offer(form, key, entry);
    else if (entry.mark) copyable(key, entry);
    return null;
  };
  // To whom the page does not know it is only said that nothing is lost, not what.
  const [unshown] = Object.keys(store).filter((key) => key.startsWith(PREFIX)).map(look).filter(Boolean);
  if (unshown && (me === undefined || document.querySelector(".auth-sheet"))) {
    const after = me === undefined ? "回到那一页，可以恢复后再提交。" : "登录后回到原来的页面，可以恢复后再提交。";
    onTop(note("刚才填写的内容没有丢失", element("p", "", after), ...(me === undefined ? [row(wayBack(unshown))] : [])));
  }
})();
