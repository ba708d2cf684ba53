// The means of going through an episode: slider, buttons and keys.

import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "../../components/button.tsx";
import { Segments } from "../../components/segments.tsx";
import { Slider } from "../../components/slider.tsx";
import type { Playback } from "../../views/board/use-playback.ts";
import { type EpisodeSearch, mostEpisodes, speeds } from "./episode-search.ts";

export interface PlayingProps {
  readonly playback: Playback;
  readonly last: number;
  /** Nothing plays by itself where less motion is asked for. */
  readonly isStill: boolean;
  readonly speed: EpisodeSearch["speed"];
  readonly onSpeed: (speed: EpisodeSearch["speed"]) => void;
  readonly episode: number;
  readonly onEpisode: (episode: number) => void;
}

export function Playing({ playback, last, isStill, speed, onSpeed, episode, onEpisode }: PlayingProps): ReactNode {
  const { step, isPlaying, play, pause, goTo } = playback;
  useKeys({ playback, last, isStill });
  return (
    <div className="episode-playing">
      <Slider label="Step" value={step} least={0} most={Math.max(1, last)} step={1} onChange={goTo} />
      <div className="episode-buttons">
        <Button onPress={() => goTo(0)} isResting={step === 0}>
          Start
        </Button>
        <Button onPress={() => goTo(step - 1)} isResting={step === 0}>
          Back
        </Button>
        {!isStill && (
          <Button look="primary" onPress={isPlaying ? pause : play}>
            {isPlaying ? "Pause" : "Play"}
          </Button>
        )}
        <Button onPress={() => goTo(step + 1)} isResting={step >= last}>
          Step
        </Button>
        <Button onPress={() => goTo(last)} isResting={step >= last}>
          End
        </Button>
        <span className="numeric episode-count">
          step {Math.min(step, last)} of {last}
        </span>
        {!isStill && (
          <Segments
            label="Steps per second"
            value={speed}
            choices={speeds.map((value) => ({ value, label: `${value}/s` }))}
            onChange={onSpeed}
          />
        )}
      </div>
      <div className="episode-buttons">
        <Button onPress={() => onEpisode(episode - 1)} isResting={episode <= 1}>
          Episode before
        </Button>
        <Button onPress={() => onEpisode(episode + 1)} isResting={episode >= mostEpisodes}>
          Next episode
        </Button>
        <span className="numeric">episode {episode}</span>
      </div>
      {isStill && <p className="quiet">Your system asks for less motion, so nothing plays by itself.</p>}
      <p className="label">
        Keys: <kbd>←</kbd> <kbd>→</kbd> a step{!isStill && ", "}
        {!isStill && (
          <>
            <kbd>space</kbd> play and pause
          </>
        )}
        ; in this part of the page <kbd>Home</kbd> <kbd>End</kbd> first and last
      </p>
    </div>
  );
}

/** Where keys mean something of their own. */
const ownKeys = "input, textarea, select, [role=slider], [role=listbox], [role=option], [role=radio], [role=dialog]";
/** Where the space bar presses. */
const pressed = "button, a, summary, [role=button], label";
/** Elsewhere Home and End are the page's own. */
const player = ".episode-board";

function useKeys(given: Pick<PlayingProps, "playback" | "last" | "isStill">): void {
  const now = useRef(given);
  now.current = given;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { playback, last, isStill } = now.current;
      const { target } = event;
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const focused = target instanceof Element ? target : null;
      if (focused !== null && (focused.closest(ownKeys) !== null || isScrolled(focused))) return;
      const isPressed = focused !== null && focused.closest(pressed) !== null;
      const isInPlayer = focused !== null && focused.closest(player) !== null;
      const deeds: Readonly<Record<string, (() => void) | undefined>> = {
        ArrowLeft: () => playback.goTo(playback.step - 1),
        ArrowRight: () => playback.goTo(playback.step + 1),
        ...(isInPlayer && { Home: () => playback.goTo(0), End: () => playback.goTo(last) }),
        ...(!isStill && !isPressed && { " ": playback.isPlaying ? playback.pause : playback.play }),
      };
      const deed = deeds[event.key];
      if (deed === undefined) return;
      event.preventDefault();
      deed();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

/** Whether these keys scroll what has the focus, or something around it: for a keyboard the only way to what lies beyond its edge. */
function isScrolled(focused: Element): boolean {
  for (let at: Element | null = focused; at !== null && at !== document.body; at = at.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(at);
    const scrolls = (overflow: string) => overflow === "auto" || overflow === "scroll";
    if (scrolls(overflowX) && at.scrollWidth > at.clientWidth) return true;
    if (scrolls(overflowY) && at.scrollHeight > at.clientHeight) return true;
  }
  return false;
}
