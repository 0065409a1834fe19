// What is wrong with the layout of the open page, one line each. Text that is moved along in a box of its own, that is
// hidden, or that stands over the page on purpose is left out.
() => {
  const faults = [];
  const screen = document.scrollingElement.clientWidth;
  const styleOf = e => getComputedStyle(e);
  const chain = e => (e ? [e, ...chain(e.parentElement)] : []);
  const short = e => (e.textContent || '').trim().replace(/\s+/g, ' ').slice(0, 50);
  const say = (what, e, more = '') => {
    const name = e.tagName.toLowerCase() + (e.id ? `#${e.id}` : '') + [...e.classList].map(c => `.${c}`).join('');
    faults.push(`${what}: ${name} ${more} "${short(e)}"`);
  };
  const moves = e => chain(e).some(one => /auto|scroll/.test(styleOf(one).overflowX));
  const floats = e => chain(e).some(one => /fixed|absolute|sticky/.test(styleOf(one).position));
  const clipped = e => chain(e).some(one => /inset\((49|50)/.test(styleOf(one).clipPath) || one.matches('.skip'));
  const shown = e => e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}) && !clipped(e);
  const words = e => [...e.childNodes].filter(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const span = box => `${Math.round(box.left)}–${Math.round(box.right)}`;

  if (document.scrollingElement.scrollWidth > window.innerWidth) {
    faults.push(`wider than the screen: ${document.scrollingElement.scrollWidth}`);
  }
  const lines = [];
  for (const e of document.body.querySelectorAll('*')) {
    if (e.closest('svg, option, iframe') || !words(e).length || !shown(e)) continue;
    const style = styleOf(e);
    if (!/^(inline|contents)$/.test(style.display)) {
      const along = /auto|scroll/.test(style.overflowX), down = /auto|scroll|visible/.test(style.overflowY);
      if (!along && e.scrollWidth > e.clientWidth + 1) say('runs out of its place', e, `${e.scrollWidth} > ${e.clientWidth}`);
      if (!down && e.scrollHeight > e.clientHeight + 2) say('cut off', e, `${e.scrollHeight} > ${e.clientHeight}`);
    }
    const holder = style.position !== 'absolute' && e.closest('td, th, dd, dt, li, p, button, .btn, .tag, .card, section');
    for (const node of words(e)) {
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.width < 2 || box.height < 2) continue;
        lines.push({e, box, top: box.top + box.height * 0.3, bottom: box.bottom - box.height * 0.3});
        if (!moves(e) && (box.right > screen + 1 || box.left < -1)) { say('off the screen', e, span(box)); break; }
      }
      if (!holder || moves(e)) continue;
      const outer = holder.getBoundingClientRect(), inner = range.getBoundingClientRect();
      if (outer.width && (inner.right > outer.right + 2 || inner.left < outer.left - 2)) {
        say('out of its box', e, `${span(inner)} in ${holder.tagName.toLowerCase()} ${span(outer)}`);
      }
    }
  }
  lines.sort((a, b) => a.top - b.top);
  lines.forEach((a, i) => {
    for (const b of lines.slice(i + 1)) {
      if (b.top >= a.bottom) break;
      if (a.e.contains(b.e) || b.e.contains(a.e) || floats(a.e) || floats(b.e)) continue;
      const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      if (across > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2) say('lies over', a.e, `"${short(b.e)}"`);
    }
  });
  return [...new Set(faults)];
}
