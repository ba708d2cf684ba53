// What stands around every page: the way past it, name, navigation, the state of the connection and the theme.

import { Link, Outlet, useMatches, useRouterState } from "@tanstack/react-router";
import { Fragment, type ReactNode, useEffect, useRef, useState } from "react";
import { LiveState, StaleNote } from "../components/live-state.tsx";
import { Select } from "../components/select.tsx";
import { useConnection } from "./connection.tsx";
import { navigationFor } from "./navigation.ts";
import { WithoutLab } from "./page-states.tsx";
import { RefusedSearch } from "./refused-search.tsx";
import { applyTheme, storedTheme, type Theme } from "./theme.ts";

const themeChoices = [
  { value: "system", label: "System theme" },
  { value: "light", label: "Light theme" },
  { value: "dark", label: "Dark theme" },
] as const;

export function Shell(): ReactNode {
  const connection = useConnection();
  const needsLab = useMatches().some(({ staticData: { needsLab }, params }) =>
    typeof needsLab === "function" ? needsLab(params) : needsLab === true,
  );
  const main = useRef<HTMLElement>(null);
  useFocusAfterNavigation(main);
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <header className="shell-header">
        <Link to="/" className="shell-name">
          <span aria-hidden="true" className="shell-mark" />
          Mesascope
        </Link>
        <nav aria-label="Pages">
          {navigationFor(connection).map(({ to, label }) => (
            <Link key={to} to={to} activeOptions={{ exact: to === "/", includeSearch: false }}>
              {label}
            </Link>
          ))}
        </nav>
        <div className="shell-state">
          {connection.kind === "lab" && <LiveState feed={connection.lab.feed} lab={connection.lab.name} />}
          <ThemeSwitch />
        </div>
      </header>
      <main id="content" ref={main} tabIndex={-1}>
        <RefusedSearch />
        {!needsLab ? (
          <Outlet />
        ) : connection.kind === "lab" ? (
          // A page of another lab begins anew.
          <Fragment key={connection.lab.id}>
            <StaleNote feed={connection.lab.feed} />
            <Outlet />
          </Fragment>
        ) : (
          <WithoutLab connection={connection} />
        )}
      </main>
    </>
  );
}

function ThemeSwitch(): ReactNode {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  const change = (chosen: Theme) => {
    applyTheme(chosen);
    setTheme(chosen);
  };
  return <Select label="Theme" isLabelHidden value={theme} choices={themeChoices} onChange={change} />;
}

/** A page that was gone to by a link is where reading goes on; not on first load, nor when only the view's state changed. */
function useFocusAfterNavigation(main: React.RefObject<HTMLElement | null>): void {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path, main]);
}
