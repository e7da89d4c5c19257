// The library page: documents with what can be done to them, and PDFs on their way in. The queue is
// in library_queue.js.
"use strict";

(() => {
  const { make, words } = guide;
  const FIELDS = ["title", "programme", "year", "version", "date", "language"];
  const NEEDED = ["title", "language"];
  const RULES = { year: { min: 1990, max: 2100 } };
  const REASONS = {
    0: "view.offline", 401: "refusal.admin", 403: "refusal.admin", 404: "shelf.gone",
    413: "shelf.too_large", 415: "shelf.not_a_pdf", 429: "refusal.often", 503: "refusal.later",
  };
  let page = null;

  const say = (text) => {
    if (page.note.textContent !== text) page.note.textContent = text;
  };

  // Why the server does not do it: the name of a sentence of this page, or, where it has none and
  // the reader speaks English, the server's own words.
  function why(status, said) {
    const fields = (said?.errors ?? []).map((fault) => fault.where.split(".")[1]);
    const known = fields.map((field) => `shelf.wrong_${field}`).find((name) => words(name));
    const own = document.documentElement.lang === "en" ? said?.detail : null;
    return known ?? (fields.length ? "shelf.wrong_text" : null) ?? REASONS[status] ?? own ?? "talks.failed";
  }

  async function call(address, options, tell = say) {
    const { good, status, said } = await guide.fetched(address, options);
    const reason = good ? "" : why(status, said);
    tell(words(reason) ?? reason); // what was wrong before is mended
    if (status === 404) page.ended = null; // what is shown is old
    if (good || status === 404) follow();
    return good;
  }

  const button = (name, act, text = words(`shelf.${name}`)) => make("button", {
    type: "button", class: name,
    onclick: (event) => event.currentTarget.matches("[aria-disabled]") || act(event),
  }, text);

  function change(document, way, body, tell) {
    return call(`library/documents/${document.document_id}/${way}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: body && JSON.stringify(body),
    }, tell);
  }

  // Asks once more; the second press removes, the button beside it takes the first one back. What is
  // being corrected is not to be seen meanwhile.
  function remove(document, item, pressed) {
    const form = item.querySelector("form");
    if (!pressed.classList.contains("sure")) {
      const back = button("cancel", () => {
        pressed.classList.remove("sure");
        pressed.textContent = words("shelf.remove");
        back.remove();
        if (form) form.hidden = false;
        pressed.focus();
      });
      pressed.classList.add("sure");
      pressed.textContent = words("shelf.sure");
      pressed.after(back);
      if (form) form.hidden = true;
      return;
    }
    call(`api/v1/documents/${document.document_id}`, { method: "DELETE" });
  }

  // What is being done to a document, and what cannot be done to it meanwhile. That keeps the focus.
  const BARRED = { again: ["again"], remove: ["edit", "again", "remove"] };
  function mark(item, document) {
    const kinds = page.open.filter((job) => (job.document_id ?? job.name) === document.document_id)
      .map((job) => job.kind).filter((kind) => BARRED[kind]);
    const kind = kinds.includes("remove") ? "remove" : kinds[0];
    const said = words(kind ? `shelf.row_${kind}` : `shelf.${document.status.replace(" ", "_")}`) ?? document.status;
    const status = item.querySelector(".status");
    if (status.textContent !== said) status.textContent = said;
    for (const pressed of item.querySelectorAll(":scope > .forms button")) {
      if (BARRED[kind]?.includes(pressed.classList[0])) pressed.setAttribute("aria-disabled", "true");
      else pressed.removeAttribute("aria-disabled");
    }
  }

  function editing(document, item) {
    item.querySelector(":scope > .forms .cancel")?.click(); // it is not to be removed
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
    const leave = () => {
      form.remove();
      item.querySelector(".edit").focus();
    };
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
        if (!Object.keys(changed).length || await change(document, "edition", changed, tell)) leave();
      },
    }, ...inputs, fault, make("p", { class: "forms" },
      make("button", { type: "submit" }, words("shelf.save")), button("cancel", leave)));
    item.append(form);
    form.scrollIntoView({ block: "nearest" });
    form.elements.title.focus({ preventScroll: true });
  }

  // In words, for a row of figures is another day elsewhere.
  function dateName(date) {
    const moment = new Date(`${date}T00:00:00Z`);
    if (Number.isNaN(moment.valueOf())) return date;
    return moment.toLocaleDateString(guide.locale(), { dateStyle: "long", timeZone: "UTC" });
  }

  // As the reader calls it.
  function languageName(code) {
    try {
      return new Intl.DisplayNames([guide.locale()], { type: "language" }).of(code);
    } catch {
      return code;
    }
  }

  function shown(document) {
    const facts = [
      document.size, document.programme, document.year, document.version && `v${document.version}`,
      document.date && dateName(document.date), languageName(document.language), document.file,
    ].filter(Boolean);
    const item = make("li", { class: "document", "data-id": document.document_id },
      make("h2", { dir: "auto" }, document.title),
      make("p", { class: "status" }),
      make("p", { class: "path", dir: "auto" }, facts.join(" · ")));
    if (document.corrected.length) {
      const fields = document.corrected.map((name) => words(`shelf.${name}`) ?? words(name)).join(", ");
      item.append(make("p", { class: "path corrected" }, words("shelf.corrected").replace("{fields}", fields)));
    }
    if (document.warnings.length) {
      item.append(make("ul", { class: "warnings" },
        ...document.warnings.map((warning) => make("li", { dir: "auto" }, warning))));
    }
    item.append(make("p", { class: "forms" },
      button("edit", () => editing(document, item)),
      button("again", () => change(document, "again")),
      button("remove", (event) => remove(document, item, event.currentTarget))));
    mark(item, document);
    return item;
  }

  // The documents. What is being typed or decided stays, whatever else has changed.
  async function load() {
    const answer = await guide.fetched("library/documents");
    if (!answer.good) return answer;
    const { documents } = answer.said;
    page.held = documents;
    guide.queue.call(documents);
    const open = new Map([...page.documents.children]
      .filter((item) => item.querySelector("form, .sure")).map((item) => [item.dataset.id, item]));
    guide.arrange(page.documents, documents.map((held) => open.get(held.document_id) ?? shown(held)),
      { elsewhere: () => page.file });
    page.empty.hidden = documents.length > 0;
    return answer;
  }

  // The queue, and the documents where something in it has ended since they were shown.
  const follow = guide.follower(async () => {
    const answer = await guide.fetched(`api/v1/jobs?limit=${guide.queue.MOST}`);
    if (!answer.good) return answer;
    page.open = answer.said.jobs.filter((job) => !job.ended_at);
    const ended = answer.said.jobs.filter((job) => job.ended_at).map((job) => job.id).join();
    if (page.ended !== ended) {
      const loaded = await load();
      if (!loaded.good) return loaded;
      page.ended = ended;
    }
    const rows = new Map([...page.documents.children].map((item) => [item.dataset.id, item]));
    page.held.forEach((document) => mark(rows.get(document.document_id), document));
    return guide.queue.show(answer.said.jobs);
  }, say);

  const wrongName = (name) => (/\.pdf$/i.test(name) ? "shelf.wrong_name" : "shelf.only_pdf");

  function send(file) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", `api/v1/documents?name=${encodeURIComponent(file.name)}`);
      request.setRequestHeader("content-type", "application/pdf");
      request.upload.addEventListener("progress", (event) => say(
        words("shelf.sending").replace("{percent}", Math.floor((100 * event.loaded) / event.total))
          .replace("{name}", () => file.name),
      ));
      request.addEventListener("loadend", () => {
        let said = {};
        try {
          said = JSON.parse(request.responseText);
        } catch {
          // No answer at all.
        }
        const { status } = request;
        const good = status === 202;
        say("");
        guide.queue.sent(file.name, good ? null : status === 422 ? wrongName(file.name) : why(status, said));
        resolve(good);
      });
      request.send(file);
    });
  }

  document.addEventListener("DOMContentLoaded", async () => {
    const root = document.getElementById("shelf");
    page = {
      note: root.querySelector(".note"),
      file: root.querySelector("input[type=file]"),
      documents: root.querySelector(".documents"),
      empty: root.querySelector(".none"),
      ended: null,
      open: [], // jobs
      held: [], // documents
    };
    page.file.addEventListener("change", async (event) => {
      const files = [...event.target.files];
      event.target.value = "";
      for (const file of files) if (await send(file)) await follow();
    });
    await follow();
  });
})();
