// A question on its way: the box is emptied as it is sent, and is the asker's from then on. What the
// server says of it comes later, and touches nothing that was typed meanwhile.
"use strict";

(() => {
  const AGAIN_MS = 250;
  const LONGEST_MS = 30_000; // a question waits for its conversation
  const UNSAID_MS = 1000; // what is heard so soon need not be said to be on its way
  const MOST_SAID = 200; // letters of it
  const MARK = "\u001e"; // stands between the number of a question and its words
  const AGAIN = "\u001d"; // stands after the number where the last question is asked again
  const box = () => document.querySelector("#question textarea");
  const lost = () => document.body.matches(".lost");
  let last = null; // the question that was sent last, until it is known that it does not come back
  let sent = null; // the same, until the server has heard it
  let then = null; // what was put off until then
  let standing = ""; // what was pressed and stands ready in the box

  guide.sent = () => sent?.question ?? ""; // "" also while the last one is asked again
  guide.busy = () => Boolean(sent || document.querySelector("#chat .answer.unfinished"));

  function press({ number, question }) {
    sent.pressed = true;
    const entry = document.querySelector("#asking textarea");
    guide.type(entry, question === null ? `${number}${AGAIN}` : `${number}${MARK}${question}`);
    const enter = { key: "Enter", bubbles: true, cancelable: true };
    requestAnimationFrame(() => entry.dispatchEvent(new KeyboardEvent("keypress", enter)));
  }

  // Gradio hears no question until it is done with the one before, which is a moment after its answer
  // is whole; and while it works on one, it hears no second press. The server knows one by its number.
  function insist(question) {
    if (sent !== question || lost()) return;
    if (guide.ready() || performance.now() - question.since > LONGEST_MS) press(question);
    setTimeout(() => insist(question), AGAIN_MS);
  }

  // Until it is heard, which may be long, nothing else shows that it was sent.
  function sayOnItsWay(question) {
    if (sent !== question || lost()) return;
    const asked = [...document.querySelectorAll("#chat .asked")].pop();
    const said = (question.question ?? asked?.innerText ?? "").replace(/\s+/g, " ").trim();
    const short = [...said].slice(0, MOST_SAID).join("");
    const sentence = guide.words("on_its_way").replace("{question}", () => short);
    box().closest("#question").append(guide.make("p", { class: "way", dir: "auto" }, sentence));
    guide.announce(sentence);
  }

  function send(question) {
    const number = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
    sent = last = { number, question, since: performance.now() };
    document.body.classList.add("sending");
    insist(sent);
    setTimeout(sayOnItsWay, UNSAID_MS, sent);
  }

  function isHeard() {
    sent = null;
    document.body.classList.remove("sending");
    document.querySelector("#question .way")?.remove();
    if (then) setTimeout(then);
    then = null;
  }

  function sendTyped() {
    const { value } = box();
    if (guide.busy()) {
      if (value.trim()) guide.hasToWait();
      return;
    }
    // With a changed question on its way what was typed before it is back.
    const { draft } = guide;
    const next = guide.editing() ? draft : "";
    send(value);
    guide.type(box(), next);
    guide.draft = draft;
  }

  // Sends a question past the box; while another is being answered it only stands ready there, where
  // nothing was typed.
  guide.ask = (question) => {
    if (!box()) return;
    guide.rest();
    if (guide.busy() && last?.question === question) return; // it was pressed twice
    if (guide.busy() || lost()) {
      if (["", standing].includes(box().value.trim())) guide.type(box(), question);
      standing = box().value === question ? question : "";
      guide.hasToWait();
      return;
    }
    if (document.querySelector("#notice .edited")) guide.type(box(), "");
    send(question);
  };

  // The last question, past the box, in which another may stand.
  function askAgain() {
    if (guide.busy()) guide.hasToWait();
    else if (!lost()) send(null);
  }

  // Before what was typed meanwhile; what was typed beside a changed question is kept as a draft.
  function giveBack({ question }) {
    if (question === null) return;
    const { draft } = guide;
    const edited = guide.editing();
    const typed = edited ? "" : box().value;
    guide.type(box(), typed ? `${question}\n\n${typed}` : question);
    if (edited) guide.draft = draft;
  }

  function comesBack() {
    const question = last;
    last = null;
    isHeard();
    giveBack(question);
  }

  // For what leaves the conversation: a question that the server may know is heard there before, and
  // one that only waits to be sent goes back. Of several the last is done; or what is put off already.
  guide.whenHeard = (act, { unlessPutOff = false } = {}) => {
    if (sent && !sent.pressed) comesBack();
    if (sent) then = (unlessPutOff && then) || act;
    else act();
  };

  function hear() {
    if (!last) return;
    const heard = document.querySelector("#heard :is(.heard, .back)");
    const known = heard?.textContent === last.number;
    if (known) isHeard();
    const back = known ? heard.matches(".back") : sent && lost() && (guide.editing() || !box().value);
    if (back) comesBack();
  }

  if (document.body?.matches(".kept")) return;
  document.addEventListener("keypress", (event) => {
    const { target, key, shiftKey, isComposing } = event;
    if (key !== "Enter" || shiftKey || isComposing || !target.matches("#question textarea")) return;
    event.preventDefault();
    sendTyped();
  });
  document.addEventListener("click", ({ target }) => {
    if (target.closest("#question .submit-button")) sendTyped();
    else if (target.closest("#act-again")) askAgain();
  });
  new MutationObserver(hear).observe(document.documentElement, { subtree: true, childList: true, characterData: true });
})();
