// The level while it is solved: how far that is, for how long it has gone on, and a way to end it.

import { type ReactNode, useEffect, useState } from "react";
import { Button } from "../../components/button.tsx";
import { duration } from "../../views/words.ts";

export interface SolvingProps {
  readonly isUnderway: boolean;
  /** The share that is done, 0 to 1; null before the solver can tell. */
  readonly done: number | null;
  readonly onSolve: () => void;
  readonly onStop: () => void;
}

export function Solving({ isUnderway, done, onSolve, onStop }: SolvingProps): ReactNode {
  return (
    <div className="episode-solving">
      <p className="quiet">
        {isUnderway ? "Solving the level for every candidate objective" : "Not solved."}
        {isUnderway && (
          <span className="numeric">
            {done === null ? " …" : `: ${Math.floor(100 * done)}%`}
            <Elapsed />
          </span>
        )}
      </p>
      {isUnderway && done !== null && <progress max={1} value={done} aria-label="The level, solved" />}
      <Button onPress={isUnderway ? onStop : onSolve}>{isUnderway ? "Stop" : "Solve it"}</Button>
    </div>
  );
}

/** `, 4 s`, from the first whole second on. */
function Elapsed(): ReactNode {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const begun = performance.now();
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - begun) / 1000)), 500);
    return () => clearInterval(timer);
  }, []);
  return seconds === 0 ? null : `, ${seconds < 10 ? `${seconds} s` : duration(seconds)}`;
}
