// The page view: the page that a source stands on, with the quote marked. A panel beside the
// conversation; on narrow windows a sheet over it.
"use strict";

(() => {
  const { make, words } = guide;
  const KEPT = 24; // images of pages, for going back and forth
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
      pdf: make("a", { target: "_blank", rel: "noopener" }),
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
      document.body.classList.remove("page-open");
      if (view.pushed) {
        view.pushed = false;
        history.back();
      }
      if (view.from?.isConnected) view.from.focus();
      else guide.rest();
    });
    document.body.append(parts.dialog);
    return parts;
  }

  // From a button of a source, or from a marker that leads to it: there the focus goes back to.
  guide.showPage = (opener, from = opener) => {
    view ??= buildView();
    const [, base, page, query] = /^(.*\/pages\/)(\d+)\.png(.*)$/.exec(opener.value);
    const source = opener.closest("li");
    Object.assign(view, { from, base, query, marked: Number(page), page: Number(page), zoom: 1 });
    for (const name of ["previous", "next", "larger", "smaller", "close"]) {
      view[name].title = words(`view.${name}`);
      view[name].setAttribute("aria-label", view[name].title);
    }
    view.pdf.textContent = words("open_pdf");
    view.title.textContent = source.querySelector(".title span[dir]").textContent;
    view.path.textContent = source.querySelector(".path")?.textContent ?? "";
    view.image.style.width = "";
    if (!view.dialog.open) {
      document.body.classList.toggle("page-open", guide.wide.matches);
      if (guide.wide.matches) view.dialog.show();
      else {
        view.dialog.showModal();
        // The way back of a phone closes what is over the conversation, and leaves no more.
        view.pushed = true;
        history.pushState({ page: true }, "");
      }
    }
    draw();
  };

  function turn(by) {
    view.page += by;
    draw();
  }

  function zoom(by) {
    view.zoom = Math.min(4, Math.max(1, view.zoom * by));
    view.image.style.width = view.zoom > 1 ? `${view.zoom * 100}%` : "";
    view.smaller.disabled = view.zoom <= 1;
    view.larger.disabled = view.zoom >= 4;
    if (view.zoom > 1 && view.scale < 3) draw();
  }

  async function load(address) {
    if (kept.has(address)) return kept.get(address);
    const answer = await fetch(address).catch(() => null);
    if (!answer) return { failed: "view.offline" };
    if (!answer.ok) return { failed: "view.failed" };
    const page = {
      url: URL.createObjectURL(await answer.blob()),
      pages: Number(answer.headers.get("x-pages")),
      // The first line of the quote, as a share of the page's height.
      placed: answer.headers.get("x-quote-placed") !== "no",
      top: Number(answer.headers.get("x-quote-top") ?? "") || 0,
    };
    kept.set(address, page);
    if (kept.size > KEPT) {
      const [oldest, gone] = kept.entries().next().value;
      kept.delete(oldest);
      if (gone.url !== view.image.src) URL.revokeObjectURL(gone.url);
    }
    return page;
  }

  async function draw() {
    const { page } = view;
    const turn = (view.turn = (view.turn ?? 0) + 1);
    const quoted = page === view.marked ? view.query : "";
    view.scale = view.zoom > 1 ? 3 : Math.min(3, Math.max(1.5, devicePixelRatio * 1.25));
    const address = `${view.base}${page}.png${quoted}${quoted ? "&" : "?"}scale=${view.scale}`;
    view.smaller.disabled = view.zoom <= 1;
    view.larger.disabled = view.zoom >= 4;
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
    const sameSheet = view.shown === `${view.base}${page}`;
    view.shown = `${view.base}${page}`;
    view.image.src = drawn.url;
    view.image.alt = `${view.title.textContent}, ${name}`;
    view.place.textContent = name;
    view.note.textContent = drawn.placed ? "" : words("view.unplaced");
    view.previous.disabled = page <= 1;
    view.next.disabled = page >= drawn.pages;
    await view.image.decode().catch(() => null);
    if (turn !== view.turn || (sameSheet && view.zoom > 1)) return;
    // The quote stands a third of the way down the view, where it is not near the top anyway.
    const top = quoted ? drawn.top * view.image.clientHeight - view.sheet.clientHeight / 3 : 0;
    view.sheet.scrollTo({ top: Math.max(0, top), left: 0 });
  }

  // What it stood beside is gone: the focus has no way back there.
  guide.leavePage = () => {
    if (!view?.dialog.open) return;
    view.from = null;
    view.dialog.close();
  };

  guide.wide.addEventListener("change", () => view?.dialog.close());
  addEventListener("popstate", () => {
    if (!view?.pushed) return;
    view.pushed = false;
    view.dialog.close();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#chat button.show");
    if (button) guide.showPage(button);
    else if (event.target.closest("#act-new")) guide.leavePage();
  });

  document.addEventListener("keydown", (event) => {
    if (!view?.dialog.open || event.target.closest("input, textarea, dialog:not(#page-view)")) return;
    if (event.key === "Escape") view.dialog.close();
    else if (event.key === "PageDown" && !view.next.disabled) turn(1);
    else if (event.key === "PageUp" && !view.previous.disabled) turn(-1);
    else if (event.target.closest("#page-view") && ["+", "-"].includes(event.key)) {
      zoom(event.key === "+" ? 1.25 : 1 / 1.25);
    } else return;
    event.preventDefault();
  });
})();
