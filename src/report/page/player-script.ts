/// <reference lib="dom" />
// Brings the report's episode players to life. Its source text is put into the document as it is, so it must not use anything from outside itself.

/**
 * Wires every `[data-frames]` element under `root`: buttons, slider and arrow keys choose the step; the shapes in sight, the
 * probability bars and the status text follow. The texts come from the transcript that is already in the document.
 */
export function playEpisodes(root: Document): void {
  const millisecondsPerStep = 600;

  function wire(player: HTMLElement): void {
    const frames: readonly (readonly [readonly number[], readonly number[], number])[] = JSON.parse(
      player.dataset.frames ?? "[]",
    );
    const shapes = [...player.querySelectorAll(".moving")];
    const bars = [...player.querySelectorAll(".probabilities li")];
    const texts = [...player.querySelectorAll(".transcript li")].map((item) => item.textContent ?? "");
    const slider = player.querySelector("input");
    const status = player.querySelector(".status");
    const playButton = player.querySelector('[data-does="play"]');
    const last = frames.length - 1;
    let step = 0;
    let timer: ReturnType<typeof setInterval> | undefined;

    function show(wanted: number): void {
      step = Math.max(0, Math.min(last, wanted));
      const [inSight, thousandths, taken] = frames[step] ?? [[], [], -1];
      shapes.forEach((shape, place) => {
        if (inSight.includes(place)) shape.removeAttribute("display");
        else shape.setAttribute("display", "none");
      });
      bars.forEach((bar, action) => {
        const share = thousandths[action];
        bar.querySelector(".bar")?.setAttribute("width", String((share ?? 0) / 10));
        setText(bar.querySelector(".share"), share === undefined ? "–" : `${Math.round(share / 10)}%`);
        setText(bar.querySelector(".taken"), action === taken ? "◂ taken" : "");
      });
      setText(status, texts[step] ?? "");
      if (slider) {
        slider.value = String(step);
        slider.setAttribute("aria-valuetext", `Step ${step} of ${last}`);
      }
    }

    function stop(): void {
      if (timer !== undefined) clearInterval(timer);
      timer = undefined;
      setText(playButton, "▸ Play");
      // Spoken while stepping by hand, silent while playing: a sentence every half second helps nobody.
      status?.setAttribute("aria-live", "polite");
    }

    function play(): void {
      status?.setAttribute("aria-live", "off");
      if (step === last) show(0);
      setText(playButton, "❚❚ Pause");
      timer = setInterval(() => {
        show(step + 1);
        if (step === last) stop();
      }, millisecondsPerStep);
    }

    function act(does: string | undefined): boolean {
      const wasPlaying = timer !== undefined;
      stop();
      if (does === "first") show(0);
      else if (does === "previous") show(step - 1);
      else if (does === "next") show(step + 1);
      else if (does === "last") show(last);
      else if (does === "play" && !wasPlaying) play();
      return does !== undefined;
    }

    player.querySelectorAll("button").forEach((button) => {
      button.addEventListener("click", () => act(button.dataset.does));
    });
    slider?.addEventListener("input", () => {
      stop();
      show(Number(slider.value));
    });
    player.querySelector(".controls")?.addEventListener("keydown", (event) => {
      const key = event instanceof KeyboardEvent ? event.key : "";
      const does = { ArrowLeft: "previous", ArrowRight: "next", Home: "first", End: "last" }[key];
      if (does !== undefined && act(does)) event.preventDefault();
    });
  }

  function setText(element: Element | null, text: string): void {
    if (element) element.textContent = text;
  }

  root.documentElement.classList.add("scripted");
  root.querySelectorAll<HTMLElement>("[data-frames]").forEach(wire);
}
