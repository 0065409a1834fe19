// One file at a time: chosen or dragged, sent at once with progress, cancel and retry. Without this script the form posts.
(() => {
  "use strict";
  const { portal } = window;
  const going = new WeakMap();
  const TROUBLES = {
    403: "没有权限，或页面打开得太久，文件没有收下。请刷新页面后重新选择。",
    404: "这里现在不能上传，文件没有收下。请刷新页面查看有什么变化。",
    409: "这件事已有变化，文件没有收下。请刷新页面查看。",
    413: "文件太大，服务器没有收下。请压缩，或降低扫描分辨率后重新选择。",
    429: "操作过于频繁，文件没有收下。请稍等几分钟再试。",
  };
  const part = (box, name) => box.querySelector(`[data-upload-${name}]`);

  const fail = (box, text, retry) => {
    part(box, "going").hidden = true;
    part(box, "error").hidden = false;
    part(box, "error-text").textContent = text;
    part(box, "retry").hidden = !retry;
    box.querySelector("input[type=file]").setAttribute("aria-invalid", "true");
    box.classList.add("has-error");
  };

  // What can be said before anything is sent. The server looks again, at the content.
  const unfit = (box, file) => {
    const limit = Number(box.dataset.limit);
    const kinds = box.dataset.accept.split(",").map((kind) => kind.trim().toLowerCase()).filter(Boolean);
    if (file.size > limit * 1024 * 1024) return `文件有 ${(file.size / 1048576).toFixed(1)} MB，超过 ${limit} MB。请压缩，或降低扫描分辨率后重新选择。`;
    if (file.size === 0) return "文件是空的。请检查后重新选择。";
    if (kinds.length && !kinds.some((kind) => file.name.toLowerCase().endsWith(kind))) {
      return `不能上传这种格式。请选择 ${kinds.map((kind) => kind.slice(1).toUpperCase()).join("、")} 文件。`;
    }
    return "";
  };

  const send = (box, file) => {
    const form = box.querySelector("form");
    const trouble = unfit(box, file);
    if (trouble) { fail(box, trouble, false); return; }
    portal.sign(form);
    const body = new FormData(form);
    body.set("file", file);
    const request = new XMLHttpRequest();
    going.set(box, { request, file });
    part(box, "error").hidden = true;
    part(box, "going").hidden = false;
    const bar = box.querySelector("[data-upload-going] progress");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const percent = Math.round((100 * event.loaded) / event.total);
      bar.value = percent;
      part(box, "percent").textContent = percent < 100 ? `${percent}%` : "正在检查文件…";
    });
    request.addEventListener("load", () => {
      if (request.status === 401) { portal.expired(request.getResponseHeader("X-Sign-In")); fail(box, "登录已过期，登录后请重试。", true); return; }
      if (request.status !== 200 && request.status !== 422) { fail(box, TROUBLES[request.status] ?? "上传没有完成，请稍后重试。", request.status !== 413); return; }
      const sheet = document.createElement("template");
      sheet.innerHTML = request.responseText;
      const fresh = sheet.content.querySelector("[data-upload]");
      if (!fresh) { fail(box, "上传没有完成，请重试。", true); return; }
      box.replaceWith(fresh);
      dress(fresh);
      window.htmx?.process(fresh);
      fresh.focus();
      portal.say(request.status === 200 ? "文件已上传" : "文件没有通过检查");
      fresh.dispatchEvent(new CustomEvent("portal:uploaded", { bubbles: true, detail: { ok: request.status === 200 } }));
    });
    request.addEventListener("error", () => fail(box, "网络连接中断，文件没有送达。", true));
    request.addEventListener("abort", () => fail(box, "已取消上传。", true));
    request.open("POST", form.getAttribute("action"));
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("X-CSRFToken", portal.token());
    request.send(body);
  };

  // A place takes one file: of several none is picked silently.
  const one = (box, files) => {
    if (files.length > 1) fail(box, `这里只收 1 个文件，您放了 ${files.length} 个。多页的请合并成一个 PDF 再上传。`, false);
    else send(box, files[0]);
  };

  const dress = (root) => {
    for (const box of root.matches?.("[data-upload]") ? [root] : root.querySelectorAll("[data-upload]")) {
      part(box, "send").hidden = true;
      part(box, "tip").hidden = false;
    }
  };

  document.addEventListener("change", (event) => {
    const box = event.target.type === "file" && event.target.closest("[data-upload]");
    if (box && event.target.files.length) send(box, event.target.files[0]);
  });
  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-upload]");
    if (!box) return;
    if (event.target.closest("[data-upload-cancel]")) going.get(box)?.request.abort();
    if (event.target.closest("[data-upload-retry]")) send(box, going.get(box).file);
  });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const drop = event.target.closest?.(".upload-drop");
      if (!drop || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      drop.classList.toggle("is-over", kind === "dragenter" || kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) one(drop.closest("[data-upload]"), event.dataTransfer.files);
    });
  }
  // A screenshot or a copied file, pasted while the part has the focus or the pointer is over it.
  document.addEventListener("paste", (event) => {
    const box = event.target.closest?.("[data-upload]") ?? document.querySelector("[data-upload]:hover");
    const files = event.clipboardData?.files;
    if (!box || !files?.length) return;
    event.preventDefault();
    one(box, files);
  });
  document.addEventListener("DOMContentLoaded", () => {
    dress(document);
    // A file chosen before this script was there (a slow line) goes now.
    for (const input of document.querySelectorAll("[data-upload] input[type=file]")) {
      if (input.files.length) send(input.closest("[data-upload]"), input.files[0]);
    }
  });
  document.addEventListener("htmx:load", (event) => dress(event.target));
})();
