/* The line of time: a slider for hands and keys, with the waveform and the chapters drawn behind it. */

export function clock(seconds) {
  const whole = Math.floor(Math.max(0, seconds));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/* `chapters` are { start, title } in the order of time. */
export function makeTimeline(bar, whole, chapters, peaksAddress, seek) {
  const slider = bar.querySelector("[data-seek]");
  const canvas = bar.querySelector("canvas");
  const [now, end, chapter] = ["now", "whole", "chapter"].map((name) => bar.querySelector(`[data-${name}]`));
  const ticks = bar.querySelector(".play-ticks");
  let peaks = null;
  let share = 0;

  slider.addEventListener("input", () => seek(Number(slider.value)));
  new ResizeObserver(draw).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  marks();
  if (peaksAddress && !navigator.connection?.saveData) wave();

  function marks() {
    ticks.replaceChildren(...chapters.filter(({ start }) => start > 0 && start < whole).map(({ start }) => {
      const tick = document.createElement("span");
      tick.style.insetInlineStart = `${(100 * start) / whole}%`;
      return tick;
    }));
  }

  async function wave() {
    try {
      const response = await fetch(peaksAddress);
      if (!response.ok) return;
      const found = await response.json();
      const most = 2 ** (found.bits - 1);
      peaks = [];
      for (let at = 0; at + 1 < found.data.length; at += 2) peaks.push((found.data[at + 1] - found.data[at]) / 2 / most);
      bar.classList.add("has-wave");
      draw();
    } catch {
      // It is decoration: the slider does without.
    }
  }

  function draw() {
    const ratio = devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth * ratio, canvas.clientHeight * ratio];
    if (!peaks?.length || !width) return;
    canvas.width = width;
    canvas.height = height;
    const brush = canvas.getContext("2d");
    const style = getComputedStyle(canvas);
    const [step, thick] = [3 * ratio, 2 * ratio];
    const columns = Math.floor(width / step);
    const loudest = Math.max(...peaks.filter(Number.isFinite).slice(0, 40000), 0.05);
    for (let column = 0; column < columns; column += 1) {
      const from = Math.floor((column / columns) * peaks.length);
      const to = Math.max(from + 1, Math.floor(((column + 1) / columns) * peaks.length));
      let high = 0;
      for (let at = from; at < to; at += 1) high = Math.max(high, peaks[at]);
      const tall = Math.max(thick, (high / loudest) * height * 0.94);
      brush.fillStyle = column / columns < share ? style.getPropertyValue("--indigo") : style.getPropertyValue("--line");
      brush.fillRect(column * step, (height - tall) / 2, thick, tall);
    }
  }

  return {
    set length(seconds) {
      if (!Number.isFinite(seconds) || seconds <= 0 || Math.abs(seconds - whole) < 0.01) return;
      whole = seconds;
      slider.max = String(seconds);
      end.textContent = clock(seconds);
      marks();
    },
    show(seconds) {
      slider.value = String(seconds);
      slider.setAttribute("aria-valuetext", `${clock(seconds)} / ${clock(whole)}`);
      now.textContent = clock(seconds);
      const part = chapters.findLast(({ start }) => start <= seconds + 0.05);
      chapter.textContent = part ? `· ${part.title}` : "";
      const before = share;
      share = whole ? seconds / whole : 0;
      slider.style.setProperty("--share", `${100 * share}%`);
      if (Math.abs(share - before) * canvas.clientWidth >= 1) draw();
    },
  };
}
