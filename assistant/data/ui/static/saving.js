// What can be saved of a conversation, and the boxes in which that is chosen.
"use strict";

(() => {
  const { make, words } = guide;

  guide.finished = (record) => !record.stopped;

  // Answers that are there, whole or stopped.
  guide.ended = () => [...document.querySelectorAll("#chat .answer:is(.done, .stopped)")];

  function give(name, content) {
    const link = make("a", { href: URL.createObjectURL(content), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  // Gives whether that was done.
  async function download(kept, form, note) {
    const records = kept.filter(guide.finished);
    if (!records.length) {
      note.textContent = words("talks.nothing"); // its only answer was stopped
      return false;
    }
    const name = `conversation-${records[records.length - 1].asked_at.slice(0, 10)}.${form}`;
    if (form === "txt") {
      give(name, new Blob([records.map(guide.plain).join("\n\n\n")], { type: "text/plain" }));
      return true;
    }
    const language = document.documentElement.lang || "en";
    const answer = await fetch(`window/conversation.${form}?language=${language}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(records),
    }).catch(() => null);
    if (answer?.ok) give(name, await answer.blob());
    else note.textContent = words("talks.failed");
    return Boolean(answer?.ok);
  }

  guide.lost = () => document.body.matches(".lost");

  // Without the server, what the browser makes alone.
  function forms(records, note, then) {
    const made = guide.lost() ? [["txt", "text"]] : [["md", "markdown"], ["pdf", "pdf"], ["json", "json"]];
    if (guide.lost()) note.textContent = words("lost.save");
    return made.map(([form, name]) =>
      make(
        "button",
        { type: "button", class: `as-${form}`, onclick: async () => await download(records, form, note) && then() },
        words(`talks.${name}`),
      ));
  }

  guide.dialog = (id, title, ...children) => {
    const before = document.getElementById(id);
    before?.remove();
    const box = make("dialog", { id, class: "box", "aria-labelledby": `${id}-title` });
    const close = make("button", {
      type: "button", class: "close", title: words("view.close"), "aria-label": words("view.close"),
      onclick: () => box.close(),
    }, "×");
    box.append(
      make("header", {}, make("h2", { id: `${id}-title` }, title), close),
      ...children,
    );
    // A press beside the box closes it.
    box.addEventListener("click", (event) => event.target === box && box.close());
    // The focus is where it was opened again; where that is hidden by now, at what brings it back.
    box.addEventListener("close", () => {
      const at = document.activeElement;
      if (at === document.body || !at.getClientRects().length) document.getElementById("act-more")?.focus();
    });
    document.body.append(box);
    guide.over(box, before);
    return box;
  };

  // What the conversation is called, where it may be another than the one that is shown. What was
  // chosen closes the box; `say` tells that it is done.
  guide.saveTalk = (records, name = "", say = guide.announce) => {
    const note = make("p", { class: "note", role: "status" });
    const done = () => {
      box.close();
      say(words("talks.saved"));
    };
    const box = guide.dialog(
      "save-talk",
      words("talks.save"),
      ...name ? [make("p", { class: "which", dir: "auto" }, name)] : [],
      make("p", { class: "forms" }, ...forms(records, note, done)),
      note,
    );
  };

  document.addEventListener("click", ({ target }) => {
    if (target.closest("#act-save")) guide.saveTalk(guide.ended().map(guide.record).filter(Boolean));
  });
})();
