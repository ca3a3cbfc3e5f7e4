/* The player: takes over from the browser's own controls, which stay where this file does not run. */

import { listen } from "./keys.js";
import { makeSource } from "./source.js";
import { makeTimeline } from "./timeline.js";
import { makeTranscript } from "./transcript.js";

const REMEMBERED = "nhasan-player-sound-only";

const root = document.getElementById("play");
const media = root?.querySelector("video, audio");
if (media) begin();

function begin() {
  const { dataset: data } = root;
  const bar = root.querySelector("[data-bar]");
  const side = root.querySelector(".play-side");
  const buttons = Object.fromEntries([...root.querySelectorAll("[data-do]")].map((each) => [each.dataset.do, each]));
  const speeds = bar.querySelector("[data-speed]");
  const problem = root.querySelector("[data-problem]");
  const weak = navigator.connection?.saveData || /2g$/.test(navigator.connection?.effectiveType ?? "");
  const chapters = [...root.querySelectorAll("[data-chapters] a")].map((link) => ({
    start: Number(link.dataset.start), title: link.querySelector(".chapter-title").textContent,
  }));
  const captions = media.textTracks[0] ?? null;
  const soundOnly = Boolean(buttons.sound) && (remembered() ?? (weak ? "1" : "0")) === "1";
  let repeated = null; // { start, end } in seconds

  media.controls = false;
  bar.hidden = false;
  root.classList.add("play-enhanced");
  const keys = document.querySelector("[data-keys]");
  if (keys) keys.hidden = false;

  const source = makeSource(media, data, data.film && !soundOnly ? "film" : "sound", heard);
  const timeline = makeTimeline(bar, Number(data.seconds), chapters, data.peaks, (seconds) => source.seek(seconds));
  const transcript = makeTranscript(side, (seconds, line) => {
    if (repeated) repeat(line);
    source.seek(seconds);
    source.play();
  });

  const does = {
    toggle: () => (media.paused ? source.play() : media.pause()),
    move(seconds) {
      const to = Math.min(Math.max(0, source.time + seconds), length() - 0.05);
      if (repeated && (to < repeated.start || to >= repeated.end)) repeat(null);
      source.seek(Math.max(0, to));
    },
    speed(step) {
      const next = Math.min(Math.max(0, speeds.selectedIndex + step), speeds.options.length - 1);
      speeds.selectedIndex = next;
      setSpeed();
      say(`${data.saidSpeed}: ${speeds.options[next].text}`);
    },
    mute() {
      media.muted = !media.muted;
    },
    full() {
      const stage = root.querySelector("[data-stage]");
      if (document.fullscreenElement) document.exitFullscreen();
      else if (stage.requestFullscreen) stage.requestFullscreen().catch(() => {});
      else media.webkitEnterFullscreen?.();
    },
    captions() {
      if (!captions || !buttons.captions) return;
      captions.mode = captions.mode === "showing" ? "hidden" : "showing";
      press(buttons.captions, captions.mode === "showing");
    },
    repeat() {
      if (repeated) repeat(null);
      else repeat(transcript?.at(source.time));
    },
    sound() {
      choose(source.mode === "film" ? "sound" : "film");
      remember(source.mode === "sound" ? "1" : "0");
      say(source.mode === "sound" ? data.saidSound : data.saidPicture);
    },
    back: () => does.move(-5),
    on: () => does.move(5),
    again() {
      problem.hidden = true;
      source.again();
    },
    share,
  };

  if (captions) captions.mode = "showing";
  if (buttons.sound) showMode();
  if (soundOnly && weak) say(data.saidWeak);
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) does[button.dataset.do]();
    const chapter = event.target.closest("[data-chapters] a");
    if (chapter && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      source.seek(Number(chapter.dataset.start));
      source.play();
    }
  });
  media.addEventListener("click", does.toggle);
  speeds.addEventListener("change", setSpeed);
  media.addEventListener("play", showState);
  media.addEventListener("pause", showState);
  media.addEventListener("ended", showState);
  media.addEventListener("volumechange", () => press(buttons.mute, media.muted));
  media.addEventListener("durationchange", () => { timeline.length = media.duration; });
  media.addEventListener("timeupdate", show);
  media.addEventListener("seeked", show);
  media.addEventListener("playing", () => { problem.hidden = true; });
  side?.addEventListener("renewed", show, true);
  addEventListener("offline", () => { if (!media.paused) heard("lost"); });
  addEventListener("online", () => { if (!problem.hidden) heard("back"); });
  listen(does);

  // Whoever looks a word up wants to hear on from there.
  let waiting = false;
  document.addEventListener("wordcard:open", () => {
    waiting = !media.paused;
    if (waiting) media.pause();
  });
  document.addEventListener("wordcard:close", () => {
    if (waiting) source.play();
    waiting = false;
  });
  show();

  function length() {
    return Number.isFinite(media.duration) && media.duration > 0 ? media.duration : Number(data.seconds);
  }

  function show() {
    timeline.show(source.time);
    // A page that was just opened at its beginning stays there.
    transcript?.show(source.time, source.time > 0);
  }

  function showState() {
    root.classList.toggle("is-playing", !media.paused);
    const label = buttons.toggle.querySelector("span");
    label.textContent = media.paused ? label.dataset.play : label.dataset.pause;
    if (repeated && !media.paused) requestAnimationFrame(loop);
  }

  function setSpeed() {
    media.defaultPlaybackRate = media.playbackRate = Number(speeds.value);
  }

  function choose(mode) {
    source.change(mode);
    setSpeed();
    showMode();
  }

  function showMode() {
    root.classList.toggle("sound-only", source.mode === "sound");
    press(buttons.sound, source.mode === "sound");
  }

  function repeat(line) {
    repeated = line ? { start: Number(line.dataset.start) / 1000, end: Number(line.dataset.end) / 1000 } : null;
    press(buttons.repeat, Boolean(repeated));
    if (!repeated) return;
    say(data.saidRepeat);
    if (source.time >= repeated.end || source.time < repeated.start) source.seek(repeated.start);
    requestAnimationFrame(loop);
  }

  function loop() {
    if (!repeated || media.paused) return;
    if (media.currentTime >= repeated.end || media.ended) media.currentTime = repeated.start;
    requestAnimationFrame(loop);
  }
  media.addEventListener("ended", () => {
    if (!repeated) return;
    media.currentTime = repeated.start;
    media.play().catch(() => {});
  });

  async function share() {
    const address = new URL(data.share);
    const moment = Math.floor(source.time);
    if (moment) address.searchParams.set("t", String(moment));
    const box = root.querySelector("[data-share-box]");
    const field = box.querySelector("input");
    box.hidden = false;
    field.value = address.href;
    field.focus();
    field.select();
    try {
      await navigator.clipboard.writeText(address.href);
      say(data.saidCopied);
    } catch {
      // It stands there, selected, to be copied by hand.
    }
  }

  /* What the source tells. */
  function heard(what) {
    if (what === "back") {
      problem.hidden = true;
      return;
    }
    if (what === "no-film") {
      say(data.saidNoFilm);
      if (buttons.sound) showMode();
      return;
    }
    problem.querySelector("span").textContent = what === "lost" ? data.saidLost : data.saidBroken;
    problem.hidden = false;
  }

  function say(text) {
    root.querySelector("[data-said]").textContent = text;
  }
}

function press(button, yes) {
  button?.setAttribute("aria-pressed", String(yes));
}

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null; // a browser that keeps nothing
  }
}

function remember(value) {
  try {
    localStorage.setItem(REMEMBERED, value);
  } catch {
    // It is asked again next time.
  }
}
