// The chat window's own script: markers lead to their sources, answers can be copied, buttons ask
// their question. Beside it: sending.js, page.js (the page view), talks.js (conversations that are
// kept), copying.js, saving.js.
// Everything hangs on the document, for Gradio renders messages anew while they grow.
"use strict";

// What the scripts share.
const guide = {
  // Until the scripts are there that know.
  busy: () => false,
  ready: () => false,

  wide: matchMedia("(min-width: 68.75rem)"),

  // Sentences in a language; by default, and where the window does not speak it, in the one that
  // the server chose for this browser.
  words(name, language = "") {
    guide.sentences ??= JSON.parse(document.querySelector("meta[name=guide-words]").content);
    const own = document.querySelector("#header [lang]")?.lang;
    return (guide.sentences[language] ?? guide.sentences[own] ?? guide.sentences.en)[name];
  },

  // The browser's own way of writing dates in that language.
  locale() {
    const { lang } = document.documentElement;
    return navigator.languages.find((name) => name.startsWith(lang)) ?? lang;
  },

  // What one of the browser's two storages (by its name) keeps; null where there is none, or it is
  // shut (private windows). What it cannot keep is not kept, and all else works.
  kept(storage, name) {
    try {
      return JSON.parse(window[storage].getItem(name));
    } catch {
      return null;
    }
  },

  keep(storage, name, value) {
    try {
      window[storage].setItem(name, JSON.stringify(value));
    } catch {
      // As above.
    }
  },

  make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  },

  // An answer as the server wrote it down beside its HTML; null where it has none.
  record(answer) {
    const value = guide.written(answer);
    return value ? JSON.parse(value) : null;
  },

  // The same as text.
  written: (answer) => answer.querySelector("button:is(.copy, .record)")?.value,

  // Where the keyboard goes on when what it was at is gone. Not where that would raise one.
  rest({ touch = false } = {}) {
    if (touch || !matchMedia("(pointer: coarse)").matches) {
      document.querySelector("#question textarea")?.focus();
    }
  },

  // Puts text into one of Gradio's boxes as if it were typed.
  type(box, text) {
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  },
};

