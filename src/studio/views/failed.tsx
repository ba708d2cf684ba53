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
