// Conversations that this browser keeps, what can be saved of them, and what is thought of answers.
"use strict";

(() => {
  const { make, words } = guide;
  const PREFIX = "guide-talk:";
  const MOST = 50;
  let current = null; // id of the conversation that is shown
  let seen = ""; // what of it was kept last
  let coming = null; // id of the one that was asked for

  // Storage may be shut (private windows) or full: then nothing is kept, and all else works.
  function store(name, ...values) {
    try {
      return localStorage[name](...values);
    } catch {
      return null;
    }
  }

  function talks() {
    let keys = [];
    try {
      keys = Object.keys(localStorage);
    } catch {
      // As above.
    }
    return keys
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => {
        try {
          return JSON.parse(store("getItem", key));
        } catch {
          return null;
        }
      })
      .filter((talk) => talk?.id && talk.records?.length)
      .sort((a, b) => b.at.localeCompare(a.at));
  }

  const remove = (id) => store("removeItem", PREFIX + id);

  function keep(talk) {
    const text = JSON.stringify(talk);
    for (let tries = 0; tries < 3; tries += 1) {
      try {
        localStorage.setItem(PREFIX + talk.id, text);
        break;
      } catch {
        const oldest = talks().filter((other) => other.id !== talk.id).pop();
        if (!oldest) return;
        remove(oldest.id);
      }
    }
    talks().slice(MOST).forEach((old) => remove(old.id));
  }

  // Gradio removes the messages of a conversation that is left; what was kept of it stays.
  function follow() {
    if (document.body?.matches(".kept")) return;
    if (!document.querySelector("#chat .asked")) {
      current = null;
      seen = "";
      return;
    }
    const done = [...document.querySelectorAll("#chat .answer.done")];
    const sign = done.map((answer) => answer.querySelector("button.copy")?.value.length).join();
    if (!done.length || sign === seen) return;
    seen = sign;
    const records = done.map(guide.record).filter(Boolean);
    if (!records.length) return;
    current ??= coming ?? `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
    coming = null;
    keep({ id: current, at: records[records.length - 1].asked_at, records });
  }

  const shownRecords = () =>
    [...document.querySelectorAll("#chat .answer.done")].map(guide.record).filter(Boolean);

  async function download(records, form, note) {
    if (!records.length) {
      note.textContent = words("talks.nothing"); // its only answer was stopped
      return;
    }
    const language = document.documentElement.lang || "en";
    const answer = await fetch(`window/conversation.${form}?language=${language}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(records),
    }).catch(() => null);
    if (!answer?.ok) {
      note.textContent = words("talks.failed");
      return;
    }
    const day = records[records.length - 1].asked_at.slice(0, 10);
    const link = make("a", {
      href: URL.createObjectURL(await answer.blob()),
      download: `conversation-${day}.${form === "md" ? "md" : form}`,
    });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    note.textContent = "";
  }

  function forms(records, note) {
    return [["md", "markdown"], ["pdf", "pdf"], ["json", "json"]].map(([form, name]) =>
      make(
        "button",
        { type: "button", class: `as-${form}`, onclick: () => download(records, form, note) },
        words(`talks.${name}`),
      ));
  }

  function dialog(id, title, ...children) {
    document.getElementById(id)?.remove();
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
    document.body.append(box);
    box.showModal();
    return box;
  }

  function openTalk(talk, box) {
    current = null;
    coming = talk.id;
    seen = "";
    box.close();
    const entry = document.querySelector("#kept-talk textarea");
    guide.type(entry, JSON.stringify(talk.records));
    const enter = { key: "Enter", bubbles: true, cancelable: true };
    requestAnimationFrame(() => entry.dispatchEvent(new KeyboardEvent("keypress", enter)));
  }

  function showTalks() {
    const note = make("p", { class: "note", role: "status" });
    const list = make("ul");
    const held = talks();
    const box = dialog(
      "talks",
      words("talks.title"),
      make("p", { class: "note" }, words(held.length ? "talks.kept" : "talks.none")),
      list,
      note,
    );
    for (const talk of held) {
      const when = new Date(talk.at).toLocaleString(guide.locale(), {
        dateStyle: "medium", timeStyle: "short",
      });
      const now = talk.id === current ? ` · ${words("talks.now")}` : "";
      const item = make("li", {});
      item.append(
        make("button", { type: "button", class: "open", dir: "auto", onclick: () => openTalk(talk, box) },
          talk.records[0].question),
        make("p", { class: "when" }, `${when}${now}`),
        make(
          "p",
          { class: "forms" },
          ...forms(talk.records, note),
          make("button", {
            type: "button",
            class: "remove",
            onclick: () => {
              remove(talk.id);
              item.remove();
            },
          }, words("talks.remove")),
        ),
      );
      list.append(item);
    }
    if (held.length) {
      box.append(make("button", {
        type: "button",
        class: "remove-all",
        onclick: () => {
          talks().forEach((talk) => remove(talk.id));
          box.close();
        },
      }, words("talks.remove_all")));
    }
  }

  function showSave() {
    const note = make("p", { class: "note", role: "status" });
    dialog(
      "save-talk",
      words("talks.save"),
      make("p", { class: "forms" }, ...forms(shownRecords(), note)),
      note,
    );
  }

  // Feedback: the press counts at once, the reason may follow.
  async function judge(answer, up) {
    const { id } = guide.record(answer);
    const panel = make("div", { class: "feedback" });
    const note = make("p", { class: "note", role: "status" });
    const send = async (reason) => {
      const said = await fetch("api/v1/feedback", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ answer_id: id, up, reason }),
      }).catch(() => null);
      note.textContent = words(said?.ok ? "feedback.thanks" : "talks.failed");
      return said?.ok;
    };
    answer.querySelector(".feedback")?.remove();
    answer.querySelectorAll(".tools .up, .tools .down").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.matches(up ? ".up" : ".down")));
    });
    const field = make("input", {
      type: "text", maxlength: "2000", dir: "auto",
      "aria-label": words(up ? "feedback.why_up" : "feedback.why"),
      placeholder: words(up ? "feedback.why_up" : "feedback.why"),
    });
    const form = make("form", {
      onsubmit: async (event) => {
        event.preventDefault();
        if (await send(field.value)) form.remove();
      },
    });
    if (!up) {
      form.append(make("p", { class: "reasons" }, ...["wrong", "source", "missing", "unclear"].map(
        (name) => make("button", {
          type: "button",
          onclick: () => {
            field.value = [field.value, words(`feedback.${name}`)].filter(Boolean).join("; ");
            field.focus();
          },
        }, words(`feedback.${name}`)),
      )));
    }
    form.append(field, make("button", { type: "submit" }, words("feedback.send")));
    panel.append(note, form);
    answer.querySelector(".tools").after(panel);
    await send("");
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches("#header .talks")) showTalks();
    else if (button.matches("#act-save")) showSave();
    else if (button.matches("#chat .tools .up, #chat .tools .down")) {
      judge(button.closest(".answer"), button.matches(".up"));
    }
  });

  new MutationObserver(follow).observe(document.documentElement, { subtree: true, childList: true });
})();
