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
    else if (!open.includes(box)) open.push(box);
    settle();
    const closed = () => {
      if (box.matches(":modal")) return; // it was closed beside the conversation, to open over it
      box.removeEventListener("close", closed);
      if (!open.includes(box)) return; // the way back has closed it
      open.splice(open.indexOf(box), 1);
      settle();
    };
    box.addEventListener("close", closed);
  };

  addEventListener("popstate", () => {
    if (!going) while (open.length > steps()) open.pop().close();
    going = false;
    settle();
  });

  if (steps()) history.replaceState(null, ""); // a reload closes them all
})();
