// The chat window's own script: markers lead to their sources, answers can be copied, the page a
// source stands on is shown.
// Everything hangs on the document, for Gradio renders messages anew while they grow.
"use strict";

(() => {
  const reduced = matchMedia("(prefers-reduced-motion: reduce)");

  function goTo(source) {
    source.scrollIntoView({ block: "nearest", behavior: reduced.matches ? "auto" : "smooth" });
    source.focus({ preventScroll: true });
  }

  // An answer as plain text: what was asked, the answer, each source with its quote and address.
  function plain(answer) {
    const text = (element) => element.innerText.trim();
    const row = answer.closest(".message-row");
    const asked = row?.previousElementSibling?.querySelector(".asked");
    const parts = asked ? [text(asked)] : [];
    answer.querySelectorAll(":scope > .text, :scope > .note, :scope > .contact").forEach((part) => {
      parts.push(text(part));
    });
    answer.querySelectorAll("li.source").forEach((source) => {
      const number = source.querySelector(".number").innerText;
      const place = text(source.querySelector(".title")).replace(/^\d+\s*/, "");
      const path = source.querySelector(".path");
      parts.push(
        [
          `[${number}] ${place}`,
          ...(path ? [text(path)] : []),
          `“${text(source.querySelector("blockquote"))}”`,
          source.querySelector("a.pdf").href,
        ].join("\n"),
      );
    });
    return parts.join("\n\n");
  }

  async function copy(text) {
    if (navigator.clipboard && isSecureContext) {
      await navigator.clipboard.writeText(text);
      return;
    }
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  // The page view: a panel beside the conversation, on narrow windows a sheet over it.
  const wide = matchMedia("(min-width: 68.75rem)");
  let view = null;

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "onclick") element.addEventListener("click", value);
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  function buildView() {
    const words = JSON.parse(document.querySelector("meta[name=guide-view]").content);
    const button = (name, sign, act) =>
      make("button", { type: "button", title: words[name], "aria-label": words[name], onclick: act }, sign);
    const parts = {
      words,
      title: make("h2", { id: "page-view-title" }),
      place: make("span", { class: "place", role: "status" }),
      note: make("p", { class: "note", role: "status" }),
      image: make("img", { alt: "" }),
      pdf: make("a", { target: "_blank", rel: "noopener" }, words.open_pdf),
      previous: button("previous", "‹", () => turn(-1)),
      next: button("next", "›", () => turn(1)),
    };
    parts.sheet = make("div", { class: "sheet", tabindex: "0", role: "group", "aria-labelledby": "page-view-title" }, parts.image);
    parts.dialog = make(
      "dialog",
      { id: "page-view", "aria-labelledby": "page-view-title" },
      make("header", {}, parts.title, button("close", "×", () => parts.dialog.close())),
      make(
        "div",
        { class: "bar" },
        parts.previous, parts.place, parts.next,
        button("smaller", "−", () => zoom(1 / 1.25)),
        button("larger", "+", () => zoom(1.25)),
        parts.pdf,
      ),
      parts.note,
      parts.sheet,
    );
    parts.dialog.addEventListener("close", () => {
      document.body.classList.remove("page-open");
      if (view.opener?.isConnected) view.opener.focus();
    });
    document.body.append(parts.dialog);
    return parts;
  }

  function showPage(opener) {
    view ??= buildView();
    const [, base, page, query] = /^(.*\/pages\/)(\d+)\.png(.*)$/.exec(opener.value);
    const source = opener.closest("li");
    Object.assign(view, { opener, base, query, marked: Number(page), page: Number(page), zoom: 1 });
    view.title.textContent = source.querySelector(".title span[dir]").innerText;
    view.image.style.width = "";
    if (!view.dialog.open) {
      document.body.classList.toggle("page-open", wide.matches);
      if (wide.matches) view.dialog.show();
      else view.dialog.showModal();
    }
    draw();
  }

  function turn(by) {
    view.page += by;
    draw();
  }

  function zoom(by) {
    view.zoom = Math.min(4, Math.max(1, view.zoom * by));
    view.image.style.width = `${view.zoom * 100}%`;
    if (view.zoom > 1 && view.scale < 3) draw();
  }

  async function draw() {
    const { page, words } = view;
    const turn = (view.turn = (view.turn ?? 0) + 1);
    const quoted = page === view.marked ? view.query : "";
    view.scale = view.zoom > 1 ? 3 : Math.min(3, Math.max(1.5, devicePixelRatio * 1.25));
    const address = `${view.base}${page}.png${quoted}${quoted ? "&" : "?"}scale=${view.scale}`;
    view.note.textContent = words.loading;
    view.pdf.href = `${view.base.replace(/\/pages\/$/, "")}.pdf#page=${page}`;
    const answer = await fetch(address).catch(() => null);
    const image = answer?.ok ? URL.createObjectURL(await answer.blob()) : "";
    if (turn !== view.turn) {
      URL.revokeObjectURL(image);
      return;
    }
    URL.revokeObjectURL(view.image.src);
    if (!image) {
      view.image.removeAttribute("src");
      view.note.textContent = words.failed;
      return;
    }
    const pages = Number(answer.headers.get("x-pages"));
    const name = words.page.replace("{page}", page).replace("{pages}", pages);
    view.image.src = image;
    view.image.alt = `${view.title.textContent}, ${name}`;
    view.place.textContent = name;
    view.note.textContent = answer.headers.get("x-quote-placed") === "no" ? words.unplaced : "";
    view.previous.disabled = page <= 1;
    view.next.disabled = page >= pages;
  }

  wide.addEventListener("change", () => view?.dialog.close());

  document.addEventListener("keydown", (event) => {
    if (!view?.dialog.open || event.target.closest("input, textarea")) return;
    if (event.key === "Escape") view.dialog.close();
    else if (event.key === "PageDown" && !view.next.disabled) turn(1);
    else if (event.key === "PageUp" && !view.previous.disabled) turn(-1);
    else return;
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const mark = event.target.closest("a.mark");
    if (mark) {
      const source = document.getElementById(mark.hash.slice(1));
      event.preventDefault();
      if (!source) return;
      goTo(source);
      if (wide.matches) showPage(source.querySelector("button.show"));
      source.focus({ preventScroll: true });
      return;
    }
    const button = event.target.closest("button.copy, button.show");
    if (button?.matches(".show")) showPage(button);
    else if (button) {
      copy(plain(button.closest(".answer"))).then(() => {
        button.classList.add("copied");
        setTimeout(() => button.classList.remove("copied"), 2000);
      });
    }
  });

  // Gradio names each message by its source text; a screen reader must get the message itself.
  function unname(root) {
    root.querySelectorAll("[data-testid=user][aria-label], [data-testid=bot][aria-label]")
      .forEach((message) => message.removeAttribute("aria-label"));
  }

  // A new question goes to the top of the view, and then nothing moves while its answer grows.
  let questions = 0;
  function lead() {
    const asked = document.querySelectorAll("#chat .asked");
    if (asked.length > questions) {
      const log = asked[asked.length - 1].closest("[role=log]");
      const top = asked[asked.length - 1].getBoundingClientRect().top;
      log.scrollBy({ top: top - log.getBoundingClientRect().top - 20 });
    }
    questions = asked.length;
  }

  new MutationObserver(() => {
    unname(document);
    lead();
  }).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["aria-label"],
  });
})();
