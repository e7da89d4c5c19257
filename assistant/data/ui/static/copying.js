// An answer as plain text, for the clipboard and for files that are made without the server: all
// that the window shows of it, in its own language.
"use strict";

(() => {
  const WEIGHT = ["not_met", "unknown", "met"];
  const MOST_NEAREST = 3;
  const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const list = (title, lines) => (lines.length ? [[title, ...lines.map((line) => `- ${line}`)].join("\n")] : []);
  const path = ({ path: calm, headings }) => calm ?? headings.join(" › ");

  // What is a row of the conditions, in its text, is left to them.
  function text({ text: whole, conditions = [] }) {
    const isRow = (line) => conditions.some((c) => line.replace(/\[\d{1,3}\]/g, "").trim().endsWith(`: ${c.text}`));
    return whole.split("\n").filter((line) => !isRow(line)).join("\n").replace(/(?<=\S)\s+(?=•\s)/g, "\n").trim();
  }

  // Each kind keeps the order of the guide.
  function conditions(record, said) {
    const told = ({ said: own }) => (own ? ` (${filled(said("conditions.said"), { said: own })})` : "");
    return WEIGHT.flatMap((met) => (record.conditions ?? []).filter((c) => c.met === met)
      .map((c) => `${said(`conditions.${met}`)}: ${c.text} [${c.citation}]${told(c)}`));
  }

  // The day and the hour as the guide means them, wherever they are read.
  function deadline({ moment, what, shown = what, days = 0, citation }, said) {
    const [, year, month, day, hour, zone] = /^(\d+)-(\d+)-(\d+)(?:T(\d+:\d+))?.*?([+-]\d+:\d+)?$/.exec(moment);
    const name = said("deadlines.months").split(" ")[month - 1];
    const date = filled(said("deadlines.date"), { day: Number(day), month: name, year });
    const there = new Date(moment).toLocaleTimeString("en-GB", {
      timeZone: "Europe/Brussels", hour: "2-digit", minute: "2-digit",
    });
    const whose = there === hour ? said("deadlines.brussels") : `UTC${zone ?? ""}`;
    const over = days < 0 ? ` (${said("deadlines.passed")})` : "";
    return `${date}${hour ? `, ${hour} ${whose}` : ""}${over}${shown ? `: ${shown}` : ""} [${citation}]`;
  }

  function sum({ calculation, text: whole }, said) {
    if (!calculation) return [];
    const lines = calculation.factors.map(({ value, label, citation }) => `${`${value} ${label}`.trim()} ${
      citation === null ? `(${said("calculation.yours")})` : `[${citation}]`}`);
    return whole.includes(calculation.working) ? lines : [calculation.working, ...lines];
  }

  guide.plain = (record) => {
    const said = (name) => guide.words(name, record.language);
    const page = (c) => filled(said(c.label && c.label !== String(c.page) ? "page_labelled" : "page"), c);
    const source = (sign, c) => [
      `[${sign}] ${c.title}, ${page(c)}`,
      ...(path(c) ? [path(c)] : []),
      `“${c.quote}”`,
      new URL(c.url.replace(/^\//, ""), document.baseURI).href,
    ].join("\n");
    const others = record.differences ?? [];
    const over = record.deadlines?.length && record.deadlines.every((d) => d.days < 0);
    const told = (note, place) => others.some((c) => note.includes(c.quote))
      || (over && record.note_kinds[place] === "deadline_may_move");
    const nearest = record.citations.length ? [] : (record.sections ?? []).slice(0, MOST_NEAREST);
    return [
      record.question,
      said(`status.${record.status}`),
      text(record),
      ...list("", record.choices ?? []).map((choices) => choices.trim()),
      ...list(said("calculation.title"), sum(record, said)),
      ...list(said("conditions.title"), conditions(record, said)),
      ...list(said("deadlines.titles"), (record.deadlines ?? []).map((d) => deadline(d, said))),
      ...record.notes.filter((note, place) => !told(note, place)),
      ...(record.contact ? [`${said("contact")}\n${record.contact}`] : []),
      ...record.citations.map((c) => source(c.number, c)),
      ...list(said("nearest"), nearest.map((s) => [`${s.title}, ${page(s)}`, path(s)].filter(Boolean).join(" › "))),
      ...(others.length ? [said("differs")] : []),
      ...others.map((c, index) => source(String.fromCharCode(65 + index), c)),
    ].filter(Boolean).join("\n\n");
  };
})();
