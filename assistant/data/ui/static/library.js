// The library page: documents with what can be done to them, PDFs on their way in, the queue.
"use strict";

(() => {
  const { make, words } = guide;
  const LOOK_AGAIN_MS = 1000;
  const FIELDS = ["title", "programme", "year", "version", "date", "language"];
  const NEEDED = ["title", "language"];
  const RULES = { year: { min: 1990, max: 2100 } };
  let page = null;
  let waiting = null;
  const seen = new Set(); // jobs that had ended before this page came, or were shown
  const titles = new Map(); // of documents by id, also of those that are gone
  let refused = []; // files of the last choice that were not taken: their names, and why

  const say = (text) => (page.note.textContent = text);

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
    return ` ${state}. ${reason ?? job.message}`.trimEnd();
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

  // The queue, until nothing is left in it.
  async function follow() {
    clearTimeout(waiting);
    const held = await call("api/v1/jobs?limit=20");
    if (!held) return;
    const open = held.jobs.filter((job) => ["waiting", "running"].includes(job.state));
    const ended = held.jobs.filter((job) => job.ended_at && !seen.has(job.id));
    if (page.known) {
      page.jobs.replaceChildren(...[...open, ...ended].map((job) => make("li", { class: job.state },
        make("strong", { dir: "auto" }, `${words(`shelf.${job.kind}`)}: ${titles.get(job.name) ?? job.name}`),
        told(job))));
    } else {
      ended.forEach((job) => seen.add(job.id));
      page.known = true;
      if (open.length) return follow();
    }
    const count = ended.filter((job) => !seen.has(job.id)).length;
    if (count !== page.ended) {
      page.ended = count;
      await load();
    }
    if (open.length) waiting = setTimeout(follow, LOOK_AGAIN_MS);
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
        if (!good) {
          const reason = request.status === 422 ? words("shelf.wrong_name") : why(request.status, said);
          refused.push(make("li", { class: "failed" }, make("strong", { dir: "auto" }, `${file.name}:`), ` ${reason}`));
          page.refused.replaceChildren(...refused);
        }
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
      refused = [];
      page.refused.replaceChildren();
      for (const file of files) if (await send(file)) await follow();
    });
    await load();
    await follow();
  });
})();
