// The page view: the page that a source stands on, with the quote marked. A panel beside the
// conversation; on narrow windows a sheet over it.
"use strict";

(() => {
  const { make, words } = guide;
  const KEPT = 24; // images of pages, for going back and forth
  const MOST = 4;
  const LEAST_READABLE = 1.3;
  const NEARLY = 1.1; // lines are better read a little smaller than cut at their end
  const EDGE = 12; // pixels between the mark and the edge of the view
  const kept = new Map();
  let view = null;

  function buildView() {
    const button = (name, sign, act) =>
      make("button", { type: "button", class: name, onclick: act }, sign);
    const parts = {
      title: make("h2", { id: "page-view-title" }),
      path: make("p", { class: "path", dir: "auto" }),
      place: make("span", { class: "place", role: "status" }),
      note: make("p", { class: "note", role: "status" }),
      image: make("img", { alt: "" }),
      pdf: make("a", { target: "_blank", rel: "noopener" }, make("span", { class: "whole" }),
        make("span", { class: "short", "aria-hidden": "true" }, "PDF")),
      previous: button("previous", "‹", () => turn(-1)),
      next: button("next", "›", () => turn(1)),
      smaller: button("smaller", "−", () => zoom(1 / 1.25)),
      larger: button("larger", "+", () => zoom(1.25)),
      close: button("close", "×", () => parts.dialog.close()),
    };
    parts.sheet = make("div", { class: "sheet", tabindex: "0", role: "group" }, parts.image);
    parts.sheet.setAttribute("aria-labelledby", "page-view-title");
    parts.dialog = make(
      "dialog",
      { id: "page-view", "aria-labelledby": "page-view-title" },
      make("header", {}, make("div", {}, parts.title, parts.path), parts.close),
      make(
        "div",
        { class: "bar" },
        parts.previous, parts.place, parts.next, parts.smaller, parts.larger, parts.pdf,
      ),
      parts.note,
      parts.sheet,
    );
    parts.dialog.addEventListener("close", () => {
      if (parts.dialog.open) return; // it stands on as a panel, or as a sheet
      document.body.classList.remove("page-open");
      if (view.from?.isConnected) view.from.focus();
      else guide.rest();
    });
    parts.sheet.addEventListener("scroll", () => {
      const now = seen();
      if (sameSize(now, view.last)) view.last = now;
    }, { passive: true });
    new ResizeObserver(resized).observe(parts.sheet);
    document.body.append(parts.dialog);
    return parts;
  }

  // A panel where there is room beside the conversation, else a sheet over it.
  function stand() {
    document.body.classList.toggle("page-open", guide.wide.matches);
    if (guide.wide.matches) view.dialog.show();
    else guide.over(view.dialog);
  }

  // From a button of a source, or from a marker that leads to it: there the focus goes back to.
  guide.showPage = (opener, from = opener) => {
    view ??= buildView();
    const [, base, page, query] = /^(.*\/pages\/)(\d+)\.png(.*)$/.exec(opener.value);
    const source = opener.closest("li");
    Object.assign(view, {
      from, base, query, marked: Number(page), page: Number(page), pages: Infinity, zoom: 1,
      mark: null, quote: null, byHand: false, last: null,
    });
    for (const name of ["previous", "next", "larger", "smaller", "close"]) {
      view[name].title = words(`view.${name}`);
      view[name].setAttribute("aria-label", view[name].title);
    }
    view.pdf.title = words("open_pdf");
    view.pdf.setAttribute("aria-label", view.pdf.title);
    view.pdf.firstChild.textContent = view.pdf.title;
    view.title.textContent = source.querySelector(".title span[dir]").textContent;
    view.path.replaceChildren(...source.querySelector(".path")?.cloneNode(true).childNodes ?? []);
    enlarge(1);
    if (!view.dialog.open) stand();
    draw({ opened: true });
  };

  // What cannot be pressed now keeps the focus, if it has it.
  const off = (button) => button.getAttribute("aria-disabled") === "true";
  const turnOff = (button, is) => button.setAttribute("aria-disabled", String(is));

  function turn(by) {
    if (view.page + by < 1 || view.page + by > view.pages) return;
    view.page += by;
    draw();
  }

  function enlarge(zoom) {
    view.zoom = Math.min(MOST, Math.max(1, zoom));
    view.image.style.width = view.zoom > 1 ? `${view.zoom * 100}%` : "";
    turnOff(view.smaller, view.zoom <= 1);
    turnOff(view.larger, view.zoom >= MOST);
  }

  // The page and what is seen of it, in pixels of the sheet.
  function seen() {
    const { image, sheet } = view;
    const from = sheet.getBoundingClientRect();
    const page = image.getBoundingClientRect();
    return {
      left: page.left - from.left, top: page.top - from.top, width: page.width, height: page.height,
      wide: sheet.clientWidth, high: sheet.clientHeight,
    };
  }

  // What is seen of the mark, as shares of the page; null where none of it is.
  function markSeen(now) {
    if (!view.mark) return null;
    const [left, top, right, bottom] = view.mark;
    const part = {
      left: Math.max(left, -now.left / now.width), right: Math.min(right, (now.wide - now.left) / now.width),
      top: Math.max(top, -now.top / now.height), bottom: Math.min(bottom, (now.high - now.top) / now.height),
    };
    return part.left < part.right && part.top < part.bottom ? part : null;
  }

  const sameSize = (one, other) =>
    ["width", "wide", "high"].every((side) => Math.abs(one?.[side] - other?.[side]) < 1);

  // Keeps what was seen of the mark where it was, as far as it then fits; else the middle of the view.
  function keeping(before, change) {
    const mark = markSeen(before);
    const x = mark?.left ?? (before.wide / 2 - before.left) / before.width;
    const y = mark?.top ?? (before.high / 2 - before.top) / before.height;
    change();
    const after = seen();
    const at = mark
      ? { left: before.left + x * before.width, top: before.top + y * before.height }
      : { left: after.wide / 2, top: after.high / 2 };
    const moved = {
      left: after.left + x * after.width - at.left, top: after.top + y * after.height - at.top,
    };
    if (mark) {
      const out = {
        left: at.left + (mark.right - x) * after.width - (after.wide - EDGE),
        top: at.top + (mark.bottom - y) * after.height - (after.high - EDGE),
      };
      for (const way of ["left", "top"]) moved[way] += Math.max(0, Math.min(out[way], at[way] - EDGE));
    }
    view.sheet.scrollBy({ ...moved, behavior: "instant" });
    view.last = seen();
  }

  function zoom(by) {
    const before = seen();
    if (!before.width) return; // no page is there
    view.byHand = true;
    keeping(before, () => enlarge(view.zoom * by));
    if (view.zoom > 1 && view.scale < 3) draw({ stay: true });
  }

  // The window, or the phone, was turned or made wider: as if the page were opened now. Pages that
  // were enlarged by hand keep the size of their letters.
  function resized() {
    const before = view.last;
    if (!before || !view.sheet.clientWidth || !view.image.clientWidth || sameSize(before, seen())) return;
    if (view.byHand) {
      keeping(before, () => {
        enlarge(1);
        enlarge(before.width / seen().width);
      });
      if (view.zoom > 1 && view.scale < 3) draw({ stay: true });
    } else if (Math.abs(before.wide - view.sheet.clientWidth) < 1) {
      keeping(before, () => {});
    } else if (markSeen(before)) {
      fit();
      goToMark();
    } else keeping(before, fit);
  }

  function fit() {
    enlarge(1);
    if (view.quote && !guide.wide.matches) enlarge(readable());
  }

  // So large that the quote can be read on a small screen, as far as its lines then fit.
  function readable() {
    const { wide } = seen();
    const points = view.image.naturalWidth / view.scale;
    const fits = (wide - 2 * EDGE) / ((view.quote[2] - view.quote[0]) * view.image.clientWidth);
    return Math.min(points / view.image.clientWidth, fits > NEARLY ? fits : LEAST_READABLE);
  }

  // The quote stands a third of the way down the view, where it is not near the top anyway.
  function goToMark() {
    const now = seen();
    const [left, top, right] = view.mark;
    const fits = (right - left) * now.width < now.wide - 2 * EDGE;
    view.sheet.scrollBy({
      left: now.left + (fits ? ((left + right) / 2) * now.width - now.wide / 2 : left * now.width - EDGE),
      top: now.top + top * now.height - now.high / 3,
      behavior: "instant",
    });
    view.last = seen();
  }

  async function load(address) {
    if (kept.has(address)) return kept.get(address);
    const answer = await fetch(address).catch(() => null);
    if (!answer) return { failed: "view.offline" };
    if (!answer.ok) return { failed: "view.failed" };
    const page = {
      url: URL.createObjectURL(await answer.blob()),
      pages: Number(answer.headers.get("x-pages")),
      placed: answer.headers.get("x-quote-placed") !== "no",
      // Where the quote stands, as shares of the page.
      mark: answer.headers.get("x-quote-box")?.split(",").map(Number) ?? null,
    };
    kept.set(address, page);
    if (kept.size > KEPT) {
      const [oldest, gone] = kept.entries().next().value;
      kept.delete(oldest);
      if (gone.url !== view.image.src) URL.revokeObjectURL(gone.url);
    }
    return page;
  }

  async function draw({ opened = false, stay = false } = {}) {
    const { page } = view;
    const turn = (view.turn = (view.turn ?? 0) + 1);
    const quoted = page === view.marked ? view.query : "";
    // It is the path of that page alone; its room is kept, so that nothing moves under the pointer.
    view.path.style.visibility = page === view.marked ? "" : "hidden";
    view.scale = view.zoom > 1 ? 3 : Math.min(3, Math.max(1.5, devicePixelRatio * 1.25));
    const address = `${view.base}${page}.png${quoted}${quoted ? "&" : "?"}scale=${view.scale}`;
    view.pdf.href = `${view.base.replace(/\/pages\/$/, "")}.pdf#page=${page}`;
    const waiting = setTimeout(() => (view.note.textContent = words("view.loading")), 250);
    const drawn = await load(address);
    clearTimeout(waiting);
    if (turn !== view.turn) return;
    if (drawn.failed) {
      view.image.removeAttribute("src");
      view.place.textContent = "";
      view.note.textContent = words(drawn.failed);
      return;
    }
    const name = words("view.page").replace("{page}", page).replace("{pages}", drawn.pages);
    view.pages = drawn.pages;
    view.mark = drawn.mark;
    view.quote = drawn.mark ?? view.quote;
    view.image.src = drawn.url;
    view.image.alt = `${view.title.textContent}, ${name}`;
    view.place.textContent = name;
    view.note.textContent = drawn.placed ? "" : words("view.unplaced");
    turnOff(view.previous, page <= 1);
    turnOff(view.next, page >= drawn.pages);
    await view.image.decode().catch(() => null);
    if (turn !== view.turn) return;
    if (!stay) view.sheet.scrollTo({ top: 0, behavior: "instant" });
    view.last = seen();
    if (stay || !view.mark) return;
    if (opened) fit();
    goToMark();
  }

  // What it stood beside is gone: the focus has no way back there.
  guide.leavePage = () => {
    if (!view?.dialog.open) return;
    view.from = null;
    view.dialog.close();
  };

  guide.wide.addEventListener("change", () => {
    if (!view?.dialog.open) return;
    const held = view.dialog.contains(document.activeElement) ? document.activeElement : null;
    view.dialog.close();
    stand();
    held?.focus({ preventScroll: true });
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#chat button.show");
    if (button) guide.showPage(button);
    else if (event.target.closest("#act-new")) guide.leavePage();
  });

  document.addEventListener("keydown", (event) => {
    if (!view?.dialog.open || event.target.closest("input, textarea, dialog:not(#page-view)")) return;
    if (event.key === "Escape") view.dialog.close();
    else if (event.key === "PageDown" && !off(view.next)) turn(1);
    else if (event.key === "PageUp" && !off(view.previous)) turn(-1);
    else if (event.target.closest("#page-view") && ["+", "-"].includes(event.key)) {
      zoom(event.key === "+" ? 1.25 : 1 / 1.25);
    } else return;
    event.preventDefault();
  });
})();
