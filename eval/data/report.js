"use strict";
(() => {
  const questions = [...document.querySelectorAll("details.question")];
  const filters = [...document.querySelectorAll("[data-filter]")];
  const words = document.getElementById("words");
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  const controls = document.querySelector(".filters");

  function apply() {
    const wanted = words.value.trim().toLowerCase();
    let count = 0;
    for (const question of questions) {
      const fits = filters.every((f) => !f.value || question.dataset[f.dataset.filter] === f.value);
      const found = !wanted || question.textContent.toLowerCase().includes(wanted);
      question.hidden = !(fits && found);
      if (!question.hidden) count += 1;
    }
    shown.textContent = `${count} of ${questions.length} questions`;
    none.hidden = count > 0;
  }

  if (controls) { // two runs that are the same have no questions to choose from
    controls.hidden = false;
    for (const control of [...filters, words]) control.addEventListener("input", apply);
    apply();
  }

  // Paper cannot be opened: what went wrong is printed in full, the rest as one line each.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = questions.filter((q) => !q.open && q.dataset.outcome !== "right");
    opened.push(...document.querySelectorAll("main > details.group:not([open])"));
    for (const details of opened) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });

  function openTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches("details.question")) target.open = true;
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();
})();
