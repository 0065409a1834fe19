// What the keyboard hand asks of a page (keyboard.py): where Tab stops, whether the focus is seen, who is left out.
(() => {
  "use strict";
  const FOCUSABLE = "a[href], button, input, select, textarea, summary, iframe, [tabindex], [contenteditable=true]";
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("[inert]");
  const named = (one) => `<${one.localName} ${one.id && `id=${one.id}`} ${one.className?.baseVal ?? one.className}> ${(one.getAttribute("aria-label") || one.textContent || one.name || "").trim().slice(0, 30)}`;

  // Of a group of radio buttons Tab comes to the chosen one, or to the first; the arrow keys lead to the others.
  const group = (one) => [...document.getElementsByName(one.name)].filter((other) => other.type === "radio" && other.form === one.form && !other.disabled && shown(other));
  const stands = (one) => one.type !== "radio" || one === (group(one).find((other) => other.checked) ?? group(one)[0]);

  const stops = () => {
    const room = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document;
    return [...room.querySelectorAll(FOCUSABLE)].filter((one) => one.tabIndex >= 0 && !one.matches(":disabled, [type=hidden]") && shown(one) && stands(one));
  };

  const outlined = (one) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };
  // A file input lies over the portal's own button, a link of the map over its tile: these wear the mark.
  const marked = (one) => [one, one.nextElementSibling, one.parentElement, ...(one.labels ?? [])].some((place) => place && outlined(place))
    || (one instanceof SVGElement && [...one.querySelectorAll("rect")].some((tile) => parseFloat(getComputedStyle(tile).strokeWidth) >= 3));

  const pinned = (one) => {
    while (one && !["fixed", "sticky"].includes(getComputedStyle(one).position)) one = one.parentElement;
    return one;
  };
  const covered = (one) => {
    const box = one.getBoundingClientRect();
    const [x, y] = [(Math.max(0, box.left) + Math.min(innerWidth, box.right)) / 2, (Math.max(0, box.top) + Math.min(innerHeight, box.bottom)) / 2];
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return `outside the window (${x}, ${y})`;
    const over = pinned(document.elementFromPoint(x, y));
    return over && !over.contains(one) && `behind ${named(over)}`;
  };

  const NEAR = 6; // stops: so far one walks
  let walked = null;

  window.keyboard = {
    // How many stops away a control is: from where the focus is, or, where that is far, from the control's neighbour.
    way(target) {
      const all = stops();
      const goal = target.type === "radio" ? all.find((one) => group(target).includes(one)) : target;
      const [at, here] = [all.indexOf(goal), all.indexOf(document.activeElement)];
      if (at < 0) return null;
      if (here >= 0 && Math.abs(at - here) <= NEAR) return at - here;
      const step = [1, -1].find((one) => all[at - one] && all[at - one].localName !== "iframe") ?? 0;
      all[at - step].focus({ preventScroll: true });
      return step;
    },
    there: (target) => target === document.activeElement || (target.type === "radio" && group(target).includes(document.activeElement)),
    // What is wrong with how the focus is shown.
    unseen(target) {
      if (!marked(target)) return `${named(target)} has the focus, and nothing shows it`;
      const why = covered(target);
      return why ? `${named(target)} has the focus out of sight, ${why}` : null;
    },
    // The page as it is next drawn, with the styles that it then has.
    drawn: () => new Promise((done) => { requestAnimationFrame(() => { document.body.getBoundingClientRect(); done(); }); }),
    // Go to the top, to walk the whole page.
    begin() {
      walked = { expected: stops().filter((one) => one.localName !== "iframe"), seen: new Set(), unmarked: new Set(), before: document.activeElement, note: null };
      walked.note = ({ target }) => { walked.seen.add(target); if (!marked(target)) walked.unmarked.add(target); };
      // A paper's viewer is the browser's own.
      for (const frame of document.querySelectorAll("iframe")) frame.tabIndex = -1;
      const top = document.createElement("span");
      top.tabIndex = -1;
      (document.querySelector("dialog:modal") ?? document.body).prepend(top);
      top.focus();
      top.remove();
      document.addEventListener("focusin", walked.note);
    },
    left: () => walked.expected.filter((one) => one.isConnected && shown(one) && !walked.seen.has(one)),
    end() {
      document.removeEventListener("focusin", walked.note);
      for (const frame of document.querySelectorAll("iframe")) frame.removeAttribute("tabindex");
      walked.before?.focus?.({ preventScroll: true });
      const reachable = `${FOCUSABLE}, label`;
      const native = "a[href], button, input:not([type=radio]), select, textarea";
      const mute = [...document.querySelectorAll("body *")].filter((one) => shown(one) && (one.matches(native)
        ? one.tabIndex < 0 && !one.disabled && !one.matches("[role=tab]") // of tabs Tab comes to one, the arrow keys to the others
        : getComputedStyle(one).cursor === "pointer" && !one.closest(reachable) && !one.querySelector(reachable)));
      return [
        ...this.left().map((one) => `Tab does not come to ${named(one)}`),
        ...[...walked.unmarked].filter((one) => one.isConnected).map((one) => `nothing shows the focus on ${named(one)}`),
        ...mute.map((one) => `pressed by mouse alone: ${named(one)}`),
        ...[...document.querySelectorAll("[tabindex]")].filter((one) => one.tabIndex > 0).map((one) => `out of order by tabindex: ${named(one)}`),
      ];
    },
  };
})();
