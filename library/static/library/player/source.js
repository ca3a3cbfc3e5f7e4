/* Where the sound and pictures come from: the film by HLS (hls.js, fetched when it is first needed; or the browser itself), or
   the sound alone. Nothing is loaded before somebody plays. */

const OPUS = "audio/ogg; codecs=opus";
const HLS = "application/vnd.apple.mpegurl";

/* `data` is the dataset of the page; `tell` hears "lost", "back", "broken" and "no-film". */
export function makeSource(media, data, mode, tell) {
  let at = Number(data.start) || 0; // where it stands as long as nothing is loaded
  let loaded = false;
  let stream = null;
  let mended = false;
  let turn = 0; // of the latest load; what an earlier one still brings is not wanted

  // The page says where everything is; the browser must not choose by itself.
  for (const source of media.querySelectorAll("source")) source.remove();
  media.removeAttribute("src");
  media.load();
  media.addEventListener("error", () => failed(media.error?.code === MediaError.MEDIA_ERR_NETWORK || !navigator.onLine ? "lost" : "broken"));

  async function load(playing) {
    const mine = ++turn;
    loaded = true;
    mended = false;
    stream?.destroy();
    stream = null;
    const from = at;
    if (mode === "film" && data.hls && globalThis.MediaSource) {
      try {
        await script(data.hls);
      } catch {
        return mine === turn && failed("lost");
      }
      if (mine !== turn) return;
      if (globalThis.Hls.isSupported()) return streamed(from, playing);
    }
    if (mode === "film" && media.canPlayType(HLS)) return whole(data.film, from, playing);
    if (mode === "film") {
      mode = "sound";
      tell(data.opus || data.m4a ? "no-film" : "broken");
    }
    const sound = data.opus && (media.canPlayType(OPUS) || !data.m4a) ? data.opus : data.m4a;
    if (sound) whole(sound, from, playing);
  }

  function streamed(from, playing) {
    const { Hls } = globalThis;
    stream = new Hls({
      startPosition: from || -1, workerPath: data.hlsWorker || undefined, enableWorker: Boolean(data.hlsWorker),
      capLevelToPlayerSize: true, maxBufferLength: 30, backBufferLength: 60, renderTextTracksNatively: false,
      enableWebVTT: false, enableIMSC1: false, enableCEA708Captions: false,
    });
    stream.on(Hls.Events.ERROR, (_name, problem) => {
      if (!problem.fatal) return;
      if (problem.type === Hls.ErrorTypes.MEDIA_ERROR && !mended) {
        mended = true;
        stream.recoverMediaError();
      } else failed(problem.type === Hls.ErrorTypes.NETWORK_ERROR ? "lost" : "broken");
    });
    stream.on(Hls.Events.FRAG_LOADED, () => tell("back"));
    stream.loadSource(data.film);
    stream.attachMedia(media);
    if (playing) media.play().catch(() => {});
  }

  function whole(address, from, playing) {
    media.src = address;
    if (from) media.addEventListener("loadedmetadata", () => { media.currentTime = from; }, { once: true });
    if (playing) media.play().catch(() => {});
    else media.load();
  }

  function failed(how) {
    at = media.currentTime || at;
    loaded = false;
    tell(how);
  }

  return {
    get mode() { return mode; },
    get time() { return loaded && media.readyState ? media.currentTime : at; },
    play() {
      if (loaded) media.play().catch(() => {});
      else load(true);
    },
    seek(seconds) {
      at = seconds;
      if (loaded && media.readyState) media.currentTime = seconds;
      else if (loaded) load(!media.paused);
      media.dispatchEvent(new Event("timeupdate"));
    },
    /* To "film" or "sound"; the moment, and whether it plays, stay. */
    change(to) {
      at = this.time;
      const playing = !media.paused;
      mode = to;
      if (loaded) load(playing);
    },
    again() {
      load(true);
    },
  };
}

const scripts = new Map();

function script(address) {
  if (!scripts.has(address)) {
    scripts.set(address, new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = address;
      element.addEventListener("load", resolve);
      element.addEventListener("error", () => {
        scripts.delete(address);
        reject(new Error(address));
      });
      document.head.append(element);
    }));
  }
  return scripts.get(address);
}