(() => {
  // Calls `act` after elements have come or gone anywhere, once for all that changed at once.
  const changes = new EventTarget();
  guide.watch = (act) => changes.addEventListener("change", act);
  guide.look = () => changes.dispatchEvent(new Event("change"));
  new MutationObserver(guide.look).observe(document.documentElement, { subtree: true, childList: true });

  const LONGEST_MS = 30_000; // the server may never do what it was told
  const reduced = matchMedia("(prefers-reduced-motion: reduce)");

  function goTo(source) {
    source.querySelector(".quoted")?.setAttribute("open", "");
    source.scrollIntoView({ block: "nearest", behavior: reduced.matches ? "auto" : "smooth" });
    source.focus({ preventScroll: true });
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

  function copied(button, text) {
    copy(text).then(() => {
      guide.announce(guide.words("copied"));
      button.classList.add("copied");
      setTimeout(() => button.classList.remove("copied"), 2000);
    });
  }

  // Changing the last question, and leaving it as it was: then what was typed before is back, also
  // what was typed while the changed one was answered.
  guide.draft = "";
  let turn = null; // to what it turns, until the server has begun or left it
  guide.turning = () => {
    const seen = turn && Boolean(document.querySelector("#notice .edited")) === turn.editing;
    if (seen || performance.now() > turn?.until) turn = null;
    return Boolean(turn);
  };
  guide.editing = () => (guide.turning() ? turn.editing : Boolean(document.querySelector("#notice .edited")));

  function edit(button) {
    const box = document.querySelector("#question textarea");
    if (button.id === "act-edit" && guide.editing()) return; // it was pressed twice
    if (button.id === "act-edit") {
      guide.draft = box.value;
      const asked = [...document.querySelectorAll("#chat .asked")].pop();
      guide.type(box, guide.record(guide.ended().pop())?.question ?? asked.innerText);
    } else {
      guide.type(box, guide.draft);
    }
    // What is sent at once waits for it, too.
    turn = { editing: button.id === "act-edit", until: performance.now() + LONGEST_MS };
  }

  // The conversation is left while its question is changed: what was typed stays, before and for it.
  guide.leaveEdit = () => {
    if (!guide.editing()) return;
    const box = document.querySelector("#question textarea");
    const plain = (text = "") => text.replace(/\s+/g, " ").trim();
    const asked = [...document.querySelectorAll("#chat .asked")].pop();
    const changed = plain(box.value) === plain(asked?.innerText) ? "" : box.value.trim();
    guide.type(box, [guide.draft, changed].filter(Boolean).join("\n\n"));
    guide.draft = "";
  };

  document.addEventListener("input", ({ target }) => {
    if (!target.matches("#question textarea")) return;
    if (guide.busy()) guide.draft = target.value;
  });

  document.addEventListener("keydown", (event) => {
    const cancel = document.getElementById("act-cancel");
    if (event.key !== "Escape" || event.isComposing || !cancel?.getClientRects().length) return;
    if (document.querySelector("#page-view[open]")) return; // which it closes first
    if (guide.busy()) return; // the changed question is on its way
    if (event.target.matches("#question textarea, #act-cancel")) cancel.click();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("#header .skip")) {
      event.preventDefault();
      guide.rest({ touch: true });
      return;
    }
    const mark = event.target.closest("a.mark");
    if (mark) {
      const source = document.getElementById(mark.hash.slice(1));
      event.preventDefault();
      if (!source) return;
      goTo(source);
      if (guide.wide.matches) guide.showPage(source.querySelector("button.show"), mark);
      source.focus({ preventScroll: true });
      return;
    }
    // These are hidden, or hide what they stand by, as soon as they were pressed.
    const pressed = event.target.closest("#actions button, #question .input-container button");
    if (pressed && !pressed.matches("#act-save, #act-more")) guide.rest({ touch: pressed.id === "act-edit" });
    if (pressed?.matches("#act-edit, #act-cancel")) edit(pressed);
    if (pressed?.matches("#act-new")) guide.leaveEdit();
    const button = event.target.closest("#chat button");
    if (button?.matches(".unchosen")) guide.chooseTheYearAlone();
    if (button?.matches(".ask")) guide.ask(button.value);
    else if (button?.matches(".copy")) copied(button, guide.plain(guide.record(button.closest(".answer"))));
    else if (button?.matches(".link")) {
      const { id } = guide.record(button.closest(".answer"));
      copied(button, new URL(`answers/${id}`, document.baseURI).href);
    }
  });

  // Gradio names each message by its source text; a screen reader must get the message itself, and
  // whose it is.
  function rename(root) {
    root.querySelectorAll("[data-testid=user][aria-label], [data-testid=bot][aria-label]")
      .forEach((message) => message.removeAttribute("aria-label"));
    // Gradio lets no such attribute through.
    root.querySelectorAll("#chat a.mark:not([aria-label])")
      .forEach((mark) => mark.setAttribute("aria-label", mark.title));
    root.querySelectorAll("#chat .asked:not([role])").forEach((asked) => {
      fit(asked);
      asked.setAttribute("role", "group");
      asked.setAttribute("aria-label", guide.words("asked"));
    });
  }

  // A new question goes to the top of the view, and then nothing moves while its answer grows.
  let questions = 0;
  let grows = false;
  function lead() {
    const asked = document.querySelectorAll("#chat .asked");
    const now = Boolean(document.querySelector("#chat .answer.unfinished"));
    if (now && !grows) guide.makeRoom();
    if (asked.length > questions || (now && !grows)) {
      asked[asked.length - 1].scrollIntoView({ block: "start" });
    }
    grows = now;
    questions = asked.length;
  }

  // The hour of a deadline where the asker is, beside the one of the guide.
  function localTimes() {
    document.querySelectorAll("#chat .deadlines li:not(.read, .passed)").forEach((item) => {
      item.classList.add("read");
      const stamp = item.querySelector("time").dateTime;
      const moment = new Date(stamp);
      const there = /([+-])(\d\d):(\d\d)$/.exec(stamp);
      const local = item.querySelector(".local");
      if (!there || local.textContent || Number.isNaN(moment.valueOf())) return;
      const minutes = Number(`${there[1]}1`) * (there[2] * 60 + Number(there[3]));
      if (minutes === -moment.getTimezoneOffset()) return;
      const time = moment.toLocaleString(guide.locale(), {
        dateStyle: "long", timeStyle: "short",
      });
      local.textContent = guide.words("deadlines.local").replace("{time}", time);
    });
  }

  // A question of several lines is as wide as its longest line.
  function fit(asked) {
    asked.style.width = "";
    const lines = document.createRange();
    lines.selectNodeContents(asked);
    const style = getComputedStyle(asked);
    const sides = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
    const frame = style.boxSizing === "border-box" ? sides : 0;
    asked.style.width = `${Math.ceil(lines.getBoundingClientRect().width + frame)}px`;
    // One that scrolls is read by keyboard, too.
    if (asked.scrollHeight > asked.clientHeight + 1) asked.setAttribute("tabindex", "0");
    else asked.removeAttribute("tabindex");
  }

  let watched = null; // where the questions are: observed once, for each time all are measured
  const widths = new ResizeObserver(() => document.querySelectorAll("#chat .asked").forEach(fit));

  function speak() {
    const language = document.querySelector("#header [lang]")?.lang;
    if (language && document.documentElement.lang !== language) {
      document.documentElement.lang = language;
    }
  }

  function look() {
    const chat = document.getElementById("chat");
    if (chat && chat !== watched) widths.observe(watched = chat);
    speak();
    rename(document);
    localTimes();
    lead();
  }

  look();
  new MutationObserver(look).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["aria-label"],
  });
})();
