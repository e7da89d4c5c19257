// The chat window's own script: markers lead to their sources, answers can be copied.
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

  document.addEventListener("click", (event) => {
    const mark = event.target.closest("a.mark");
    if (mark) {
      const source = document.getElementById(mark.hash.slice(1));
      event.preventDefault();
      if (source) goTo(source);
      return;
    }
    const button = event.target.closest("button.copy");
    if (button) {
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
