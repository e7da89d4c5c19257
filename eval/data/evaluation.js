// The page "Evaluation": sets to run, how far the run is, runs that were made.
"use strict";

(() => {
  const { make, words } = guide;
  const UNDER_WAY = ["asking", "stopping", "scoring"];
  let page = null;

  const say = (text) => (page.note.textContent = text);

  // A sentence of this page with its places filled.
  const said = (name, places = {}) => Object.entries(places).reduce(
    (text, [place, value]) => text.replace(`{${place}}`, () => value), words(`evaluation.${name}`),
  );

  async function begin(address, body) {
    say("");
    const { good, said } = await guide.fetched(`evaluation/${address}`, { method: "POST", body });
    if (good) await follow();
    else say(said?.detail ?? words("talks.failed"));
  }

  const button = (name, act) => make("button", { type: "button", class: name, onclick: act }, said(name));

  // Names of runs end with the moment they were begun, in UTC.
  function when(stamp) {
    const [, ...parts] = stamp.match(/^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/).map(Number);
    const moment = new Date(Date.UTC(parts[0], parts[1] - 1, ...parts.slice(2)));
    return moment.toLocaleString(guide.locale(), { dateStyle: "medium", timeStyle: "short" });
  }

  function left(seconds) {
    if (seconds === null) return "";
    return seconds < 60 ? said("soon") : said("left", { minutes: Math.ceil(seconds / 60) });
  }

  // What goes on; only what changed is written, so that it is read out once.
  function show(run) {
    const busy = Boolean(run) && UNDER_WAY.includes(run.stage);
    page.sets.hidden = busy;
    page.now.hidden = !run;
    if (!run) return busy;
    const name = run.name.replace(/-\d{8}-\d{6}$/, "");
    const line = said(run.stage, { name, message: run.message });
    if (page.line.textContent !== line) page.line.textContent = line;
    page.bar.hidden = page.count.hidden = !busy;
    page.bar.max = run.total;
    page.bar.value = run.done;
    page.count.textContent = [
      said("asked", { done: run.done, total: run.total }),
      run.failed ? said("faults", { count: run.failed }) : "",
      left(run.seconds_left),
    ].filter(Boolean).join(" · ");
    page.stop.hidden = run.stage !== "asking";
    page.missing.hidden = !run.missing.length;
    page.missing.textContent = run.missing.length ? said("missing", { files: run.missing.join(", ") }) : "";
    page.now.dataset.stage = run.stage;
    return busy;
  }

  const follow = guide.follower(async () => {
    const state = await guide.fetched("evaluation/state");
    if (!state.good) return state;
    const busy = show(state.said.run);
    if (page.busy !== busy) {
      const loaded = await load(busy);
      if (!loaded.good) return loaded;
    }
    page.busy = busy;
    return busy;
  }, say);

  function numbers(run) {
    const list = make("dl", {});
    for (const [name, { value, n }] of Object.entries(run.measures)) {
      list.append(make("div", {},
        make("dt", {}, said(name.replace("@", "_"))),
        make("dd", {}, value.toLocaleString(guide.locale(), { style: "percent", maximumFractionDigits: 1 }),
          make("span", { class: "path" }, ` n = ${n}`))));
    }
    return list;
  }

  function shown(run, busy) {
    const facts = run.finished
      ? [said("questions", { count: run.total }), run.failed ? said("faults", { count: run.failed }) : ""]
      : [said("unfinished", { done: run.asked, total: run.total })];
    const item = make("li", { class: "document", "data-run": run.name },
      make("h3", { dir: "auto" }, run.question_set),
      make("p", { class: "path" }, [when(run.stamp), ...facts].filter(Boolean).join(" · ")));
    if (run.finished) item.append(numbers(run));
    const ways = make("p", { class: "forms" });
    const address = `runs/${encodeURIComponent(run.name)}`;
    if (run.finished) {
      ways.append(make("a", { href: `evaluation/${address}/report`, target: "_blank" }, said("report")));
    }
    if (!busy) ways.append(button(run.goes_on ? "go_on" : "again", () => begin(`${address}/again`)));
    if (ways.children.length) item.append(ways);
    return item;
  }

  async function load(busy) {
    const answer = await guide.fetched("evaluation/runs");
    if (!answer.good) return answer;
    const { runs } = answer.said;
    page.runs.replaceChildren(...runs.map((run) => shown(run, busy)));
    page.none.hidden = runs.length > 0;
    return answer;
  }

  document.addEventListener("DOMContentLoaded", async () => {
    const root = document.getElementById("shelf");
    page = {
      note: root.querySelector(".note"),
      sets: root.querySelector(".sets"),
      now: root.querySelector(".now"),
      runs: root.querySelector(".documents"),
      line: make("p", { class: "line", role: "status" }),
      bar: make("progress", { "aria-label": words("evaluation.name") }),
      count: make("p", { class: "path" }),
      missing: make("p", { class: "warnings" }),
      none: make("p", { class: "path none", hidden: "" }, said("none")),
      busy: null,
    };
    page.stop = button("stop", () => begin("stop"));
    page.now.append(page.line, page.bar, page.count, page.missing, make("p", { class: "forms" }, page.stop));
    page.runs.before(page.none);
    root.querySelector("input[type=file]").addEventListener("change", async (event) => {
      const [file] = event.target.files;
      event.target.value = "";
      if (file) await begin(`runs?name=${encodeURIComponent(file.name)}`, file);
    });
    root.querySelector("button.starter").addEventListener("click", () => begin("starter"));
    await follow();
  });
})();
