// Conversations that this browser keeps.
"use strict";

(() => {
  const { dialog, finished, lost, make, words } = guide;
  const PREFIX = "guide-talk:";
  const MOST = 50;
  let current = null; // id of the conversation that is shown, once something of it is kept
  let seen = ""; // what of it was looked at last
  let held = []; // its answers, as they were kept last
  let written = null; // what was stored of it, as this tab wrote or read it
  let unfollowed = false; // this tab wrote it, and no other has written it since
  let coming = null; // the one that was asked for, while it is not there yet
  let gone = false; // it was removed in another tab
  let dropped = 0; // answers of it that were removed so, and are still shown
  let leaving = false; // it was removed, and is on its way out
  const out = new Map(); // what was removed here and can be taken back, by its id
  let unkept = false; // there was no room for what was to be kept last

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
      .filter((talk) => talk?.id && talk.records?.some(finished))
      // Ids begin with the moment in milliseconds; answers are dated to the second.
      .sort((a, b) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id));
  }

  // Whether this browser keeps anything.
  function keeps() {
    try {
      localStorage.setItem(`${PREFIX}try`, "");
      localStorage.removeItem(`${PREFIX}try`);
      return true;
    } catch {
      return false;
    }
  }

  const remove = (id) => store("removeItem", PREFIX + id);

  const newId = () => `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  // Tells a record from others without reading it: it begins with its id and its moment.
  function beginning(answer) {
    const text = guide.written(answer);
    return text && `${text.length} ${text.slice(0, 80)}`;
  }

  const sign = (record) => `${record.id} ${record.asked_at} ${record.question}`;

  const same = (record, other) => sign(record) === sign(other);

  const within = (some, all) =>
    some.length <= all.length && some.every((record, place) => same(record, all[place]));

  // Whether this goes on with what was kept last: one more answer, or another in the place of the
  // last one. A server that was started anew has forgotten what was said before.
  function goesOn(records) {
    const anew = [...document.querySelectorAll("#chat .asked")].pop().matches(".anew");
    return within(anew ? held.slice(0, records.length - 1) : held, records);
  }

  // Whether another tab, which shows the same conversation, has changed what is kept of it.
  const changed = (id) => ![null, written].includes(store("getItem", PREFIX + id));

  function keep(talk) {
    const text = JSON.stringify(talk);
    written = text;
    unkept = true;
    for (let tries = 0; unkept && tries < 3; tries += 1) {
      try {
        localStorage.setItem(PREFIX + talk.id, text);
        unfollowed = true;
        unkept = false;
      } catch {
        const oldest = talks().filter((other) => other.id !== talk.id).pop();
        if (!oldest) return;
        remove(oldest.id);
      }
    }
    talks().slice(MOST).forEach((old) => remove(old.id));
  }

  // Gradio removes the messages of a conversation that is left; what was kept of it stays. While an
  // answer is made, or where it broke off, what is kept stays as well: it may take the place of
  // another one.
  function follow() {
    if (document.body?.matches(".kept")) return;
    if (!document.querySelector("#chat .asked")) {
      current = null;
      held = [];
      seen = "";
      dropped = 0;
      leaving = gone = false;
      return;
    }
    if (leaving) {
      if (leaving === "editing" && !document.querySelector("#notice .edited")) leaveNow();
      return;
    }
    if (document.querySelector("#chat .answer:is(.unfinished, .broken)")) {
      if (!coming?.over) coming = null; // which could not be opened
      return;
    }
    if (coming) coming.over = false;
    const answers = guide.ended();
    const now = answers.map(beginning).join();
    if (!answers.length || (now === seen && !coming)) return;
    seen = now;
    const all = answers.map(guide.record).filter(Boolean);
    if (coming?.records.length === all.length && within(all, coming.records)) {
      current = coming.id ?? null;
      written = current && store("getItem", PREFIX + current);
      held = all;
      coming = null;
      dropped = 0;
      gone = false;
      return;
    }
    let records = all.slice(dropped);
    // The same, or on its way out: messages go one by one.
    if (within(records, held)) return;
    const more = goesOn(records);
    if (coming && !(more && held.length)) return; // or another one that was asked for before it
    if (gone && more) {
      dropped += Math.min(held.length, records.length - 1);
      records = all.slice(dropped);
      current = null;
      gone = false;
    }
    if (current && (!more || changed(current))) current = null;
    held = records;
    if (!records.some(finished)) return; // which is no history
    current ??= newId();
    keep({ id: current, at: records[records.length - 1].asked_at, records });
  }

  // Whether it is there already, as it is kept.
  const isShown = ({ id }) => id === current && !coming && !gone && !changed(id);

  // The answer that is being made is stopped.
  function openTalk(talk, { edited = false, said = "" } = {}) {
    guide.leavePage();
    const over = Boolean(document.querySelector("#chat .answer.unfinished"));
    if (over) guide.stopping();
    leaving = false; // what was removed makes room for it
    coming = { ...talk, edited, said, over };
    const entry = document.querySelector("#kept-talk textarea");
    guide.type(entry, JSON.stringify({ records: talk.records, edited, said }));
    const enter = { key: "Enter", bubbles: true, cancelable: true };
    requestAnimationFrame(() => entry.dispatchEvent(new KeyboardEvent("keypress", enter)));
  }

  // One that is kept; once it is removed, what brings it back.
  function entry(talk, box, note, changed) {
    const when = new Date(talk.at).toLocaleString(guide.locale(), {
      dateStyle: "medium", timeStyle: "short",
    });
    const now = talk.id === current ? ` · ${words("talks.now")}` : "";
    const item = make("li", {});
    const save = () => guide.saveTalk(
      talk.records, talk.records[0].question, (done) => (note.textContent = done),
    );
    const asked = talk.records.filter(finished);
    const last = asked.length < 2 ? "" : words("talks.last").replace("{count}", asked.length)
      .replace("{question}", () => asked[asked.length - 1].question);
    const drop = () => {
      const undo = removed([talk], () => {
        const again = entry(talk, box, note, changed);
        undo.replaceWith(again);
        changed();
        again.querySelector(".open").focus();
      });
      item.replaceWith(undo);
      changed();
      undo.querySelector("button").focus();
    };
    item.append(
      make("button", {
        type: "button", class: "open", dir: "auto", onclick: () => {
          if (lost()) {
            note.textContent = words("lost.now");
            return;
          }
          box.close();
          if (isShown(talk)) return; // and goes on as it stands
          guide.whenHeard(() => {
            guide.leaveEdit();
            openTalk(talk);
          });
        },
      }, talk.records[0].question),
      ...last ? [make("p", { class: "last", dir: "auto" }, last)] : [],
      make("p", { class: "when" }, `${when}${now}`),
      make("p", { class: "forms" },
        make("button", { type: "button", class: "save", onclick: save }, words("shelf.save")),
        make("button", { type: "button", class: "remove", onclick: drop }, words("talks.remove"))),
    );
    return item;
  }

  // Removes at once; while the box is open it can be taken back.
  function removed(gone, then) {
    for (const talk of gone) {
      remove(talk.id);
      out.set(talk.id, talk);
    }
    const undo = make("button", {
      type: "button",
      class: "undo",
      onclick: () => {
        for (const talk of gone) {
          store("setItem", PREFIX + talk.id, JSON.stringify(talk));
          out.delete(talk.id);
        }
        then();
      },
    }, words("talks.undo"));
    return make("li", {}, make("span", { role: "status" }, words("talks.removed")), " ", undo);
  }

  // What was removed and not taken back; if it is the one that is shown, a new one begins. What
  // another tab removed goes on being shown.
  function leave() {
    const gone = [...out.values()];
    out.clear();
    if (gone.length) guide.forget(gone.flatMap((talk) => talk.records.map((record) => record.id)));
    if (coming || !gone.some((talk) => talk.id === current)) return;
    current = null;
    held = [];
    leaving = true; // nothing of it is kept any more
    guide.whenHeard(leaveShown, { unlessPutOff: true });
  }

  function leaveShown() {
    if (document.querySelector("#notice .edited")) {
      // Nothing is left of the question that was changed but what was typed.
      guide.leaveEdit();
      guide.draft = document.querySelector("#question textarea").value;
      leaving = "editing";
      document.getElementById("act-cancel").click();
    } else {
      leaveNow();
    }
  }

  function leaveNow() {
    leaving = true;
    document.getElementById("act-new").click();
  }

  function showTalks() {
    const note = make("p", { class: "note", role: "status" });
    const list = make("ul");
    const kept = talks();
    const said = make("p", { class: "note" });
    const all = make("button", {
      type: "button",
      class: "remove-all",
      onclick: () => {
        if (!all.classList.contains("sure")) {
          all.classList.add("sure");
          all.textContent = words("talks.sure");
          return;
        }
        const undo = removed(talks(), () => showTalks().querySelector(".open").focus());
        list.replaceChildren(undo);
        changed();
        undo.querySelector("button").focus();
      },
    });
    const box = dialog("talks", words("talks.title"), said, list, note, all);
    function changed() {
      const some = talks().length > 0;
      said.textContent = words(unkept || !keeps() ? "talks.shut" : some ? "talks.kept" : "talks.none");
      all.hidden = !some;
      all.classList.remove("sure");
      all.textContent = words("talks.remove_all");
    }
    list.append(...kept.map((talk) => entry(talk, box, note, changed)));
    changed();
    box.addEventListener("close", leave);
    return box;
  }

  // For the tab, which brings its conversation back.
  guide.talks = {
    // Whether one that was asked for is not there yet.
    awaited: () => Boolean(coming),
    // What is shown; all of it where it is not kept, for nothing of it is finished.
    shown() {
      const left = out.has(current); // it was removed here, in the box that is open
      const talk = coming ?? (left ? { id: null, records: [] } : { id: current, records: held });
      // A question that is being changed, and what is said of it.
      const notice = document.querySelector("#notice .edited")?.innerText ?? "";
      const begun = guide.editing(); // also before the server says so
      const { edited, said } = coming ?? { edited: begun, said: begun ? notice || words("editing") : "" };
      return { id: talk.id, records: talk.id ? [] : talk.records, edited, said };
    },
    // Brings back what `shown` gave, where it is there.
    open({ id, records, edited, said }) {
      const talk = talks().find((other) => other.id === id) ?? (records?.length && { records });
      if (talk) openTalk(talk, { edited, said });
      else if (id) guide.tell(words("talks.elsewhere"), () => !document.querySelector("#chat .asked"));
      return Boolean(talk);
    },
    // The next question takes the place of the last one.
    edit: () => openTalk({ id: current, records: held }, { edited: true }),
  };

  // Two tabs may write at the same moment, and neither has seen what the other wrote: that of the
  // first is kept beside it.
  function keepBeside(before) {
    const over = unfollowed && before !== written && changed(current);
    unfollowed = false;
    if (!over) return;
    current = newId();
    keep({ id: current, at: held[held.length - 1].asked_at, records: held });
  }

  addEventListener("storage", ({ key, oldValue, newValue }) => {
    if (!current || key !== PREFIX + current) return;
    if (newValue !== null) keepBeside(oldValue);
    gone = newValue === null;
    guide.leaveTold();
    if (gone) guide.tell(`${words("talks.elsewhere")} ${words("talks.still_here")}`, () => gone);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.matches("#header .talks")) showTalks();
  });

  guide.watch(follow);
})();
