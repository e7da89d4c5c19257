// The library page: documents with what can be done to them, PDFs on their way in, the queue.
"use strict";

(() => {
  const { make, words } = guide;
  const LOOK_AGAIN_MS = 1000;
  const NAME = "guide-shelf";
  const FIELDS = ["title", "programme", "year", "version", "date", "language"];
  const MOST = 100; // jobs and files that are looked through
  const NEEDED = ["title", "language"];
  const RULES = { year: { min: 1990, max: 2100 } };
  let page = null;
  let waiting = null;
  const seen = new Set(); // jobs that had ended before this page came, or were shown
  const titles = new Map(); // of documents by id, also of those that are gone
  // What failed stays in sight, also after a reload, until it is dismissed or goes well: files that
  // were not taken with the reason, and the jobs that were dismissed.
  const kept = { refused: [], dismissed: [], ...guide.kept("localStorage", NAME) };

  const say = (text) => (page.note.textContent = text);

  function remember(change) {
    guide.keep("localStorage", NAME, Object.assign(kept, change));
  }

  // Why the server does not do it, in the words of this page where it has some.
  function why(status, said) {
    const fields = (said?.errors ?? []).map((fault) => fault.where.split(".")[1]);
    const known = fields.map((field) => words(`shelf.wrong_${field}`)).find(Boolean);
    return known ?? (fields.length ? words("shelf.wrong_text") : null)
      ?? words({ 413: "shelf.too_large", 415: "shelf.not_a_pdf" }[status])
      ?? said?.detail ?? words("talks.failed");
  }

  async function call(address, options, tell = say) {
    const answer = await fetch(address, options).catch(() => null);
    const said = await answer?.json().catch(() => ({}));
    if (answer?.ok) {
      if (options) tell(""); // what was wrong before is mended
      return said;
    }
    tell(why(answer?.status, said));
    return null;
  }

  const button = (name, act, text = words(`shelf.${name}`)) =>
    make("button", { type: "button", class: name, onclick: act }, text);

  async function change(document, way, body, tell) {
    const sent = await call(`library/documents/${document.document_id}/${way}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: body && JSON.stringify(body),
    }, tell);
    if (sent) follow();
    return sent;
  }

  // Asks once more; the second press removes, the button beside it takes the first one back.
  function remove(document, pressed) {
    if (!pressed.classList.contains("sure")) {
      const back = button("cancel", () => {
        pressed.classList.remove("sure");
        pressed.textContent = words("shelf.remove");
        back.remove();
        pressed.focus();
      });
      pressed.classList.add("sure");
      pressed.textContent = words("shelf.sure");
      pressed.after(back);
      return;
    }
    call(`api/v1/documents/${document.document_id}`, { method: "DELETE" }).then(follow);
  }

  function editing(document, item) {
    item.querySelector("form")?.remove();
    const inputs = FIELDS.map((name) => {
      const input = make("input", {
        name,
        type: { year: "number", date: "date" }[name] ?? "text",
        dir: "auto",
        ...(NEEDED.includes(name) ? { required: "" } : {}),
        ...RULES[name],
      });
      input.value = document[name] ?? "";
      return make("label", {}, make("span", {}, words(`shelf.${name}`) ?? words(name)), input);
    });
    const fault = make("p", { class: "fault", role: "alert" });
    const form = make("form", {
      onsubmit: async (event) => {
        event.preventDefault();
        const changed = {};
        for (const name of FIELDS) {
          const typed = form.elements[name].value.trim();
          const value = name === "language" ? typed.toLowerCase() : typed;
          if (value === String(document[name] ?? "")) continue;
          changed[name] = value === "" ? null : name === "year" ? Number(value) : value;
        }
        const tell = (text) => (fault.textContent = text);
        if (!Object.keys(changed).length || await change(document, "edition", changed, tell)) form.remove();
      },
    }, ...inputs, fault, make("button", { type: "submit" }, words("shelf.save")),
    button("cancel", () => form.remove()));
    item.append(form);
    form.elements.title.focus();
  }

  function shown(document) {
    const facts = [
      document.pages === 1 ? words("library.one_page")
        : words("library.many_pages").replace("{count}", document.pages),
      document.programme, document.year, document.version && `v${document.version}`,
      document.date, document.language, document.file,
    ].filter(Boolean);
    const item = make("li", { class: "document", "data-id": document.document_id },
      make("h2", { dir: "auto" }, document.title),
      make("p", { class: "status" }, words(`shelf.${document.status.replace(" ", "_")}`) ?? document.status),
      make("p", { class: "path", dir: "auto" }, facts.join(" · ")));
    if (document.warnings.length) {
      item.append(make("ul", { class: "warnings" },
        ...document.warnings.map((warning) => make("li", { dir: "auto" }, warning))));
    }
    item.append(make("p", { class: "forms" },
      button("edit", () => editing(document, item)),
      button("again", () => change(document, "again")),
      button("remove", (event) => remove(document, event.currentTarget))));
    return item;
  }

  // How a job stands, as sentences.
  function told(job) {
    const outcome = job.outcome.toLowerCase().replaceAll(" ", "_");
    if (outcome === "unchanged") return `: ${words("shelf.unchanged")}`;
    const reason = job.state === "failed" ? words(`shelf.${outcome}`) : null;
    const state = words(`shelf.${job.state}`).replace(/\.$/, "");
    // What there is to say of a document that was taken stands with it, in the page's language.
    return ` ${state}. ${reason ?? (job.state === "done" ? "" : job.message)}`.trimEnd();
  }

  async function load() {
    const held = await call("library/documents");
    if (!held) return;
    held.documents.forEach((document) => titles.set(document.document_id, document.title));
    // What is being typed or decided stays, whatever else has changed.
    const open = new Map([...page.documents.children]
      .filter((item) => item.querySelector("form, .sure")).map((item) => [item.dataset.id, item]));
    page.documents.replaceChildren(
      ...held.documents.map((document) => open.get(document.document_id) ?? shown(document)),
    );
    if (!held.documents.length) say(words("shelf.empty"));
  }

  const dismissing = (act) => button("dismiss", (event) => {
    const place = [...document.querySelectorAll("#shelf .dismiss")].indexOf(event.currentTarget);
    act();
    const left = document.querySelectorAll("#shelf .dismiss");
    (left[Math.min(place, left.length - 1)] ?? document.querySelector("#shelf [type=file]")).focus();
  });

  function jobShown(job) {
    const name = `${words(`shelf.${job.kind}`)}: ${titles.get(job.name) ?? job.name}`;
    const item = make("li", { class: job.state, "data-id": job.id },
      make("strong", { dir: "auto" }, name), told(job));
    if (job.state === "failed") {
      item.append(" ", dismissing(() => {
        seen.add(job.id);
        page.ended -= 1;
        remember({ dismissed: [...kept.dismissed, job.id] });
        item.remove();
      }));
    }
    return item;
  }

  function showJobs(jobs) {
    const before = new Map([...page.jobs.children].map((item) => [item.dataset.id, item]));
    const items = jobs.map(jobShown).map((item) => {
      const old = before.get(item.dataset.id);
      return old?.isEqualNode(item) ? old : item;
    });
    const same = items.every((item, place) => item === page.jobs.children[place]);
    if (!same || items.length !== before.size) page.jobs.replaceChildren(...items);
  }

  // What had failed before this page came, and neither was dismissed nor went well later.
  function stillFailed(job, place, jobs) {
    const later = jobs.slice(0, place);
    return job.state === "failed" && !kept.dismissed.includes(job.id)
      && !later.some((other) => other.name === job.name && other.state === "done");
  }

  // The queue, until nothing is left in it.
  async function follow() {
    clearTimeout(waiting);
    const held = await call(`api/v1/jobs?limit=${MOST}`);
    if (!held) return;
    const open = held.jobs.filter((job) => ["waiting", "running"].includes(job.state));
    if (!page.known) {
      const failed = held.jobs.filter(stillFailed);
      const old = held.jobs.filter((job) => job.ended_at && !failed.includes(job));
      old.forEach((job) => seen.add(job.id));
      page.known = true;
      page.ended = failed.length;
      const dismissed = kept.dismissed.filter((id) => held.jobs.some((job) => job.id === id));
      remember({ dismissed });
    }
    const ended = held.jobs.filter((job) => job.ended_at && !seen.has(job.id));
    showJobs([...open, ...ended]);
    if (ended.length !== page.ended) {
      page.ended = ended.length;
      await load();
    }
    if (open.length) waiting = setTimeout(follow, LOOK_AGAIN_MS);
  }

  function showRefused() {
    page.refused.replaceChildren(...kept.refused.map((file) => make("li", { class: "failed" },
      make("strong", { dir: "auto" }, `${file.name}:`), ` ${file.reason} `, dismissing(() => {
        remember({ refused: kept.refused.filter((other) => other.name !== file.name) });
        showRefused();
      }))));
  }

  function send(file) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", `api/v1/documents?name=${encodeURIComponent(file.name)}`);
      request.setRequestHeader("content-type", "application/pdf");
      request.upload.addEventListener("progress", (event) => say(
        words("shelf.sending").replace("{name}", file.name)
          .replace("{percent}", Math.floor((100 * event.loaded) / event.total)),
      ));
      request.addEventListener("loadend", () => {
        let said = {};
        try {
          said = JSON.parse(request.responseText);
        } catch {
          // No answer at all.
        }
        const good = request.status === 202;
        say("");
        const refused = kept.refused.filter((other) => other.name !== file.name);
        if (!good) {
          const reason = request.status === 422 ? words("shelf.wrong_name") : why(request.status, said);
          refused.push({ name: file.name, reason });
        }
        remember({ refused: refused.slice(-MOST) });
        showRefused();
        resolve(good);
      });
      request.send(file);
    });
  }

  document.addEventListener("DOMContentLoaded", async () => {
    const root = document.getElementById("shelf");
    page = {
      note: root.querySelector(".note"),
      jobs: root.querySelector(".jobs.queue"),
      refused: root.querySelector(".jobs.refused"),
      documents: root.querySelector(".documents"),
      ended: 0,
      known: false,
    };
    root.querySelector("input[type=file]").addEventListener("change", async (event) => {
      const files = [...event.target.files];
      event.target.value = "";
      for (const file of files) if (await send(file)) await follow();
    });
    showRefused();
    await load();
    await follow();
  });
})();
