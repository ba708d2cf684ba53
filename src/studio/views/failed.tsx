// What is shown where the lab did not answer, or answered with an error: why, and a way to ask again. What was answered before stays beside it.

import type { ReactNode } from "react";
import { problemOf } from "../api/lab-client.ts";
import { Button } from "../components/button.tsx";
import { Notice } from "../components/notice.tsx";

export interface FailedProps {
  readonly title: string;
  readonly error: Error;
  readonly heading?: "h1" | "h2";
  /** What is shown is an answer of before. */
  readonly isBeside?: boolean;
  readonly onRetry: () => void;
  /** Other ways on. */
  readonly children?: ReactNode;
}

export function Failed({ title, error, heading = "h2", isBeside = false, onRetry, children }: FailedProps): ReactNode {
  return (
    <Notice title={title} heading={heading} tone="bad">
      <p>
        {problemOf(error).message}
        {isBeside && " What stands here is of before."}
      </p>
      <p>
        <Button onPress={onRetry}>Try again</Button>
      </p>
      {children}
    </Notice>
  );
}

export interface NoSuchProps {
  /** What was asked for. */
  readonly what: "run" | "audit";
  readonly error: Error;
  readonly onRetry: () => void;
  /** Other ways on. */
  readonly children: ReactNode;
}

/** In place of the page of a job that is not there, or could not be read. */
export function NoSuch({ what, error, onRetry, children }: NoSuchProps): ReactNode {
  const { kind, message } = problemOf(error);
  // A key of bad form is refused.
  return kind === "absent" || kind === "refused" ? (
    <Notice title={`There is no such ${what}`} tone="bad">
      <p>{message}</p>
      {children}
    </Notice>
  ) : (
    <Failed title={`The ${what} could not be read`} heading="h1" error={error} onRetry={onRetry}>
      {children}
    </Failed>
  );
}
