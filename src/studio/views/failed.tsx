// What is shown where the lab did not answer, or answered with an error: why, and a way to ask again. What was answered before stays beside it.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { problemOf } from "../api/lab-client.ts";
import { Button } from "../components/button.tsx";
import { Notice } from "../components/notice.tsx";
import { isBeginningOfKey, noKeyWords } from "./job-key.ts";

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
  return kind === "absent" ? (
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

export interface NoKeyProps {
  /** What was asked for. */
  readonly what: "run" | "audit";
  readonly given: string;
  /** Other ways on. */
  readonly children: ReactNode;
}

/** In place of the page of a job, where the address has no key of one. The lab is not asked. */
export function NoKey({ what, given, children }: NoKeyProps): ReactNode {
  return (
    <Notice title={`There is no such ${what}`} tone="bad">
      <p>{noKeyWords(given, what === "run" ? "a run" : "an audit")}</p>
      {isBeginningOfKey(given) && (
        <p>
          <Link to="/runs" search={{ kind: "all", filter: `key:${given}` }}>
            Jobs whose keys begin so
          </Link>
        </p>
      )}
      {children}
    </Notice>
  );
}
