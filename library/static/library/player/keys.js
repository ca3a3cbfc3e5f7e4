/* The keys that people know from other players. They never take a key from what is typed in, or from a button. */

const FIVE = 5;

export function listen(does) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const inSlider = event.target.closest?.("[data-seek]");
    if (!inSlider && event.target.closest?.("input, textarea, select, [contenteditable], dialog, [role=listbox], audio, .osk, .ime-dock")) return;
    const pressed = event.target.closest?.("button, a, summary");
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const does_ = {
      " ": pressed ? null : does.toggle,
      k: does.toggle,
      ArrowLeft: () => does.move(-FIVE),
      ArrowRight: () => does.move(FIVE),
      "<": () => does.speed(-1),
      ">": () => does.speed(1),
      m: does.mute,
      f: does.full,
      c: does.captions,
      r: does.repeat,
    }[key];
    if (!does_) return;
    event.preventDefault();
    does_();
  });
}
