// A transcript beside its player: this cue again, slower, with the times of what is heard.
import { makeSource } from "../player/source.js";
import { editor, entries } from "./correct.js";

const root = document.querySelector("[data-correct=transcript]");
const media = root.querySelector("video, audio");
const bar = root.querySelector("[data-play-bar]");
const loop = root.querySelector("[data-loop]");
const form = root.querySelector("[data-add-form]");
let until = null; // where to stop, in seconds

const source = media && makeSource(media, root.dataset, root.dataset.film ? "film" : "sound", () => {});
const work = editor(root, {
  fields: ["text", "start", "end", "speaker"],
  value: (row, name) => (name === "start" || name === "end" ? clock(Number(row.dataset[name])) : row.dataset[name]),
  show: () => { if (media && !media.paused) playCue(); },
  renewed() {},
  saved(told, values) {
    if (told.counts) document.querySelector("[data-counts]").innerHTML = told.counts;
    if (work.rows().length) root.querySelector("[data-none]")?.remove();
    if (values.get("action") !== "add") return;
    const { start, end, text } = form.elements;
    start.value = end.value;
    end.value = "";
    text.value = "";
    text.focus();
  },
});
const { panel, text } = work;

document.addEventListener("keydown", (event) => {
  if (event.isComposing || !root.contains(event.target)) return;
  if (event.ctrlKey && event.code === "Space") {
    event.preventDefault();
    if (media) toggle();
  } else if (event.ctrlKey && event.key === "Enter" && panel.contains(event.target)) {
    event.preventDefault();
    work.save();
  } else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    work.move(event.key === "ArrowDown" ? 1 : -1);
  }
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  work.send("add", null, entries(form));
});

// Split where the caret is in the text, at the moment that is heard; without one, by the share of the text.
root.querySelector("[data-plain-split]").hidden = true;
const split = root.querySelector("[data-split]");
split.hidden = false;
split.addEventListener("click", () => {
  const { start, end } = work.row.dataset;
  const caret = text.selectionStart;
  let at = media ? Math.round(source.time * 1000) : 0;
  if (!(at > Number(start) && at < Number(end))) {
    at = Math.round(Number(start) + ((end - start) * caret) / Math.max(1, text.value.length));
  }
  const values = entries(panel);
  values.set("moment", clock(at));
  values.set("rest", text.value.slice(caret));
  values.set("text", text.value.slice(0, caret));
  work.send("split", work.row, values);
});

if (media) {
  bar.hidden = false;
  for (const button of root.querySelectorAll("[data-now]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      button.form.elements[button.dataset.now].value = clock(Math.round(source.time * 1000));
    });
  }
  bar.querySelector("[data-play-cue]").addEventListener("click", playCue);
  bar.querySelector("[data-speed]").addEventListener("change", (event) => {
    media.defaultPlaybackRate = media.playbackRate = Number(event.target.value);
  });
  media.addEventListener("timeupdate", stop);
  media.addEventListener("play", () => { if (!source.time) source.play(); });
}

function span() {
  return [work.row.dataset.start / 1000, work.row.dataset.end / 1000];
}

function playCue() {
  if (!work.row) return source.play();
  const [from, to] = span();
  source.seek(from);
  until = to;
  source.play();
  return requestAnimationFrame(stop);
}

function stop() {
  if (until === null || media.paused) return;
  if (media.currentTime >= until) {
    if (loop.checked && work.row) {
      const [from, to] = span();
      media.currentTime = from;
      until = to;
    } else {
      media.pause();
      until = null;
      return;
    }
  }
  requestAnimationFrame(stop);
}

function toggle() {
  if (!media.paused) media.pause();
  else if (work.row && !panel.hidden && panel.contains(document.activeElement)) playCue();
  else {
    until = null;
    source.play();
  }
}

function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const hours = Math.floor(seconds / 3600);
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = String(milliseconds % 1000).padStart(3, "0");
  return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}.${rest}`;
}
