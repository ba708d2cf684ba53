// What is shown in place of a page: it does not exist, it failed, or it wants a lab or a token first.

import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { type LabProblem, problemOf } from "../api/lab-client.ts";
import { Button } from "../components/button.tsx";
import { Notice } from "../components/notice.tsx";
import { TextField } from "../components/text-field.tsx";
import { Reading } from "../views/reading.tsx";
import type { Connection } from "./connection.tsx";
import { usePageTitle } from "./page-title.ts";
import { loadAnew, ScriptMissing } from "./script-missing.ts";

export function PageMissing(): ReactNode {
  usePageTitle("No such page");
  return (
    <Notice title="There is no such page">
      <p>
        Nothing lies at <code>{location.pathname}</code>. <Link to="/">Home</Link> shows what there is.
      </p>
    </Notice>
  );
}

export function PageFailed({ error }: ErrorComponentProps): ReactNode {
  return error instanceof ScriptMissing ? <PageNotLoaded error={error} /> : <PageBroken error={error} />;
}

function PageNotLoaded({ error }: { readonly error: ScriptMissing }): ReactNode {
  usePageTitle("This page did not load");
  const [state, setState] = useState<"resting" | "loading" | "silent">("resting");
  const again = async () => {
    setState("loading");
    setState(await loadAnew());
  };
  return (
    <Notice title="This page did not load" tone="bad">
      <p>
        A part of it did not come: the server does not answer, or has another version of the studio by now. Trying again loads the
        studio anew, which ends what is trained in this tab.
      </p>
      <Button isResting={state === "loading"} onPress={() => void again()}>
        Try again
      </Button>
      <p role="status">
        {state === "silent" && "The server still does not answer. Check that it runs, or that you are connected, and try again."}
      </p>
      <p className="label">{error.said}</p>
    </Notice>
  );
}

function PageBroken({ error }: Pick<ErrorComponentProps, "error">): ReactNode {
  usePageTitle("This page failed");
  const router = useRouter();
  return (
    <Notice title="This page failed" tone="bad">
      <p>{problemOf(error).message}</p>
      <Button onPress={() => void router.invalidate()}>Try again</Button>
    </Notice>
  );
}

type Lacking = Exclude<Connection, { readonly kind: "lab" }>;

const titleWithout = { looking: "Looking for a lab", "no-lab": "No lab", "token-wanted": "Token wanted" } as const;

function titleOf(connection: Lacking): string {
  if (connection.kind !== "trouble") return titleWithout[connection.kind];
  return isSilent(connection.problem) ? "The lab does not answer" : "The lab answers with an error";
}

/** In place of a page that needs a lab, while there is none. */
export function WithoutLab({ connection }: { readonly connection: Lacking }): ReactNode {
  usePageTitle(titleOf(connection));
  switch (connection.kind) {
    case "looking":
      return <Reading title={titleWithout.looking}>Looking for a lab …</Reading>;
    case "no-lab":
      return (
        <Notice title="No lab behind this page">
          <p>These are files without a server, so there are no runs to list. On a machine with a lab, run</p>
          <pre>mesascope serve</pre>
          <p>and open the address that it prints.</p>
        </Notice>
      );
    case "trouble":
      return (
        <Notice title={titleOf(connection)} tone="bad">
          <p>{connection.problem.message}</p>
          {isSilent(connection.problem) && (
            <>
              <p>Check that it is served:</p>
              <pre>mesascope serve</pre>
            </>
          )}
          <Button onPress={connection.retry}>Try again</Button>
        </Notice>
      );
    case "token-wanted":
      return <TokenForm wasWrong={connection.wasWrong} give={connection.give} />;
    default:
      return connection satisfies never;
  }
}

function isSilent({ kind }: LabProblem): boolean {
  return kind === "unreachable";
}

function TokenForm({ wasWrong, give }: { readonly wasWrong: boolean; readonly give: (token: string) => void }): ReactNode {
  const [token, setToken] = useState("");
  const title = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim() !== "") give(token.trim());
  };
  return (
    <form className="notice" aria-labelledby={title} onSubmit={submit}>
      <h1 id={title}>This lab wants its token</h1>
      <p>
        It is what <code>MESASCOPE_TOKEN</code> was when <code>mesascope serve</code> was started. This tab keeps it until it is
        closed.
      </p>
      <TextField
        label="Token"
        type="password"
        value={token}
        onChange={setToken}
        autoComplete="off"
        error={wasWrong ? "That token was not taken; expected the one that the server was started with." : null}
      />
      <Button type="submit" look="primary">
        Open the lab
      </Button>
    </form>
  );
}
