// The queue on the library page: what is under way, what was done, and what failed. That stays in
// sight, also after a reload, until it is dismissed or goes well.
"use strict";

(() => {
  const { make, words } = guide;
  const NAME = "guide-shelf";
  const MOST = 100; // files and jobs that are remembered
  const FEW = 3; // so many are shown unfolded
  const seen = new Set(); // jobs that had gone well before this page came
  const titles = new Map(); // of documents by id, also of those that are gone
  let lists = null;
  let jobs = null;
  let unkept = null; // where the browser keeps nothing

  // Files that were not taken, with the name of the reason, and the jobs that were dismissed. Read
  // anew each time: another tab of this browser may have written it.
  function kept() {
    const held = guide.kept("localStorage", NAME) ?? unkept;
    return {
      refused: (held?.refused ?? []).filter((file) => typeof file?.name === "string"),
      dismissed: held?.dismissed ?? [],
    };
  }

  function remember(change) {
    const before = kept();
    unkept = { ...before, ...change(before) };
    guide.keep("localStorage", NAME, unkept);
    show();
  }

  // Jobs that are no more. Where there are none nothing is written: another tab may be writing.
  function forget(held) {
    const here = (id) => held.some((job) => job.id === id);
    if (kept().dismissed.every(here)) return;
    remember(({ dismissed }) => ({ dismissed: dismissed.filter(here) }));
  }

  // A sentence for a job: shelf.add_done and the like.
  const told = (kind, state, name) =>
    guide.named(words(`shelf.${kind}_${state}`), titles.get(name) ?? name);

  function dismissing(act) {
    return make("button", { type: "button", class: "dismiss", onclick: act }, words("shelf.dismiss"));
  }

  // Why a job failed. Its own words are English, and for who knows no better.
  function why(job) {
    const known = words(`shelf.${job.outcome.toLowerCase().replaceAll(" ", "_")}`);
    return known ?? (document.documentElement.lang === "en" && job.message || words("talks.failed"));
  }

  function failedJob(job) {
    const dismiss = dismissing(() => remember(({ dismissed }) => ({ dismissed: [...dismissed, job.id] })));
    return make("li", { class: "failed", "data-id": job.id },
      make("span", {}, ...told(job.kind, "failed", job.name), ` ${why(job)}`), dismiss);
  }

  // An older reason is a sentence.
  function refusedFile({ name, reason }) {
    const dismiss = dismissing(() => remember(({ refused }) => (
      { refused: refused.filter((other) => other.name !== name) })));
    return make("li", { class: "failed refused", "data-id": `file:${name}` },
      make("span", {}, ...told("add", "failed", name), ` ${words(reason) ?? reason}`), dismiss);
  }

  function doneJob(job) {
    const line = job.outcome.toLowerCase() === "unchanged"
      ? [make("strong", { dir: "auto" }, job.name), ": ", words("shelf.unchanged")]
      : told(job.kind, "done", job.name);
    return make("li", { class: "done", "data-id": job.id }, ...line);
  }

  const openJob = (job) => make("li", { class: job.state, "data-id": job.id },
    ...told(job.kind, job.state, job.name));

  // Puts items into a list. Only what changed is touched, and the focus stays where it was: in the
  // item, where it is made anew; else in the one that took its place.
  guide.arrange = (list, items, { elsewhere = () => null } = {}) => {
    const focused = document.activeElement;
    const held = list.contains(focused) ? [...list.children].find((item) => item.contains(focused)) : null;
    const place = held ? [...list.children].indexOf(held) : -1;
    const before = new Map([...list.children].map((item) => [item.dataset.id, item]));
    const wanted = items.map((item) => {
      const old = before.get(item.dataset.id);
      return old?.isEqualNode(item) ? old : item;
    });
    [...list.children].filter((item) => !wanted.includes(item)).forEach((item) => item.remove());
    wanted.forEach((item, at) => {
      if (list.children[at] !== item) list.insertBefore(item, list.children[at] ?? null);
    });
    if (!held || document.activeElement === focused) return;
    const same = wanted.find((item) => item.dataset.id === held.dataset.id);
    const other = same ?? wanted[Math.min(place, wanted.length - 1)];
    const wish = same && (same.contains(focused) ? focused : same.querySelector(`.${focused.classList[0]}`));
    (wish || other?.querySelector("button") || elsewhere())?.focus();
  };

  // A box that folds where it holds much, unless somebody has opened or closed it. What failed stays
  // open: there is something to do about it.
  function fill(box, name, items, all = null) {
    const list = box.querySelector("ul");
    const fold = box.querySelector("details");
    box.querySelector("summary").textContent = words(`shelf.${name}_count`).replace("{count}", items.length);
    if (!box.dataset.pressed && !list.contains(document.activeElement)) fold.open = all !== null || items.length <= FEW;
    if (all) all.hidden = items.length < 2;
    guide.arrange(list, items, { elsewhere: () => document.querySelector("#shelf [type=file]") });
    box.hidden = !items.length;
    if (!items.length) delete box.dataset.pressed;
  }

  // Neither dismissed nor gone well later; jobs come the newest first.
  function stillFailed(job, place, { dismissed }) {
    return job.state === "failed" && !dismissed.includes(job.id)
      && !jobs.slice(0, place).some((other) => other.name === job.name && other.state === "done");
  }

  function show() {
    if (!lists) return;
    const now = kept();
    const known = jobs ?? [];
    const failed = known.filter((job, place) => stillFailed(job, place, now));
    const done = known.filter((job) => job.state === "done" && !seen.has(job.id));
    guide.arrange(lists.open, known.filter((job) => !job.ended_at).map(openJob));
    fill(lists.failed, "failed", [...now.refused.map(refusedFile), ...failed.map(failedJob)], lists.all);
    fill(lists.done, "done", done.map(doneJob));
  }

  function dismissAll() {
    const failed = (jobs ?? []).filter((job) => job.state === "failed").map((job) => job.id);
    remember(({ dismissed }) => ({ refused: [], dismissed: [...new Set([...dismissed, ...failed])] }));
    document.querySelector("#shelf [type=file]").focus();
  }

  guide.queue = {
    MOST,

    // Jobs, the newest first. Gives whether one is under way.
    show(held) {
      if (!jobs) {
        held.filter((job) => job.state === "done").forEach((job) => seen.add(job.id));
        jobs = held;
        forget(held);
      }
      jobs = held;
      show();
      return held.some((job) => !job.ended_at);
    },

    // A file that was sent: taken, or not with the name of a sentence (or a sentence) that says why.
    sent(name, reason = null) {
      remember(({ refused }) => {
        const others = refused.filter((other) => other.name !== name);
        return { refused: reason ? [...others, { name, reason }].slice(-MOST) : others };
      });
    },

    // How documents are called.
    call(documents) {
      documents.forEach((held) => titles.set(held.document_id, held.title));
    },
  };

  addEventListener("storage", (event) => {
    if (event.key === null || event.key === NAME) show();
  });

  document.addEventListener("DOMContentLoaded", () => {
    const root = document.getElementById("shelf");
    lists = {
      open: root.querySelector(".queue"),
      failed: root.querySelector(".box.failures"),
      done: root.querySelector(".box.successes"),
      all: make("button", { type: "button", class: "dismiss-all", onclick: dismissAll }, words("shelf.dismiss_all")),
    };
    lists.failed.prepend(lists.all);
    for (const box of [lists.failed, lists.done]) {
      box.querySelector("summary").addEventListener("click", () => (box.dataset.pressed = "yes"));
    }
    show();
  });
})();
