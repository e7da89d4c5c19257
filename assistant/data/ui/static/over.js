// What opens over the conversation: the way back of a phone closes it, and leaves no more.
"use strict";

(() => {
  const open = []; // the uppermost last
  let going = false; // steps that were made for boxes are being taken back

  const steps = () => history.state?.over ?? 0;

  // One step for each box that is open.
  function settle() {
    if (going) return;
    while (steps() < open.length) history.pushState({ over: steps() + 1 }, "");
    if (steps() === open.length) return;
    going = true;
    history.go(open.length - steps());
  }

  // Opens a box, perhaps in the place of one that is open.
  guide.over = (box, before = null) => {
    box.showModal();
    if (open.includes(before)) open[open.indexOf(before)] = box;
    else open.push(box);
    settle();
    box.addEventListener("close", () => {
      if (!open.includes(box)) return; // the way back has closed it
      open.splice(open.indexOf(box), 1);
      settle();
    }, { once: true });
  };

  addEventListener("popstate", () => {
    if (!going) while (open.length > steps()) open.pop().close();
    going = false;
    settle();
  });

  if (steps()) history.replaceState(null, ""); // a reload closes them all
})();
